"""The data dictionary of tidy tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from romframe import TidyColumn, TidyTable


def dictionary(tables: Sequence[TidyTable]) -> TidyTable:
    """Give the data dictionary of the tables: a row a column."""
    columns = (
        TidyColumn("table", pl.String(), "The table's name"),
        TidyColumn("column", pl.String(), "The column's name"),
        TidyColumn("type", pl.String(), "Of what type its values are"),
        TidyColumn("meaning", pl.String(), "What a value means"),
        TidyColumn("unit", pl.String(), "In what unit it is"),
        TidyColumn("source", pl.String(), "Where it comes from"),
    )
    return TidyTable("dictionary", "Data dictionary", columns, tuple(_described(tables)))


def _described(tables: Iterable[TidyTable]) -> Iterator[Mapping[str, str]]:
    for table in tables:
        for column in table.columns:
            yield {
                "table": table.name,
                "column": column.name,
                "type": str(column.type),
                "meaning": column.meaning,
                "unit": column.unit,
                "source": column.source,
            }
