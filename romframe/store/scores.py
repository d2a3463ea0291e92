"""Scores as they were computed: which definition made them, and when."""

import sqlite3
from datetime import datetime

import polars as pl

from romframe.instruments.model import Instrument
from romframe.store.batches import stamp
from romframe.store.frames import insert


_TAKEN = (
    *("assessment_id", "score", "value", "status", "reason"),
    *("answered", "required", "band", "policy", "evidence"),
)


def save(
    connection: sqlite3.Connection, instrument: Instrument, tidy: pl.DataFrame, now: datetime
) -> None:
    """Keep a row a score; a score that was saved before is replaced."""
    rows = tidy.select(
        *_TAKEN,
        pl.lit(instrument.digest).alias("spec_digest"),
        pl.lit(stamp(now)).alias("scored_at"),
    )
    insert(connection, "score", rows.sort("assessment_id", "score"), replace=True)
