"""Answers one by one: what each counts, what became of it, and what it means by itself."""

import polars as pl

from romframe.answers import Reading, check_coding, read_items
from romframe.instruments.model import Coding, Instrument


def itemise(frame: pl.LazyFrame, instrument: Instrument, coding: Coding | None) -> pl.LazyFrame:
    """Give a row an item of each row of `frame` (items without a column are left out).

    Beside the key columns: `item`, `label`, `answer` (its code, or the text), `value` (null where
    nothing counts), `state` (null for what the scale does not allow) and `band`, the stretch of the
    response scale that the value lies in. Raises UsageError where data need a coding.
    """
    manner = check_coding(instrument, coding)
    columns = frame.collect_schema()
    present = [item for item in instrument.items if item.id in columns]
    readings = read_items(present, columns, manner)
    ids = {item.id for item in instrument.items}
    keys = [name for name in columns if name not in ids]
    numbered = frame.with_row_index("__row")
    parts = [
        numbered.select("__row", pl.lit(order).alias("__order"), *keys, *_columns(reading))
        for order, reading in enumerate(readings.values())
    ]
    return pl.concat(parts).sort("__row", "__order").drop("__row", "__order")


def _columns(reading: Reading) -> list[pl.Expr]:
    item = reading.item
    value = reading.stored.cast(pl.Float64) if item.scale.scored else pl.lit(None, pl.Float64)
    band = pl.lit(None, pl.String)
    for each in item.scale.bands:
        band = pl.when(value >= each.start).then(pl.lit(each.label)).otherwise(band)
    columns = {
        "item": pl.lit(item.id),
        "label": pl.lit(item.label),
        "answer": reading.stored.cast(pl.String),
        "value": value,
        "state": reading.state.cast(pl.String),
        "band": band,
    }
    return [expression.alias(name) for name, expression in columns.items()]
