"""Closed referrals month by month: how many have a pair, and how many of those got better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    ChartWords,
    CountTable,
    RunChart,
    TableShare,
    all_of,
    class_table,
    gettext,
    in_group,
    referrals_in,
    share_of,
    split_table,
    together,
)
from romframe_report.dates import short_month
from romframe_report.measures import InstrumentInUse, Measured, instruments_in_use, ruled
from romframe_report.outcomes import BETTER
from romframe_report.pathways import ENDS, WHOLE, paired_referrals


if TYPE_CHECKING:
    from romframe import Window, Workspace

_REST = "not closed in the period"
_OTHERS = "not better"

Points = tuple[tuple[str, TableShare], ...]


@frozen
class Block:
    """One figure for every month."""

    title: str
    told: str
    chart: RunChart


@frozen
class _Counted:
    """What is counted: its id, the names of what is met and of all, and where these stand too."""

    key: str
    met: str
    whole: str
    others: str
    after: CountTable | None = None


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give the months of the paired rate, and those of each score that has a change rule."""
    referrals = _by_month(workspace, window)
    if not referrals.get_column("month").count():
        return None
    used = instruments_in_use(workspace, window)
    months = _months(window.start, window.end)
    scores = [_better(*each, referrals, months) for each in ruled(used)]
    return {"paired": _paired(used, referrals, months), "better": scores}


def _by_month(workspace: Workspace, window: Window) -> pl.DataFrame:
    """Give the referrals and the month of the window in which they were closed, if they were."""
    day = pl.col("closed_on").str.head(10)
    within = day.is_between(pl.lit(window.start.isoformat()), pl.lit(window.end.isoformat()))
    month = pl.when(within).then(day.str.head(7))
    return referrals_in(workspace, window).select("referral_id", month=month)


def _months(start: date, end: date) -> list[str]:
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


def _paired(
    used: Sequence[InstrumentInUse], referrals: pl.DataFrame, months: Sequence[str]
) -> Block:
    met = referrals.with_columns(met=pl.col("referral_id").is_in(list(paired_referrals(used))))
    title = gettext("Closed referrals with a pair on at least one score")
    counted = _Counted("paired", ENDS["paired"], WHOLE, ENDS["unpaired"])
    return _block(counted, (title, gettext("closed referrals with a pair")), met, months)


def _better(
    measured: Measured, rule: ChangeRule, referrals: pl.DataFrame, months: Sequence[str]
) -> Block:
    classes = class_table(measured.key, measured.pairs, rule)
    named = measured.pairs.select("referral_id", name=pl.col("class").cast(pl.String))
    judged = named.filter(pl.col("name").is_not_null() & (pl.col("name") != "not_classified"))
    met = referrals.join(judged, on="referral_id").with_columns(met=pl.col("name").is_in(BETTER))
    told = gettext("better by enough to count (rule %(rule)s)", rule=rule.id)
    counted = _Counted(measured.key, together(classes, BETTER), "classified", _OTHERS, classes)
    return _block(counted, (measured.title, told), met, months)


def _block(
    counted: _Counted, words: tuple[str, str], met: pl.DataFrame, months: Sequence[str]
) -> Block:
    title, told = words
    chart = ChartWords(
        f"months-{counted.key}",
        gettext("%(title)s, month by month", title=title),
        gettext(
            "A mark for each month, joined by a line. A line across is their mean, broken lines are"
            " the limits of what is usual, dotted ones the near limits. A triangle that points up"
            " is a signal above the mean, one that points down a signal below it."
        ),
    )
    by_month = {month: [month] for month in months}
    threes = [months[start : start + 3] for start in range(0, len(months), 3)]
    by_three = {f"{each[0]}/{each[-1]}": each for each in threes}
    points, wider = (_points(counted, met, each) for each in (by_month, by_three))
    return Block(title, told, RunChart(chart, points, wider))


def _points(counted: _Counted, met: pl.DataFrame, stretches: Mapping[str, Sequence[str]]) -> Points:
    """Give a point a stretch; who was not closed in any of them is counted and not shown."""
    of = {month: name for name, months in stretches.items() for month in months}
    placed = met.with_columns(pl.col("month").replace_strict(of, default=_REST))
    sums = placed.group_by("month").agg(pl.col("met").sum(), others=(~pl.col("met")).sum())
    found = sums.rows_by_key("month", named=True)
    nobody = [{"met": 0, "others": 0}]
    size = "three" if any("/" in name for name in stretches) else "month"
    table = split_table(
        f"months-{counted.key}-by-{size}",
        {name: found.get(name, nobody)[0] for name in (*stretches, _REST)},
        {"met": counted.met, "others": counted.others},
        whole=counted.whole,
        after=counted.after,
        unshown=("others", _REST),
    )
    return tuple(
        (_in_words(months), share_of(table, in_group(name, "met"), all_of(name)))
        for name, months in stretches.items()
    )


def _in_words(months: Sequence[str]) -> str:
    names = [short_month(month) for month in months]
    if len(names) == 1:
        return names[0]
    return gettext("%(start)s to %(end)s", start=names[0], end=names[-1])
