"""The CSV tables of a pack: read, checked, with the line of each fault."""

import csv
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl

from romframe import DataError, Place, Problem


Columns = Mapping[str, str]  # column: text | number | positive | better | rater; `?`: or nothing

FOLDER = Path(str(files("romframe_mhsds"))) / "data" / "national"
THRESHOLDS: Columns = {
    "concept_id": "text",
    "rater": "rater",
    "threshold": "positive?",
    "unrounded": "number?",
    "better": "better",
    "published_better": "better",
    "norm": "text?",
    "cut_off": "number?",
}
NORMS: Columns = {
    "gender": "text",
    "age": "number",
    "norm": "text",
    "mean": "number",
    "sd": "positive",
}
SCALES: Columns = {
    "concept_id": "text",
    "tool": "text",
    "term": "text",
    "category": "text",
    "low": "number",
    "high": "number",
}
_REASONS: Columns = {"reason": "text", "explanation": "text"}
_LACKS: Columns = {"lacks": "text", "one": "text", "many": "text"}
_NUMBERS = ("number", "positive")
_WORDS = {"better": ("lower", "higher"), "rater": ("self", "parent", "clinician")}


@functools.cache
def scales() -> pl.DataFrame:
    """Give the scales of NHS England's list of assessments: term, tool, category and range."""
    return read(FOLDER / "scales.csv", SCALES, ("concept_id",))


@functools.cache
def reasons() -> Mapping[str, str]:
    """Give why a referral is not paired, in a sentence by reason, in the order of the tests."""
    table = read(FOLDER / "reasons.csv", _REASONS, ("reason",))
    return dict(table.select("reason", "explanation").iter_rows())


@functools.cache
def lacks() -> Mapping[str, tuple[str, str]]:
    """Give what a referral may lack, in words for one referral and for many."""
    table = read(FOLDER / "lacks.csv", _LACKS, ("lacks",))
    return {name: (one, many) for name, one, many in table.iter_rows()}


def read(path: Path, columns: Columns, key: Sequence[str]) -> pl.DataFrame:
    """Read a CSV table of a pack; raises DataError with every fault, each with its line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            header = reader.fieldnames or []
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = f"This table cannot be read: {error}."
        mend = "Check that it exists and is CSV in UTF-8."
        raise DataError(
            Problem("national-table-unreadable", what, mend, Place(str(path)))
        ) from error
    if list(header) != list(columns):
        what = "The first line does not name the columns of this table."
        mend = f"Write: {','.join(columns)}."
        raise DataError(Problem("national-table-columns", what, mend, Place(str(path), 1)))
    problems = [*_wrong_cells(path, rows, columns), *_twice(path, rows, key)]
    if problems:
        raise DataError(problems)
    return pl.DataFrame(
        [[_value(row[name], kind) for name, kind in columns.items()] for _, row in rows],
        schema={
            name: pl.Float64 if kind.startswith(_NUMBERS) else pl.String
            for name, kind in columns.items()
        },
        orient="row",
    )


Rows = Sequence[tuple[int, Mapping[str, str]]]


def _wrong_cells(path: Path, rows: Rows, columns: Columns) -> Iterator[Problem]:
    for line, row in rows:
        if len(row) > len(columns):
            what = "This line has more cells than the first."
            mend = "Put quotes around text with a comma."
            yield Problem("national-table-value", what, mend, Place(str(path), line))
        for name, kind in columns.items():
            mend = _fault(row[name], kind)
            if mend:
                what = f"{row[name]!r} does not fit here."
                place = Place(str(path), line, field=name)
                yield Problem("national-table-value", what, mend, place)


def _twice(path: Path, rows: Rows, key: Sequence[str]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        values = tuple(row[name] for name in key)
        if values in seen:
            what = f"{' '.join(values)} stands in line {seen[values]} already."
            yield Problem("national-table-twice", what, "Keep one line.", Place(str(path), line))
        seen.setdefault(values, line)


def _fault(text: str | None, kind: str) -> str:
    """Give the mend of a cell; empty where it is sound."""
    if not text:
        return "" if kind.endswith("?") else "Write a value."
    if kind.startswith(_NUMBERS) and not _finite(text):
        return "Write a number."
    if kind.startswith("positive") and float(text) <= 0:
        return "Write a number above 0."
    words = _WORDS.get(kind, (text,))
    return "" if text in words else f"Write one of: {', '.join(words)}."


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _value(text: str, kind: str) -> str | float | None:
    if not text:
        return None
    return float(text) if kind.startswith(_NUMBERS) else text
