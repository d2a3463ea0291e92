"""Service users, referrals, contacts, goals and so on: written once, corrected with history."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

import polars as pl
from attrs import evolve

from romframe.importing.kinds import RecordKind
from romframe.store import goals
from romframe.store.batches import REFUSED, Batch, Written, refusals, without
from romframe.store.frames import columns_of, fetch_for, insert
from romframe.store.parents import with_parent


_PARENT = {
    "referral": "service_user",
    "care_contact": "referral",
    "care_activity": "care_contact",
    "care_activity_staff": "care_activity",
    "referral_team": "referral",
    "event": "referral",
    "planned_event": "referral",
    "deferral": "referral",
    "goal": "referral",
}
_MEND = (
    "Correct the row, or say `corrections: accept` in the mapping file if the new content is right."
)


def write(
    connection: sqlite3.Connection,
    kind: RecordKind,
    accepted: pl.DataFrame,
    batch: Batch,
    batch_id: int,
) -> Written:
    """Store records; the stored version of one that changes goes to `record_history`.

    A blank says nothing, and filling a blank in is not a correction; but where corrections are
    accepted, or the kind is one that changes, the file is right as it is, blanks included.
    """
    refused = []
    rows = accepted
    if kind.id in _PARENT:
        rows, unknown = with_parent(connection, accepted, batch, _PARENT[kind.id])
        refused.append(unknown)
    if kind.id == "goal":
        refused.append(goals.unfit(connection, rows))
        rows = without(rows, refused[-1])
    strict = batch.corrections == "refuse" and not kind.changing
    written = [
        _write(connection, each, part, batch_id, strict=strict) for each, part in _keyed(kind, rows)
    ]
    return Written(
        sum(each.accepted for each in written),
        sum(each.corrected for each in written),
        pl.concat([pl.DataFrame(schema=REFUSED), *refused, *(each.refused for each in written)]),
    )


def _keyed(kind: RecordKind, rows: pl.DataFrame) -> Iterator[tuple[RecordKind, pl.DataFrame]]:
    """Give the rows apart by the key that identifies them: the kind's own, or that of its source.

    The kind that comes with them is keyed so.
    """
    if not kind.source_key:
        yield kind, rows
        return
    sent = pl.col(kind.source_key[0]).is_not_null()
    yield kind, rows.filter(~sent)
    yield evolve(kind, key=kind.source_key), rows.filter(sent)


def _write(
    connection: sqlite3.Connection,
    kind: RecordKind,
    rows: pl.DataFrame,
    batch_id: int,
    *,
    strict: bool,
) -> Written:
    names = [column.target for column in kind.columns]
    other = [name for name in names if name not in kind.key]
    both = rows.join(_stored(connection, kind, rows), on=kind.key, how="left", suffix=":stored")
    new = both.filter(pl.col("stored").is_null())
    known = both.filter(pl.col("stored"))
    refused = pl.DataFrame(schema=REFUSED)
    if strict:
        contradicts = pl.any_horizontal(pl.lit(False), *_contradictions(kind, other))
        refused = _refusals(known.filter(contradicts), kind)
        known = known.filter(~contradicts)
        known = known.with_columns(pl.coalesce(name, f"{name}:stored") for name in other)
    new, known = _with_state(new, kind), _with_state(known, kind)
    differs = [pl.col(name).ne_missing(pl.col(f"{name}:stored")) for name in other]
    changed = known.filter(pl.any_horizontal(pl.lit(False), *differs))
    if not changed.is_empty():
        _keep_old(connection, kind, changed, batch_id)
        _replace(connection, kind, changed.select(*other, *kind.key))
    insert(connection, kind.id, new.select(names).sort(kind.key))
    return Written(new.height, changed.height, refused)


def _stored(connection: sqlite3.Connection, kind: RecordKind, rows: pl.DataFrame) -> pl.DataFrame:
    """Give the stored records that share the first part of their key with a row."""
    columns = columns_of(connection, kind.id)
    query = (
        f'SELECT * FROM "{kind.id}" WHERE "{kind.key[0]}" IN'  # noqa: S608  (names, not input)
        " (SELECT value FROM json_each(?))"
    )
    stored = fetch_for(connection, query, rows[kind.key[0]], columns)
    if kind.source_key and kind.key != kind.source_key:
        stored = stored.filter(pl.col(kind.source_key[0]).is_null())
    return stored.with_columns(stored=pl.lit(True))


def _contradictions(kind: RecordKind, names: Iterable[str]) -> Iterator[pl.Expr]:
    """Give, for each column, whether it says something else than what is stored for good."""
    for name in names:
        differs = (pl.col(name) != pl.col(f"{name}:stored")).fill_null(False)
        if kind.life and name in (kind.life.column, *kind.life.details):
            differs = differs & (pl.col(f"{kind.life.column}:stored") != kind.life.first)
        yield differs


def _with_state(rows: pl.DataFrame, kind: RecordKind) -> pl.DataFrame:
    if kind.life is None:
        return rows
    return rows.with_columns(pl.col(kind.life.column).fill_null(kind.life.first))


def _refusals(rows: pl.DataFrame, kind: RecordKind) -> pl.DataFrame:
    noun = kind.id.replace("_", " ")
    what = pl.format("The store has other content for the {} '{}'.", pl.lit(noun), kind.key[0])
    return refusals(rows, "correction-refused", "", what, _MEND)


def _keep_old(
    connection: sqlite3.Connection, kind: RecordKind, changed: pl.DataFrame, batch_id: int
) -> None:
    names = [column.target for column in kind.columns]
    old = changed.select(
        *kind.key,
        *(pl.col(f"{name}:stored").alias(name) for name in names if name not in kind.key),
    )
    connection.executemany(
        "INSERT INTO record_history (kind, record, content, replaced_by) VALUES (?, ?, ?, ?)",
        (
            (kind.id, record[kind.key[0]], json.dumps(record, ensure_ascii=False), batch_id)
            for record in old.iter_rows(named=True)
        ),
    )


def _replace(connection: sqlite3.Connection, kind: RecordKind, changed: pl.DataFrame) -> None:
    other = ", ".join(f'"{name}" = ?' for name in changed.columns if name not in kind.key)
    keys = " AND ".join(f'"{name}" = ?' for name in kind.key)
    query = f'UPDATE "{kind.id}" SET {other} WHERE {keys}'  # noqa: S608  (names, not input)
    connection.executemany(query, changed.iter_rows())
