"""Frames into tables and tables into frames, many rows at a time."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl


CHUNK = 5_000  # rows that are Python objects at one time; more is slower
LARGE = 50_000  # from so many rows on, an index is made anew rather than extended row by row

_TYPES = {"INTEGER": pl.Int64(), "REAL": pl.Float64(), "TEXT": pl.String()}


def insert(
    connection: sqlite3.Connection, table: str, rows: pl.DataFrame, *, replace: bool = False
) -> None:
    """Add the rows of a frame to the columns of the same names; `replace` those with equal keys.

    A column that says the same in every row is written into the statement, so that SQLite is not
    handed a million copies of it: that halves the time of an import.
    """
    if rows.is_empty():
        return
    constant = _constants(rows)
    varying = [name for name in rows.columns if name not in constant] or rows.columns[:1]
    fixed = [name for name in constant if name not in varying]
    literals = {name: _literal(connection, constant[name]) for name in fixed}
    columns = ", ".join(f'"{name}"' for name in [*varying, *literals])
    values = ", ".join([*("?" for _ in varying), *literals.values()])
    verb = "INSERT OR REPLACE" if replace else "INSERT"
    query = f'{verb} INTO "{table}" ({columns}) VALUES ({values})'
    connection.executemany(query, _tuples(rows.select(varying)))


def insert_indexed(connection: sqlite3.Connection, table: str, rows: pl.DataFrame) -> None:
    """Add rows as `insert` does; remake the table's indexes where most of their entries are new."""
    before = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
    if rows.height < max(LARGE, before):
        insert(connection, table, rows)
        return
    query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND type = 'index' AND sql > ''"
    indexes = connection.execute(query, [table]).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    insert(connection, table, rows)
    for _, sql in indexes:
        connection.execute(sql)


def fetch(
    connection: sqlite3.Connection,
    query: str,
    schema: Mapping[str, pl.DataType],
    parameters: Sequence[object] = (),
) -> pl.DataFrame:
    """Give the rows of a query as a frame with these columns, in the order of the query."""
    cursor = connection.execute(query, parameters)
    parts = [pl.DataFrame(schema=schema)]
    while rows := cursor.fetchmany(CHUNK):
        columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
        parts.append(
            pl.DataFrame([pl.Series(name, values, dtype) for (name, dtype), values in columns])
        )
    return pl.concat(parts)


def fetch_for(
    connection: sqlite3.Connection,
    query: str,
    keys: pl.Series,
    schema: Mapping[str, pl.DataType],
) -> pl.DataFrame:
    """Give what a query finds for keys, which it reads from `json_each(?)`.

    They are asked for in order, as an index has them.
    """
    parts = [pl.DataFrame(schema=schema)]
    keys = keys.drop_nulls().unique().sort()
    for start in range(0, len(keys), CHUNK):
        text = json.dumps(keys.slice(start, CHUNK).to_list())
        parts.append(fetch(connection, query, schema, [text]))
    return pl.concat(parts)


def columns_of(connection: sqlite3.Connection, table: str) -> dict[str, pl.DataType]:
    """Give a table's columns and their types; nothing if there is no such table."""
    found = connection.execute("SELECT name, type FROM pragma_table_info(?)", [table])
    return {name: _TYPES[kind] for name, kind in found}


def column_list(names: Iterable[str], table: str) -> str:
    """Write the columns of a table for a query."""
    return ", ".join(f'{table}."{name}"' for name in names)


def _constants(rows: pl.DataFrame) -> dict[str, Any]:
    same = rows.select(pl.all().eq_missing(pl.all().first()).all()).row(0, named=True)
    first = rows.row(0, named=True)
    return {name: first[name] for name, always in same.items() if always and _plain(first[name])}


def _plain(value: object) -> bool:
    """Say whether SQLite can quote a value: text ends at a NUL there."""
    return not isinstance(value, str) or "\0" not in value


def _literal(connection: sqlite3.Connection, value: object) -> str:
    literal: str = connection.execute("SELECT quote(?)", [value]).fetchone()[0]
    return literal


def _tuples(rows: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    for part in rows.iter_slices(CHUNK):
        yield from zip(*(column.to_list() for column in part.iter_columns()), strict=True)
