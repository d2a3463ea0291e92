"""The workspace's store: one SQLite file, and everything that is done with it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
from attrs import frozen

from romframe.errors import Problem
from romframe.importing.kinds import RecordKind
from romframe.importing.prepared import Prepared
from romframe.instruments.model import Instrument
from romframe.store import anonymous, audit, batches, imports, instruments, read, scores
from romframe.store import connection as files
from romframe.store.batches import Batch, ImportResult
from romframe.store.imports import Part


@frozen
class Store:
    """An open store. Close it, or use it in a `with` block.

    Every method raises StoreError where the file is locked, damaged, full or may not be written.
    """

    path: Path
    connection: sqlite3.Connection

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new, empty store that only its owner can read; StoreError if it cannot be made."""
        return cls(path, files.create(path))

    @classmethod
    def open(cls, path: Path, *, wait: float = 5) -> Self:
        """Open a store and bring an older one up to date.

        Where somebody else is writing, wait so many seconds. Raises StoreError if there is none, if
        it is no store of ours or a newer one, or if others may read it and that cannot be mended.
        """
        return cls(path, files.connect(path, wait))

    def close(self) -> None:
        """Close the file; the store cannot be used any more."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ensure_instrument(self, instrument: Instrument) -> None:
        """Make the table for an instrument version's answers if there is none yet.

        Raises StoreError where answers were stored under this version with other items or scales.
        """
        anonymous_only = instrument.storage == "anonymous"
        with self._writing():
            instruments.ensure(self.connection, instrument, anonymous=anonymous_only)

    def import_rows(
        self,
        prepared: Prepared,
        rows: pl.DataFrame | pl.LazyFrame,
        *,
        target: Instrument | RecordKind,
        batch: Batch,
    ) -> ImportResult:
        """Store what was prepared from a file, all of it in one transaction, or nothing.

        `rows` is the file's table as it was read, from which refused rows are kept. Importing the
        same again changes nothing. Raises StoreError where the spec was changed under its version.
        """
        with self._writing():
            return imports.run(self.connection, Part(prepared, rows, target, batch))

    def import_parts(
        self, parts: Iterable[Part], unread: pl.DataFrame, *, importer: str, batch: Batch
    ) -> list[ImportResult]:
        """Store the parts of one outside file in one transaction: all of them, or nothing.

        `unread` are the rows of which the `importer` could make nothing. Gives a result a part, and
        that of `unread` last. Raises as `import_rows` does.
        """
        with self._writing():
            stored = [imports.run(self.connection, part) for part in parts]
            return [*stored, imports.keep_unread(self.connection, unread, importer, batch)]

    def rehearse(self, parts: Iterable[Part]) -> list[tuple[ImportResult, pl.DataFrame]]:
        """Say what storing the parts of a file would do, in the same order; nothing is stored.

        Gives the counts of each part, and the rows that it would set aside.
        """
        found = []
        with self._using(), files.rehearsal(self.connection):
            for part in parts:
                result = imports.run(self.connection, part)
                found.append((result, read.rejected(self.connection, result.batch_id)))
        return found

    def retry_rejected(
        self,
        batch_id: int,
        prepare: Callable[[pl.DataFrame], Prepared],
        *,
        target: Instrument | RecordKind,
        batch: Batch,
    ) -> ImportResult:
        """Prepare the open rejected rows of an import again and store those that now fit.

        Those that still do not fit stay where they are, with their present reason. The name and
        digest of the file are those of the first import, whatever `batch` says. Raises UsageError
        if there is nothing to try again or the target is of another kind, and as `prepare` does.
        """
        with self._writing():
            return imports.retry(self.connection, batch_id, prepare, target, batch)

    def rejected(self, batch_id: int | None = None) -> pl.DataFrame:
        """Give the rejected rows of one import or of all; `resolved_by` is null for open ones."""
        with self._using():
            return read.rejected(self.connection, batch_id)

    def table(self, name: str, among: pl.Series | None = None) -> pl.DataFrame:
        """Give a table as it is stored; StoreError if there is none of that name.

        `among` is named as a column, and bounds the rows to those with one of its values there.
        """
        with self._using():
            return read.table(self.connection, name, among)

    def responses(self, instrument: Instrument, among: pl.Series | None = None) -> pl.LazyFrame:
        """Give the current completed assessments of an instrument version, a row each, by number.

        They come with what is known of their referral, and with their answers in scored coding;
        `among` bounds them to these ids.
        """
        with self._using():
            return read.responses(self.connection, instrument, among).lazy()

    def second_ratings(self, instrument: Instrument) -> pl.LazyFrame:
        """Give the second ratings of an instrument version with answers; see `second_totals`."""
        with self._using():
            return read.responses(self.connection, instrument, second=True).lazy()

    def second_totals(self, instrument: Instrument) -> pl.DataFrame:
        """Give the scores of second ratings without answers; nothing else gives second ratings."""
        with self._using():
            return read.reported(self.connection, instrument, second=True)

    def reported(self, instrument: Instrument, among: pl.Series | None = None) -> pl.DataFrame:
        """Give the current scores of a version that came without answers; see `responses`."""
        with self._using():
            return read.reported(self.connection, instrument, among)

    def held_versions(self) -> set[tuple[str, str]]:
        """Give the instruments and versions of which there is any assessment."""
        with self._using():
            return read.held_versions(self.connection)

    def identities(self, instrument_id: str, by: str) -> pl.DataFrame:
        """Give the goal, as the column `by` says, of every assessment of any version."""
        with self._using():
            return read.identities(self.connection, instrument_id, by)

    def returns(self, instrument: Instrument) -> pl.LazyFrame:
        """Give the anonymous returns of an instrument version, a row each, in no order."""
        with self._using():
            return read.returns(self.connection, instrument).lazy()

    def assessments(
        self,
        instrument_id: str | None = None,
        completed: tuple[date, date] | None = None,
        recorded_since: date | None = None,
        *,
        second: bool = False,
    ) -> pl.DataFrame:
        """Give the current assessments of every outcome, of one instrument or of all.

        `completed` bounds the day that is written, both ends included, and `recorded_since` the day
        on which the store got them; one whose day cannot be read is given all the same. `second`
        asks for the second ratings instead.
        """
        with self._using():
            return read.assessments(
                self.connection, instrument_id, completed, recorded_since, second=second
            )

    def save_scores(self, instrument: Instrument, tidy: pl.DataFrame, now: datetime) -> None:
        """Keep scores with the digest of the spec that made them; earlier ones are replaced."""
        with self._writing():
            scores.save(self.connection, instrument, tidy, now)

    def save_contact_offers(self, texts: Iterable[str], now: datetime) -> None:
        """Keep what people wrote so that they can be contacted, apart from anonymous returns."""
        with self._writing():
            anonymous.save_contact_offers(self.connection, texts, now)

    def record(
        self, actor: str, action: str, subject: str, detail: Mapping[str, object], now: datetime
    ) -> None:
        """Add an entry to the audit log; `detail` must hold no answers."""
        with self._writing():
            audit.append(self.connection, actor, action, subject, detail, batches.stamp(now))

    def verify(self) -> list[Problem]:
        """Give what is wrong with the file or, where it is whole, with the audit log."""
        with self._using():
            return files.damage(self.connection, self.path) or self.verify_audit()

    def verify_audit(self) -> list[Problem]:
        """Give what is wrong with the audit log: entries changed, missing, moved or cut off."""
        with self._using():
            return audit.verify(self.connection)

    @contextmanager
    def _using(self) -> Iterator[None]:
        with files.told_of(self.path):
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with files.told_of(self.path), files.transaction(self.connection):
            yield
