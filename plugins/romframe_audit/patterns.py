"""Answers that are all the same, where that can hardly be."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from romframe import Item, Ratings
from romframe_audit.items import ENOUGH, alike, all_best, answered, best, counted


LONG = 10  # answers from which on a line is a finding without turned items


def all_zero(ratings: Ratings) -> pl.DataFrame | None:
    """Judge the ratings at the assessment with 5 answers or more to items of which 0 is the best.

    People are referred because they have a problem. It is a finding where every answer is 0.
    """
    instrument = ratings.instrument
    items = [item for item in counted(instrument) if best(instrument, item) == 0]
    if len(items) < ENOUGH:
        return None
    judged = ratings.answers.with_columns(_n=answered(items)).filter(
        pl.col("timepoint") == "assessment", pl.col("_n") >= ENOUGH
    )
    zero = pl.all_horizontal(pl.col(item.id).fill_null(0) == 0 for item in items)
    said = pl.format("All {} answers are 0 at the assessment.", "_n")
    return judged.select("assessment_id", what=pl.when(zero).then(said))


def straight_line(ratings: Ratings) -> pl.DataFrame | None:
    """Judge ratings by the items that share one scale, as boxes on the form.

    Where some of them are turned, the same box 5 times or more contradicts itself. Without turned
    items it is a finding from 10 answers on, and never at the end at which there is no problem.
    """
    items = alike(ratings.instrument)
    turned = any(item.reversed for item in items)
    enough = ENOUGH if turned else LONG
    if len(items) < enough:
        return None
    boxes = [_box(item) for item in items]
    same = pl.max_horizontal(boxes) == pl.min_horizontal(boxes)
    line = same if turned else same & ~all_best(ratings.instrument, items)
    judged = ratings.answers.with_columns(_n=answered(items)).filter(pl.col("_n") >= enough)
    said = pl.format("All {} answers are the same: {}.", "_n", _shown(boxes))
    return judged.select("assessment_id", what=pl.when(line).then(said))


def _box(item: Item) -> pl.Expr:
    """Give an answer as it stands on the form: a turned item is turned back."""
    low, high = item.scale.low, item.scale.high
    if not item.reversed or low is None or high is None:
        return pl.col(item.id)
    return pl.lit(low + high) - pl.col(item.id)


def _shown(boxes: Sequence[pl.Expr]) -> pl.Expr:
    text = pl.max_horizontal(boxes).cast(pl.Float64).cast(pl.String)
    return text.str.strip_suffix(".0")
