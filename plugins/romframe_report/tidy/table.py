"""A tidy table of figures that says of every column what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from attrs import frozen

from romframe import DisclosurePolicy, ProtectedTable, Share, shown_share


OURS = "this report, from the service's own records"
SPEC = "the measure's spec"
WILSON = "Wilson 95% interval"


@frozen
class Column:
    """A column: its name and type, what it means, in what unit, and where it comes from."""

    name: str
    type: pl.DataType
    meaning: str
    unit: str = ""
    source: str = OURS


@frozen
class Table:
    """A table by name: a row a figure, small counts already hidden."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def frame(self) -> pl.DataFrame:
        """The rows as a frame."""
        schema = {column.name: column.type for column in self.columns}
        return pl.DataFrame(list(self.rows), schema, orient="row")


SHARE = (
    Column("count", pl.Int64(), "How many; empty where too few to show", "referrals"),
    Column("of", pl.Int64(), "Out of how many; empty where too few to show", "referrals"),
    Column("percent", pl.Int64(), "count as a share of of; empty where not shown", "per cent"),
    Column("low", pl.Int64(), "Lower end of the percentage's interval", "per cent", WILSON),
    Column("high", pl.Int64(), "Upper end of the percentage's interval", "per cent", WILSON),
    Column(
        "hidden", pl.Boolean(), "Whether small numbers keep a figure of the row from being shown"
    ),
)


def counted(count: int, policy: DisclosurePolicy) -> int | None:
    """Give a count as the policy shows it; None where it does not."""
    return None if policy.hides(count) else int(policy.count(count))


def cell(table: ProtectedTable, name: str) -> int | None:
    """Give a count as its table shows it; None where that hides it."""
    return None if table.hides(name) else int(table.text(name))


def of_share(share: Share, policy: DisclosurePolicy) -> dict[str, Any]:
    """Give the cells of `SHARE`; those that the policy hides, or the share's table, are None."""
    shown = shown_share(share, policy)
    cells: dict[str, Any] = {
        "count": None if shown.count_hidden else int(shown.count),
        "of": int(shown.of) if shown.of.isdecimal() else None,
        "percent": None,
        "low": None,
        "high": None,
        "hidden": shown.hidden,
    }
    if share.interval is not None and not shown.hidden:
        cells["percent"] = int(policy.percentage(share.count, share.of))
        cells["low"], cells["high"] = (
            round(100 * end) for end in (share.interval.low, share.interval.high)
        )
    return cells


def dictionary(tables: Sequence[Table]) -> Table:
    """Give the data dictionary of the tables: a row a column."""
    columns = (
        Column("table", pl.String(), "The table's name"),
        Column("column", pl.String(), "The column's name"),
        Column("type", pl.String(), "Of what type its values are"),
        Column("meaning", pl.String(), "What a value means"),
        Column("unit", pl.String(), "In what unit it is"),
        Column("source", pl.String(), "Where it comes from"),
    )
    return Table("dictionary", "Data dictionary", columns, tuple(_described(tables)))


def _described(tables: Iterable[Table]) -> Iterator[Mapping[str, str]]:
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
