"""Anonymous returns: a month, a team and answers, and nothing that leads back to a person.

They have random names, no order, no batch and no key. Because nothing about a return can be
recognised, a file is known by its digest, and comes in once.
"""

import secrets
import sqlite3
from collections.abc import Iterable
from datetime import datetime

import polars as pl

from romframe.instruments.model import Instrument
from romframe.store import instruments
from romframe.store.batches import REFUSED, Written, open_of_file, stamp
from romframe.store.frames import columns_of, insert


def write(
    connection: sqlite3.Connection, instrument: Instrument, accepted: pl.DataFrame, batch_id: int
) -> Written:
    """Store the returns of a file that has not been imported before.

    Of one that has, only rows that were set aside then and are sound now.
    """
    table = instruments.ensure(connection, instrument, anonymous=True)
    rows = accepted
    if came_before(connection, batch_id):
        rows = accepted.join(open_of_file(connection, batch_id), on="row", how="semi")
    kept = [name for name in columns_of(connection, table) if name in rows.columns]
    insert(connection, table, _named(rows.select(kept), "return_id"))
    return Written(rows.height, 0, pl.DataFrame(schema=REFUSED))


def save_contact_offers(
    connection: sqlite3.Connection, texts: Iterable[str], now: datetime
) -> None:
    """Keep offers of contact, apart from the returns that they came with."""
    offers = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    offers = offers.with_columns(month=pl.lit(stamp(now, anonymous=True)))
    insert(connection, "contact_offer", _named(offers, "offer_id"))


def came_before(connection: sqlite3.Connection, batch_id: int) -> bool:
    """Say whether the file of an import has been imported before."""
    query = (
        "SELECT 1 FROM import_batch old JOIN import_batch new USING (kind, file_digest)"
        " WHERE new.import_batch_id = ? AND old.import_batch_id < new.import_batch_id"
        " AND new.retry_of IS NULL"
    )
    return connection.execute(query, [batch_id]).fetchone() is not None


def _named(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Give every row a random name, and sort by it: the order they came in is lost."""
    names = [secrets.token_hex(16) for _ in range(rows.height)]
    return rows.with_columns(pl.Series(key, names, pl.String)).sort(key)
