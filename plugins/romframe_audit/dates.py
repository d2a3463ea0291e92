"""Ratings outside their referral."""

from __future__ import annotations

import polars as pl

from romframe import Ratings, local_day


_DAY = len("2024-04-01")


def outside_referral(ratings: Ratings) -> pl.DataFrame:
    """Judge ratings whose referral has a first or a last day; both days belong to it."""
    timezone = ratings.workspace.config.timezone
    day = local_day("completed_at", timezone).dt.strftime("%Y-%m-%d")
    first, last = (pl.col(name).str.head(_DAY) for name in ("received_on", "closed_on"))
    judged = ratings.records.filter(first.is_not_null() | last.is_not_null())
    early = pl.format("It is dated {}, before its referral was received on {}.", day, first)
    late = pl.format("It is dated {}, after its referral was closed on {}.", day, last)
    what = pl.when(day < first).then(early).when(day > last).then(late)
    return judged.select("assessment_id", what=what)
