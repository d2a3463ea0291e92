"""`romframe mhsds`: what a submission needs beside the export. Each command is loaded when used."""

import click

from romframe import LazyCommand


_TOLD = {
    "codes": "List the SNOMED CT ids that the data set accepts; TEXT finds ids, tools and labels.",
    "reconcile": "Say which assessments the portal rejected or warned of, and why.",
}
_COMMANDS = {
    name: LazyCommand(name, f"{__name__}.{name}:command", told) for name, told in _TOLD.items()
}


@click.group(commands=_COMMANDS)
def mhsds() -> None:
    """Look after submissions to England's Mental Health Services Data Set."""
