"""Change judged by a level, by a percentage or by an amount that matters to people."""

import polars as pl

from romframe import (
    THREE_CLASSES,
    ChangeInputs,
    ChangeMethod,
    ChangeVerdict,
    change_class,
    moved,
    passes,
)
from romframe_change.schemas import ABOVE_ZERO, AMOUNT, LEVEL


def _categorical(inputs: ChangeInputs) -> ChangeVerdict:
    """Low or high at first and at last: Crawford et al. 2017, for HoNOS items."""
    first, last = (passes(score, inputs.params["high"]) for score in (inputs.first, inputs.last))
    fallen = first.cast(pl.Int8) - last.cast(pl.Int8)
    better = fallen if inputs.better == "lower" else -fallen
    outcome = change_class(better, {"more_than": 0})
    return ChangeVerdict(outcome, clinical=moved(_level(first), _level(last), ("high", "low")))


def _level(is_high: pl.Expr) -> pl.Expr:
    return pl.when(is_high).then(pl.lit("high")).when(~is_high).then(pl.lit("low"))


def _percentage(inputs: ChangeInputs) -> ChangeVerdict:
    """Change as per cent of the first score; of a first score of 0 nothing is a percentage."""
    percent = pl.when(inputs.first != 0).then(inputs.improvement * 100 / inputs.first.abs())
    improved = inputs.params["improved"]
    worse = inputs.params.get("deteriorated", improved)
    return ChangeVerdict(change_class(percent, {"at_least": improved}, {"at_least": worse}))


def _anchor(inputs: ChangeInputs) -> ChangeVerdict:
    """A minimum important difference, found with an anchor outside the measure."""
    better, worse = inputs.params["important"], inputs.params.get("important_worse")
    return ChangeVerdict(change_class(inputs.improvement, better, worse))


SIMPLE = (
    ChangeMethod("categorical", _categorical, {"high": LEVEL}, THREE_CLASSES),
    ChangeMethod(
        "percentage",
        _percentage,
        {"improved": {**ABOVE_ZERO, "required": True}, "deteriorated": ABOVE_ZERO},
        THREE_CLASSES,
    ),
    ChangeMethod(
        "anchor",
        _anchor,
        {"important": AMOUNT, "important_worse": {**AMOUNT, "required": False}},
        THREE_CLASSES,
    ),
)
