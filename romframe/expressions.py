"""Small shapes of Polars expressions that several modules build."""

import functools
import operator
from collections.abc import Iterable

import polars as pl


def first_match(cases: Iterable[tuple[pl.Expr, pl.Expr]], otherwise: pl.Expr) -> pl.Expr:
    """Give the value of the first case whose condition is true, or `otherwise`."""
    return functools.reduce(
        lambda rest, case: pl.when(case[0]).then(case[1]).otherwise(rest),
        reversed(list(cases)),
        otherwise,
    )


def add(terms: Iterable[pl.Expr]) -> pl.Expr:
    """Give the sum of at least one expression; null where any of them is."""
    return functools.reduce(operator.add, terms)


def divide(number: pl.Expr, by: float) -> pl.Expr:
    """Divide by a constant and give the nearest number, in a table of any size.

    Polars multiplies a column by the reciprocal of a constant, and 3 * (1 / 10) is not 0.3; a
    column it divides. `by` is made one here.
    """
    return number if by == 1 else number / (number * 0 + by)
