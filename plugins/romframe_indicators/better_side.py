"""Whether the last rating of a closed referral is on the better side of a published cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe import Problem, UsageError, did_you_mean
from romframe_indicators.days import ABOUT, closed


if TYPE_CHECKING:
    from romframe import Instrument, Workspace

_HIGH = ("at_least", "more_than")


def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
    """Give a row for every closed referral.

    Raises UsageError where there is no such score, or no such cut-off of it.
    """
    scores = workspace.scores(params["instrument"], [params["score"]])
    if "timepoints" in params:
        scores = scores.filter(pl.col("timepoint").is_in(params["timepoints"]))
    better = _better(workspace.instrument(params["instrument"]), params)
    rated = scores.sort("completed_at", "assessment_id").select("referral_id", "value")
    last = rated.group_by("referral_id", maintain_order=True).agg(
        value=pl.col("value").drop_nulls().last(), refused=pl.lit("last_refused")
    )
    told = closed(workspace).join(last, on="referral_id", how="left", maintain_order="left")
    reason = pl.when(pl.col("value").is_null()).then(
        pl.col("refused").fill_null(pl.lit("no_assessment"))
    )
    return told.select(*ABOUT, "on", met=better, reason=reason)


def _better(instrument: Instrument, params: Mapping[str, Any]) -> pl.Expr:
    """Say whether a value is on the better side; null where there is none."""
    known = {each.id: each for each in instrument.cut_offs if each.score == params["score"]}
    name, better = params["cut_off"], instrument.score(params["score"]).better
    if name not in known or better == "neither":
        what = f"{instrument.name} has no cut-off {name!r} with a better side."
        raise UsageError(Problem("unknown-cut-off", what, did_you_mean(name, known)))
    side, value = known[name].comparator, known[name].value
    tests = {
        "at_least": pl.col("value") >= value,
        "more_than": pl.col("value") > value,
        "at_most": pl.col("value") <= value,
        "less_than": pl.col("value") < value,
    }
    is_worse = (side in _HIGH) == (better == "lower")
    return ~tests[side] if is_worse else tests[side]
