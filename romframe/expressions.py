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
