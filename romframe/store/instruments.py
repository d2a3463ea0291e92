"""The tables of one instrument version, and the promise that a version means one set of answers."""

import json
import re
import sqlite3
from collections.abc import Iterable
from typing import Any

import polars as pl

from romframe.errors import Problem, StoreError
from romframe.instruments.model import Instrument, Item


def responses_table(instrument: Instrument) -> str:
    """Name the table that holds the answers of this instrument version."""
    return table_of(instrument.id, slug(instrument.version))


def table_of(instrument_id: str, version_slug: str) -> str:
    """Name the table that holds the answers of a version, which is given as part of a name."""
    return f"responses_{instrument_id}__{version_slug}"


def anonymous_table(instrument: Instrument) -> str:
    """Name the table that holds the anonymous returns of this instrument version."""
    return f"anonymous_{instrument.id}__{slug(instrument.version)}"


def slug(version: str) -> str:
    """Write a version so that it can be part of a table's name."""
    return re.sub(r"[^a-z0-9]+", "_", version.lower()).strip("_")


def answer_columns(instrument: Instrument) -> dict[str, pl.DataType]:
    """Give the columns of one return's answers and their types: identity, items, states."""
    identity = [instrument.repeats.by] if instrument.repeats else []
    return (
        {name: pl.String() for name in identity}
        | {item.id: _dtype(item) for item in instrument.items}
        | {"states": pl.String()}
    )


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Say whether the store has a table of this name."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, [name]).fetchone() is not None


def ensure(connection: sqlite3.Connection, instrument: Instrument, *, anonymous: bool) -> str:
    """Give the name of the table for the instrument's answers, made if it is not there yet.

    Raises StoreError where this version was stored with other items or scales, or where another
    version would share the table.
    """
    _register(connection, instrument)
    name = anonymous_table(instrument) if anonymous else responses_table(instrument)
    if not has_table(connection, name):
        answers = ", ".join(
            f'"{column}" {_sql_type(dtype)}' for column, dtype in answer_columns(instrument).items()
        )
        connection.execute(
            f'CREATE TABLE "{name}" (return_id TEXT PRIMARY KEY, month TEXT NOT NULL, team TEXT,'
            f" {answers}) WITHOUT ROWID"
            if anonymous
            else f'CREATE TABLE "{name}" (assessment_id INTEGER PRIMARY KEY'
            f" REFERENCES assessment (assessment_id), {answers})"
        )
    return name


def _register(connection: sqlite3.Connection, instrument: Instrument) -> None:
    """Keep what the version's answers are, or compare with what was kept."""
    new = shape(instrument)
    kept = connection.execute(
        "SELECT version, shape FROM instrument WHERE instrument = ? AND slug = ?",
        [instrument.id, slug(instrument.version)],
    ).fetchone()
    if kept is None:
        connection.execute(
            "INSERT INTO instrument VALUES (?, ?, ?, ?, ?)",
            [
                instrument.id,
                instrument.version,
                slug(instrument.version),
                instrument.digest,
                json.dumps(new, sort_keys=True),
            ],
        )
        return
    version, old = kept[0], json.loads(kept[1])
    if version != instrument.version:
        what = f"Versions {version!r} and {instrument.version!r} of {instrument.id} look alike."
        mend = "Give the new version a name that differs in letters or digits."
        raise StoreError(Problem("version-clash", what, mend))
    if old != new:
        named = ", ".join(_differences(old, new))
        what = (
            f"The spec of {instrument.id} {version} is not the one that answers were stored under:"
            f" {named}."
        )
        mend = "Give the changed spec a new `version`; stored answers keep the one they have."
        raise StoreError(Problem("spec-changed", what, mend))


def shape(instrument: Instrument) -> dict[str, Any]:
    """Give what stored answers rest on, as plain data: items, their scales, what repeats.

    Labels, scores and rules may change under one version; this may not.
    """
    items: dict[str, Any] = {f"item {item.id}": _item_shape(item) for item in instrument.items}
    return {**items, "repeats": instrument.repeats.by if instrument.repeats else None}


def _item_shape(item: Item) -> dict[str, Any]:
    scale = item.scale
    return {
        "kind": scale.kind,
        "options": {str(option.code): option.value for option in scale.options},
        "range": [scale.low, scale.high, scale.step],
        "missing": {str(code): str(state) for code, state in scale.missing},
        "reversed": item.reversed,
    }


def _differences(old: dict[str, Any], new: dict[str, Any]) -> Iterable[str]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"{name} is gone"
        elif name not in old:
            yield f"{name} is new"
        elif old[name] != new[name]:
            yield f"{name} differs"


def _dtype(item: Item) -> pl.DataType:
    scale = item.scale
    if scale.scored:
        small = max(abs(scale.low or 0), abs(scale.high or 0)) < 1 << 15
        whole = pl.Int16() if small else pl.Int64()
        return pl.Float64() if scale.units > 1 else whole
    return pl.String() if scale.lettered or scale.kind == "text" else pl.Int64()


def _sql_type(dtype: pl.DataType) -> str:
    if dtype == pl.String:
        return "TEXT"
    return "REAL" if dtype.is_float() else "INTEGER"
