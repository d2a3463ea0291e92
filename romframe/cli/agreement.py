"""`romframe audit agreement`: how far two raters agree, and how raters drift."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    import polars as pl


_DRIFT = ("rater", "quarter")


@click.command("agreement")
@click.argument("instrument")
@click.option("--by", type=click.Choice(_DRIFT), multiple=True, help="Group by.")
@click.option("--drift", "drifting", is_flag=True, help="Each rater against others, by quarter.")
@click.option("--of", multiple=True, metavar="ID", help="Only this item, or score.ID.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def agreement_command(
    settings: Settings,
    instrument: str,
    by: Sequence[Any],
    drifting: bool,
    of: Sequence[str],
    as_csv: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    """Say how far two raters agree: weighted kappa and ICC for items, ICC for scores.

    Each comes with its 95% interval and the number of pairs; pairs that lack an answer are counted.
    With --drift it is so for each rater, by quarter, with the mean difference from the other
    ratings; without --of that is about the scores. It needs `pip install 'romframe[agreement]'`.

    \b
    Examples:  romframe -w perinatal audit agreement honos
               romframe -w perinatal audit agreement honos --by rater --by quarter
               romframe -w perinatal audit agreement honos --drift --of score.total
    """
    from romframe.auditing.agreement import agreement, tabled
    from romframe.auditing.doubles import uncompared
    from romframe.auditing.drift import drift
    from romframe.cli.render import emit_safe

    if drifting and by:
        raise click.UsageError("--drift is by rater and quarter: leave --by out.")
    workspace = settings.workspace()
    apart: dict[str, Any] = {"not_compared": uncompared(workspace, instrument)}
    if drifting:
        found = drift(workspace, instrument, of)
        rows = tabled(found.groups, _DRIFT)
        apart |= {"few_pairs": found.few, "rater_not_named": found.unnamed}
    else:
        rows = tabled(agreement(workspace, instrument, by, of), by)
    if as_json:
        told = {"agreement": rows.to_dicts(), **apart}
        click.echo(json.dumps(told, indent=2, allow_nan=False))
    elif as_csv or out is not None:
        emit_safe(rows, out)
    else:
        _show(rows, apart)


def _show(rows: "pl.DataFrame", apart: Mapping[str, Any]) -> None:
    from romframe.cli.render import table

    *keys, _, _, _, _, _, _, _, _ = rows.columns
    header = (*keys, "of", "coefficient", "pairs", "missing", "value", "95% interval")
    if rows.height:
        click.echo(table(header, (_line(each, keys) for each in rows.iter_rows(named=True))))
    for line in _apart(**apart):
        click.echo(line)


def _line(row: Mapping[str, Any], keys: Sequence[str]) -> tuple[object, ...]:
    told = (*keys, "of", "coefficient", "n", "missing")
    return (*(row[name] for name in told), *_ends(row))


def _ends(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["value"] is None:
        return "-", row["why"]
    if row["low"] is None or row["high"] is None:
        return f"{row['value']:.2f}", "-"
    return f"{row['value']:.2f}", f"{row['low']:.2f} to {row['high']:.2f}"


def _apart(
    not_compared: Mapping[str, int],
    few_pairs: Mapping[str, int] | None = None,
    rater_not_named: int = 0,
) -> Iterator[str]:
    """Say what stands in no row, and why."""
    from romframe.auditing.doubles import UNCOMPARED
    from romframe.cli.render import plain

    for why, n in not_compared.items():
        yield f"Second ratings that are not compared: {n} ({UNCOMPARED[why]})."
    if few_pairs is not None:
        yield "With fewer than 5 pairs there is the mean difference alone."
    if few_pairs:
        told = ", ".join(f"{plain(rater)} {n}" for rater, n in few_pairs.items())
        yield f"Raters with fewer than 5 double ratings are not judged: {told}."
    if rater_not_named:
        yield f"Ratings in double ratings that name no professional: {rater_not_named}."
