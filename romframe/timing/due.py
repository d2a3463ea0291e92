"""What is due on a day: every item of a framework's schedules with one status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
from attrs import evolve

from romframe.expressions import first_match
from romframe.frameworks.groups import group_referrals
from romframe.frameworks.model import Framework, FrameworkGroup
from romframe.timing.items import items
from romframe.timing.matching import ITEM, answers
from romframe.timing.records import Records, read_records, staff


if TYPE_CHECKING:
    from romframe.frameworks.schedules import Schedule
    from romframe.instruments.model import Instrument
    from romframe.workspace import Workspace

STATUSES = ("overdue", "due", "deferred", "upcoming", "done", "missed")
STATUS = pl.Enum(STATUSES)
AHEAD = 28  # days that are looked ahead, unless it is said otherwise

_COLUMNS = pl.Schema(
    {
        "framework": pl.String(),
        "referral_id": pl.String(),
        "service_user_id": pl.String(),
        "team": pl.String(),
        "clinicians": pl.String(),
        "schedule": pl.String(),
        "timepoint": pl.String(),
        "instrument": pl.String(),
        "anchor": pl.String(),
        "anchor_on": pl.Date(),
        "anchor_event": pl.String(),
        "occurrence": pl.Int64(),
        "number": pl.Int64(),
        "due_on": pl.Date(),
        "opens_on": pl.Date(),
        "closes_on": pl.Date(),
        "status": STATUS,
        "deferred_until": pl.Date(),
        "reason": pl.String(),
        "answered_on": pl.Date(),
        "outcome": pl.String(),
        "punctual": pl.String(),
        "assessment_id": pl.Int64(),
    }
)


def due_items(
    workspace: Workspace, framework: Framework, as_of: date, ahead: int = AHEAD
) -> pl.DataFrame:
    """Give what the schedules of a framework ask for: a row an item, the earliest due day first.

    Each has one status on the day `as_of`: `done`, whether completed, declined or missed (see
    `outcome` and `punctual`: early, on_time or late); `missed`, as the next of its kind or the end
    of the referral has come; `deferred` by a clinician; `upcoming`; `due` in its window; `overdue`
    after it. Ratings and deferrals of later days are not looked at, events of later days are plans.
    What opens more than `ahead` days later is left out, and so are measures that are kept
    anonymous: nobody can tell whose returns they are.
    """
    if not framework.timing:
        return pl.DataFrame(schema=_COLUMNS)
    records = read_records(workspace)
    nameless = [each.id for each in anonymous_measures(workspace, framework)]
    concerned = [
        (each, _concerned(workspace, framework, each, records)) for each in framework.timing
    ]
    asked = asked_for(concerned, as_of, ahead).filter(~pl.col("instrument").is_in(nameless))
    near = pl.col("opens_on") <= as_of + timedelta(days=ahead)
    people = records.referrals.join(staff(workspace, as_of), on="referral_id", how="left")
    about = people.select("referral_id", "service_user_id", "team", "clinicians")
    return (
        judged(asked, records, as_of)
        .filter(near | (pl.col("status") == "done"))
        .join(about, on="referral_id", how="left")
        .sort("due_on", "referral_id", "order", "instrument")
        .with_columns(framework=pl.lit(framework.id))
        .select(_COLUMNS.names())
        .cast(_COLUMNS)
    )


def asked_for(
    concerned: Iterable[tuple[Schedule, Records]], as_of: date, ahead: int
) -> pl.DataFrame:
    """Give the items of schedules, each laid over the records of those whom it concerns."""
    parts = [
        items(each, records, as_of, ahead).with_columns(
            pl.lit(each.timepoint).alias("timepoint"),
            pl.lit(order).alias("order"),
            pl.lit(each.late).alias("late"),
            pl.lit(each.put_off, pl.Int64).alias("put_off"),
        )
        for order, (each, records) in enumerate(concerned)
    ]
    return pl.concat(parts)


def judged(asked: pl.DataFrame, records: Records, as_of: date) -> pl.DataFrame:
    """Add to items what answers them, until when they are put off, and their status on a day."""
    ratings = records.ratings.filter(pl.col("day") <= as_of)
    answered = asked.join(answers(asked, ratings), on=ITEM, how="left")
    known = answered.filter(~pl.col("beyond") | pl.col("answered_on").is_not_null())
    deferrals = records.deferrals.filter(pl.col("deferred_on") <= as_of)
    return _judged(known.join(_put_off(known, deferrals), on=ITEM, how="left"), as_of)


def _concerned(
    workspace: Workspace, framework: Framework, schedule: Schedule, records: Records
) -> Records:
    """Give the records of the referrals that a schedule is for."""
    if not (schedule.group or schedule.where):
        return records
    group = (
        framework.group(schedule.group)
        if schedule.group
        else FrameworkGroup("", "", schedule.where or {}, good=(), worse=())
    )
    return evolve(records, referrals=group_referrals(workspace, group, records.referrals))


def anonymous_measures(workspace: Workspace, framework: Framework) -> list[Instrument]:
    """Give the measures that are asked for and whose returns are under nobody's name."""
    names = {name for each in framework.timing for name in each.instruments}
    asked = [workspace.instrument(name) for name in sorted(names)]
    return [each for each in asked if each.storage != "identified"]


def _put_off(known: pl.DataFrame, deferrals: pl.DataFrame) -> pl.DataFrame:
    """Give until when items are put off, no longer than their schedule allows, and why.

    A deferral is about what has begun to open by its end and is neither over nor answered when it
    is made. Of several, the one that lasts longest counts.
    """
    about = known.join(deferrals, on=["referral_id", "instrument"], suffix=":meant").filter(
        pl.col("schedule:meant").is_null() | (pl.col("schedule:meant") == pl.col("schedule")),
        pl.col("opens_on") < pl.col("until:meant"),
        (pl.col("deferred_on") <= pl.col("ends")).fill_null(True),
        (pl.col("deferred_on") <= pl.col("answered_on")).fill_null(True),
    )
    latest = pl.col("due_on") + pl.duration(days="put_off")
    return (
        about.with_columns(deferred_until=pl.min_horizontal("until:meant", latest))
        .sort(*ITEM, "deferred_until", "deferred_on")
        .unique(ITEM, keep="last", maintain_order=True)
        .select(*ITEM, "deferred_until", "reason")
    )


def _judged(known: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Add the status of each item; what was put off closes as long after as it would have."""
    answered = pl.col("answered_on")
    put_off = pl.col("deferred_until") + pl.duration(days="late")
    closes = pl.min_horizontal(pl.max_horizontal("closes_on", put_off), "ends")
    today = pl.lit(as_of)
    status = first_match(
        [
            (answered.is_not_null(), pl.lit("done", STATUS)),
            (pl.col("ends") < today, pl.lit("missed", STATUS)),
            (today < pl.col("deferred_until"), pl.lit("deferred", STATUS)),
            (today < pl.col("opens_on"), pl.lit("upcoming", STATUS)),
            (today <= pl.col("closes_on"), pl.lit("due", STATUS)),
        ],
        pl.lit("overdue", STATUS),
    )
    punctual = first_match(
        [
            (answered < pl.col("opens_on"), pl.lit("early")),
            (answered <= pl.col("closes_on"), pl.lit("on_time")),
            (answered.is_not_null(), pl.lit("late")),
        ],
        pl.lit(None, pl.String),
    )
    return known.with_columns(closes_on=closes).with_columns(status=status, punctual=punctual)
