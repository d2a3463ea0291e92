"""The command line: it parses, calls one function below, and shows the result.

Results go to standard output, talk to standard error. Exit codes: 0 done; 1 a bug in romframe;
2 wrong usage; 10 spec; 11 framework or config; 12 data; 13 plugin; 14 export refused; 15 store.
"""

import os
import sys
from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from romframe.cli.built_in import built_in
from romframe.cli.context import Settings
from romframe.cli.lazy import LazyCommand


_OFFERED = "romframe.commands_of_plugins"


class Commands(click.Group):
    """The built-in commands and those of plugins, each imported when it is needed."""

    def offered(self, ctx: click.Context) -> dict[str, click.Command]:
        """Give the commands that sound plugins offer and that clash with nothing, found once."""
        from romframe.plugins import PluginHost, installed

        if _OFFERED not in ctx.meta:
            without = frozenset(ctx.params.get("no_plugin") or ())
            host = PluginHost(disabled=without, hooks=frozenset({"register_commands"}))
            host.load(installed())
            ctx.meta[_OFFERED] = {
                name: _guarded(command, partial(host.guard, "commands", name))
                for name, command in host.registry("commands").items()
                if name not in self.commands
            }
        commands: dict[str, click.Command] = ctx.meta[_OFFERED]
        return commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted({*self.commands, *self.offered(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command by name."""
        if cmd_name in self.commands:
            return self.commands[cmd_name]
        return self.offered(ctx).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        from romframe.errors import did_you_mean

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], self.list_commands(ctx))
            raise click.UsageError(f"No such command {args[0]!r}. {hint}", ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A reader that stops reading, such as `head`, is no fault.

        Raises DataError where the disk is full.
        """
        from romframe.errors import no_room

        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # pragma: no cover  (needs a process of its own; a test starts one)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            full = no_room(error)
            if full is None:
                raise
            raise full from error
        return result


def _guarded(command: click.Command, guard: Callable[..., Any]) -> click.Command:
    """Give a plugin's command so that what it raises becomes a PluginError."""
    ready = copy(command)
    if isinstance(ready, LazyCommand):
        load = partial(guard, ready.load)
        ready.load = lambda: _guarded(load(), guard)  # type: ignore[method-assign]
    else:
        make = partial(type(command).make_context, ready)
        ready.make_context = lambda *a, **more: guard(lambda: make(*a, **more))  # type: ignore[method-assign]
        ready.invoke = lambda ctx: guard(partial(command.invoke, ctx))  # type: ignore[method-assign]
    return ready


@click.group(
    cls=Commands, commands=built_in(), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--workspace",
    "-w",
    type=click.Path(path_type=Path),
    help="The workspace's folder (default: here).",
)
@click.option("--no-plugin", multiple=True, metavar="NAME", help="Leave a plugin out of this run.")
@click.option(
    "--strict",
    "--strict-plugins",
    "strict_plugins",
    is_flag=True,
    help="Stop if any plugin has a problem.",
)
@click.version_option(package_name="romframe")
@click.pass_context
def cli(
    ctx: click.Context, workspace: Path | None, no_plugin: Sequence[str], strict_plugins: bool
) -> None:
    """Routine outcome monitoring: score measures, judge change, report, export.

    \b
    Try it:   romframe demo
    Score:    romframe score answers.csv --instrument core_10 --coding position
    """
    ctx.obj = Settings(workspace, tuple(no_plugin), strict_plugins)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    from romframe.cli.render import plain
    from romframe.errors import UserError

    try:
        code = cli.main(args=args, prog_name="romframe", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except UserError as error:
        for problem in error.problems:
            click.echo(plain(f"{problem.severity}: {problem}"), err=True)
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
