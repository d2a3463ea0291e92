"""`romframe report`: the pages that are made from a workspace. Each command is loaded when used."""

import importlib

import click


_COMMANDS = ("chart", "commissioner", "person", "prem", "service")


class _Later(click.Group):
    """A group whose commands stand in modules of the same names, under `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name}")
        command: click.Command = module.command
        return command


@click.group(cls=_Later, invoke_without_command=True, no_args_is_help=True)
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Remake every report that romframe.yaml lists, except those of which nothing has changed.",
)
@click.pass_context
def report(context: click.Context, every: bool) -> None:
    """Make a report from the workspace's data."""
    if not every:
        return
    if context.invoked_subcommand is not None:
        raise click.UsageError("--all remakes what is listed: name no report beside it.")
    from romframe_report.commands.shared import workspace_of
    from romframe_report.remake import remake

    kinds = {name: report.get_command(context, name) for name in report.list_commands(context)}
    context.exit(remake(workspace_of(context.obj, None), kinds))
