"""Releases: what has been shown before of each table, so that two releases cannot be compared.

A file of JSON lines, one table of a release a line. It holds what was shown and the range that this
left to each hidden count, and no hidden count itself.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from romframe.disclosure.table import Cell, ProtectedTable
from romframe.errors import DataError, Place, Problem, UsageError
from romframe.validation import StrictValidator


RELEASES_NAME = "releases.jsonl"

_COUNT = {"type": "integer", "min": 0, "required": True}
_TEXT = {"type": "string", "required": True}
_CELL = {
    "text": _TEXT,
    "low": _COUNT,
    "high": {**_COUNT, "nullable": True},
    "reason": {
        "allowed": ["", "primary", "secondary", "complement", "differencing"],
        "required": True,
    },
}
_RELEASE = {
    "table": _TEXT,
    "released_on": _TEXT,
    "from": _TEXT,
    "to": _TEXT,
    "team": {**_TEXT, "nullable": True},
    "policy": _TEXT,
    "cells": {
        "type": "dict",
        "keysrules": {"type": "string"},
        "valuesrules": {"type": "dict", "schema": _CELL},
        "required": True,
    },
}


@frozen
class Release:
    """What was released of a table on a day, about a stretch of time and, if of one, a team."""

    table: ProtectedTable
    released_on: date
    start: date
    end: date
    team: str | None = None

    def overlaps(self, start: date, end: date, team: str | None) -> bool:
        """Say whether somebody may be in this and in a table of that time and team."""
        same = None in (self.team, team) or self.team == team
        return same and self.start <= end and start <= self.end


def read_releases(path: Path) -> list[Release]:
    """Give the tables released so far, the oldest first; none where there is no file.

    Raises DataError where a line is not a release: without it a comparison cannot be ruled out.
    """
    if not path.exists():
        return []
    return list(_read(path))


def append_releases(path: Path, releases: Iterable[Release]) -> None:
    """Note tables that are released, at the end of the file; what stands there is not noted again.

    Raises UsageError where the file cannot be written, and DataError as `read_releases` does.
    """
    known = read_releases(path)
    lines = "".join(f"{_line(each)}\n" for each in releases if _bare(each) not in known)
    unended = known and not path.read_text(encoding="utf-8").endswith("\n")
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"\n{lines}" if unended else lines)
    except OSError as error:
        what = f"The release cannot be noted in {path}: {error.strerror}."
        mend = "Check that the folder exists and that you may write into it."
        raise UsageError(Problem("release-unwritable", what, mend)) from error


def _bare(release: Release) -> Release:
    """Give a release as it is read back."""
    table = release.table
    return evolve(release, table=ProtectedTable(table.id, table.policy, table.cells))


def _line(release: Release) -> str:
    cells = {
        name: {"text": cell.text, "low": cell.low, "high": cell.high, "reason": cell.reason}
        for name, cell in release.table.cells.items()
    }
    found = {
        "table": release.table.id,
        "released_on": release.released_on.isoformat(),
        "from": release.start.isoformat(),
        "to": release.end.isoformat(),
        "team": release.team,
        "policy": release.table.policy,
        "cells": cells,
    }
    return json.dumps(found, ensure_ascii=False)


def _read(path: Path) -> Iterator[Release]:
    for number, line in enumerate(io.StringIO(_text(path)), start=1):
        found = _parsed(line)
        days = _days(found) if StrictValidator(_RELEASE).validate(found) else None
        if days is None:
            raise _unreadable("This line is not a release of a table.", path, number)
        cells = {name: Cell(**cell) for name, cell in found["cells"].items()}
        table = ProtectedTable(found["table"], found["policy"], cells)
        yield Release(table, *days, found["team"])


def _days(found: Mapping[str, str]) -> tuple[date, date, date] | None:
    """Give the day of a release and the ends of its time; None where one is no day."""
    try:
        day, start, end = (date.fromisoformat(found[key]) for key in ("released_on", "from", "to"))
    except ValueError:
        return None
    return day, start, end


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
