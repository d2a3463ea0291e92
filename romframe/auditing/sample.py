"""A sample of ratings to be made a second time, by another rater."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from romframe.auditing.run import rated_by
from romframe.days import local_day
from romframe.errors import Problem, UsageError
from romframe.importing.kinds import PURPOSES


if TYPE_CHECKING:
    from romframe.workspace import Workspace

DOUBLE_RATING = PURPOSES[0]


def draw_sample(
    workspace: Workspace,
    instrument: str,
    n: int,
    seed: int,
    between: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """Draw n ratings to be made again: rows to fill in, with a blank column for every item.

    Drawn are current completed ratings by one person that have no second rating yet, `between` two
    days if these are given. Every team gets its share of n, by largest remainders (of equal ones
    the first by name). Within a team, ratings are put in the order of the SHA-256 of seed and
    assessment_id, and the first are taken: the same store and seed give the same sample on every
    machine. Raises UsageError where there is nothing to draw from.
    """
    known = workspace.instrument(instrument)
    done = workspace.store.second_ratings(known).select("referral_id", "completed_at").collect()
    answers = workspace.responses(instrument).with_columns(rated_by().alias("first_rater"))
    fresh = answers.filter(pl.col("first_rater") != "team").collect()
    fresh = fresh.join(done, on=["referral_id", "completed_at"], how="anti", maintain_order="left")
    if between is not None:
        day = local_day("completed_at", workspace.config.timezone)
        first, last = between
        fresh = fresh.filter(day.is_between(first, last))
    if fresh.is_empty():
        what = f"There is no rating with {known.name} to draw from."
        raise UsageError(Problem("nothing-to-draw", what, "Widen the dates, or import ratings."))
    chosen = _drawn(fresh, n, seed)
    items = [item.id for item in known.items]
    return chosen.select(
        "assessment_id", "first_rater", "referral_id", "completed_at", "timepoint", "rater", "team",
        "setting",
        *(pl.lit(None, pl.String).alias(name) for name in ("care_professional_id", *items)),
        purpose=pl.lit(DOUBLE_RATING),
    )  # fmt: skip


def _drawn(fresh: pl.DataFrame, n: int, seed: int) -> pl.DataFrame:
    keys = [_order(seed, each) for each in fresh["assessment_id"]]
    ordered = fresh.with_columns(_key=pl.Series(keys, dtype=pl.String)).sort("team", "_key")
    sizes = dict(ordered.group_by("team", maintain_order=True).len().iter_rows())
    shares = dict(zip(sizes, allocation(list(sizes.values()), n), strict=True))
    parts = [
        ordered.filter(pl.col("team").eq_missing(team)).head(take) for team, take in shares.items()
    ]
    return pl.concat(parts).drop("_key")


def _order(seed: int, assessment_id: int) -> str:
    return hashlib.sha256(f"{seed}:{assessment_id}".encode()).hexdigest()


def allocation(sizes: Sequence[int], n: int) -> list[int]:
    """Share n out in proportion to sizes, by largest remainders; all of them where n is as many."""
    of = sum(sizes)
    wanted = min(n, of)
    taken = [wanted * size // of for size in sizes]
    left = sorted(range(len(sizes)), key=lambda i: -(wanted * sizes[i] % of))
    for index in left[: wanted - sum(taken)]:
        taken[index] += 1
    return taken
