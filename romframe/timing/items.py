"""Which measures are to be answered on which days: a schedule laid over the anchors of referrals.

Each day belongs to one item of a stream at most, which is what a schedule asks a referral with one
measure. Windows are whole unless they meet; between two windows a day belongs to the item whose due
day is nearer, but ahead of its window to none whose anchor is as near.
"""

from datetime import date, timedelta

import polars as pl

from romframe.frameworks.schedules import ASSESSMENT, DISCHARGE, REFERRAL, Schedule
from romframe.timing.records import Records


STREAM = ("referral_id", "instrument", "schedule")
_ONE_DAY = pl.duration(days=1)


def items(schedule: Schedule, records: Records, as_of: date, ahead: int) -> pl.DataFrame:
    """Give the items of one schedule: a row a referral, measure and due day.

    With `starts` and `ends`, the days that belong to each, and `opens_on` and `closes_on`, between
    which an answer is on time. Repeats go on for `ahead` days after the day `as_of`, and one more.
    What closed before the referral was received is left out. What is due after the referral, or
    the repeat, has come to its end is `beyond` it: only an answer that came in its window before
    the end makes it an item.
    """
    last = as_of + timedelta(days=ahead)
    due = _due_days(schedule, _anchored(schedule, records), last)
    closes = pl.col("due_on") + timedelta(days=schedule.late)
    not_before = (closes >= pl.col("received_on")).fill_null(True)
    rows = (
        due.filter(not_before)
        .with_columns(
            schedule=pl.lit(schedule.id),
            instrument=pl.lit(list(dict.fromkeys(schedule.measures))),
        )
        .explode("instrument")
        .sort(*STREAM, "due_on", "beyond", maintain_order=True)
        .unique([*STREAM, "due_on"], keep="first", maintain_order=True)
        .with_columns(
            opens_on=pl.col("due_on") - timedelta(days=schedule.early),
            closes_on=pl.col("due_on") + timedelta(days=schedule.late),
        )
    )
    asked = _with_days(rows.filter(~pl.col("beyond")), pl.lit(schedule.anchor != DISCHARGE))
    return pl.concat([asked, _cut_short(rows.filter("beyond"))], how="diagonal_relaxed")


def _anchored(schedule: Schedule, records: Records) -> pl.DataFrame:
    """Give the anchors of a schedule, with the day on which what it repeats comes to its end."""
    anchors = (
        records.anchors.filter(pl.col("kind") == schedule.anchor)
        .join(records.referrals.select("referral_id", "received_on", "ended_on"), on="referral_id")
        .sort("referral_id", "day")
        .rename({"kind": "anchor", "day": "anchor_on"})
    )
    ends = records.anchors.filter(pl.col("kind") == schedule.until).select("referral_id", "day")
    paired = anchors.join(ends, on="referral_id")
    if schedule.anchor not in (REFERRAL, ASSESSMENT):
        paired = paired.filter(pl.col("day") > pl.col("anchor_on"))
    first = paired.group_by("referral_id", "anchor_on").agg(pl.col("day").min().alias("until"))
    return anchors.join(first, on=["referral_id", "anchor_on"], how="left", maintain_order="left")


def _due_days(schedule: Schedule, anchored: pl.DataFrame, last: date) -> pl.DataFrame:
    """Give the due days, and for each whether it is `beyond` the day on which all is `over`."""
    offset, every = schedule.offset, schedule.every
    due, until, ended = pl.col("due_on"), pl.col("until"), pl.col("ended_on")
    if schedule.anchor == DISCHARGE:
        ended = pl.lit(None, pl.Date)
    if every is None:
        dated = anchored.with_columns(
            number=pl.lit(1, pl.Int64), due_on=_moved(offset.months, offset.days)
        )
        return dated.with_columns(over=ended, beyond=(due > ended).fill_null(False))
    first = _moved(offset.months, offset.days)
    stop = pl.min_horizontal(pl.lit(last), until, ended)
    times = (stop - first).dt.total_days() // every.fewest_days + 2
    counted = anchored.with_columns(_times=times.clip(1, schedule.at_most))
    rows = counted.with_columns(
        number=pl.int_ranges(1, pl.col("_times") + 1, dtype=pl.Int64)
    ).explode("number")
    back = pl.col("number") - 1
    months, days = offset.months + back * every.months, offset.days + back * every.days
    beyond = (due >= until).fill_null(False) | (due > ended).fill_null(False)
    return (
        rows.drop("_times")
        .with_columns(due_on=_moved(months, days), over=pl.min_horizontal(until, ended))
        .with_columns(beyond=beyond)
    )


def _moved(months: pl.Expr | int, days: pl.Expr | int) -> pl.Expr:
    """Give the day so many calendar months and then days after the anchor.

    A day that its month does not have is the last one of that month.
    """
    by_months = pl.format("{}mo", pl.lit(months) if isinstance(months, int) else months)
    length = pl.duration(days=days)
    return pl.col("anchor_on").dt.offset_by(by_months) + length


def _with_days(rows: pl.DataFrame, ends_with_referral: pl.Expr) -> pl.DataFrame:
    """Add the first and last day on which an answer belongs to each item."""
    due, anchor = pl.col("due_on"), pl.col("anchor_on")
    before_due, before_closes = (pl.col(n).shift().over(STREAM) for n in ("due_on", "closes_on"))
    nearer = _nearer(before_due, due)
    own = pl.when(due > anchor).then(_nearer(anchor, due)).otherwise("opens_on")
    earliest = pl.max_horizontal(nearer, own, before_closes + _ONE_DAY)
    starts = (
        pl.when(pl.col("opens_on") <= before_closes)
        .then(nearer)
        .otherwise(pl.min_horizontal("opens_on", earliest))
    )
    over = (
        pl.when(ends_with_referral)
        .then("ended_on")
        .otherwise(pl.when(pl.col("ended_on").is_not_null()).then("closes_on"))
    )
    next_starts = pl.col("starts").shift(-1).over(STREAM)
    return (
        rows.with_columns(starts=starts)
        .with_columns(ends=pl.min_horizontal(next_starts - _ONE_DAY, over))
        .with_columns(
            opens_on=pl.max_horizontal("opens_on", "starts"),
            closes_on=pl.min_horizontal("closes_on", "ends"),
        )
    )


def _cut_short(rows: pl.DataFrame) -> pl.DataFrame:
    """Give what is due after all is over, as far as its window opened before then."""
    return rows.filter(pl.col("opens_on") <= pl.col("over")).with_columns(
        starts=pl.col("opens_on"), ends=pl.min_horizontal("closes_on", "over")
    )


def _nearer(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Give the first day that is nearer to the later of two days than to the earlier."""
    half = (other - one).dt.total_days() // 2 + 1
    return one + pl.duration(days=half)
