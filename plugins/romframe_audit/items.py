"""Which items of an instrument a pattern can show in, and which end of each is the good one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl

from romframe import Instrument, Item


ENOUGH = 5  # answers from which on a pattern is hardly chance


def counted(instrument: Instrument) -> tuple[Item, ...]:
    """Give the items with numbers that count; none where rows repeat goal by goal."""
    if instrument.repeats:
        return ()
    return tuple(item for item in instrument.items if item.counts and item.scale.scored)


def alike(instrument: Instrument) -> tuple[Item, ...]:
    """Give the counted items that share the scale which most of them have."""
    items = counted(instrument)
    scales = Counter(item.scale.id for item in items).most_common(1)
    return tuple(item for item in items if item.scale.id == scales[0][0])


def best(instrument: Instrument, item: Item) -> float | None:
    """Give the value of an item at which there is no problem; None where scores do not say."""
    ways = {score.better for score in instrument.scores if item.id in score.items}
    if ways == {"lower"}:
        return item.scale.low
    return item.scale.high if ways == {"higher"} else None


def answered(items: Iterable[Item]) -> pl.Expr:
    """Count the answered items of each rating."""
    return pl.sum_horizontal(pl.lit(0), *(pl.col(item.id).is_not_null() for item in items))


def all_best(instrument: Instrument, items: Sequence[Item]) -> pl.Expr:
    """Say of each rating whether every answer is at its good end."""
    ends = ((item.id, best(instrument, item)) for item in items)
    at_best = (pl.col(name).is_null() | (pl.col(name) == end) for name, end in ends)
    return pl.all_horizontal(*at_best).fill_null(False)
