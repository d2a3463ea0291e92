"""`romframe report`: the pages that are made from a workspace. Each command is loaded when used."""

import importlib

import click


_COMMANDS = ("person", "service")


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


@click.group(cls=_Later)
def report() -> None:
    """Make a report from the workspace's data."""
