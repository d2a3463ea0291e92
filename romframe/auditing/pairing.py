"""Which two ratings of every referral are compared, and why each of the others is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from romframe.expressions import first_match
from romframe.pairing import PairingPolicy
from romframe.rated import moment


if TYPE_CHECKING:
    from romframe.workspace import Workspace

VERDICTS: dict[str, pl.DataType] = {
    "instrument": pl.String(),
    "score": pl.String(),
    "referral_id": pl.String(),
    "goal": pl.String(),
    "team": pl.String(),
    "verdict": pl.String(),
    "first_id": pl.Int64(),
    "last_id": pl.Int64(),
    "others": pl.List(pl.String()),
}
RATINGS = pl.Schema(
    {
        "instrument": pl.String,
        "score": pl.String,
        "referral_id": pl.String,
        "goal": pl.String,
        "assessment_id": pl.Int64,
        "completed_at": pl.String,
        "timepoint": pl.String,
        "rater": pl.String,
        "verdict": pl.String,
        "use": pl.String,
    }
)
_UNIT = ["referral_id", "goal"]


def verdicts_of(
    workspace: Workspace,
    instruments: Sequence[str],
    score: str | None = None,
    team: str | None = None,
) -> pl.DataFrame:
    """Give exactly one verdict for every referral (and goal) and score, paired or why not.

    `others` says of each rating that is not compared why. A score across goals has the verdict of
    the goal that came nearest; its ratings are those of the goals. Raises as `Workspace.changes`.
    """
    parts = [pl.DataFrame(schema=VERDICTS)]
    for name in instruments:
        verdicts = _verdicts(workspace, name, score)
        used = _used(workspace, name, verdicts)
        said = pl.format("{}: {}", "assessment_id", "use").sort_by("completed_at", "assessment_id")
        others = (
            used.filter(~pl.col("use").is_in(["first", "last"]))
            .group_by("score", *_UNIT)
            .agg(said.alias("others"))
        )
        joined = verdicts.join(
            others, on=["score", *_UNIT], how="left", nulls_equal=True, maintain_order="left"
        )
        parts.append(joined.select(list(VERDICTS)))
    found = pl.concat(parts)
    return found if team is None else found.filter(team=team)


def ratings_of(
    workspace: Workspace,
    instruments: Sequence[str],
    score: str | None = None,
    team: str | None = None,
) -> pl.DataFrame:
    """Give a row for every rating of any outcome and every score: first, last, or why neither."""
    parts = [pl.DataFrame(schema=RATINGS)]
    for name in instruments:
        verdicts = _verdicts(workspace, name, score)
        chosen = verdicts if team is None else verdicts.filter(team=team)
        parts.append(_used(workspace, name, chosen).select(list(RATINGS)))
    order = ["instrument", "score", "referral_id", "goal", "completed_at", "assessment_id"]
    return pl.concat(parts).sort(order)


def counted(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Count the verdicts of each score, the most frequent first."""
    keys = ["instrument", "score", "verdict"]
    counts = verdicts.group_by(keys).agg(n=pl.len())
    order = ["instrument", "score", "n", "verdict"]
    return counts.sort(order, descending=[False, False, True, False])


def _verdicts(workspace: Workspace, name: str, score: str | None) -> pl.DataFrame:
    changes = workspace.changes(name, score)
    by = _by(workspace, name)
    goal = pl.col(by) if by in changes.columns else pl.lit(None, pl.String)
    return changes.with_columns(
        instrument=pl.lit(name), goal=goal, verdict=pl.col("verdict").cast(pl.String)
    )


def _by(workspace: Workspace, name: str) -> str:
    """Give the column that holds a rating's goal, where an instrument is rated goal by goal."""
    repeats = workspace.instrument(name).repeats
    return repeats.by if repeats else ""


def _used(workspace: Workspace, name: str, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Say of every rating, for every score that has verdicts, what became of it."""
    instrument = workspace.instrument(name)
    ratings = workspace.store.assessments(instrument.id)
    if by := _by(workspace, name):
        goals = workspace.store.identities(instrument.id, by)
        ratings = ratings.join(goals, on="assessment_id", how="left").rename({by: "goal"})
    else:
        ratings = ratings.with_columns(goal=pl.lit(None, pl.String))
    asked = verdicts["score"].unique().sort().to_list()
    single = [each for each in asked if not instrument.score(each).across]
    values = workspace.scores(name, single).select(
        "assessment_id", "score", "value", pl.col("setting").alias("_setting")
    )
    ours = verdicts.select("instrument", "score", *_UNIT, "verdict", "first_id", "last_id")
    known = (
        ratings.drop("instrument")
        .join(ours, on=_UNIT, nulls_equal=True)
        .join(values, on=["assessment_id", "score"], how="left")
        .with_columns(
            moment("completed_at").alias("_moment"),
            pl.coalesce("_setting", "setting").alias("setting"),
            _ours=pl.col("version") == instrument.version,
        )
    )
    return known.with_columns(use=_use(workspace.config.pairing))


def _use(policy: PairingPolicy) -> pl.Expr:
    """Say what became of a rating; `docs/audit.md` explains the words."""
    unit = ["score", *_UNIT]
    is_first = pl.col("assessment_id") == pl.col("first_id")
    key = pl.struct("_moment", "assessment_id").rank("ordinal").over(unit)
    early = key < key.filter(is_first).first().over(unit)
    fits = pl.col("timepoint").is_in(list(policy.last_timepoints)).fill_null(False)
    differs = [
        (pl.col(name).ne_missing(pl.col(name).filter(is_first).first().over(unit)), name)
        for name in policy.same
    ]
    cases = [
        (pl.col("outcome") != "completed", pl.col("outcome")),
        (~pl.col("_ours"), pl.lit("another_version")),
        (pl.col("value").is_null(), pl.lit("score_refused")),
        (pl.col("verdict") != "paired", pl.lit("not_paired")),
        (is_first, pl.lit("first")),
        (pl.col("assessment_id") == pl.col("last_id"), pl.lit("last")),
        (early, pl.lit("not_a_first_timepoint")),
        (pl.lit(bool(policy.last_timepoints)) & ~fits, pl.lit("not_a_last_timepoint")),
        *((differing, pl.lit(f"{name}_differs")) for differing, name in differs),
    ]
    return first_match(cases, pl.lit("between"))
