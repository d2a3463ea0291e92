"""`romframe explain`."""

import sys
from pathlib import Path

import click

from romframe.cli.context import Settings, settings


@click.command("explain")
@click.argument("assessment", type=click.IntRange(max=sys.maxsize))
@click.option("--file", type=click.Path(path_type=Path), help="A file of answers instead.")
@click.option("--instrument", "-i", metavar="ID", help="With --file: the instrument.")
@click.option("--coding", metavar="NAME", help="With --file: position, scored, ...")
@settings
def explain_command(
    settings: Settings,
    assessment: int,
    file: Path | None,
    instrument: str | None,
    coding: str | None,
) -> None:
    """Say line by line how the scores of one assessment came about.

    ASSESSMENT is an assessment's number in the workspace, or with --file the number of a data row.

    \b
    Examples:  romframe -w perinatal explain 214
               romframe explain 3 --file answers.csv -i core_10 --coding position
    """
    from romframe.explain import explain_row, explain_stored
    from romframe.tables import read_table

    if file is None:
        click.echo(explain_stored(settings.workspace(), assessment))
        settings.tell_of_wording()
        return
    if instrument is None:
        raise click.UsageError("Name the instrument: --instrument ID.")
    known, catalogue = settings.instrument(instrument)
    methods, words = catalogue.scoring_methods, settings.wording(known)
    click.echo(explain_row(known, methods, read_table(file), assessment, coding, words))
