"""Tidy tables of figures: a row a figure, and of every column what it means."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from attrs import frozen

from romframe.disclosure import DisclosurePolicy, ProtectedTable, shown_share
from romframe.summary import Share


_OURS = "this report, from the service's own records"
_WILSON = "Wilson 95% interval"


@frozen
class TidyColumn:
    """A column: its name and type, what it means, in what unit, and where it comes from."""

    name: str
    type: pl.DataType
    meaning: str
    unit: str = ""
    source: str = _OURS


@frozen
class TidyTable:
    """A table by name: a row a figure, small counts already hidden."""

    name: str
    title: str
    columns: tuple[TidyColumn, ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def frame(self) -> pl.DataFrame:
        """The rows as a frame."""
        schema = {column.name: column.type for column in self.columns}
        return pl.DataFrame(list(self.rows), schema, orient="row")


def share_columns(noun: str = "referrals") -> tuple[TidyColumn, ...]:
    """Give the columns of a share, of so many of what `noun` says."""
    whole, few = pl.Int64(), "empty where too few to show"
    return (
        TidyColumn("count", whole, f"How many; {few}", noun),
        TidyColumn("of", whole, f"Out of how many; {few}", noun),
        TidyColumn("percent", whole, "count as a share of of; empty where not shown", "per cent"),
        TidyColumn("low", whole, "Lower end of the percentage's interval", "per cent", _WILSON),
        TidyColumn("high", whole, "Upper end of the percentage's interval", "per cent", _WILSON),
        TidyColumn(
            "hidden",
            pl.Boolean(),
            "Whether small numbers keep a figure of the row from being shown",
        ),
    )


def share_cells(share: Share, policy: DisclosurePolicy) -> dict[str, Any]:
    """Give the cells of a share; those that the policy hides, or the share's table, are None."""
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


def count_cell(table: ProtectedTable, name: str) -> int | None:
    """Give a count as its table shows it; None where that hides it."""
    return None if table.hides(name) else int(table.text(name))
