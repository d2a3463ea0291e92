"""How many days lie between two moments of a referral, and whether they are few enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe import local_day
from romframe_indicators.days import ABOUT, day, iso, referrals


if TYPE_CHECKING:
    from romframe import Workspace


def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
    """Give a row for every referral that has a date, `value` the days waited."""
    within = params["within"]
    told = referrals(workspace).drop_nulls("received_on").with_columns(referral="received_on")
    for moments in (_assessment(workspace), _contacts(workspace)):
        told = told.join(moments, on="referral_id", how="left", maintain_order="left")
    told = told.with_columns(begin=pl.col(params["from"]), end=pl.col(params["to"])).with_columns(
        days=(pl.col("end") - pl.col("begin")).dt.total_days(),
        last=pl.col("begin") + pl.duration(days=within),
    )
    closed_first = pl.col("end").is_null() & (pl.col("closed_on") <= pl.col("last"))
    reason = (
        pl.when(pl.col("begin").is_null())
        .then(pl.lit("no_beginning"))
        .when(pl.col("last") >= workspace.today)
        .then(pl.lit("days_not_over"))
        .when(pl.col("days") < 0)
        .then(pl.lit("end_before_beginning"))
        .when(closed_first)
        .then(pl.lit("closed_first"))
    )
    sure = pl.col("reason").is_null()
    return told.with_columns(reason=reason).select(
        *ABOUT,
        iso("received_on").alias("on"),
        "reason",
        met=pl.when(sure).then((pl.col("days") <= within).fill_null(False)),
        value=pl.when(sure).then("days"),
    )


def _assessment(workspace: Workspace) -> pl.DataFrame:
    """Give the first day with a completed assessment made at the timepoint assessment."""
    done = workspace.assessments().filter(outcome="completed", timepoint="assessment")
    rated_on = local_day("completed_at", workspace.config.timezone)
    return done.group_by("referral_id").agg(rated_on.min().alias("assessment"))


def _contacts(workspace: Workspace) -> pl.DataFrame:
    """Give the first and the second day with an attended contact."""
    attended = workspace.table("care_contact").filter(pl.col("attended") == 1)
    days = day("contact_on").drop_nulls().unique().sort()
    return attended.group_by("referral_id").agg(
        contact=days.get(0, null_on_oob=True), treatment=days.get(1, null_on_oob=True)
    )
