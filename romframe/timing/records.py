"""The records of a store that say what is due and what was done, each on its day.

Everything after this works on whole days, so that no change of the clocks can move one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from romframe.days import day, local_day
from romframe.frameworks.schedules import ASSESSMENT, DISCHARGE, REFERRAL
from romframe.timing.plans import standing_plans


if TYPE_CHECKING:
    from datetime import date

    from romframe.workspace import Workspace

COMPLETED = "completed"
SEPARATOR = "; "
PLANNED = "planned"


@frozen
class Records:
    """The records, as frames.

    `referrals` say when each ended, `anchors` on which day each kind of event was, or is planned,
    numbered by day; `anchor_event` tells those of one kind apart, also where one of them moves: its
    `event_id`, the word planned, or its day. `ratings` are forms that were answered, declined or
    missed: those of one day and timepoint are one, whoever rated. `deferrals` are what clinicians
    put off.
    """

    referrals: pl.DataFrame
    anchors: pl.DataFrame
    ratings: pl.DataFrame
    deferrals: pl.DataFrame


def read_records(workspace: Workspace) -> Records:
    """Read what the store of a workspace holds."""
    ratings = _ratings(workspace)
    events = _events(workspace)
    ended = (
        events.filter(pl.col("kind") == DISCHARGE)
        .group_by("referral_id")
        .agg(pl.col("day").min().alias("_discharged"))
    )
    referrals = (
        workspace.table("referral")
        .join(ended, on="referral_id", how="left")
        .select(
            "referral_id",
            "service_user_id",
            "team",
            day("received_on").alias("received_on"),
            pl.coalesce(day("closed_on"), "_discharged").alias("ended_on"),
        )
        .sort("referral_id")
    )
    deferrals = workspace.table("deferral").select(
        "referral_id",
        "instrument",
        "schedule",
        day("deferred_on").alias("deferred_on"),
        day("until").alias("until"),
        "reason",
    )
    kinds = [
        _one_day(referrals, REFERRAL, "received_on"),
        _one_day(referrals, DISCHARGE, "ended_on"),
        _first_seen(workspace, ratings),
        events.filter(pl.col("kind") != DISCHARGE),
    ]
    happened = pl.concat(kinds)
    open_ones = referrals.filter(pl.col("ended_on").is_null())
    planned = standing_plans(workspace, happened).join(open_ones, on="referral_id", how="semi")
    anchors = pl.concat([happened, planned.with_columns(pl.col("event_id").fill_null(PLANNED))])
    return Records(referrals, _numbered(anchors), ratings, deferrals)


def _numbered(anchors: pl.DataFrame) -> pl.DataFrame:
    """Number the events of each kind by day. What is never twice needs no name but its kind."""
    never_twice = pl.col("kind").is_in([REFERRAL, ASSESSMENT, DISCHARGE])
    name = pl.col("event_id").min().fill_null(pl.col("day").cast(pl.String))
    return (
        anchors.group_by("referral_id", "kind", "day")
        .agg(anchor_event=pl.when(never_twice.first()).then(pl.lit("")).otherwise(name.first()))
        .sort("referral_id", "kind", "day")
        .with_columns(occurrence=pl.int_range(1, pl.len() + 1).over("referral_id", "kind"))
    )


def staff(workspace: Workspace, as_of: date) -> pl.DataFrame:
    """Give `clinicians` of each referral: who was at the last contact that says so.

    Where no attended contact up to that day names its staff, it is whoever rated last. Several are
    in order, with semicolons between them.
    """
    contacts = (
        workspace.table("care_contact")
        .filter(pl.col("attended") == 1)
        .join(workspace.table("care_activity"), on="care_contact_id")
        .join(workspace.table("care_activity_staff"), on="care_activity_id")
        .select("referral_id", "care_professional_id", day("contact_on").alias("day"), first=0)
    )
    raters = workspace.assessments().select(
        "referral_id",
        "care_professional_id",
        local_day("completed_at", workspace.config.timezone).alias("day"),
        first=1,
    )
    known = pl.concat([contacts, raters], how="vertical_relaxed").filter(
        pl.col("care_professional_id").is_not_null(), pl.col("day") <= as_of
    )
    best = known.filter(pl.col("first") == pl.col("first").min().over("referral_id"))
    last = best.filter(pl.col("day") == pl.col("day").max().over("referral_id"))
    return last.group_by("referral_id").agg(
        pl.col("care_professional_id").unique().sort().str.join(SEPARATOR).alias("clinicians")
    )


def _ratings(workspace: Workspace) -> pl.DataFrame:
    when = local_day("completed_at", workspace.config.timezone)
    unit = ["referral_id", "instrument", "day", "timepoint"]
    return (
        workspace.assessments()
        .with_columns(when.alias("day"), _undone=pl.col("outcome") != COMPLETED)
        .drop_nulls("day")
        .sort(*unit, "_undone", "assessment_id")
        .unique(unit, keep="first", maintain_order=True)
        .select(*unit, "outcome", "assessment_id")
    )


def _events(workspace: Workspace) -> pl.DataFrame:
    found = workspace.table("event").select(
        "referral_id", "kind", day("happened_on").alias("day"), "event_id"
    )
    return found.drop_nulls("day")


def _one_day(referrals: pl.DataFrame, kind: str, column: str) -> pl.DataFrame:
    named = referrals.select("referral_id", pl.lit(kind).alias("kind"), pl.col(column).alias("day"))
    return named.drop_nulls("day").with_columns(event_id=pl.lit(None, pl.String))


def _first_seen(workspace: Workspace, ratings: pl.DataFrame) -> pl.DataFrame:
    """Give the day of each assessment: the first attended contact or, without any, rating."""
    contacts = workspace.table("care_contact").filter(pl.col("attended") == 1)
    rated = ratings.filter(pl.col("timepoint") == ASSESSMENT, pl.col("outcome") == COMPLETED)
    both = pl.concat(
        [
            contacts.select("referral_id", day("contact_on").alias("day"), second=False),
            rated.select("referral_id", "day", second=True),
        ]
    )
    first = both.drop_nulls("day").sort("referral_id", "second", "day")
    return first.unique("referral_id", keep="first", maintain_order=True).select(
        "referral_id",
        pl.lit(ASSESSMENT).alias("kind"),
        "day",
        pl.lit(None, pl.String).alias("event_id"),
    )
