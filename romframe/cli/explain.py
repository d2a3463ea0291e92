"""`romframe explain`."""

import sys
from pathlib import Path
from typing import Any

import click

from romframe.cli.context import Settings, settings


@click.command("explain")
@click.argument("assessment", type=click.IntRange(max=sys.maxsize), required=False)
@click.option("--file", type=click.Path(path_type=Path), help="A file of answers instead.")
@click.option("--instrument", "-i", metavar="ID", help="With --file or --referral.")
@click.option("--coding", metavar="NAME", help="With --file: position, scored, ...")
@click.option("--referral", metavar="ID", help="Explain the change of a referral instead.")
@click.option("--score", metavar="ID", help="Only this score (with --referral), or this too.")
@click.option("--rule", metavar="ID", help="With --referral: by another rule than the default.")
@click.option("--missing", metavar="NAME", help="With --file: another missing-answer policy.")
@click.option("--bands", metavar="NAME", help="With --file: another set of bands.")
@settings
def explain_command(settings: Settings, /, assessment: int | None, **options: Any) -> None:
    """Say line by line how the scores of one assessment, or a referral's change, came about.

    ASSESSMENT is an assessment's number in the workspace, or with --file the number of a data row.

    \b
    Examples:  romframe -w perinatal explain 214
               romframe -w perinatal explain --referral R17 -i core_10 --rule nhse_cyp
               romframe explain 3 --file answers.csv -i core_10 --coding position
    """
    if (assessment is None) == (options["referral"] is None):
        raise click.UsageError("Give the number of an ASSESSMENT, or --referral with its id.")
    if (options["file"] or options["referral"]) and options["instrument"] is None:
        raise click.UsageError("Name the instrument: --instrument ID.")
    if options["file"] and options["referral"]:
        raise click.UsageError("--referral is looked up in the workspace; leave --file out.")
    if assessment is None:
        click.echo(_change(settings, options))
    elif options["file"]:
        click.echo(_of_file(settings, assessment, options))
    else:
        click.echo(_stored(settings, assessment))


def _stored(settings: Settings, assessment: int) -> str:
    from romframe.explain import explain_stored

    told = explain_stored(settings.workspace(), assessment)
    settings.tell_of_wording()
    return told


def _of_file(settings: Settings, row: int, options: dict[str, Any]) -> str:
    from romframe.config import Choice
    from romframe.explain import explain_row
    from romframe.tables import read_table

    known, catalogue = settings.instrument(options["instrument"])
    return explain_row(
        known,
        catalogue.scoring_methods,
        read_table(options["file"]),
        row,
        options["coding"],
        words=settings.wording(known),
        chosen=Choice(
            missing=options["missing"],
            bands=options["bands"],
            scores=(options["score"],) if options["score"] else (),
        ),
    )


def _change(settings: Settings, options: dict[str, Any]) -> str:
    from romframe.explain_change import explain_change

    workspace = settings.workspace()
    chosen = {name: options[name] for name in ("score", "rule")}
    return explain_change(workspace, options["instrument"], options["referral"], **chosen)
