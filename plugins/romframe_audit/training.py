"""Raters without training, by the register that the service keeps."""

from __future__ import annotations

import polars as pl

from romframe import Ratings, local_day


_NOT_STAFF = ("service_user", "carer", "team")


def untrained_rater(ratings: Ratings) -> pl.DataFrame | None:
    """Judge ratings by one named professional, where training in the measure is on record at all.

    Training counts from the day on which it was given to the last day on which it holds; without
    one it holds for good. Ratings by a team are nobody's own, and are not judged.
    """
    names = (ratings.instrument.id, ratings.name)
    register = ratings.workspace.table("training").filter(pl.col("instrument").is_in(names))
    if register.is_empty():
        return None
    by_team = pl.col("rater_kind").eq_missing("team") | pl.col("rater").is_in(_NOT_STAFF)
    day = local_day("completed_at", ratings.workspace.config.timezone).dt.strftime("%Y-%m-%d")
    judged = ratings.records.filter(~by_team, pl.col("care_professional_id").is_not_null()).select(
        "assessment_id", "care_professional_id", day=day
    )
    begun = pl.col("trained_on") <= pl.col("day")
    over = pl.col("expires_on") < pl.col("day")
    known = judged.join(register, on="care_professional_id", how="left").group_by(
        "assessment_id", "care_professional_id"
    )
    return known.agg(
        valid=(begun & ~over.fill_null(False)).any(),
        ended=pl.col("expires_on").filter(begun).max(),
        begins=pl.col("trained_on").min(),
    ).select("assessment_id", what=_what())


def _what() -> pl.Expr:
    who = "care_professional_id"
    ended = pl.format("The training of {} ended on {}.", who, "ended")
    later = pl.format("{} was trained on {}, after this rating.", who, "begins")
    never = pl.format("{} has no training in this measure on record.", who)
    lacking = pl.coalesce(ended, later, never)
    return pl.when(~pl.col("valid").fill_null(False)).then(lacking)
