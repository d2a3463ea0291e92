"""`romframe change` and `romframe classify`."""

from collections.abc import Sequence
from pathlib import Path

import click

from romframe.cli.context import Settings, settings


@click.command("change")
@click.argument("instrument")
@click.option("--score", metavar="ID", help="Only this score.")
@click.option("--rule", metavar="ID", help="A rule's id, or a method's name with --set.")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="Change a constant.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def change_command(
    settings: Settings,
    instrument: str,
    score: str | None,
    rule: str | None,
    given: Sequence[str],
    out: Path | None,
) -> None:
    """Pair first and last in the workspace and judge the change: a row a referral and score.

    \b
    Example:  romframe -w perinatal change core_10 --rule nhse_cyp --out change.csv
    """
    from romframe.cli.render import emit

    constants = dict(_setting(each) for each in given)
    workspace = settings.workspace()
    emit(workspace.changes(instrument, score, rule, constants).lazy(), out)
    settings.finish(workspace.catalogue.host)


@click.command("classify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--instrument", "-i", required=True, metavar="ID", help="By id or by its spec file.")
@click.option("--score", required=True, metavar="ID", help="The score that first and last are of.")
@click.option("--rule", metavar="ID", help="A rule's id, or a method's name with --set.")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="Change a constant.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def classify_command(
    settings: Settings,
    file: Path,
    instrument: str,
    score: str,
    rule: str | None,
    given: Sequence[str],
    out: Path | None,
) -> None:
    """Judge change in a file with the columns first and last; other columns are kept.

    A rule over two measures finds the other's scores in first_INSTRUMENT and last_INSTRUMENT.

    \b
    Examples:  romframe classify pairs.csv -i core_10 --score total
               romframe classify pairs.csv -i core_10 --score total --set reliable.at_least=5
               romframe classify p.csv -i core_10 --score total --rule percentage --set improved=50
    """
    from romframe import tables
    from romframe.change import judge, read_pairs
    from romframe.cli.render import emit

    known, catalogue = settings.instrument(instrument)
    constants = dict(_setting(each) for each in given)
    methods, find = catalogue.change_methods, catalogue.instrument
    ready = judge(known, methods, score=score, rule=rule, settings=constants, find=find)
    emit(ready.classify(read_pairs(tables.read_table(file), ready.score_columns)), out)
    settings.finish(catalogue.host)


def _setting(text: str) -> tuple[str, float | str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise click.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint="--set")
    try:
        number = float(value)
    except ValueError:
        return name, value
    return name, int(number) if number.is_integer() else number
