"""What a plugin's method has built, tried on made-up rows before real data depend on it.

An expression fails only when it is computed, together with every other score of the table. So each
is computed once by itself, on a few numbers and on a row without any.
"""

from __future__ import annotations

import math

import polars as pl

from romframe.change_methods import CLASSES, ChangeInputs, ChangeVerdict
from romframe.methods import Ratio, ScoringInputs


_NUMBERS = (pl.Int32, pl.Int64, pl.Float64)  # values are whole numbers, or scores


def try_ratio(inputs: ScoringInputs, ratio: Ratio) -> None:
    """Compute a score's fraction; raises whatever makes it a fault of its method."""
    _check_type(ratio, Ratio)
    given = (*inputs.values, inputs.total, inputs.answered)
    names = sorted({name for each in given for name in each.meta.root_names()}) or [""]
    parts = [ratio, *([] if ratio.filled is None else [ratio.filled])]
    values = [
        (part.numerator.cast(pl.Float64) / part.denominator).alias(f"value_{index}")
        for index, part in enumerate(parts)
    ]
    for dtype in _NUMBERS:
        try:
            rows = pl.DataFrame({name: [1, None] for name in names}, dict.fromkeys(names, dtype))
            rows.with_columns(values)
            return
        except pl.exceptions.SchemaError as error:  # a method may say in which type it answers
            fault = error
    raise fault


def try_verdict(inputs: ChangeInputs, verdict: ChangeVerdict) -> None:
    """Compute the classes of pairs; raises whatever makes it a fault of their method."""
    _check_type(verdict, ChangeVerdict)
    low = inputs.low if math.isfinite(inputs.low) else 0
    high = inputs.high if math.isfinite(inputs.high) else low + 10
    rows = pl.DataFrame(
        {
            name: [*_ends(low, high, place), None] if dtype.is_numeric() else [None] * 3
            for place, (name, dtype) in enumerate(inputs.columns.items())
        },
        schema=dict(inputs.columns),
        strict=False,
    )
    told = (verdict.reliable, verdict.clinical, verdict.constants)
    rows.with_columns(
        verdict.outcome.cast(CLASSES).alias("class"),
        *(
            each.cast(pl.String).alias(f"told_{index}")
            for index, each in enumerate(told)
            if each is not None
        ),
    )


def _ends(low: float, high: float, place: int) -> tuple[float, float]:
    """Give a column's numbers: neighbours rise and fall in turn, so that all classes are met."""
    return (low, high) if place % 2 else (high, low)


def _check_type(result: object, wanted: type) -> None:
    if not isinstance(result, wanted):
        raise TypeError(f"it gave a {type(result).__name__}, not a {wanted.__name__}")
