"""Reading a code list, the shipped one or a service's own, and all that can be wrong in one."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TextIO

from attrs import define, field
from stdnum import verhoeff

from romframe import DataError, Place, Problem, did_you_mean
from romframe_mhsds.codes.scale import Scale


COLUMNS = (
    "concept_id",
    "tool",
    "label",
    "name",
    "kind",
    "low",
    "high",
    "members",
    "valid_from",
    "valid_to",
    "replaced_by",
    "source",
)
_NEEDED = tuple(name for name in COLUMNS if name != "name")
_WORDS = {"kind": ("range", "set"), "name": ("published", "inferred", "none")}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[0-9]{6,18}")


@functools.cache
def shipped() -> tuple[Scale, ...]:
    """Give the rows of the list that comes with romframe."""
    return _parse("codes.csv", files("romframe_mhsds").joinpath("data", "codes.csv").read_bytes())


def read_codes(path: Path) -> tuple[Scale, ...]:
    """Read a code list: a CSV file in UTF-8 with commas and the columns of `data/codes.csv`.

    The column `name` may be left out. An id may have several rows if their dates do not overlap.
    Raises DataError with every fault of the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"The code list cannot be read: {error.strerror}."
        mend = "Check its name, its kind and your rights."
        problem = Problem("file-unreadable", what, mend, Place(str(path)))
        raise DataError(problem) from error
    return _parse(str(path), data)


def write_codes(scales: Iterable[Scale], stream: TextIO) -> None:
    """Write rows as a code list that `read_codes` reads."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for scale in scales:
        ends = ("" if each is None else f"{each:g}" for each in (scale.low, scale.high))
        told = {"members": " ".join(scale.members), **dict(zip(("low", "high"), ends, strict=True))}
        writer.writerow(told.get(name, getattr(scale, name)) for name in COLUMNS)


def _parse(name: str, data: bytes) -> tuple[Scale, ...]:
    file = _File(name)
    rows = file.rows(data)
    scales = [scale for line, row in rows if (scale := file.scale(line, row)) is not None]
    if not file.problems:
        file.compare(zip((line for line, _ in rows), scales, strict=True))
    if file.problems:
        raise DataError(file.problems)
    return tuple(scales)


@define
class _File:
    """A file that is being read, and what was found wrong in it."""

    name: str
    problems: list[Problem] = field(factory=list)

    def report(self, line: int, column: str, code: str, what: str, mend: str) -> None:
        self.problems.append(Problem(code, what, mend, Place(self.name, line, field=column)))

    def rows(self, data: bytes) -> list[tuple[int, Mapping[str, str]]]:
        """Give the rows that have the cells of the header, with their lines in the file."""
        found = [(line, cells) for line, cells in self._cells(data) if any(cells)]
        if self.problems:
            return []
        header = found[0][1] if found else []
        if len(found) < 2:
            what, mend = "The code list is empty.", "Write a row for every id that is accepted."
            self.report(0, "", "mhsds-codes-empty", what, mend)
        elif self._has_columns(header):
            return [
                (line, dict(zip(header, cells, strict=True)))
                for line, cells in found[1:]
                if self._fits(line, cells, header)
            ]
        return []

    def _cells(self, data: bytes) -> Iterator[tuple[int, list[str]]]:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            what, mend = "The file is not UTF-8 text.", "Save it as CSV UTF-8."
            self.report(0, "", "file-encoding", what, mend)
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for cells in reader:
                yield reader.line_num, [cell.strip() for cell in cells]
        except csv.Error:
            what = "The quotes of this line do not end where its text ends."
            mend = "Write a quote mark inside quoted text twice, and close what is open."
            self.report(reader.line_num, "", "mhsds-codes-row", what, mend)

    def _has_columns(self, header: list[str]) -> bool:
        missing = [name for name in _NEEDED if name not in header]
        repeated = {name for name in header if header.count(name) > 1}
        if any(";" in name or "\t" in name for name in header):
            what = "The columns are not separated by commas."
            mend = "Save the file as CSV with commas; other separators are not read."
        elif missing:
            what = f"The code list has no column {', '.join(missing)}."
            mend = f"Its columns are {', '.join(COLUMNS)}; only `name` may be left out."
        elif repeated:
            what = f"The code list has a column twice: {', '.join(sorted(repeated))}."
            mend = "Keep one of them."
        else:
            return True
        self.report(1, "", "mhsds-codes-column", what, mend)
        return False

    def _fits(self, line: int, cells: list[str], header: list[str]) -> bool:
        if len(cells) == len(header):
            return True
        what = f"This row has {len(cells)} cells and the header {len(header)}."
        mend = "Put quotes around text with a comma, and leave no cell out."
        self.report(line, "", "mhsds-codes-row", what, mend)
        return False

    def scale(self, line: int, row: Mapping[str, str]) -> Scale | None:
        """Read one row; None where a fault was found in it."""
        before = len(self.problems)
        self._check_ids(line, row)
        for column, allowed in _WORDS.items():
            word = row.get(column, allowed[0])
            if word not in allowed:
                what = f"{word!r} is no {column} of a row."
                self.report(line, column, "mhsds-codes-word", what, did_you_mean(word, allowed))
        self._check_dates(line, row)
        ends = self._ends(line, row) if row["kind"] in _WORDS["kind"] else (None, None)
        if len(self.problems) > before:
            return None
        return Scale(
            concept_id=row["concept_id"],
            tool=row["tool"],
            label=row["label"],
            kind=row["kind"],
            low=ends[0],
            high=ends[1],
            members=tuple(row["members"].split()),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            replaced_by=row["replaced_by"],
            source=row["source"],
            name=row.get("name", "published"),
        )

    def _check_ids(self, line: int, row: Mapping[str, str]) -> None:
        for column in ("concept_id", "replaced_by"):
            code = row[column]
            if column == "replaced_by" and not code:
                continue
            if not _ID.fullmatch(code):
                what = f"{code!r} is not an id of 6 to 18 digits."
            elif not verhoeff.is_valid(code):
                what = f"The check digit of {code} is wrong."
            else:
                continue
            mend = "Copy it again, as text: spreadsheets change the last digits of long numbers."
            self.report(line, column, "mhsds-codes-id", what, mend)

    def _check_dates(self, line: int, row: Mapping[str, str]) -> None:
        sound = True
        for column in ("valid_from", "valid_to"):
            if row[column] and not _is_day(row[column]):
                sound = False
                what = f"{row[column]!r} is not a day."
                mend = "Write it as in 2026-04-01, or nothing where the end is open."
                self.report(line, column, "mhsds-codes-date", what, mend)
        if sound and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            what = f"The id ends on {row['valid_to']}, before it begins on {row['valid_from']}."
            self.report(line, "valid_to", "mhsds-codes-date", what, "Correct one of the dates.")

    def _ends(self, line: int, row: Mapping[str, str]) -> tuple[float | None, float | None]:
        """Give the ends of a range; a set has none, and a range no members."""
        low, high = _number(row["low"]), _number(row["high"])
        if row["kind"] == "set":
            if not (row["low"] or row["high"]):
                return None, None
            what, mend = "A set has no ends.", "Delete low and high, or write range as the kind."
        elif row["members"]:
            what, mend = "A range has no members.", "Delete them, or write set as the kind."
        elif low is None or high is None:
            what, mend = "The ends of the range are not both numbers.", "Write low and high."
        elif low > high:
            what, mend = f"The range goes from {low:g} down to {high:g}.", "Exchange the two."
        else:
            return low, high
        self.report(line, "low", "mhsds-codes-range", what, mend)
        return None, None

    def compare(self, rows: Iterable[tuple[int, Scale]]) -> None:
        """Report rows of one id that hold at one time, and replacements that are not listed."""
        known = sorted(rows, key=lambda row: (row[1].concept_id, row[1].valid_from, row[0]))
        ids = {scale.concept_id for _, scale in known}
        for (_, one), (line, other) in itertools.pairwise(known):
            same = one.concept_id == other.concept_id
            if same and (not one.valid_to or other.valid_from <= one.valid_to):
                what = f"{other.concept_id} has another row that holds at the same time."
                mend = "End the earlier row on the day before the later one begins."
                self.report(line, "valid_from", "mhsds-codes-overlap", what, mend)
        for line, scale in known:
            if scale.replaced_by and scale.replaced_by not in ids - {scale.concept_id}:
                what = f"{scale.concept_id} is replaced by {scale.replaced_by}, which has no row."
                if scale.replaced_by == scale.concept_id:
                    what = f"{scale.concept_id} is replaced by itself."
                mend = "Add a row for the new id, or leave replaced_by empty."
                self.report(line, "replaced_by", "mhsds-codes-replacement", what, mend)


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
