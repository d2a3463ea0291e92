"""Which plans still stand: a plan gives way to the event that was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe.days import day
from romframe.frameworks.schedules import ASSESSMENT, BIRTH, REFERRAL


if TYPE_CHECKING:
    from romframe.workspace import Workspace

# How many days before its planned day an event is no longer the one that was planned. Our rules: a
# day is expected 40 weeks after the last period, so that a birth in those weeks is no earlier one;
# and what is planned every week is not taken for what was there the week before.
_PREGNANCY = 40 * 7
_WEEK = 7
_PLAN = ("referral_id", "kind")


def standing_plans(workspace: Workspace, happened: pl.DataFrame) -> pl.DataFrame:
    """Give the plans (`referral_id`, `kind`, `day`, `event_id`) whose event has not happened.

    `happened` has the same columns. Where a plan and an event have an `event_id` each, these say
    whether the event is the one that was planned. Otherwise it is where it was on the planned day,
    later, or little earlier; the first contact and the referral itself happen once.
    """
    plans = (
        workspace.table("planned_event")
        .select(*_PLAN, day("planned_on").alias("day"), "event_id")
        .drop_nulls("day")
    )
    events = happened.select(*_PLAN, was="day", known_as="event_id")
    early = pl.when(pl.col("kind") == BIRTH).then(_PREGNANCY).otherwise(_WEEK)
    near = (pl.col("day") - pl.col("was")).dt.total_days() < early
    once = pl.col("kind").is_in([REFERRAL, ASSESSMENT])
    same = (pl.col("event_id") == pl.col("known_as")).fill_null(near | once)
    done = plans.join(events, on=_PLAN).filter(same)
    return plans.join(done, on=_PLAN, how="anti", maintain_order="left")
