"""Items that another answer asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe import Instrument, Ratings


if TYPE_CHECKING:
    from romframe import Condition


def required_answer(ratings: Ratings) -> pl.DataFrame | None:
    """Judge ratings in which some answer asks for another item, as the spec says.

    It is a finding where that item is blank. Not known, not applicable and declined are answers
    here.
    """
    asking = [(i, i.required_when) for i in ratings.instrument.items if i.required_when is not None]
    if not asking:
        return None
    asked = {item.id: _asked(ratings.instrument, when) for item, when in asking}
    said = [_missing(item.id, when.item, asked[item.id]) for item, when in asking]
    what = pl.concat_str(said, separator=" ", ignore_nulls=True)
    judged = ratings.answers.filter(pl.any_horizontal(*asked.values()))
    return judged.select("assessment_id", what=pl.when(what != "").then(what))


def _asked(instrument: Instrument, when: Condition) -> pl.Expr:
    """Say of each rating whether the other answer asks for the item; codes become stored values."""
    other = instrument.item(when.item)
    values = {option.code: option.value for option in other.scale.options}
    hits = []
    for code in when.codes:
        value = values.get(code)
        stored = code if value is None else value
        low, high = other.scale.low, other.scale.high
        if other.reversed and low is not None and high is not None:
            stored = low + high - float(stored)
        hits.append(pl.col(other.id) == stored)
    return pl.any_horizontal(hits).fill_null(False)


def _missing(item: str, other: str, asked: pl.Expr) -> pl.Expr:
    kept = pl.col("states").str.contains(f'"{item}"', literal=True).fill_null(False)
    told = pl.lit(f"{item} is blank, though the answer to {other} asks for it.")
    return pl.when(asked & pl.col(item).is_null() & ~kept).then(told)
