"""Releases: what has been shown before of each table, so that two releases cannot be compared.

A file of JSON lines, one release a line. It holds what was shown and the range that this left to
each hidden count, and no hidden count itself.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from romframe.disclosure.table import Cell, ProtectedTable
from romframe.errors import DataError, Place, Problem, UsageError
from romframe.validation import StrictValidator


RELEASES_NAME = "releases.jsonl"

_COUNT = {"type": "integer", "min": 0, "required": True}
_CELL = {
    "text": {"type": "string", "required": True},
    "low": _COUNT,
    "high": {**_COUNT, "nullable": True},
    "reason": {
        "allowed": ["", "primary", "secondary", "complement", "differencing"],
        "required": True,
    },
}
_RELEASE = {
    "table": {"type": "string", "required": True},
    "released_on": {"type": "string", "required": True},
    "policy": {"type": "string", "required": True},
    "cells": {
        "type": "dict",
        "keysrules": {"type": "string"},
        "valuesrules": {"type": "dict", "schema": _CELL},
        "required": True,
    },
}


def read_releases(path: Path) -> list[ProtectedTable]:
    """Give the tables released so far, the oldest first; none where there is no file.

    Raises DataError where a line is not a release: without it a comparison cannot be ruled out.
    """
    if not path.exists():
        return []
    return list(_read(path))


def append_release(path: Path, table: ProtectedTable, released_on: date) -> None:
    """Note that a table is released, at the end of the file.

    Raises UsageError where the file cannot be written.
    """
    cells = {
        name: {"text": cell.text, "low": cell.low, "high": cell.high, "reason": cell.reason}
        for name, cell in table.cells.items()
    }
    release = {
        "table": table.id,
        "released_on": released_on.isoformat(),
        "policy": table.policy,
        "cells": cells,
    }
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(release, ensure_ascii=False) + "\n")
    except OSError as error:
        what = f"The release cannot be noted in {path}: {error.strerror}."
        mend = "Check that the folder exists and that you may write into it."
        raise UsageError(Problem("release-unwritable", what, mend)) from error


def _read(path: Path) -> Iterator[ProtectedTable]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        found = _parsed(line)
        if not StrictValidator(_RELEASE).validate(found):
            raise _unreadable("This line is not a release of a table.", path, number)
        cells = {name: Cell(**cell) for name, cell in found["cells"].items()}
        yield ProtectedTable(found["table"], found["policy"], cells)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise _unreadable(f"It cannot be read: {error.strerror}.", path) from error


def _unreadable(what: str, path: Path, line: int = 0) -> DataError:
    mend = "Restore the file from a copy: without it a new report may undo what an old one hid."
    return DataError(Problem("release-unreadable", what, mend, Place(str(path), line)))


def _parsed(line: str) -> dict[str, Any]:
    """Give the object that the line holds, or an empty one."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
