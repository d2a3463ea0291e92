"""How far two raters of the same moment agree: weighted kappa and ICC, by pingouin and statsmodels.

Missing answers are left out pair by pair, and counted.
"""

from __future__ import annotations

import importlib
import math
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from attrs import frozen

from romframe.days import local_day
from romframe.errors import Problem, UsageError
from romframe.instruments.model import STORED, Instrument
from romframe.persons import with_person
from romframe.scoring import scorer


if TYPE_CHECKING:
    from romframe.workspace import Workspace

Group = Literal["rater", "quarter"]

SCORE = "score."  # before the id of a score, which may be that of an item too
WEIGHTS = ("linear", "quadratic")
ICC_KINDS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)")
ENOUGH = 5  # pairs from which on a coefficient is given


@frozen
class Agreement:
    """One coefficient with its 95 % interval, of `n` pairs; `missing` pairs lack an answer.

    A value of None could not be computed; `why` says so.
    """

    of: str
    coefficient: str
    n: int
    missing: int
    value: float | None
    low: float | None
    high: float | None
    why: str = ""


def agreement(
    workspace: Workspace, instrument: str, by: Sequence[Group] = ()
) -> dict[tuple[str, ...], list[Agreement]]:
    """Give the agreement on every item and score of all double ratings, or group by group.

    Groups are by the `rater` of the first rating and by `quarter`, for drift over time. Raises
    UsageError where the libraries are not installed or there are no double ratings.
    """
    pairs = double_ratings(workspace, instrument)
    known = workspace.instrument(instrument)
    if pairs.is_empty():
        what = f"There are no double ratings with {known.name}."
        mend = "Draw a sample with `romframe audit sample`, rate it again, and import that."
        raise UsageError(Problem("no-double-ratings", what, mend))
    groups = _groups(workspace)
    grouped = pairs.with_columns(groups[each].alias(f"_{each}") for each in by)
    keys = [f"_{each}" for each in by]
    if not keys:
        return {(): list(_all(pairs, known))}
    parts = grouped.sort(keys, maintain_order=True).group_by(keys, maintain_order=True)
    return {tuple(map(str, key)): list(_all(part, known)) for key, part in parts}


def _groups(workspace: Workspace) -> dict[Group, pl.Expr]:
    day = local_day("completed_at", workspace.config.timezone)
    return {
        "rater": pl.col("first_rater"),
        "quarter": pl.format("{}-Q{}", day.dt.year(), day.dt.quarter()),
    }


def double_ratings(workspace: Workspace, instrument: str) -> pl.DataFrame:
    """Give each second rating beside its first: items and scores as `first:ID` and `second:ID`.

    `first_rater` and `second_rater` are professionals by id, or else what kind of person rated.
    Ratings by a team are left out, and second ones by the same professional; of several first
    ratings the one recorded first counts.
    """
    known = workspace.instrument(instrument)
    unit = ["referral_id", "completed_at"]
    first, second = (
        _side(workspace, known, name, rows)
        for name, rows in (
            ("first", workspace.responses(instrument)),
            ("second", workspace.store.second_ratings(known)),
        )
    )
    one = first.sort("first_id").unique(unit, keep="first", maintain_order=True)
    by_one = pl.col("first_professional").eq(pl.col("second_professional")).fill_null(False)
    return second.join(one, on=unit).filter(~by_one).sort("second_id")


def _side(workspace: Workspace, known: Instrument, side: str, rows: pl.LazyFrame) -> pl.DataFrame:
    """Give the ratings of one side, each with its answers and scores."""
    by_team = pl.col("rater_kind").eq_missing("team") | (pl.col("rater") == "team")
    single = rows.filter(~by_team)
    found = single.select(
        "referral_id",
        "completed_at",
        pl.col("assessment_id").alias(f"{side}_id"),
        pl.col("care_professional_id").alias(f"{side}_professional"),
        pl.coalesce("care_professional_id", "rater").alias(f"{side}_rater"),
        *(pl.col(name).cast(pl.Float64).alias(f"{side}:{name}") for name in _items(known)),
    ).collect()
    scores = _scores(workspace, known)
    if not scores:
        return found
    options = workspace.config.choice(known.id).of_scores(known)
    ready = scorer(known, workspace.catalogue.scoring_methods, coding=STORED.id, **options)
    if ready.by_person:
        single = with_person(single, workspace.table("service_user"), "completed_at")
    values = ready.wide(single).select(
        pl.col("assessment_id").alias(f"{side}_id"),
        *(pl.col(name).cast(pl.Float64).alias(f"{side}:{SCORE}{name}") for name in scores),
    )
    return found.join(values.collect(), on=f"{side}_id")


def _items(known: Instrument) -> list[str]:
    return [item.id for item in known.items if item.counts and item.scale.scored]


def _scores(workspace: Workspace, known: Instrument) -> list[str]:
    names: list[str] = workspace.config.choice(known.id).of_scores(known)["scores"]
    return names


def _all(pairs: pl.DataFrame, known: Instrument) -> Iterator[Agreement]:
    """Give every coefficient of every item, and the ICCs of every score."""
    named = [name.removeprefix("first:") for name in pairs.columns if name.startswith("first:")]
    for name in named:
        both = pairs.select(f"first:{name}", f"second:{name}").drop_nulls()
        told = (name, both.height, pairs.height - both.height)
        first, second = (both.to_series(index).to_list() for index in (0, 1))
        kinds = [] if name.startswith(SCORE) else list(WEIGHTS)
        if both.height < ENOUGH or len({*first, *second}) == 1:
            why = "fewer than 5 pairs" if both.height < ENOUGH else "all ratings are alike"
            for each in (*(f"kappa_{kind}" for kind in kinds), *ICC_KINDS):
                yield _coefficient(told, each, (math.nan,) * 3, why)
            continue
        for kind in kinds:
            yield _coefficient(told, f"kappa_{kind}", kappa(first, second, kind))
        found = icc(list(zip(first, second, strict=True)))
        for each in ICC_KINDS:
            yield _coefficient(told, each, found[each])


def _coefficient(
    told: tuple[str, int, int], name: str, values: Sequence[float], why: str = ""
) -> Agreement:
    value, low, high = (None if math.isnan(each) else each for each in values)
    return Agreement(told[0], name, told[1], told[2], value, low, high, why)


def kappa(first: Sequence[float], second: Sequence[float], weights: str) -> tuple[float, ...]:
    """Give weighted kappa (`linear` or `quadratic`) with the ends of its 95 % interval.

    The categories are all whole steps from the lowest to the highest value, so that a step that
    nobody gave keeps its distance. The interval is the large-sample one of Fleiss, Cohen and
    Everitt (1969), as statsmodels gives it.
    """
    rater = _library("statsmodels.stats.inter_rater")
    numpy = _library("numpy")
    low, high = round(min(*first, *second)), round(max(*first, *second))
    table = numpy.zeros((high - low + 1, high - low + 1))
    for a, b in zip(first, second, strict=True):
        table[round(a) - low, round(b) - low] += 1
    with numpy.errstate(all="ignore"):
        found = rater.cohens_kappa(table, wt=weights)
    return float(found.kappa), float(found.kappa_low), float(found.kappa_upp)


def icc(ratings: Sequence[Sequence[float]]) -> dict[str, tuple[float, ...]]:
    """Give the single-rater ICCs of Shrout and Fleiss (1979) with 95 % intervals, a row a target.

    Their ICC(2,1) and ICC(3,1) are what McGraw and Wong (1996) call ICC(A,1) and ICC(C,1).
    """
    pingouin, pandas = _library("pingouin"), _library("pandas")
    long = pandas.DataFrame(
        [(t, r, float(v)) for t, row in enumerate(ratings) for r, v in enumerate(row)],
        columns=["target", "rater", "rating"],
    )
    names = {"ICC(1,1)": "ICC(1,1)", "ICC(A,1)": "ICC(2,1)", "ICC(C,1)": "ICC(3,1)"}
    kept = dict(pingouin.options)
    pingouin.options["round.column.CI95"] = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pingouin.intraclass_corr(long, "target", "rater", "rating")
    finally:
        pingouin.options.update(kept)
    return {
        names[row["Type"]]: (float(row["ICC"]), *map(float, row["CI95"]))
        for row in found.to_dict("records")
        if row["Type"] in names
    }


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        what = f"Agreement needs {name.partition('.')[0]}, which is not installed."
        mend = "Install it with: pip install 'romframe[agreement]'."
        raise UsageError(Problem("agreement-library-missing", what, mend)) from error
