"""Opening the store's file: private to its owner, of our making, at our version, and not in use.

Everything that reaches SQLite goes through a connection from here.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from romframe.errors import Place, Problem, StoreError


APPLICATION_ID = 0x524F4D46  # "ROMF" in the file's header: this SQLite file is a store
SCHEMA_VERSION = 8  # how many of the steps of migrations.py a file of this program has
CACHE_KIB = 256 * 1024  # keeps the indexes of a million assessments in memory during an import
PRAGMAS = ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON")  # of every connection

_OWNER_ONLY = 0o600
_PRIMARY_CODE = 0xFF  # SQLite keeps the kind of an error in the lowest byte of its code
_FAULTS = {
    sqlite3.SQLITE_BUSY: (
        "store-locked",
        "Another program is writing to the store.",
        "Wait until it has finished, or close it, and try again; nothing was changed.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "store-not-sqlite",
        "This file is not an SQLite database.",
        "Name the store's own file, or restore it from a backup.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "store-damaged",
        "The store's file is damaged.",
        "Keep it as it is for an expert, and restore the last backup.",
    ),
    sqlite3.SQLITE_READONLY: (
        "store-read-only",
        "The store's file or its folder may only be read.",
        "Give your account the right to write to both, and try again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "store-unreadable",
        "The store's file cannot be opened.",
        "Check that it is a file, and that you may read it and write to its folder.",
    ),
    sqlite3.SQLITE_IOERR: (
        "store-disk",
        "The disk does not take or give what the store asks for.",
        "See whether it is full or failing, and try again; nothing was changed.",
    ),
    sqlite3.SQLITE_FULL: (
        "store-disk-full",
        "There is no room left on the disk.",
        "Make room and try again; nothing was changed.",
    ),
}


def create(path: Path) -> sqlite3.Connection:
    """Make an empty store that only its owner can read; StoreError if `path` cannot be made."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))
    except FileExistsError as error:
        what = "There is already a file of this name."
        mend = "Open it, or choose another name; a store is never overwritten."
        raise _refusal(path, "store-exists", what, mend) from error
    except OSError as error:
        what = f"The store cannot be made: {error.strerror}."
        raise _refusal(path, "store-not-made", what, "Check the folder and your rights.") from error
    try:
        with told_of(path), _closed_if_it_fails(path, wait=0) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(connection)
    except StoreError:
        path.unlink()
        raise
    return connection


def connect(path: Path, wait: float) -> sqlite3.Connection:
    """Open a store, brought up to this program's schema; wait so many seconds for other writers.

    Permissions that are too wide are narrowed to the owner's. Raises StoreError if the file is
    missing, not ours to narrow, not a store, made by a newer romframe, locked or damaged.
    """
    if not path.is_file():
        what, mend = "There is no store here.", "Check the path, or make one with `romframe init`."
        raise _refusal(path, "store-missing", what, mend)
    keep_private(path)
    with told_of(path), _closed_if_it_fails(path, wait) as connection:
        _check_ours(connection, path)
        migrate(connection)
    return connection


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an older schema up to date; does nothing, and loads nothing, where it is current."""
    if _pragma(connection, "user_version") < SCHEMA_VERSION:
        from romframe.store import migrations  # it loads sqlite_utils

        migrations.apply(connection, migrations.STEPS)


def keep_private(path: Path) -> None:
    """Take everybody else's rights to the store's files away; StoreError where that is refused."""
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & ~_OWNER_ONLY:
            try:
                file.chmod(_OWNER_ONLY)
            except OSError as error:
                what = f"Other accounts may read patients' data here ({error.strerror})."
                mend = "Ask the file's owner to make it readable by one account only (mode 600)."
                raise _refusal(file, "store-not-private", what, mend) from error


def damage(connection: sqlite3.Connection, path: Path) -> list[Problem]:
    """Say whether pages of the file are damaged; reads the whole file."""
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found == "ok":
        return []
    code, what, mend = _FAULTS[sqlite3.SQLITE_CORRUPT]
    return [Problem(code, what, mend, Place(str(path)))]


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep all that happens inside, or nothing of it; no other writer comes between."""
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def rehearsal(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all that happens inside be seen there, and nothing of it stay."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Turn SQLite's errors that a user can mend into StoreErrors about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        known = _FAULTS.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE)
        if known is None:
            raise
        raise _refusal(path, *known) from error


@contextmanager
def _closed_if_it_fails(path: Path, wait: float) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    try:
        for each in PRAGMAS:
            connection.execute(f"PRAGMA {each}")
        yield connection
    except (sqlite3.Error, StoreError):
        connection.close()
        raise


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        what = "This SQLite file was not made by romframe."
        raise _refusal(path, "store-not-ours", what, "Name the store's own file.")
    version = _pragma(connection, "user_version")
    if version > SCHEMA_VERSION:
        what = f"The store was made by a newer romframe (schema {version}, here {SCHEMA_VERSION})."
        raise _refusal(path, "store-newer", what, "Update romframe with `pip install -U romframe`.")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _refusal(path: Path, code: str, what: str, mend: str) -> StoreError:
    return StoreError(Problem(code, what, mend, Place(str(path))))
