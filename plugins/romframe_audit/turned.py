"""Turned items that run against the rest: what another coding of the data looks like."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from romframe import Instrument, Item, Ratings


RATINGS = 20
_WIDE = 1.96  # standard errors on either side


def turned_items(ratings: Ratings) -> pl.DataFrame | None:
    """Judge imports with 20 ratings or more, of instruments with turned items.

    An import is read in one coding. Within it, the mean of the turned items is laid beside that of
    the others, of the longest score that has both. In the right coding they rise together. It is a
    finding where the whole 95 % interval of Pearson's correlation (by Fisher's z) is below 0.
    """
    items = _items(ratings.instrument)
    means = [_mean([item for item in items if item.reversed is way]) for way in (True, False)]
    if not items:
        return None
    both = ratings.answers.select("import_batch_id", turned=means[0], others=means[1]).drop_nulls()
    found = both.group_by("import_batch_id").agg(
        n=pl.len(), r=pl.corr("turned", "others").fill_nan(None)
    )
    judged = found.filter(pl.col("n") >= RATINGS, pl.col("r").is_not_null())
    z = pl.col("r").clip(-1, 1).arctanh()
    highest = (z + _WIDE / (pl.col("n") - 3).sqrt()).tanh()
    said = pl.format(
        "Turned items fall as the others rise (r {}, {} ratings): read in another coding?",
        pl.col("r").round(2),
        "n",
    )
    return judged.select("import_batch_id", what=pl.when(highest < 0).then(said))


def _items(instrument: Instrument) -> Sequence[Item]:
    """Give the items of the longest score with a turned item and two that are not."""
    if instrument.repeats:
        return ()
    known = {item.id: item for item in instrument.items}
    scores = ([known[name] for name in score.items] for score in instrument.scores)
    fitting = [items for items in scores if 1 <= sum(i.reversed for i in items) <= len(items) - 2]
    return max(fitting, key=len, default=())


def _mean(items: Sequence[Item]) -> pl.Expr:
    """Give the mean of answers, each as a part of the range of its scale."""
    parts = []
    for item in items:
        low, high = item.scale.low or 0, item.scale.high or 0
        parts.append((pl.col(item.id) - low) / (high - low))
    return pl.mean_horizontal(pl.lit(None, pl.Float64), *parts)
