"""`romframe report`: the pages that are made from a workspace. Each command is loaded when used."""

import click

from romframe import LazyCommand


_TOLD = {
    "chart": (
        "Write one page that says what is asked for and when, to be hung up where people work."
    ),
    "commissioner": (
        "Write what came of an outcome framework: targets, figures, and what may not be concluded."
    ),
    "person": "Write one page about one person, for the conversation with that person.",
    "prem": "Write what anonymous returns say, month by month and item by item, as one HTML file.",
    "service": (
        "Write the service report: one HTML file that needs nothing else to be read, or its"
        " figures."
    ),
}
_COMMANDS = {
    name: LazyCommand(name, f"{__name__}.{name}:command", told) for name, told in _TOLD.items()
}


@click.group(commands=_COMMANDS, invoke_without_command=True, no_args_is_help=True)
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

    kinds = {name: command.load() for name, command in _COMMANDS.items()}
    strict = bool(getattr(context.obj, "strict", False))
    context.exit(remake(workspace_of(context.obj, None), kinds, strict=strict))
