"""How far two raters of the same moment agree: weighted kappa and ICC, by pingouin and statsmodels.

Missing answers are left out pair by pair, and counted.
"""

from __future__ import annotations

import importlib
import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from attrs import asdict, frozen

from romframe.auditing.doubles import SCORE, UNCOMPARED, double_ratings, uncompared
from romframe.days import local_day
from romframe.errors import Problem, UsageError, did_you_mean


if TYPE_CHECKING:
    from romframe.workspace import Workspace

Group = Literal["rater", "quarter"]

WEIGHTS = ("linear", "quadratic")
ICC_KINDS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)")
ENOUGH = 5  # pairs from which on a coefficient is given

_COLUMNS: dict[str, pl.DataType] = {
    "of": pl.String(),
    "coefficient": pl.String(),
    "n": pl.Int64(),
    "missing": pl.Int64(),
    "value": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "why": pl.String(),
}


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
    workspace: Workspace, instrument: str, by: Sequence[Group] = (), of: Sequence[str] = ()
) -> dict[tuple[str, ...], list[Agreement]]:
    """Give the agreement on every item and score of all double ratings, or group by group.

    Groups are by the `rater` of the first rating and by `quarter`. `of` asks for some items and
    scores (`score.ID`) only. Raises UsageError where the libraries are not installed, there are no
    double ratings, or none of what is asked for.
    """
    pairs = pairs_of(workspace, instrument)
    chosen = chosen_of(pairs, of)
    sides = [f"{side}:{name}" for name in chosen for side in ("first", "second")]
    pairs = pairs.select("completed_at", "first_rater", *sides)
    groups = {"rater": pl.col("first_rater"), "quarter": quarter(workspace)}
    grouped = pairs.with_columns(groups[each].alias(f"_{each}") for each in by)
    keys = [f"_{each}" for each in by]
    if not keys:
        return {(): list(coefficients(pairs))}
    parts = grouped.sort(keys, maintain_order=True).group_by(keys, maintain_order=True)
    return {tuple(map(str, key)): list(coefficients(part)) for key, part in parts}


def quarter(workspace: Workspace) -> pl.Expr:
    """Give the quarter of a rating, such as 2026-Q2, by the clock on the workspace's wall."""
    day = local_day("completed_at", workspace.config.timezone)
    return pl.format("{}-Q{}", day.dt.year(), day.dt.quarter())


def pairs_of(workspace: Workspace, instrument: str) -> pl.DataFrame:
    """Give the double ratings, or raise UsageError where there are none, saying why."""
    pairs = double_ratings(workspace, instrument)
    if pairs.is_empty():
        told = [f"{n}: {UNCOMPARED[why]}" for why, n in uncompared(workspace, instrument).items()]
        unused = f" Second ratings that are not compared: {'; '.join(told)}." if told else ""
        what = f"There are no double ratings with {workspace.instrument(instrument).name}.{unused}"
        mend = "Draw a sample with `romframe audit sample`, rate it again, and import that."
        raise UsageError(Problem("no-double-ratings", what, mend))
    return pairs


def chosen_of(pairs: pl.DataFrame, of: Sequence[str] = ()) -> list[str]:
    """Give the items and scores that are compared, or those `of` them; UsageError if none is so."""
    known = [name.removeprefix("first:") for name in pairs.columns if name.startswith("first:")]
    for name in of:
        if name not in known:
            what = f"There is no item or score {name!r} to compare."
            raise UsageError(Problem("unknown-compared", what, did_you_mean(name, known)))
    return [name for name in known if not of or name in of]


def tabled(
    groups: Mapping[tuple[str, ...], Sequence[Agreement]], by: Sequence[str]
) -> pl.DataFrame:
    """Give a row for each coefficient of each group, which `by` names."""
    rows = [
        {**dict(zip(by, key, strict=True)), **asdict(each)}
        for key, found in groups.items()
        for each in found
    ]
    return pl.DataFrame(rows, schema={**dict.fromkeys(by, pl.String()), **_COLUMNS}, orient="row")


def coefficients(pairs: pl.DataFrame) -> Iterator[Agreement]:
    """Give every coefficient of every item, and the ICCs of every score."""
    for name in chosen_of(pairs):
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
