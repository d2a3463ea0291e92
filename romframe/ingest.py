"""From a file to the workspace's store: read, map, check, write in one transaction."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import polars as pl
from attrs import evolve, frozen

from romframe.errors import Problem, UsageError, did_you_mean
from romframe.importing.kinds import RECORD_KINDS, SCORE, RecordKind
from romframe.importing.mapping import Mapping, load_mapping
from romframe.importing.prepare import prepare
from romframe.importing.prepared import Prepared
from romframe.importing.shape import widened
from romframe.instruments.model import Coding, Instrument
from romframe.store import Batch, ImportResult, Part
from romframe.tables import collect, read_table
from romframe.workspace import Workspace


_EXAMPLES = 3  # rows that a dry run shows
_QUOTED = r"^'('*[=+\-@])"  # an apostrophe before what a spreadsheet would take for a formula
_ROUNDED = 0.05 + 1e-9  # what rounding to one decimal may put a score off by


@frozen
class Imported:
    """What became of a file: the counts, and remarks on rows that were stored all the same."""

    result: ImportResult
    warnings: pl.DataFrame


@frozen
class Rehearsed:
    """What would become of a file or a part of one: the counts, remarks, and rows set aside.

    `examples` are the first rows that could be stored, as they would be kept; none of a kind of
    which nothing may be shown.
    """

    kind: str
    result: ImportResult
    warnings: pl.DataFrame
    rejected: pl.DataFrame
    examples: pl.DataFrame


@frozen
class Source:
    """A file's rows are to become what `target` is, read as `mapping` and `coding` say."""

    target: Instrument | RecordKind
    mapping: Mapping
    mapping_digest: str
    coding: Coding | None
    timezone: str

    def read(self, file: Path) -> pl.DataFrame:
        """Read the table of a file, with a row an assessment or record; raises DataError."""
        mapping = self.mapping
        rows = collect(read_table(file, mapping.delimiter, mapping.sheet), str(file))
        if mapping.apostrophes:
            rows = rows.with_columns(pl.col(pl.String).str.replace(_QUOTED, "${1}"))
        if mapping.shape == "long" and isinstance(self.target, Instrument):
            return widened(rows, self.target, mapping, str(file))
        return rows

    def prepare(self, rows: pl.DataFrame, workspace: Workspace, file: str) -> Prepared:
        """Sort rows into those that can be stored and those that cannot, with reasons."""
        today, coding = workspace.today, self.coding
        ready = prepare(rows, self.target, self.mapping, today=today, coding=coding, file=file)
        if isinstance(self.target, Instrument):
            return _without_known_scores(workspace, self.target, ready)
        return ready

    def batch(self, file: str, file_digest: str, actor: str, now: datetime) -> Batch:
        """Say who brings which file, when, and by which rules."""
        return Batch(
            file_name=file,
            file_digest=file_digest,
            mapping_digest=self.mapping_digest,
            actor=actor,
            now=now,
            coding=self.mapping.coding or self.coding,
            corrections=self.mapping.corrections,
            unknown_referrals=self.mapping.unknown_referrals,
            timezone=self.timezone,
        )


def source(
    workspace: Workspace,
    *,
    target: str | None = None,
    mapping: Path | None = None,
    coding: Coding | None = None,
) -> Source:
    """Say what a file holds and how to read it.

    `target` is an instrument's id or a kind of record (service_user, referral, care_contact,
    event, goal); a mapping file may say it instead. Raises UsageError where neither does, they
    differ or it does not exist, and DataError for a mapping file that is not valid.
    """
    known = load_mapping(mapping) if mapping else Mapping()
    name = known.instrument or known.kind or target
    if not name:
        what = "It is not said what the file holds."
        mend = f"Give --as with an instrument or one of {', '.join(RECORD_KINDS)}, or a --map file."
        raise UsageError(Problem("no-target", what, mend))
    if target and target != name:
        what = f"The mapping file is for {name!r}, not for {target!r}."
        raise UsageError(Problem("target-clash", what, "Leave --as out, or use another mapping."))
    digest = digest_of(mapping) if mapping else ""
    timezone = workspace.config.timezone
    return Source(find_target(workspace, name), known, digest, coding, timezone)


def _without_known_scores(
    workspace: Workspace, instrument: Instrument, prepared: Prepared
) -> Prepared:
    """Leave out rows whose reported scores are those that the answers in the store give.

    A score may have been rounded to one decimal since it was computed.
    """
    names = [name for name in prepared.accepted.columns if name.startswith(SCORE)]
    if not names:
        return prepared
    stored = workspace.store.assessments(instrument.id).select("row_key", "assessment_id")
    sent = (
        prepared.accepted.join(stored, on="row_key")
        .unpivot(names, index=["row", "assessment_id"], variable_name="score", value_name="sent")
        .drop_nulls("sent")
        .with_columns(pl.col("score").str.strip_prefix(SCORE))
    )
    if sent.is_empty():
        return prepared
    computed = _scores(workspace, instrument, sent["score"].unique().sort())
    near = (pl.col("value") - pl.col("sent")).abs() <= _ROUNDED
    known = (
        sent.join(computed, on=["assessment_id", "score"], how="left")
        .group_by("row")
        .agg(near.fill_null(False).all().alias("same"))
        .filter("same")
    )
    rest = prepared.accepted.join(known, on="row", how="anti", maintain_order="left")
    return evolve(prepared, accepted=rest, unchanged=prepared.unchanged + known.height)


def _scores(workspace: Workspace, instrument: Instrument, only: Iterable[str]) -> pl.DataFrame:
    """Give the scores that answers in the store give, of one version of an instrument."""
    versions = (n for n in workspace.instrument_ids if n.partition("-")[0] == instrument.id)
    name = next(each for each in versions if workspace.instrument(each) == instrument)
    scores = workspace.scores(name, list(only)).filter(pl.col("status") != "reported")
    return scores.select("assessment_id", "score", "value")


def find_target(workspace: Workspace, name: str) -> Instrument | RecordKind:
    """Give the instrument or kind of record of this name; UsageError if there is none."""
    if name in RECORD_KINDS:
        return _of_instruments(RECORD_KINDS[name], workspace)
    if name not in workspace.instrument_ids:
        what = f"There is no instrument or kind of record {name!r}."
        near = did_you_mean(name, [*workspace.instrument_ids, *RECORD_KINDS])
        raise UsageError(Problem("unknown-target", what, near))
    return workspace.instrument(name)


def _of_instruments(kind: RecordKind, workspace: Workspace) -> RecordKind:
    """Give a kind of record in which an `instrument` must be one of the workspace's."""
    columns = (
        evolve(each, allowed=workspace.instrument_ids) if each.name == "instrument" else each
        for each in kind.columns
    )
    return evolve(kind, columns=tuple(columns))


def preview(workspace: Workspace, file: Path, origin: Source) -> Rehearsed:
    """Say what an import of a file would do, and store nothing; raises as an import does."""
    rows = origin.read(file)
    prepared = origin.prepare(rows, workspace, str(file))
    now = datetime.combine(workspace.today, time(), UTC)
    batch = origin.batch(file.name, digest_of(file), "", now)
    (rehearsed,) = rehearse(workspace, [Part(prepared, rows, origin.target, batch)])
    return rehearsed


def rehearse(workspace: Workspace, parts: Sequence[Part]) -> list[Rehearsed]:
    """Say what storing the parts of a file would do, in the same order; nothing is stored."""
    done = workspace.store.rehearse(parts)
    return [
        Rehearsed(
            part.target.id,
            result,
            part.prepared.warnings,
            rejected,
            _examples(part.prepared, rejected),
        )
        for part, (result, rejected) in zip(parts, done, strict=True)
    ]


def _examples(prepared: Prepared, rejected: pl.DataFrame) -> pl.DataFrame:
    accepted = prepared.accepted
    kept = accepted.drop("row_key", "content_digest", "words", strict=False)
    if "row_key" not in accepted.columns:
        return kept.clear()
    return kept.join(rejected, on="row", how="anti", maintain_order="left").head(_EXAMPLES)


def import_file(  # noqa: PLR0913  (what, how, who and when)
    workspace: Workspace,
    file: Path,
    *,
    target: str | None = None,
    mapping: Path | None = None,
    coding: Coding | None = None,
    actor: str,
    now: datetime,
) -> Imported:
    """Import a file into the workspace's store, all of it or nothing.

    Rows that cannot be stored are kept in the store with their reason and can be tried again.
    `actor` is noted in the audit log. Raises as `source` does, DataError where the file does not
    fit and StoreError where it cannot be stored.
    """
    origin = source(workspace, target=target, mapping=mapping, coding=coding)
    rows = origin.read(file)
    prepared = origin.prepare(rows, workspace, str(file))
    batch = origin.batch(file.name, digest_of(file), actor, now)
    result = workspace.store.import_rows(prepared, rows, target=origin.target, batch=batch)
    return Imported(result, prepared.warnings)


def retry_import(
    workspace: Workspace,
    batch_id: int,
    *,
    mapping: Path | None = None,
    coding: Coding | None = None,
    actor: str,
    now: datetime,
) -> Imported:
    """Try the rejected rows of an earlier import again, as after their referrals were imported.

    Give the mapping file and coding that the import was given, or better ones; without a mapping
    file the coding is that of the import, and rows of identified people stay so. Raises UsageError
    where there is no such import or nothing to try again.
    """
    batches = workspace.table("import_batch").filter(pl.col("import_batch_id") == batch_id)
    if batches.is_empty():
        what = f"There is no import number {batch_id}."
        raise UsageError(Problem("unknown-batch", what, "An import's last line says its number."))
    kind, told, file_name = batches.select("kind", "coding", "file_name").row(0)
    if kind in workspace.catalogue.host.registry("importers"):
        what = f"Import {batch_id} holds what the importer {kind!r} could make nothing of."
        mend = f"Import the file itself again with --from {kind}."
        raise UsageError(Problem("retry-unread", what, mend))
    target = _same_target(workspace, kind, mapping)
    coding = coding or (None if mapping else told)
    origin = source(workspace, target=target, mapping=mapping, coding=coding)
    warnings: list[pl.DataFrame] = []

    # What was set aside of an anonymous return holds no contact details: they came in at first.
    known = evolve(origin.mapping, contact_offers=None)
    if mapping is None and file_name is not None:  # only anonymous returns lose their file's name
        known = evolve(known, anonymous=False)
    without = evolve(origin, mapping=known)

    def again(rows: pl.DataFrame) -> Prepared:
        prepared = without.prepare(rows, workspace, f"import {batch_id}")
        warnings.append(prepared.warnings)
        return prepared

    batch = origin.batch("", "", actor, now)
    result = workspace.store.retry_rejected(batch_id, again, target=origin.target, batch=batch)
    return Imported(result, warnings[0])


def _same_target(workspace: Workspace, kind: str, mapping: Path | None) -> str | None:
    """Give what an import held; None where the mapping file says which version of it.

    Raises UsageError where it could be several, for they may number their items otherwise.
    """
    named = load_mapping(mapping).instrument if mapping else ""
    if named.partition("-")[0] == kind:
        return None
    versions = [name for name in workspace.instrument_ids if name.partition("-")[0] == kind]
    if len(versions) > 1:
        what = f"The rows may be of any of {', '.join(versions)}."
        mend = "Give --map with a mapping file that says `instrument:` with one of them."
        raise UsageError(Problem("version-unsaid", what, mend))
    return kind


def digest_of(file: Path) -> str:
    """Give the SHA-256 of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
