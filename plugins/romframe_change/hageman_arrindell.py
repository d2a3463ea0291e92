"""Hageman and Arrindell 1999: change and clinical status from true scores, not from those seen.

A cut-off from norms uses the SDs of true scores. Whoever begins in the clinical range has left it
when the estimated true score at last is beyond the cut-off by more than its error.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from romframe import ChangeInputs, ChangeVerdict, clinical_side, cut_off_value, moved
from romframe_change.figures import Figures, above_zero


Z_90 = 1.645


class _Group(NamedTuple):
    """A group's mean, and the SD of its true scores."""

    mean: float
    sd: pl.Expr


def index(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """Give the estimated true change against its error.

    The reliability of change is the share of its variance that is not error of two measurements.
    Of the true change a person's own is estimated, drawn towards that of the group.
    """
    error = _error(inputs, group)
    spread = pl.when(above_zero(group.spread)).then(group.spread)
    reliability = 1 - 2 * error**2 / spread
    weight = pl.when(above_zero(reliability)).then(reliability.sqrt())
    drift = group.last_mean - group.mean
    change = inputs.last - inputs.first
    return ((change - drift) * weight + drift / weight) / (math.sqrt(2) * error)


def combine(inputs: ChangeInputs, group: Figures, reliable: pl.Expr) -> ChangeVerdict:
    """Give the class of a reliable class together with the clinical status.

    Of somebody who begins outside the clinical range and is reliably worse, the last score is not
    looked at: that is harm.
    """
    cut_off = _cut_off(inputs, group)
    begins = clinical_side(inputs, inputs.first, cut_off)
    status = clinical_status(inputs, group)
    left = (
        pl.when(status > inputs.params["z"])
        .then(pl.lit("non_clinical"))
        .when(status.is_not_null())
        .then(pl.lit("clinical"))
    )
    ends = clinical_side(inputs, inputs.last, cut_off)
    move = moved(begins, pl.when(begins == "clinical").then(left).otherwise(ends))
    outcome = (
        pl.when(move.is_null())
        .then(pl.lit(None, pl.String))
        .when((reliable == "improved") & (move == "clinical_to_non_clinical"))
        .then(pl.lit("recovered"))
        .when((reliable == "deteriorated") & (begins == "non_clinical"))
        .then(pl.lit("harmed"))
        .otherwise(reliable)
    )
    return ChangeVerdict(outcome, reliable, move)


def clinical_status(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """Give how far the true score at last is beyond the cut-off: positive on the healthy side."""
    error = _error(inputs, group)
    reliability = 1 - (error / group.last_sd) ** 2
    estimated = group.last_mean + (inputs.last - group.last_mean) * reliability
    found = (estimated - _cut_off(inputs, group)) / (reliability.sqrt() * error)
    turned = found if inputs.better == "higher" else -found
    return pl.when(above_zero(reliability) & turned.is_finite()).then(turned.round(9))


def _error(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    return group.sd * math.sqrt(1 - inputs.params["reliability"])


def _cut_off(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    given = inputs.params["cut_off"]
    if "criterion" not in given:
        return cut_off_value(inputs)
    found = _from_norms(given, inputs.better, _error(inputs, group))
    return pl.when(found.is_finite()).then(found.round(9))


def _from_norms(given: Mapping[str, Any], better: str, error: pl.Expr) -> pl.Expr:
    towards_health = 1 if better == "higher" else -1
    ill, well = (_true_group(given, group, error) for group in ("clinical", "functional"))
    if given["criterion"] == "a":
        return ill.mean + towards_health * 2 * ill.sd
    if given["criterion"] == "b":
        return well.mean - towards_health * 2 * well.sd
    return (ill.sd * well.mean + well.sd * ill.mean) / (ill.sd + well.sd)


def _true_group(given: Mapping[str, Any], group: str, error: pl.Expr) -> _Group:
    mean = given.get(f"{group}_mean", math.nan)
    sd = given.get(f"{group}_sd", math.nan)
    return _Group(mean, (sd**2 - error**2).sqrt())
