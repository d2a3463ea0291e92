"""A service user's own goals, judged one by one and put together, as NHS England's bulletin does.

Any goal that deteriorated makes the whole deteriorated; else any that improved, improved.
"""

import polars as pl
from attrs import evolve

from romframe import (
    RELIABLE,
    THREE_CLASSES,
    ChangeInputs,
    ChangeMethod,
    ChangeVerdict,
    DataError,
    Problem,
    reliable_class,
)


_COLUMNS = ("firsts", "lasts")


def _per_goal(inputs: ChangeInputs) -> ChangeVerdict:
    """Judge the matched goals of each row, `firsts` and `lasts`.

    A goal that lacks one of its ratings is not matched and does not count. A row is not classified
    where no goal is matched, where the lists are of different length (nobody knows which goal is
    which), or where a rating is not inside the score's range.
    """
    if not set(_COLUMNS) <= set(inputs.columns):
        return ChangeVerdict(pl.lit(None, pl.String))
    first, last = (_ratings(inputs, name) for name in _COLUMNS)
    matched = first.list.len() == last.list.len()
    first, last = pl.when(matched).then(first), pl.when(matched).then(last)
    better = last - first if inputs.better == "higher" else first - last
    classes = better.list.drop_nulls().list.eval(_class_of(inputs))
    usable = _inside(inputs, first) & _inside(inputs, last) & (classes.list.len() > 0)
    outcome = (
        pl.when(usable & classes.list.contains("deteriorated"))
        .then(pl.lit("deteriorated"))
        .when(usable & classes.list.contains("improved"))
        .then(pl.lit("improved"))
        .when(usable)
        .then(pl.lit("unchanged"))
    )
    return ChangeVerdict(outcome, outcome)


def _ratings(inputs: ChangeInputs, name: str) -> pl.Expr:
    """Give a column of lists as numbers; raises DataError where it is another kind of column."""
    dtype = inputs.columns[name]
    ratings = dtype.inner if isinstance(dtype, pl.List | pl.Array) else dtype
    if dtype.is_numeric() or not (ratings.is_numeric() or ratings == pl.Null):
        what = f"The column {name!r} holds {dtype}, not lists of ratings."
        raise DataError(Problem("column-type", what, "Give a list of numbers for each row."))
    return pl.col(name).cast(pl.List(pl.Float64))


def _class_of(inputs: ChangeInputs) -> pl.Expr:
    return reliable_class(evolve(inputs, improvement=pl.element())).cast(pl.String)


def _inside(inputs: ChangeInputs, ratings: pl.Expr) -> pl.Expr:
    outside = ~pl.element().is_between(inputs.low, inputs.high)
    return ~ratings.list.eval(outside).list.any()


PER_GOAL = ChangeMethod("per_goal", _per_goal, {"reliable": RELIABLE}, THREE_CLASSES)
