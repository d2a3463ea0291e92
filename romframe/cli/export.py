"""`romframe export`."""

from collections.abc import Sequence
from pathlib import Path

import click

from romframe.cli.context import Settings, settings


@click.command("export")
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option("--period", metavar="YYYY-MM", help="The month; short for --option period=YYYY-MM.")
@click.option("--option", "given", multiple=True, metavar="KEY=VALUE", help="The exporter's own.")
@settings
def export_command(
    settings: Settings, name: str, out: Path, period: str | None, given: Sequence[str]
) -> None:
    """Export the workspace's data with the exporter NAME (see `romframe plugins`).

    \b
    Example:  romframe -w perinatal export mhsds --period 2026-11 --out november
    """
    from romframe.exporting import run_export

    options = {"period": period} if period else {}
    for text in given:
        key, sign, value = text.partition("=")
        if not (key and sign):
            raise click.BadParameter(f"{text!r} is not KEY=VALUE.", param_hint="--option")
        if key in options:
            raise click.BadParameter(f"{key!r} is said twice.", param_hint="--option")
        options[key] = value
    result = run_export(settings.workspace(), name, out, options)
    for line in result.summary:
        click.echo(line)
    click.echo(f"Wrote {len(result.files)} files to {out}: {', '.join(result.files)}")
