"""Closed referrals month by month: how many have a pair, and how many of those got better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import ChangeRule, ChartWords, RunChart, Share, referrals_in, share
from romframe_report.measures import InstrumentInUse, Measured, instruments_in_use, ruled


if TYPE_CHECKING:
    from romframe import Window, Workspace

_BETTER = ("recovered", "improved")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@frozen
class Block:
    """One figure for every month."""

    title: str
    told: str
    chart: RunChart


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give the months of the paired rate, and those of each score that has a change rule."""
    closed = _closed(workspace, window)
    if closed.is_empty():
        return None
    used = instruments_in_use(workspace, window)
    months = _months(window.start, window.end)
    scores = [_better(*each, closed, months) for each in ruled(used)]
    return {"paired": _paired(used, closed, months), "better": scores}


def _closed(workspace: Workspace, window: Window) -> pl.DataFrame:
    """Give the referrals that were closed in the window, and the month in which they were."""
    day = pl.col("closed_on").str.head(10)
    within = day.is_between(pl.lit(window.start.isoformat()), pl.lit(window.end.isoformat()))
    found = referrals_in(workspace, window).filter(within)
    return found.select("referral_id", month=pl.col("closed_on").str.head(7))


def _months(start: date, end: date) -> list[str]:
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


def _paired(used: Sequence[InstrumentInUse], closed: pl.DataFrame, months: Sequence[str]) -> Block:
    pairs = {one for each in used for measured in each.scores for one in measured.paired_referrals}
    met = closed.with_columns(met=pl.col("referral_id").is_in(list(pairs)))
    title = "Closed referrals with a pair on at least one score"
    return _block("paired", title, "closed referrals with a pair", met, months)


def _better(
    measured: Measured, rule: ChangeRule, closed: pl.DataFrame, months: Sequence[str]
) -> Block:
    classes = measured.pairs.select("referral_id", name=pl.col("class").cast(pl.String))
    judged = classes.filter(pl.col("name").is_not_null() & (pl.col("name") != "not_classified"))
    met = closed.join(judged, on="referral_id").with_columns(met=pl.col("name").is_in(_BETTER))
    told = f"better by enough to count (rule {rule.id})"
    return _block(measured.key, measured.title, told, met, months)


def _block(key: str, title: str, told: str, met: pl.DataFrame, months: Sequence[str]) -> Block:
    words = ChartWords(
        f"months-{key}",
        f"{title}, month by month",
        "A mark for each month, joined by a line. A line across is their mean, broken lines are the"
        " limits of what is usual, dotted ones the near limits. A triangle that points up is a"
        " signal above the mean, one that points down a signal below it.",
    )
    return Block(title, told, RunChart(words, tuple(_points(met, months))))


def _points(met: pl.DataFrame, months: Sequence[str]) -> Iterator[tuple[str, Share]]:
    counted = met.group_by("month").agg(pl.col("met").sum(), pl.len()).rows_by_key("month")
    for month in months:
        count, of = counted[month][0] if month in counted else (0, 0)
        yield f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}", share(count, of)
