"""The record that another one belongs to: known, made when asked for, or a reason to refuse."""

import sqlite3

import polars as pl

from romframe.store.batches import Batch, refusals, without
from romframe.store.frames import fetch_for, insert


_MEND = "Import it and try this row again, or say `unknown_referrals: create` in the mapping file."


def with_parent(
    connection: sqlite3.Connection, rows: pl.DataFrame, batch: Batch, parent: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split rows into those whose `parent` (a table) is known, or now made, and refusals."""
    key = f"{parent}_id"
    named = rows.select(pl.col(key).drop_nulls().unique().sort())
    query = (
        f'SELECT "{key}" FROM "{parent}" WHERE "{key}" IN'  # noqa: S608  (names, not input)
        " (SELECT value FROM json_each(?))"
    )
    known = fetch_for(connection, query, named[key], {key: pl.String()})
    strange = named.join(known, on=key, how="anti", maintain_order="left")
    if batch.unknown_referrals == "create":
        insert(connection, parent, strange)
        strange = strange.clear()
    noun = parent.replace("_", " ")
    what = pl.format("The {} '{}' is not in the store.", pl.lit(noun), key)
    refused = refusals(
        rows.join(strange, on=key, how="semi"),
        f"unknown-{parent.replace('_', '-')}",
        key,
        what,
        _MEND,
    )
    return without(rows, refused), refused
