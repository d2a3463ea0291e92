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
@click.option("--summary", is_flag=True, help="The figures of the group instead of its rows.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@settings
def change_command(
    settings: Settings,
    instrument: str,
    score: str | None,
    rule: str | None,
    given: Sequence[str],
    out: Path | None,
    summary: bool,
    as_json: bool,
) -> None:
    """Pair first and last in the workspace and judge the change: a row a referral and score.

    \b
    Examples:  romframe -w perinatal change core_10 --rule nhse_cyp --out change.csv
               romframe -w perinatal change core_10 --summary
    """
    from romframe.cli import grouped
    from romframe.cli.render import emit_safe
    from romframe.cli.upkeep import tell_of_versions
    from romframe.upkeep import check_choices

    grouped.check_options(summary, as_json, out)
    constants = dict(_setting(each) for each in given)
    workspace = settings.workspace()
    check_choices(workspace)
    tell_of_versions(workspace)
    rows = workspace.changes(instrument, score, rule, constants)
    if summary:
        found = grouped.of_changes(workspace, instrument, rows, rule, constants)
        grouped.show(instrument, found, as_json)
    else:
        emit_safe(rows, out)
    settings.finish(workspace.catalogue.host)


@click.command("classify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--instrument", "-i", required=True, metavar="ID", help="By id or by its spec file.")
@click.option("--score", required=True, metavar="ID", help="The score that first and last are of.")
@click.option("--rule", metavar="ID", help="A rule's id, or a method's name with --set.")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="Change a constant.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@click.option("--summary", is_flag=True, help="The figures of the group instead of its rows.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@settings
def classify_command(
    settings: Settings,
    file: Path,
    instrument: str,
    score: str,
    rule: str | None,
    given: Sequence[str],
    out: Path | None,
    summary: bool,
    as_json: bool,
) -> None:
    """Judge change in a file with the columns first and last; other columns are kept.

    A rule over two measures finds the other's scores in first_INSTRUMENT and last_INSTRUMENT.

    \b
    Examples:  romframe classify pairs.csv -i core_10 --score total
               romframe classify pairs.csv -i core_10 --score total --set reliable.at_least=5
               romframe classify p.csv -i core_10 --score total --rule percentage --set improved=50
               romframe classify pairs.csv -i core_10 --score total --summary --json
    """
    from romframe import tables
    from romframe.change import judge, read_pairs
    from romframe.cli import grouped
    from romframe.cli.render import emit

    grouped.check_options(summary, as_json, out)
    known, catalogue = settings.instrument(instrument)
    constants = dict(_setting(each) for each in given)
    methods, find = catalogue.change_methods, catalogue.instrument
    ready = judge(known, methods, score=score, rule=rule, settings=constants, find=find)
    judged = ready.classify(read_pairs(tables.read_table(file), ready.score_columns))
    if summary:
        grouped.show(known.id, grouped.of_pairs(judged, score, ready), as_json)
    else:
        emit(judged, out)
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
