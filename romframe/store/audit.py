"""The audit log: who did what and when, each entry sealed with the hash of the one before it.

An entry that is changed, taken out, put in or moved breaks the chain; the head, kept apart, tells
when the newest entries were cut off. Details are counts and identifiers, never an answer.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping

from attrs import astuple, frozen

from romframe.errors import Place, Problem


START = "0" * 64
_ASK = "Find out who had access to the store's file, and compare it with the last backup."


@frozen
class Entry:
    """One line of the log; `detail` is JSON."""

    audit_id: int
    at: str
    actor: str
    action: str
    subject: str
    detail: str
    previous_hash: str

    @property
    def hash(self) -> str:
        """The SHA-256 of the entry's content, which holds the hash of the entry before it."""
        return hashlib.sha256(json.dumps(astuple(self)).encode()).hexdigest()


def append(
    connection: sqlite3.Connection,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    at: str,
) -> None:
    """Add an entry to the end of the log, inside the caller's transaction."""
    head = connection.execute("SELECT entries, hash FROM audit_head").fetchone() or (0, START)
    text = json.dumps(detail, sort_keys=True, ensure_ascii=False)
    entry = Entry(head[0] + 1, at, actor, action, subject, text, head[1])
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*astuple(entry), entry.hash)
    )
    connection.execute(
        "INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?)", (entry.audit_id, entry.hash)
    )


def verify(connection: sqlite3.Connection) -> list[Problem]:
    """Give what is wrong with the log: entries changed, missing, moved or cut off at the end."""
    return list(_faults(connection))


def _faults(connection: sqlite3.Connection) -> Iterator[Problem]:
    last, expected = 0, START
    for *fields, kept in connection.execute("SELECT * FROM audit ORDER BY audit_id"):
        entry = Entry(*fields)
        if entry.audit_id != last + 1:
            what = f"Entries {last + 1} to {entry.audit_id - 1} of the audit log are missing."
            yield _problem("audit-gap", what, entry.audit_id)
        elif entry.previous_hash != expected:
            what = f"Entry {entry.audit_id} of the audit log does not follow from the one before."
            yield _problem("audit-broken-chain", what, entry.audit_id)
        if entry.hash != kept:
            what = f"Entry {entry.audit_id} of the audit log was changed after it was written."
            yield _problem("audit-changed", what, entry.audit_id)
        last, expected = entry.audit_id, kept
    head = connection.execute("SELECT entries, hash FROM audit_head").fetchone() or (0, START)
    if head != (last, expected):
        what = f"The audit log ends at entry {last}; the store expects {head[0]} as its last."
        yield _problem("audit-cut", what, last)


def _problem(code: str, what: str, entry: int) -> Problem:
    return Problem(code, what, _ASK, Place("audit", row=entry))
