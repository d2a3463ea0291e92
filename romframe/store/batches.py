"""One import: what is known about it, what became of its rows, and the rows that it set aside."""

import json
import sqlite3
from datetime import datetime
from typing import Literal

import polars as pl
from attrs import frozen

from romframe.errors import Problem, UsageError
from romframe.importing.cells import text
from romframe.importing.prepared import REJECTED
from romframe.instruments.model import Coding
from romframe.store.frames import fetch, insert


@frozen
class Batch:
    """Who brings which file, when, and by which rules.

    `corrections` says what becomes of a row that says something else than the stored one;
    `unknown_referrals` of a row whose referral (or service user) the store does not know. The day
    of a moment is that of the clock on the wall in the `timezone`.
    """

    file_name: str
    file_digest: str
    mapping_digest: str
    actor: str
    now: datetime
    coding: Coding | None = None
    corrections: Literal["refuse", "accept"] = "refuse"
    unknown_referrals: Literal["reject", "create"] = "reject"
    timezone: str = "Europe/London"


@frozen
class ImportResult:
    """What became of the rows of one import: read = accepted + unchanged + corrected + rejected."""

    batch_id: int
    read: int
    accepted: int
    unchanged: int
    corrected: int
    rejected: int
    warnings: int


@frozen
class Written:
    """What the store did with prepared rows; `refused` has those that did not fit what it holds."""

    accepted: int
    corrected: int
    refused: pl.DataFrame


REFUSED = pl.Schema({name: dtype for name, dtype in REJECTED.items() if name != "raw"})
OPEN = pl.Schema({"rejected_row_id": pl.Int64, "row": pl.Int64, "raw": pl.String})


def start(
    connection: sqlite3.Connection,
    batch: Batch,
    kind: str,
    *,
    anonymous: bool = False,
    retry_of: int | None = None,
) -> int:
    """Note that an import begins and give its number.

    Of anonymous returns neither the file's name nor the day is noted: a return must not be found by
    them.
    """
    connection.execute(
        "INSERT INTO import_batch (kind, retry_of, file_name, file_digest, mapping_digest, coding,"
        " actor, imported_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            kind,
            retry_of,
            None if anonymous else batch.file_name,
            batch.file_digest,
            batch.mapping_digest,
            batch.coding,
            batch.actor,
            stamp(batch.now, anonymous=anonymous),
        ],
    )
    number: int = connection.execute("SELECT last_insert_rowid()").fetchone()[0]
    return number


def finish(connection: sqlite3.Connection, result: ImportResult) -> None:
    """Note what became of the rows of an import."""
    connection.execute(
        "UPDATE import_batch SET read = ?, accepted = ?, unchanged = ?, corrected = ?,"
        " rejected = ?, warnings = ? WHERE import_batch_id = ?",
        [
            result.read,
            result.accepted,
            result.unchanged,
            result.corrected,
            result.rejected,
            result.warnings,
            result.batch_id,
        ],
    )


def stamp(now: datetime, *, anonymous: bool = False) -> str:
    """Write a moment as text; of anonymous returns only the month."""
    return now.strftime("%Y-%m") if anonymous else now.isoformat(timespec="seconds")


def refusals(
    rows: pl.DataFrame, code: str, column: str, what: pl.Expr | str, mend: str
) -> pl.DataFrame:
    """Give one refusal for every row of a frame with a column `row`; `what` may use its columns."""
    said = pl.lit(what) if isinstance(what, str) else what
    return rows.select(
        "row",
        pl.lit(code).alias("code"),
        pl.lit(column).alias("column"),
        said.alias("what"),
        pl.lit(mend).alias("mend"),
    )


def without(rows: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Give the rows that were not refused."""
    return rows.join(refused, on="row", how="anti") if refused.height else rows


def with_raw(refused: pl.DataFrame, rows: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Add to each refusal its row of the file (row 1 is the first of `rows`), as JSON."""
    if refused.is_empty():
        return refused.with_columns(raw=pl.lit(None, pl.String))
    at = refused["row"] - 1
    cells = rows.lazy().select(pl.all().gather(at)).collect()
    plain = [
        text(name, dtype).alias(name) if dtype.is_temporal() else pl.col(name)
        for name, dtype in cells.schema.items()
    ]
    raw = cells.select(pl.struct(plain).struct.json_encode().alias("raw")).to_series()
    return refused.with_columns(raw)


def set_aside(
    connection: sqlite3.Connection, batch_id: int, rejected: pl.DataFrame, *, forget: bool
) -> None:
    """Keep the rejected rows of a batch, each once however often its file is imported.

    A row that was already set aside for the same kind of record moves to this batch; what is left
    of earlier imports of the same file is no longer rejected, and so resolved.
    """
    connection.execute(
        "DELETE FROM rejected_row WHERE resolved_by IS NULL"
        " AND raw IN (SELECT value FROM json_each(?)) AND import_batch_id IN"
        " (SELECT old.import_batch_id FROM import_batch old JOIN import_batch new USING (kind)"
        " WHERE new.import_batch_id = ?)",
        [json.dumps(rejected["raw"].to_list()), batch_id],
    )
    resolve(connection, batch_id, open_of_file(connection, batch_id), forget=forget)
    insert(
        connection,
        "rejected_row",
        rejected.select(list(REJECTED)).with_columns(import_batch_id=pl.lit(batch_id)),
    )


def set_aside_again(
    connection: sqlite3.Connection,
    batch_id: int,
    tried: pl.DataFrame,
    rejected: pl.DataFrame,
    *,
    forget: bool,
) -> None:
    """Resolve those of the rows tried again that were stored; give the others their new reason."""
    numbered = tried.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    told = ["code", "column", "what", "mend", "rejected_row_id"]
    again = rejected.join(numbered, on="row").select(told)
    connection.executemany(
        'UPDATE rejected_row SET code = ?, "column" = ?, what = ?, mend = ?'
        " WHERE rejected_row_id = ?",
        again.iter_rows(),
    )
    stored = numbered.join(again, on="rejected_row_id", how="anti")
    resolve(connection, batch_id, stored, forget=forget)


def resolve(
    connection: sqlite3.Connection, batch_id: int, lines: pl.DataFrame, *, forget: bool
) -> None:
    """Mark open rejected rows as resolved by a batch; `forget` those of anonymous returns.

    A kept row would hold the answers of a return together with its batch.
    """
    chosen = "WHERE rejected_row_id IN (SELECT value FROM json_each(?))"
    ids = json.dumps(lines["rejected_row_id"].to_list())
    if forget:
        connection.execute(f"DELETE FROM rejected_row {chosen}", [ids])  # noqa: S608
    else:
        query = f"UPDATE rejected_row SET resolved_by = ? {chosen}"  # noqa: S608
        connection.execute(query, [batch_id, ids])


def open_of_file(connection: sqlite3.Connection, batch_id: int) -> pl.DataFrame:
    """Give the open rejected rows of earlier imports of the same file as the same kind."""
    query = (
        "SELECT rejected_row_id, row, raw FROM rejected_row JOIN import_batch old"
        " USING (import_batch_id) JOIN import_batch new USING (kind, file_digest)"
        " WHERE new.import_batch_id = ? AND old.import_batch_id < new.import_batch_id"
        " AND resolved_by IS NULL"
    )
    return fetch(connection, query, OPEN, [batch_id])


def open_rows(connection: sqlite3.Connection, batch_id: int) -> pl.DataFrame:
    """Give the rejected rows of a batch that are still to be resolved, in the file's order."""
    query = (
        "SELECT rejected_row_id, row, raw FROM rejected_row"
        " WHERE import_batch_id = ? AND resolved_by IS NULL ORDER BY row"
    )
    return fetch(connection, query, OPEN, [batch_id])


def about(connection: sqlite3.Connection, batch_id: int, kind: str) -> tuple[str | None, str]:
    """Give the name and digest of the file of a batch.

    Raises UsageError if there is no such batch or if it did not hold rows of this kind.
    """
    query = "SELECT kind, file_name, file_digest FROM import_batch WHERE import_batch_id = ?"
    found = connection.execute(query, [batch_id]).fetchone()
    if found is None:
        what = f"There is no import number {batch_id}."
        raise UsageError(Problem("unknown-batch", what, "Look it up in the table import_batch."))
    held, name, digest = found
    if held != kind:
        what = f"Import {batch_id} held rows of {held}, not of {kind}."
        raise UsageError(Problem("batch-of-another-kind", what, f"Try it again as {held}."))
    return name, digest
