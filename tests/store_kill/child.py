"""Imports 51,000 rows into the store named on the command line, and dies by SIGKILL on the way.

Usage: python child.py STORE POINT. Also read by the test, which needs the same rows.
"""

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from romframe.importing.prepared import REJECTED, WARNINGS, Prepared
from romframe.instruments.model import Instrument, Item, Licence, Option, ResponseScale
from romframe.store import Batch, ImportResult, Store


ROWS = 51_000
REFUSED = 40  # by preparing
STRANGE = 60  # by the store: their referral is not known
REFERRALS = 10_000
SCALE = ResponseScale("s", "coded", tuple(Option(n, str(n), n) for n in range(5)), 0, 4)
ITEMS = tuple(f"q{number}" for number in range(1, 13))
TARGET = Instrument(
    id="kill",
    version="1",
    name="Kill",
    type="crom",
    raters=("clinician",),
    licence=Licence("nobody", "free", "ships"),
    items=tuple(Item(name, name, SCALE) for name in ITEMS),
    scores=(),
    change_rules=(),
    sources={},
    digest="digest",
    document={},
)
BATCH = Batch(
    file_name="large.csv",
    file_digest="large",
    mapping_digest="mapping",
    actor="tester",
    now=datetime(2025, 3, 4, tzinfo=UTC),
)

# What is about to be executed, how often before, and how many seconds later the process dies.
POINTS = {
    "at the begin": ("BEGIN IMMEDIATE", 1, 0),
    "before the first assessment": ('INSERT INTO "assessment"', 1, 0),
    "between two assessments": ('INSERT INTO "assessment"', ROWS // 2, 0),
    "while indexes are remade": ("CREATE UNIQUE INDEX", 1, 0),
    "between two rows of answers": ('INSERT INTO "responses_kill__1"', ROWS * 2 // 3, 0),
    "before the rejected rows": ('INSERT INTO "rejected_row"', 1, 0),
    "before the log": ("INSERT INTO audit ", 1, 0),
    "right before the commit": ("COMMIT", 1, 0),
    "early in the commit": ("COMMIT", 1, 0.002),
    "late in the commit": ("COMMIT", 1, 0.03),
    "right after the commit": ("", 0, 0),
}


def accepted() -> pl.DataFrame:
    """Give the rows that preparing accepted, in no particular order."""
    number = pl.int_range(ROWS, dtype=pl.Int64)
    strange = number < STRANGE
    rows = pl.select(number.alias("row") + 1).with_columns(
        pl.format("kill|source|{}", "row").alias("row_key"),
        pl.lit("").alias("content_digest"),
        pl.when(strange)
        .then(pl.lit("nobody's"))
        .otherwise(pl.format("R{}", number % REFERRALS))
        .alias("referral_id"),
        pl.lit("2025-02-01").alias("completed_at"),
        pl.lit("completed").alias("outcome"),
        pl.lit(None, pl.String).alias("states"),
        *(
            ((number // 5**power) % 5).cast(pl.Int16).alias(name)
            for power, name in enumerate(ITEMS)
        ),
    )
    return rows.sample(fraction=1, shuffle=True, seed=1)


def file_rows() -> pl.DataFrame:
    """Give the file's table, as far as the store needs it."""
    return pl.select(line=pl.int_range(ROWS + REFUSED, dtype=pl.Int64))


def run(store: Store) -> ImportResult:
    """Import the rows."""
    rejected = pl.select(
        row=pl.int_range(ROWS, ROWS + REFUSED, dtype=pl.Int64) + 1,
        code=pl.lit("answer-invalid"),
        column=pl.lit("q1"),
        what=pl.lit("It is wrong."),
        mend=pl.lit("Correct it."),
    ).with_columns(raw=pl.concat_str(pl.lit('{"line":'), "row", pl.lit("}")))
    prepared = Prepared(accepted(), rejected.select(list(REJECTED)), pl.DataFrame(schema=WARNINGS))
    return store.import_rows(prepared, file_rows(), target=TARGET, batch=BATCH)


def die() -> None:
    """End this process as a power cut would: nothing is flushed, closed or tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(store: Store, statement: str, count: int, delay: float) -> None:
    """Die when a statement is about to be executed for the `count`th time, or a little later."""
    left = count

    def late() -> None:
        time.sleep(delay)
        die()

    def watch(sql: str) -> None:
        nonlocal left
        if sql.startswith(statement):
            left -= 1
            if left == 0 and delay:
                threading.Thread(target=late).start()
            elif left == 0:
                die()

    if statement:
        store.connection.set_trace_callback(watch)


if __name__ == "__main__":
    opened = Store.open(Path(sys.argv[1]))
    arm(opened, *POINTS[sys.argv[2]])
    run(opened)
    die()
