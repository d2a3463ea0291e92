"""Ratings that were copied forward."""

from __future__ import annotations

import polars as pl

from romframe import Ratings, local_day
from romframe_audit.items import ENOUGH, all_best, answered, counted


def copied_forward(ratings: Ratings) -> pl.DataFrame | None:
    """Judge ratings of 5 answers or more that follow another of the same referral and rater.

    It is a finding where every item has the answer, or the gap, of the rating before. A rating with
    no problem on any item is none: who is well may stay well.
    """
    items = counted(ratings.instrument)
    if len(items) < ENOUGH:
        return None
    same = ["referral_id", "rater", *(item.id for item in items), "states"]
    before = ["assessment_id", "completed_at", *same]
    ordered = ratings.answers.sort("referral_id", "rater", "completed_at", "assessment_id")
    beside = ordered.with_columns(
        *(pl.col(name).shift(1).name.prefix("before:") for name in before), _n=answered(items)
    )
    follows = [pl.col(name).eq_missing(pl.col(f"before:{name}")) for name in same[:2]]
    judged = beside.filter(
        pl.col("_n") >= ENOUGH, pl.col("before:assessment_id").is_not_null(), *follows
    ).rechunk()  # polars 2.1 cannot format a column with an empty chunk, as a shift leaves one
    equal = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(f"before:{name}")) for name in same[2:]
    )
    told = pl.format(
        "Every answer is that of rating {}, of {}.",
        "before:assessment_id",
        local_day("before:completed_at", ratings.workspace.config.timezone),
    )
    well = all_best(ratings.instrument, items)
    return judged.select("assessment_id", what=pl.when(equal & ~well).then(told))
