"""`romframe plugins new`: a plugin of one's own to start from."""

from pathlib import Path

import click

from romframe.cli.context import Settings, settings


@click.command("new")
@click.argument("kind", type=click.Choice(["instrument", "exporter", "importer", "change"]))
@click.argument("name")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The new folder (default: NAME, here)."
)
@settings
def new_plugin(settings: Settings, kind: str, name: str, out: Path | None) -> None:
    """Write a package for a plugin that works, to be changed into your own.

    It can be installed, and its tests pass the kit, as they stand.

    \b
    Example:  romframe plugins new exporter county_return
    """
    from romframe.scaffolding import write_plugin

    folder = out or Path(name)
    host = settings.catalogue().host
    offered = (names for record in host.records.values() for names in record.offers.values())
    written = write_plugin(kind, name, folder, {*host.records}.union(*offered))
    for path in written:
        click.echo(path)
    click.echo(f"Next: romframe plugins check {folder}", err=True)
