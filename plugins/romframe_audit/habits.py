"""Raters who give one answer far more often than others do."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import polars as pl

from romframe import Problem, Ratings, UsageError
from romframe_audit.items import ENOUGH, alike, answered


RATINGS = 10  # from so many on a rater, and the others together, are judged
MORE = 0.2  # of the items
CHANCE = 0.01  # after Bonferroni


def digit_habit(ratings: Ratings) -> pl.DataFrame | None:
    """Judge professionals with 10 ratings or more against all others with the same instrument.

    For each answer of the scale that most items share, a rating has a share: of its answered items,
    those with that answer. A rater's mean share is laid beside that of all others' ratings. It is a
    finding where it is higher by 20 points or more and Welch's t test of the two means gives a
    p-value below 0.01 after Bonferroni: times raters times answers. Raters differ in whom they see,
    so that it is a question and no proof.
    """
    items = alike(ratings.instrument)
    if len(items) < ENOUGH or not items[0].scale.options:
        return None
    individual = ~(pl.col("rater_kind").eq_missing("team") | (pl.col("rater") == "team"))
    named = ratings.answers.filter(individual, pl.col("care_professional_id").is_not_null())
    named = named.with_columns(_n=answered(items)).filter(pl.col("_n") >= ENOUGH)
    values = sorted({o.value for o in items[0].scale.options if o.value is not None})
    shares = [
        (pl.sum_horizontal(pl.col(item.id) == value for item in items) / pl.col("_n")).alias(
            f"{value:g}"
        )
        for value in values
    ]
    each = named.select("care_professional_id", *shares).unpivot(
        index="care_professional_id", variable_name="value", value_name="share"
    )
    return _told(_tested(_compared(each)))


def _compared(shares: pl.DataFrame) -> pl.DataFrame:
    """Give, for each rater and answer, n, mean and variance of the rater's and others' shares."""
    own = shares.group_by("care_professional_id", "value").agg(
        n=pl.len().cast(pl.Float64),
        total=pl.col("share").sum(),
        squares=(pl.col("share") ** 2).sum(),
    )
    sums = ("n", "total", "squares")
    rest = [(pl.col(name).sum().over("value") - pl.col(name)).alias(f"{name}:r") for name in sums]
    both = own.with_columns(rest).filter(pl.min_horizontal("n", "n:r") >= RATINGS)
    return (
        both.with_columns(
            *((pl.col(f"total{who}") / pl.col(f"n{who}")).alias(f"mean{who}") for who in ("", ":r"))
        )
        .with_columns(
            *(
                (
                    (pl.col(f"squares{who}") - pl.col(f"n{who}") * pl.col(f"mean{who}") ** 2).clip(
                        0
                    )
                    / (pl.col(f"n{who}") - 1)
                ).alias(f"variance{who}")
                for who in ("", ":r")
            )
        )
        .sort("care_professional_id", "value")
    )


def _tested(compared: pl.DataFrame) -> pl.DataFrame:
    """Add the p-value of Welch's test, after Bonferroni."""
    order = ("mean", "variance", "n", "mean:r", "variance:r", "n:r")
    given = compared.with_columns(pl.col("variance", "variance:r").sqrt())
    columns = [given[name].to_numpy() for name in order]
    p = _stats().ttest_ind_from_stats(*columns, equal_var=False).pvalue
    found = pl.Series("p", p, pl.Float64) * compared.height
    return compared.with_columns(found.fill_nan(None).clip(0, 1))


def _told(tested: pl.DataFrame) -> pl.DataFrame:
    more = pl.col("mean") - pl.col("mean:r")
    chance = pl.col("p") < CHANCE
    said = pl.format(
        "Gives {} to {}% of the items, and others to {}% ({} and {} ratings).",
        "value",
        (pl.col("mean") * 100).round().cast(pl.Int64),
        (pl.col("mean:r") * 100).round().cast(pl.Int64),
        pl.col("n").cast(pl.Int64),
        pl.col("n:r").cast(pl.Int64),
    )
    what = pl.when((more >= MORE) & chance).then(said)
    return (
        tested.group_by("care_professional_id")
        .agg(what.sort_by("value").drop_nulls().alias("said"))
        .select(
            "care_professional_id",
            what=pl.when(pl.col("said").list.len() > 0).then(pl.col("said").list.join(" ")),
        )
    )


def _stats() -> Any:
    try:
        return import_module("scipy.stats")
    except ModuleNotFoundError as error:
        what = "The test of digit habits needs scipy, which is not installed."
        mend = "Install it with: pip install 'romframe[stats]'."
        raise UsageError(Problem("statistics-library-missing", what, mend)) from error
