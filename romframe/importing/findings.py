"""What is wrong with single rows: checks as expressions, and the messages for the rows they hit."""

from collections.abc import Mapping

import polars as pl
from attrs import frozen

from romframe.importing.prepared import WARNINGS


_SHOWN = 40


@frozen
class Check:
    """A fault that a row can have: `flag` is true for the rows that have it.

    `source` is the column of the file that it is about; `{value}` in `what` stands for the cell.
    """

    code: str
    source: str
    flag: pl.Expr
    what: str
    mend: str


def find(frame: pl.DataFrame, cells: pl.DataFrame, checks: Mapping[str, Check]) -> pl.DataFrame:
    """Give one line for every row with a fault: the first fault, and where it has more.

    `checks` are named by the columns of `frame` that hold their flags; `frame` has a column `row`,
    by which `cells`, the table of the file, is looked up.
    """
    found = [
        _faults(hits, cells, check, order)
        for order, (name, check) in enumerate(checks.items())
        if (hits := frame["row"].filter(frame[name])).len()
    ]
    if not found:
        return pl.DataFrame(schema=WARNINGS)
    faults = pl.concat(found).sort("row", "order")
    first = faults.group_by("row", maintain_order=True).agg(
        pl.exclude("order").first(), pl.col("column").slice(1).alias("more")
    )
    named = pl.col("more").list.filter(pl.element() != "").list.unique(maintain_order=True)
    more = named.list.join(", ")
    what = pl.when(named.list.len() > 0).then(
        pl.concat_str("what", pl.lit(" The row has more faults, in: "), more, pl.lit("."))
    )
    return first.select("row", "code", "column", what.otherwise("what").alias("what"), "mend")


def _faults(rows: pl.Series, cells: pl.DataFrame, check: Check, order: int) -> pl.DataFrame:
    before, value, after = check.what.partition("{value}")
    what = pl.lit(before)
    if value:
        cell = cells.select(pl.col(check.source).gather(rows - 1)).to_series()
        shown = pl.lit(cell.cast(pl.String).str.head(_SHOWN).fill_null(""))
        what = pl.concat_str(what, shown, pl.lit(after))
    return rows.to_frame().select(
        "row",
        pl.lit(order).alias("order"),
        pl.lit(check.code).alias("code"),
        pl.lit(check.source).alias("column"),
        what.alias("what"),
        pl.lit(check.mend).alias("mend"),
    )
