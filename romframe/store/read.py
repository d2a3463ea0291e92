"""Reading the store back as frames."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from romframe.errors import Problem, StoreError, UsageError, did_you_mean
from romframe.instruments.model import Instrument
from romframe.store import instruments
from romframe.store.frames import column_list, columns_of, fetch, fetch_for


_REFERRAL = ("service_user_id", "pathway", "received_on", "closed_on")
_SAID_TWICE = ("team", "setting")  # an assessment's own, or else its referral's
_DAY = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*"
_FIRST, _SECOND = "purpose IS NULL", "purpose = 'double_rating'"
_NOT_CONTENT = (
    *("instrument", "version", "outcome", "outcome_reason", "row_key", "superseded_by"),
    "purpose",
)


def table(
    connection: sqlite3.Connection, name: str, among: pl.Series | None = None
) -> pl.DataFrame:
    """Give a table as it is stored: all, or the rows `among` these values of the column it names.

    Second ratings are left out, with their answers and totals. StoreError if there is no table of
    that name.
    """
    known = _tables(connection)
    if name not in known:
        what = f"The store has no table {name!r}."
        raise StoreError(Problem("unknown-table", what, did_you_mean(name, known)))
    columns = columns_of(connection, name)
    query = f'SELECT {column_list(columns, "t")} FROM "{name}" t WHERE true'  # noqa: S608
    if "assessment_id" in columns:
        second = f"SELECT assessment_id FROM assessment WHERE {_SECOND}"  # noqa: S608
        query += f" AND t.assessment_id NOT IN ({second})"
    if among is None:
        return fetch(connection, query, columns)
    bound = f'{query} AND t."{among.name}" IN (SELECT value FROM json_each(?))'  # noqa: S608
    return fetch_for(connection, bound, among, columns)


def responses(
    connection: sqlite3.Connection,
    instrument: Instrument,
    among: pl.Series | None = None,
    *,
    second: bool = False,
) -> pl.DataFrame:
    """Give the answers of the current completed assessments of a version, of all or those `among`.

    Where `second` ratings are asked for, they are those and no others.

    With them come what is known of each assessment, and of its referral: whose it is, pathway, when
    it began and ended, and team and setting where the assessment itself does not say them.
    """
    name = instruments.responses_table(instrument)
    kept = _kept(connection)
    answers = instruments.answer_columns(instrument)
    found = pl.DataFrame(schema=kept | answers)
    if instruments.has_table(connection, name):
        query = (
            f"SELECT {column_list(kept, 'a')}, {column_list(answers, 'r')}"  # noqa: S608
            f' FROM "{name}" r JOIN assessment a USING (assessment_id)'
            " WHERE a.superseded_by IS NULL AND a.outcome = 'completed'"
            f" AND a.{_SECOND if second else _FIRST}"
        )
        found = _in_order(connection, query, kept | answers, among)
    return _with_referral(connection, instrument, found, answers)


def reported(
    connection: sqlite3.Connection,
    instrument: Instrument,
    among: pl.Series | None = None,
    *,
    second: bool = False,
) -> pl.DataFrame:
    """Give the current scores of a version that came without answers, of all or those `among`.

    They are a row each; with them comes what comes with answers. Those of `second` ratings are
    given where they are asked for, and no others.
    """
    kept = _kept(connection)
    of = {"instrument": pl.String(), "version": pl.String()}
    scores = {"score": pl.String(), "value": pl.Float64()}
    query = (
        f"SELECT {column_list(kept | of, 'a')}, {column_list(scores, 'r')}"  # noqa: S608
        " FROM reported_score r JOIN assessment a USING (assessment_id)"
        f" WHERE a.superseded_by IS NULL AND a.{_SECOND if second else _FIRST}"
    )
    found = _in_order(connection, query, kept | of | scores, among)
    ours = found.filter(instrument=instrument.id, version=instrument.version).drop(*of)
    return _with_referral(connection, instrument, ours, scores)


def _in_order(
    connection: sqlite3.Connection,
    query: str,
    schema: Mapping[str, pl.DataType],
    among: pl.Series | None,
) -> pl.DataFrame:
    """Give what a query finds in `r` and `a` by number of assessment, of all or those `among`."""
    if among is None:
        return fetch(connection, f"{query} ORDER BY r.assessment_id", schema)
    query += " AND r.assessment_id IN (SELECT value FROM json_each(?)) ORDER BY r.assessment_id"
    return fetch_for(connection, query, among, schema)


def _kept(connection: sqlite3.Connection) -> dict[str, pl.DataType]:
    columns = columns_of(connection, "assessment")
    return {key: dtype for key, dtype in columns.items() if key not in _NOT_CONTENT}


def _with_referral(
    connection: sqlite3.Connection,
    instrument: Instrument,
    found: pl.DataFrame,
    content: Mapping[str, pl.DataType],
) -> pl.DataFrame:
    """Add to completed assessments, with their `content`, what is known of their referral."""
    named = table(connection, "referral", found["referral_id"])
    referrals = named.select("referral_id", *_REFERRAL, *_SAID_TWICE)
    joined = found.join(
        referrals, on="referral_id", how="left", suffix=":referral", maintain_order="left"
    )
    return joined.with_columns(
        *(pl.coalesce(each, f"{each}:referral") for each in _SAID_TWICE),
        instrument=pl.lit(instrument.id),
        version=pl.lit(instrument.version),
        outcome=pl.lit("completed"),
    ).select(
        *("assessment_id", "instrument", "version"),
        pl.exclude("assessment_id", "instrument", "version", "^.*:referral$", *content),
        *content,
    )


def returns(connection: sqlite3.Connection, instrument: Instrument) -> pl.DataFrame:
    """Give the anonymous returns of an instrument version: month, team, answers and states."""
    columns = {"month": pl.String(), "team": pl.String(), **instruments.answer_columns(instrument)}
    name = instruments.anonymous_table(instrument)
    if not instruments.has_table(connection, name):
        return pl.DataFrame(schema=columns)
    return fetch(connection, f'SELECT {column_list(columns, "a")} FROM "{name}" a', columns)  # noqa: S608


def assessments(
    connection: sqlite3.Connection,
    instrument_id: str | None = None,
    completed: tuple[date, date] | None = None,
    recorded_since: date | None = None,
    *,
    second: bool = False,
) -> pl.DataFrame:
    """Give the current assessments of every outcome, of one instrument or of all.

    `completed` bounds the day as it is written; one whose day cannot be read is never left out.
    Where `second` ratings are asked for, they are those and no others.
    """
    first, last = completed or (date.min, date.max)
    columns = columns_of(connection, "assessment")
    query = (
        f"SELECT {column_list(columns, 'a')} FROM assessment a"  # noqa: S608
        f" WHERE a.superseded_by IS NULL AND a.{_SECOND if second else _FIRST}"
        " AND a.instrument = coalesce(?, a.instrument)"
        " AND (substr(a.completed_at, 1, 10) BETWEEN ? AND ? OR a.completed_at NOT GLOB ?)"
        " AND coalesce(a.recorded_at, '') >= ? ORDER BY a.assessment_id"
    )
    since = recorded_since.isoformat() if recorded_since else ""
    days = [first.isoformat(), last.isoformat(), _DAY]
    return fetch(connection, query, columns, [instrument_id, *days, since])


def held_versions(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Give the instruments and versions of which there is any assessment."""
    return set(connection.execute("SELECT DISTINCT instrument, version FROM assessment"))


def identities(connection: sqlite3.Connection, instrument_id: str, by: str) -> pl.DataFrame:
    """Give what the column `by` says of every assessment of an instrument, whatever its version."""
    schema = {"assessment_id": pl.Int64(), by: pl.String()}
    query = "SELECT slug FROM instrument WHERE instrument = ?"
    slugs = [slug for (slug,) in connection.execute(query, [instrument_id])]
    tables = [instruments.table_of(instrument_id, slug) for slug in slugs]
    parts = [
        fetch(connection, f'SELECT {column_list(schema, "r")} FROM "{name}" r', schema)  # noqa: S608
        for name in tables
        if by in columns_of(connection, name)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def rejected(connection: sqlite3.Connection, batch_id: int | None) -> pl.DataFrame:
    """Give the rejected rows, of one import or of all, with the kind and the file they came in.

    Raises UsageError where there is no import of this number.
    """
    if batch_id is not None:
        check_batch(connection, batch_id)
    columns = columns_of(connection, "rejected_row")
    query = (
        f"SELECT b.kind, b.file_name, {column_list(columns, 'r')} FROM rejected_row r"  # noqa: S608
        " JOIN import_batch b USING (import_batch_id)"
        " WHERE r.import_batch_id = coalesce(?, r.import_batch_id)"
        " ORDER BY r.import_batch_id, r.row"
    )
    schema = {"kind": pl.String(), "file_name": pl.String()} | columns
    return fetch(connection, query, schema, [batch_id])


def check_batch(connection: sqlite3.Connection, batch_id: int) -> None:
    """Raise UsageError where there is no import of this number."""
    known = {number for (number,) in connection.execute("SELECT import_batch_id FROM import_batch")}
    if batch_id not in known:
        what = f"There is no import number {batch_id}."
        raise UsageError(Problem("unknown-batch", what, "An import's last line says its number."))


def _tables(connection: sqlite3.Connection) -> Iterable[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name for (name,) in found if not name.startswith(("_", "sqlite_"))}
