"""Answers and scores at which somebody must look at once, as the spec says."""

from collections.abc import Mapping

import polars as pl

from romframe.answers import check_coding, read_items
from romframe.instruments.model import Alert, Coding, Instrument
from romframe.methods import ScoringMethod
from romframe.scoring import scorer


def alerts(
    frame: pl.LazyFrame,
    instrument: Instrument,
    methods: Mapping[str, ScoringMethod],
    coding: Coding | None = None,
) -> pl.DataFrame:
    """Give a row an alert: its row in the frame (from 1), the key columns, and what it is about.

    `subject` is the item's or score's id, `alert` the spec's text, `source` who says so. An item
    that was not answered raises none. Raises as scoring does.
    """
    manner = check_coding(instrument, coding)
    columns = frame.collect_schema()
    ids = {item.id for item in instrument.items}
    keys = [name for name in columns if name not in ids]
    numbered = frame.with_row_index("row", offset=1)
    watched = [item for item in instrument.items if item.alert and item.id in columns]
    parts = [
        _raised(numbered, keys, item.id, item.alert, reading.stored)
        for item in watched
        for reading in read_items([item], columns, manner).values()
        if item.alert
    ]
    scores = [score for score in instrument.scores if score.alert and not score.across]
    if scores:
        ready = scorer(instrument, methods, coding=manner.id, scores=[score.id for score in scores])
        wide = ready.wide(numbered)
        parts += [_raised(wide, keys, s.id, s.alert, pl.col(s.id)) for s in scores if s.alert]
    nothing = numbered.select("row", *keys).clear().with_columns(_about("", Alert("", "")))
    return (
        pl.concat([nothing, *parts], how="vertical_relaxed")
        .sort("row", maintain_order=True)
        .collect()
    )


def _raised(
    frame: pl.LazyFrame, keys: list[str], subject: str, alert: Alert, value: pl.Expr
) -> pl.LazyFrame:
    reached = value <= alert.at_most if alert.at_least is None else value >= alert.at_least
    raised = frame.filter(reached).select("row", *keys)
    return raised.with_columns(_about(subject, alert))


def _about(subject: str, alert: Alert) -> list[pl.Expr]:
    said = {"subject": subject, "alert": alert.text, "source": alert.source}
    return [pl.lit(text).alias(name) for name, text in said.items()]
