"""Checks of data quality, run on the ratings of a workspace; a row for all that was judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

import polars as pl
from attrs import evolve

from romframe.auditing.own import own_checks
from romframe.errors import Problem, UsageError, did_you_mean
from romframe.offers import Check, Ratings
from romframe.summary import share


if TYPE_CHECKING:
    from romframe.workspace import Workspace

By = Literal["team", "rater"]

_WHOLE = "(all)"
KEYS = {"rating": "assessment_id", "rater": "care_professional_id", "import": "import_batch_id"}
JUDGED = pl.Schema(
    {
        "check": pl.String,
        "instrument": pl.String,
        "assessment_id": pl.Int64,
        "referral_id": pl.String,
        "completed_at": pl.String,
        "team": pl.String,
        "rater": pl.String,
        "care_professional_id": pl.String,
        "import_batch_id": pl.Int64,
        "what": pl.String,
    }
)
_SHARE = {
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def known_checks(workspace: Workspace) -> dict[str, Check]:
    """Give the checks that plugins offer and the service's own, by name.

    Raises FrameworkError with every problem of the service's own.
    """
    offered = workspace.catalogue.host.registry("checks")
    return dict(sorted({**offered, **own_checks(workspace, offered)}.items()))


def judged_by(
    workspace: Workspace, names: Sequence[str] = (), team: str | None = None
) -> pl.DataFrame:
    """Run the named checks, or all: a row a check and rating (or rater, or import) that it judged.

    `what` is a sentence where something stands out, else null. `rater` says who rated: `team`, the
    id of a professional, or what kind of person it was. Every check sees the ratings of all teams;
    with `team` only what concerns this one is given. A check that fails is set aside with its
    problem. Raises UsageError for a check or a team that does not exist, and as `known_checks`
    does.
    """
    chosen = _chosen(known_checks(workspace), names)
    _check_team(workspace, team)
    parts = [pl.DataFrame(schema=JUDGED)]
    for name in workspace.used_instruments():
        ratings = ratings_of(workspace, name)
        about = _about(ratings.records).filter(True if team is None else pl.col("team") == team)
        parts += [_placed(check, name, about, rows) for check, rows in _run(chosen, ratings)]
    order = ["check", "instrument", "assessment_id", "care_professional_id", "import_batch_id"]
    return pl.concat(parts).sort(order)


def _check_team(workspace: Workspace, team: str | None) -> None:
    """Raise UsageError for a team that has no referral and made no rating."""
    tables = (workspace.table("referral"), workspace.assessments())
    teams = {each for table in tables for each in table["team"].unique().drop_nulls()}
    if team is not None and team not in teams:
        what = f"There is no referral and no rating of a team called {team!r}."
        raise UsageError(Problem("unknown-team", what, did_you_mean(team, teams)))


def ratings_of(workspace: Workspace, name: str) -> Ratings:
    """Give the current completed ratings of a version, with answers and as scores alone."""
    known = workspace.instrument(name)
    answers = workspace.responses(name).collect()
    bare = workspace.store.reported(known).drop("score", "value")
    bare = bare.unique("assessment_id", maintain_order=True)
    records = pl.concat([answers.select(bare.columns), bare]).sort("assessment_id")
    return Ratings(workspace, name, known, answers.rechunk(), records.rechunk())


def without_answers(workspace: Workspace, team: str | None = None) -> int:
    """Count the ratings that came as scores alone, which most checks cannot judge."""
    count = 0
    for name in workspace.used_instruments():
        bare = workspace.store.reported(workspace.instrument(name))
        ours = bare.filter(True if team is None else pl.col("team") == team)
        count += ours["assessment_id"].n_unique()
    return count


def findings_in(judged: pl.DataFrame) -> pl.DataFrame:
    """Give what stands out among what was judged."""
    return judged.filter(pl.col("what").is_not_null())


def rates_of(judged: pl.DataFrame, by: Sequence[By] = ()) -> pl.DataFrame:
    """Count by check and instrument how many were judged and in how many something stands out.

    By team, by rater, or by both, raters and imports that were judged as such are `(all)` together.
    The share comes with its Wilson 95 % interval.
    """
    keys = ["check", "instrument", *dict.fromkeys(by)]
    one_rating = pl.col("assessment_id").is_not_null()
    rows = judged.with_columns(
        pl.when(one_rating).then(name).otherwise(pl.lit(_WHOLE)).alias(name) for name in keys[2:]
    )
    counts = rows.group_by(keys).agg(judged=pl.len(), found=pl.col("what").count()).sort(keys)
    shares = [share(*each) for each in counts.select("found", "judged").iter_rows()]
    ends = [(each.value, each.interval) for each in shares]
    told = [(value, i.low, i.high) for value, i in ends if i is not None]
    return counts.with_columns(pl.DataFrame(told, _SHARE, orient="row"))


def _chosen(known: dict[str, Check], names: Sequence[str]) -> list[Check]:
    for name in names:
        if name not in known:
            what = f"There is no check {name!r}."
            raise UsageError(Problem("unknown-check", what, did_you_mean(name, known)))
    return [check for name, check in known.items() if not names or name in names]


def _about(records: pl.DataFrame) -> pl.DataFrame:
    """Give what is told of each rating: whose, when, where, and who rated."""
    return records.select(
        "assessment_id",
        "referral_id",
        "completed_at",
        "team",
        rated_by().alias("rater"),
        "care_professional_id",
        "import_batch_id",
    )


def rated_by() -> pl.Expr:
    """Say who made each rating: a team, a professional by id, or what kind of person."""
    by_team = (pl.col("rater_kind") == "team").fill_null(False) | (pl.col("rater") == "team")
    return (
        pl.when(by_team)
        .then(pl.lit("team"))
        .otherwise(pl.coalesce("care_professional_id", "rater"))
    )


def _run(checks: Sequence[Check], ratings: Ratings) -> Iterator[tuple[Check, pl.DataFrame]]:
    host = ratings.workspace.catalogue.host
    for check in checks:
        own = evolve(  # what one changes, none else sees
            ratings, answers=ratings.answers.clone(), records=ratings.records.clone()
        )
        rows = host.attempt("checks", check.name, partial(_rows, check, own))
        if rows is not None:
            yield check, rows


def _rows(check: Check, ratings: Ratings) -> pl.DataFrame | None:
    found = check.check(ratings)
    if found is None:
        return None
    key = KEYS[check.about]
    rows = found.select(pl.col(key).cast(JUDGED[key]), pl.col("what").cast(pl.String))
    if rows[key].is_duplicated().any():
        raise ValueError(f"it judges one {key} twice")
    return rows


def _placed(check: Check, instrument: str, about: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Say of what was judged where it belongs; what concerns no rating in `about` is left out."""
    key = KEYS[check.about]
    known = about if check.about == "rating" else about.select(key).unique()
    placed = rows.join(known, on=key)
    lacking = (name for name in JUDGED if name not in placed.columns)
    named = placed.with_columns(
        *(pl.lit(None, JUDGED[name]).alias(name) for name in lacking),
    ).with_columns(check=pl.lit(check.name), instrument=pl.lit(instrument))
    return named.select(list(JUDGED))
