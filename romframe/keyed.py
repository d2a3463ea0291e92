"""Tables that depend on attributes of the person, such as cut-offs by age and gender."""

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from romframe.instruments.model import Keyed, KeyedRow


def choose(
    table: Keyed,
    columns: Iterable[str],
    build: Callable[[Any], pl.Expr],
    dtype: pl.DataType | type[pl.DataType],
) -> pl.Expr:
    """Give what the table holds for each row's person.

    Null where an attribute is unknown, where its column is absent, or where no row of the table
    fits: such a person is not classifiable.
    """
    nothing = pl.lit(None, dtype)
    asked = {name for row in table.rows for name, _ in row.where}
    if not asked.union(table.by) <= set(columns):
        return nothing
    chosen = nothing
    for row in reversed(table.rows):
        chosen = pl.when(_fits(row)).then(build(row.content)).otherwise(chosen)
    return chosen


def _fits(row: KeyedRow) -> pl.Expr:
    tests = (
        _between(pl.col(name), *wanted)
        if isinstance(wanted, tuple)
        else pl.col(name).cast(pl.String) == wanted
        for name, wanted in row.where
    )
    return pl.all_horizontal(*tests)


def _between(attribute: pl.Expr, low: float, high: float) -> pl.Expr:
    """Say whether a number is in a range; between whole ends it counts in whole years."""
    number = attribute.cast(pl.Float64, strict=False)
    if low % 1 == 0 and high % 1 == 0:
        number = number.floor()
    return number.is_between(low, high)
