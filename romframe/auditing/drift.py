"""Drift of raters: how far each agrees with others over time, and how far above or below."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from romframe.auditing.agreement import (
    ENOUGH,
    Agreement,
    chosen_of,
    coefficients,
    pairs_of,
    quarter,
)
from romframe.auditing.doubles import SCORE
from romframe.intervals import student_t


if TYPE_CHECKING:
    from romframe.workspace import Workspace

WHOLE = "all"  # quarters together
DIFFERENCE = "mean_difference"

_OWN, _OTHER = "first:", "second:"  # as `coefficients` reads them


@frozen
class Drift:
    """Agreement and mean difference by rater and quarter, each quarter and `all` of them.

    `few` counts the double ratings of raters who have fewer than 5 and are not judged; `unnamed`
    counts the ratings that name no professional.
    """

    groups: dict[tuple[str, ...], list[Agreement]]
    few: dict[str, int]
    unnamed: int


def drift(workspace: Workspace, instrument: str, of: Sequence[str] = ()) -> Drift:
    """Give the drift of every rater in the items and scores `of` these ids (scores: `score.ID`).

    Without ids it is the scores, or the items of a measure that has none. A double rating tells of
    both who made it. The mean difference is the rater's own value less the other's, with an
    interval by Student's t: above 0, the rater gives more than others do. Coefficients are given
    from 5 pairs on. Raises UsageError where there are no double ratings, or none of what is asked
    for.
    """
    pairs = pairs_of(workspace, instrument)
    names = _asked(pairs, of)
    sides = _by_rater(pairs, names)
    named = sides.filter(pl.col("rater").is_not_null())
    counts = named.group_by("rater").len().sort("rater")
    enough = pl.col("len") >= ENOUGH
    judged = named.join(counts.filter(enough), on="rater", how="semi")
    whens = (quarter(workspace), pl.lit(WHOLE))
    grouped = pl.concat(judged.with_columns(quarter=when) for when in whens)
    parts = grouped.sort("rater", "quarter", maintain_order=True).group_by(
        "rater", "quarter", maintain_order=True
    )
    return Drift(
        {(str(rater), str(when)): list(_told(part, names)) for (rater, when), part in parts},
        dict(counts.filter(~enough).iter_rows()),
        sides.height - named.height,
    )


def _asked(pairs: pl.DataFrame, of: Sequence[str]) -> list[str]:
    known = chosen_of(pairs, of)
    return [name for name in known if of or name.startswith(SCORE)] or known


def _by_rater(pairs: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Give every pair twice: as the one and as the other of its raters sees it."""

    def seen_by(one: str, other: str) -> pl.DataFrame:
        return pairs.select(
            "completed_at",
            pl.col(f"{one}_professional").alias("rater"),
            *(pl.col(f"{one}:{name}").alias(f"{_OWN}{name}") for name in names),
            *(pl.col(f"{other}:{name}").alias(f"{_OTHER}{name}") for name in names),
        )

    return pl.concat([seen_by("first", "second"), seen_by("second", "first")])


def _told(part: pl.DataFrame, names: Sequence[str]) -> Iterator[Agreement]:
    """Give the mean difference and, from 5 pairs on, the coefficients."""
    for name in names:
        difference = _difference(part, name)
        yield difference
        if difference.n >= ENOUGH:
            yield from coefficients(part.select(f"{_OWN}{name}", f"{_OTHER}{name}"))


def _difference(part: pl.DataFrame, name: str) -> Agreement:
    """Give the mean of own less other; without an interval where one pair, or no spread, is all."""
    found = (part[f"{_OWN}{name}"] - part[f"{_OTHER}{name}"]).drop_nulls().to_list()
    told = (name, DIFFERENCE, len(found), part.height - len(found))
    if not found:
        return Agreement(*told, None, None, None, "no pairs")
    mean = statistics.fmean(found)
    if len(set(found)) == 1:
        return Agreement(*told, mean, None, None)
    ends = student_t(mean, statistics.stdev(found), len(found))
    return Agreement(*told, mean, ends.low, ends.high)
