"""Indices that set a person's change against the error of measurement.

The formulas are those of the R package clinicalsignificance (commit 863dc77), under its names. A
hierarchical linear model is not offered: fitted with statsmodels it did not converge on one of six
reference data sets, and a class that hangs on that is no verdict.
"""

import math

import polars as pl

from romframe import ChangeInputs
from romframe_change import hageman_arrindell
from romframe_change.figures import Figures
from romframe_change.index import Index
from romframe_change.schemas import CORRELATION, RELIABILITY, norms


def _error(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """Give the standard error of measurement."""
    return group.sd * math.sqrt(1 - inputs.params["reliability"])


def _expected(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """Give the true score that a first score stands for: drawn towards the group's mean."""
    return group.mean + _drawn(inputs, group)


def _drawn(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    reliability: float = inputs.params["reliability"]
    return reliability * (inputs.first - group.mean)


def _jacobson_truax(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """Change against its standard error: Jacobson and Truax 1991, Christensen and Mendoza 1986."""
    return (inputs.last - inputs.first) / (math.sqrt(2) * _error(inputs, group))


def _gulliksen_lord_novick(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """The last score against the one that regression to the mean predicts."""
    return (inputs.last - _expected(inputs, group)) / _prediction(inputs, group)


def _hsu_linn_lord(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """The same, about the group's mean at last; often called Nunnally's."""
    return (inputs.last - group.last_mean - _drawn(inputs, group)) / _prediction(inputs, group)


def _prediction(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """Give the standard error of prediction."""
    reliability: float = inputs.params["reliability"]
    return group.sd * math.sqrt(1 - reliability**2)


def _edwards_nunnally(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """The last score against the first one's true score, as Edwards and Nunnally (Speer) do."""
    return (inputs.last - _expected(inputs, group)) / _error(inputs, group)


def _nunnally_kotsch(inputs: ChangeInputs, group: Figures) -> pl.Expr:
    """The same, with the error of both scores: Nunnally and Kotsch."""
    at_first, at_last = inputs.params["reliability"], inputs.params["reliability_last"]
    error = group.sd * math.sqrt(at_first**2 * (1 - at_first) + 1 - at_last)
    return (inputs.last - _expected(inputs, group)) / error


_FIRST = {"first": norms("mean", "sd")}

INDICES = (
    Index("jacobson_truax", _jacobson_truax, ("sd",), {"first": norms("sd")}),
    Index("gulliksen_lord_novick", _gulliksen_lord_novick, ("mean", "sd"), _FIRST),
    Index(
        "hsu_linn_lord",
        _hsu_linn_lord,
        ("mean", "sd", "last_mean"),
        {**_FIRST, "last": norms("mean")},
    ),
    Index("edwards_nunnally", _edwards_nunnally, ("mean", "sd"), _FIRST),
    Index(
        "nunnally_kotsch",
        _nunnally_kotsch,
        ("mean", "sd"),
        {**_FIRST, "reliability_last": RELIABILITY},
    ),
    Index(
        "hageman_arrindell",
        hageman_arrindell.index,
        ("mean", "sd", "last_mean", "last_sd", "correlation"),
        {**_FIRST, "last": norms("mean", "sd"), "correlation": CORRELATION},
        z=hageman_arrindell.Z_90,
        combine=hageman_arrindell.combine,
    ),
)
