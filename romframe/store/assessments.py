"""Assessments: new ones, the same again, and corrections that keep what they correct."""

import sqlite3

import polars as pl

from romframe.days import local_day
from romframe.instruments.model import Instrument
from romframe.store import goals, instruments, reported
from romframe.store.batches import Batch, Written, refusals, stamp, without
from romframe.store.frames import column_list, columns_of, fetch_for, insert, insert_indexed
from romframe.store.parents import with_parent


_STORE_KEEPS = ("assessment_id", "import_batch_id", "supersedes", "superseded_by", "recorded_at")


def write(
    connection: sqlite3.Connection,
    instrument: Instrument,
    accepted: pl.DataFrame,
    batch: Batch,
    batch_id: int,
) -> Written:
    """Store assessments and their answers.

    A row whose `row_key` is current already is the same assessment: with the same content it is
    left alone, with other content it becomes a new version, or is refused, as the batch says.
    """
    table = instruments.ensure(connection, instrument, anonymous=False)
    rows, unknown = with_parent(connection, accepted, batch, "referral")
    rows, early = _not_before_referral(connection, rows, batch.timezone)
    misplaced = goals.misplaced(connection, instrument, rows)
    rows = without(rows, misplaced)
    rows = rows.with_columns(
        reported.said(rows.columns),
        instrument=pl.lit(instrument.id),
        version=pl.lit(instrument.version),
    )
    compared = _compared(connection, table, rows)
    changed = compared.filter(pl.col("differs"))
    bare = reported.over_answers(changed)
    changed = without(changed, bare)
    refused = [unknown, early, misplaced, bare]
    if batch.corrections == "refuse":
        refused.append(_refusals(changed))
        changed = changed.clear()
    new = compared.filter(pl.col("supersedes").is_null())
    _append(connection, table, pl.concat([new, changed]), batch, batch_id)
    return Written(new.height, changed.height, pl.concat(refused))


def _not_before_referral(
    connection: sqlite3.Connection, rows: pl.DataFrame, timezone: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split off rows that are dated before their referral was received."""
    query = (
        "SELECT referral_id, received_on FROM referral WHERE referral_id IN"
        " (SELECT value FROM json_each(?)) AND received_on IS NOT NULL"
    )
    schema = {"referral_id": pl.String(), "received_on": pl.String()}
    received = fetch_for(connection, query, rows["referral_id"], schema)
    day = local_day("completed_at", timezone).dt.strftime("%Y-%m-%d")
    dated = (
        rows.lazy()
        .select("row", "referral_id", day.alias("completed_at"))
        .join(received.lazy(), on="referral_id")
    )
    early = dated.filter(pl.col("completed_at") < pl.col("received_on")).collect()
    what = pl.format(
        "It is dated {}, before its referral was received on {}.", "completed_at", "received_on"
    )
    mend = "Correct the date or the referral; the row can then be tried again."
    refused = refusals(early, "before-referral", "completed_at", what, mend)
    return without(rows, refused), refused


def _compared(connection: sqlite3.Connection, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Add `supersedes` (the current version's id, null if there is none) and `differs`.

    Beside them stand `reported:stored` and `outcome:stored` of that version.
    """
    beside = [f"{name}:stored" for name in ("reported", "outcome")]
    nothing = rows.with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in beside),
        supersedes=pl.lit(None, pl.Int64),
        differs=pl.lit(False),
    )
    if connection.execute("SELECT 1 FROM assessment LIMIT 1").fetchone() is None:
        return nothing
    fields = [name for name in _fields(connection) if name in rows.columns]
    answers = [name for name in columns_of(connection, table) if name in rows.columns]
    schema = {"supersedes": pl.Int64()} | {name: rows.schema[name] for name in fields + answers}
    query = (
        f"SELECT a.assessment_id, {column_list(fields, 'a')}, {column_list(answers, 'r')}"  # noqa: S608
        " FROM json_each(?) k JOIN assessment a ON a.row_key = k.value"
        f' LEFT JOIN "{table}" r USING (assessment_id) WHERE a.superseded_by IS NULL'
    )
    stored = fetch_for(connection, query, rows["row_key"], schema)
    if stored.is_empty():
        return nothing
    stored = reported.with_stored(connection, stored)
    both = rows.join(stored, on="row_key", how="left", suffix=":stored")
    content = [*(name for name in fields + answers if name != "row_key"), "reported"]
    differs = [pl.col(name).ne_missing(pl.col(f"{name}:stored")) for name in content]
    known = pl.col("supersedes").is_not_null()
    compared = both.with_columns(differs=known & pl.any_horizontal(differs))
    return compared.select(*rows.columns, *beside, "supersedes", "differs")


def _refusals(rows: pl.DataFrame) -> pl.DataFrame:
    what = pl.format("The store has other content for this assessment ({}).", "supersedes")
    mend = (
        "Correct the row, or say `corrections: accept` in the mapping file: then this becomes its"
        " new version and the old one is kept."
    )
    return refusals(rows, "correction-refused", "", what, mend)


def _fields(connection: sqlite3.Connection) -> list[str]:
    return [name for name in columns_of(connection, "assessment") if name not in _STORE_KEEPS]


def _append(
    connection: sqlite3.Connection,
    table: str,
    rows: pl.DataFrame,
    batch: Batch,
    batch_id: int,
) -> None:
    """Add versions in the order of their keys, so that ids do not depend on the file's order."""
    last = connection.execute("SELECT coalesce(max(assessment_id), 0) FROM assessment").fetchone()
    numbered = rows.sort("row_key").with_columns(
        assessment_id=pl.int_range(1, pl.len() + 1, dtype=pl.Int64) + last[0],
        import_batch_id=pl.lit(batch_id),
        recorded_at=pl.lit(stamp(batch.now)),
    )
    corrections = numbered.filter(pl.col("supersedes").is_not_null())
    connection.executemany(
        "UPDATE assessment SET superseded_by = ? WHERE assessment_id = ?",
        corrections.select("assessment_id", "supersedes").iter_rows(),
    )
    assessment = [n for n in columns_of(connection, "assessment") if n in numbered.columns]
    insert_indexed(connection, "assessment", numbered.select(assessment))
    answers = [n for n in columns_of(connection, table) if n in numbered.columns]
    bare = pl.col("reported").is_not_null()
    insert(connection, table, numbered.filter(~bare).select(answers))
    reported.save(connection, numbered.filter(bare))
