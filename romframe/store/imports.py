"""One import in one transaction: rows stored, rows set aside, the batch noted, the log sealed."""

import json
import sqlite3
from collections.abc import Callable

import polars as pl
from attrs import asdict, evolve, frozen

from romframe.errors import Problem, StoreError, UsageError
from romframe.importing.kinds import RecordKind
from romframe.importing.prepared import REJECTED, Prepared
from romframe.instruments.model import Instrument
from romframe.store import anonymous, assessments, audit, batches, records
from romframe.store.batches import Batch, ImportResult, Written


Target = Instrument | RecordKind


@frozen
class Part:
    """What was prepared from `rows`, a table, for one target, and by which rules."""

    prepared: Prepared
    rows: pl.DataFrame | pl.LazyFrame
    target: Target
    batch: Batch


def run(connection: sqlite3.Connection, part: Part) -> ImportResult:
    """Store what was prepared from the table of a file."""
    work = _start(connection, part.prepared, part.target, part.batch)
    written = work.write()
    rejected = work.rejected(written, part.rows)
    batches.set_aside(connection, work.batch_id, rejected, forget=work.anonymous)
    return work.finish("import", written, rejected)


def keep_unread(
    connection: sqlite3.Connection, unread: pl.DataFrame, kind: str, batch: Batch
) -> ImportResult:
    """Set aside the rows of a file of which its importer, called `kind`, could make nothing."""
    batch_id = batches.start(connection, batch, kind)
    batches.set_aside(connection, batch_id, unread, forget=False)
    rows = unread.height
    result = ImportResult(batch_id, rows, 0, 0, 0, rows, 0)
    _note(connection, batch, kind, result, "import")
    return result


def retry(
    connection: sqlite3.Connection,
    batch_id: int,
    prepare: Callable[[pl.DataFrame], Prepared],
    target: Target,
    batch: Batch,
) -> ImportResult:
    """Prepare the open rejected rows of a batch again, and store those that now fit."""
    name, digest = batches.about(connection, batch_id, target.id)
    tried = batches.open_rows(connection, batch_id)
    if tried.is_empty():
        what = f"Import {batch_id} has no rejected rows that are still open."
        raise UsageError(Problem("nothing-to-retry", what, "There is nothing to do."))
    cells = [json.loads(raw) for raw in tried["raw"]]
    rows = pl.DataFrame(cells, infer_schema_length=None, strict=False)
    prepared = prepare(rows)
    same_file = evolve(batch, file_name=name or "", file_digest=digest)
    work = _start(connection, prepared, target, same_file, retry_of=batch_id)
    written = work.write()
    rejected = work.rejected(written, rows)
    batches.set_aside_again(connection, work.batch_id, tried, rejected, forget=work.anonymous)
    return work.finish("retry", written, rejected)


@frozen
class _Work:
    """An import under way, with its number."""

    connection: sqlite3.Connection
    prepared: Prepared
    target: Target
    batch: Batch
    batch_id: int
    anonymous: bool

    def write(self) -> Written:
        """Store the accepted rows where they belong."""
        accepted = self.prepared.accepted
        if isinstance(self.target, RecordKind):
            return records.write(self.connection, self.target, accepted, self.batch, self.batch_id)
        if self.anonymous:
            self._keep_contacts()
            return anonymous.write(self.connection, self.target, accepted, self.batch_id)
        return assessments.write(self.connection, self.target, accepted, self.batch, self.batch_id)

    def _keep_contacts(self) -> None:
        """Keep the offers of contact of a file that has not been imported before."""
        if not anonymous.came_before(self.connection, self.batch_id):
            texts = self.prepared.contacts
            anonymous.save_contact_offers(self.connection, texts, self.batch.now)

    def rejected(self, written: Written, rows: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
        """Give the rows that did not fit the rules, and those that did not fit the store."""
        kept = rows.select(self.prepared.columns) if self.prepared.columns else rows
        refused = batches.with_raw(written.refused, kept).select(list(REJECTED))
        return pl.concat([self.prepared.rejected, refused]).sort("row")

    def finish(self, action: str, written: Written, rejected: pl.DataFrame) -> ImportResult:
        """Note the counts in the batch and in the audit log, and give them."""
        read = self.prepared.read
        result = ImportResult(
            batch_id=self.batch_id,
            read=read,
            accepted=written.accepted,
            unchanged=read - written.accepted - written.corrected - rejected.height,
            corrected=written.corrected,
            rejected=rejected.height,
            warnings=self.prepared.warnings.height,
        )
        _note(self.connection, self.batch, self.target.id, result, action, anonymous=self.anonymous)
        return result


def _note(
    connection: sqlite3.Connection,
    batch: Batch,
    kind: str,
    result: ImportResult,
    action: str,
    *,
    anonymous: bool = False,
) -> None:
    """Note the counts in the batch and in the audit log."""
    batches.finish(connection, result)
    counts = {name: each for name, each in asdict(result).items() if name != "batch_id"}
    digests = {"file": batch.file_digest, "mapping": batch.mapping_digest}
    audit.append(
        connection,
        batch.actor,
        action,
        f"import_batch {result.batch_id}",
        {"kind": kind, **counts, **digests},
        batches.stamp(batch.now, anonymous=anonymous),
    )


def _start(
    connection: sqlite3.Connection,
    prepared: Prepared,
    target: Target,
    batch: Batch,
    retry_of: int | None = None,
) -> _Work:
    anonymous_rows = _anonymous(prepared, target)
    batch_id = batches.start(
        connection, batch, target.id, anonymous=anonymous_rows, retry_of=retry_of
    )
    return _Work(connection, prepared, target, batch, batch_id, anonymous_rows)


def _anonymous(prepared: Prepared, target: Target) -> bool:
    """Say whether the rows are anonymous returns; StoreError where the instrument forbids it."""
    found = "row_key" not in prepared.accepted.columns
    storage = target.storage if isinstance(target, Instrument) else "identified"
    if storage != "either" and found != (storage == "anonymous"):
        what = f"Rows of {target.id} are kept {storage}, and these were not prepared so."
        mend = "Prepare the file for this target again."
        raise StoreError(Problem("storage-mismatch", what, mend))
    return found
