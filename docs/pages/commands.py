"""Every command with its help."""

from collections.abc import Iterator

import click
from click.testing import CliRunner

from pages.markdown import page
from romframe import LazyCommand
from romframe.cli import cli


ABOUT = "Each command says the same in a terminal, with `--help`."


def pages() -> dict[str, str]:
    """Give the page of all commands."""
    with click.Context(cli, info_name="romframe") as root:
        paths = [(), *_paths(root)]
    return {"commands.md": page("Every command", ABOUT, *map(_command, paths))}


def _paths(context: click.Context) -> Iterator[tuple[str, ...]]:
    if not isinstance(context.command, click.Group):
        return
    for name in context.command.list_commands(context):
        command = context.command.get_command(context, name)
        if command is not None and not command.hidden:
            command = command.load() if isinstance(command, LazyCommand) else command
            yield (name,)
            for path in _paths(click.Context(command, parent=context, info_name=name)):
                yield (name, *path)


def _command(path: tuple[str, ...]) -> str:
    told = CliRunner().invoke(cli, [*path, "--help"], prog_name="romframe", catch_exceptions=False)
    return f"## {' '.join(('romframe', *path))}\n\n```text\n{told.output.strip()}\n```"
