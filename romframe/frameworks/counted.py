"""What was counted for one measure or indicator: raw, a row a referral or return."""

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl
from attrs import field, frozen

from romframe.disclosure import CountTable, Sum, TableShare, share_of
from romframe.frameworks.model import GOOD, MET, PAIRED
from romframe.summary import Summary


Kind = Literal["measure", "indicator"]

EVERY, TOLD = "counted", "told"


@frozen
class Counted:
    """The counts of one measure or indicator, none of them hidden yet.

    `rows` has a row for everything counted: `on`, the day or month that it counts in, and a column
    for every figure that is true, false, or null where the row is not part of that figure. `shares`
    are the figures by name, each of a table in which it can be protected. `left_out` says for how
    many rows, and why, nothing can be told. `values` sums up numbers, such as days waited.
    """

    kind: Kind
    id: str
    rows: pl.DataFrame = field(eq=False, repr=False)
    shares: Mapping[str, TableShare]
    left_out: CountTable
    reasons: tuple[str, ...]
    values: Summary | None = None

    @property
    def main(self) -> str:
        """The figure that stands for all of them: what is met, the good outcomes, or the pairs."""
        return next(name for name in (MET, GOOD, PAIRED) if name in self.shares)


def of_measure(
    key: str, rows: pl.DataFrame, classes: Sequence[str], parts: Mapping[str, Sequence[str]]
) -> Counted:
    """Count pairs and classes of change; `parts` says which classes are good and which are worse.

    The classes are those that the figure can have; where there are none, only pairs are counted.
    """
    pairs, reasons = _left_out(key, rows, PAIRED)
    shares = {PAIRED: share_of(pairs, TOLD, EVERY)}
    if not classes:
        return Counted("measure", key, rows, shares, pairs, reasons)
    counts = {name: _true(rows, name) for name in (*classes, *parts)}
    table = CountTable(
        f"{key}:classes",
        {**counts, "classified": rows.get_column(GOOD).count()},
        tuple(
            Sum(whole, tuple(names))
            for whole, names in {"classified": classes, **parts}.items()
            if names
        ),
        shares={"classified": tuple(counts)},
        known=frozenset({"classified"}),
        percentages=True,
    )
    shares |= {name: share_of(table, name, "classified") for name in (*parts, *classes)}
    return Counted("measure", key, rows, shares, pairs, reasons)


def of_indicator(key: str, rows: pl.DataFrame, values: Summary | None) -> Counted:
    """Count what an indicator says is met, of all for which it can tell."""
    told, met = rows.get_column(MET).count(), _true(rows, MET)
    table = CountTable(
        f"{key}:met",
        {MET: met, "not_met": told - met, TOLD: told},
        (Sum(TOLD, (MET, "not_met")),),
        shares={TOLD: (MET, "not_met")},
        known=frozenset({TOLD}),
        percentages=True,
    )
    every, reasons = _left_out(key, rows.with_columns(pl.col(MET).is_not_null()), MET)
    return Counted(
        "indicator", key, rows, {MET: share_of(table, MET, TOLD)}, every, reasons, values
    )


def _left_out(key: str, rows: pl.DataFrame, told: str) -> tuple[CountTable, tuple[str, ...]]:
    """Give how many rows there are, of how many something can be told, and why not of the others.

    The first two stand all over a report, so that only the reasons can be hidden.
    """
    others = rows.filter(~pl.col(told)).get_column("reason").fill_null("unknown")
    reasons = dict(others.value_counts().sort("count", "reason", descending=[True, False]).rows())
    counts = {EVERY: rows.height, TOLD: _true(rows, told), **reasons}
    sums = (Sum(EVERY, (TOLD, *reasons)),)
    known = frozenset({EVERY, TOLD})
    return CountTable(f"{key}:left_out", counts, sums, known=known, percentages=True), (*reasons,)


def _true(rows: pl.DataFrame, name: str) -> int:
    return int(rows.get_column(name).sum() or 0)
