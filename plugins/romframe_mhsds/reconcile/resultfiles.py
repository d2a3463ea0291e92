"""The portal's result files: four CSV files of one shape, in a zip or a folder.

A line names a code and up to ten data items with their values, as `submission.results` writes them.
Nothing is unpacked to the disk.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import polars as pl
from attrs import field, frozen

from romframe import DataError, Place, Problem
from romframe_mhsds.submission.results import HEADER, REPORTS


LARGEST = 500_000_000  # bytes of one file, unpacked
ITEMS = {"finding": pl.Int64, "label": pl.String, "value": pl.String}
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
_MEND = "Name the zip file that the portal gave, or the folder that it was unpacked into."


@frozen
class PortalResults:
    """What the portal said: a row a line with its number and file, and the data items of lines.

    `absent` are the files that were not there.
    """

    lines: pl.DataFrame = field(eq=False)
    items: pl.DataFrame = field(eq=False)
    absent: tuple[str, ...] = ()


def read_results(path: Path) -> PortalResults:
    """Read the result files of a submission.

    Raises DataError where there are none, and for a file that is damaged, of another form, too
    large, there twice or called so that it would leave its folder.
    """
    found = dict(_members(path))
    if not found:
        listed = ", ".join(f"{name}.csv" for name in REPORTS)
        what = f"None of {listed} is there."
        raise DataError(Problem("mhsds-results-none", what, _MEND, Place(str(path))))
    frames = [
        _frame(raw, f"{path.name}/{name}.csv").with_columns(pl.lit(name).alias("report"))
        for name, raw in sorted(found.items(), key=lambda each: REPORTS.index(each[0]))
    ]
    lines = pl.concat(frames).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("finding")
    )
    absent = tuple(name for name in REPORTS if name not in found)
    told = ["finding", "report", *HEADER[:5]]
    return PortalResults(lines.select(told), _items(lines), absent)


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield from _in_zip(path)
    except OSError as error:
        what = f"It cannot be read: {error.strerror or error}."
        raise _broken(path, what) from error


def _in_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path.iterdir()):
        name = _report(file.name)
        if name and file.is_file():
            _check_size(file.stat().st_size, file)
            yield name, file.read_bytes()


def _in_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            chosen = [each for each in archive.infolist() if _report(each.filename)]
            _check_names(chosen, path)
            for member in chosen:
                _check_size(member.file_size, path)
                with archive.open(member) as stream:
                    raw = stream.read(LARGEST + 1)
                _check_size(len(raw), path)
                yield _report(member.filename), raw
    except _DAMAGED as error:
        raise _broken(path, f"It is no sound zip file: {error}.") from error
    except RuntimeError as error:  # how zipfile tells of a password
        raise _broken(path, "It is locked with a password.") from error


def _check_names(members: list[zipfile.ZipInfo], path: Path) -> None:
    names = [_report(each.filename) for each in members]
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in member.filename:
            what = f"A file in it is called {member.filename!r}, which leads out of its folder."
            mend = "Do not trust this file; fetch it from the portal again."
            raise DataError(Problem("mhsds-results-unsafe", what, mend, Place(str(path))))
    for name in names:
        if names.count(name) > 1:
            what = f"{name}.csv is in it {names.count(name)} times."
            mend = "Name the answer to one submission at a time."
            raise DataError(Problem("mhsds-results-twice", what, mend, Place(str(path))))


def _check_size(size: int, path: Path) -> None:
    if size > LARGEST:
        what = f"A result file would be larger than {LARGEST:,} bytes."
        mend = "Check that this is the portal's answer; it is far smaller."
        raise DataError(Problem("mhsds-results-large", what, mend, Place(str(path))))


def _report(name: str) -> str:
    """Give which result file a name is of; empty where it is of none."""
    stem, _, kind = name.replace("\\", "/").rpartition("/")[2].casefold().rpartition(".")
    return stem if kind == "csv" and stem in REPORTS else ""


def _frame(raw: bytes, file: str) -> pl.DataFrame:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if not text.strip():
        raise DataError(_other_form(file, "It is empty."))
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        what = f"It cannot be read as CSV: {str(error).splitlines()[0]}."
        raise DataError(_other_form(file, what)) from error
    if tuple(frame.columns) != HEADER:
        what = f"Its header is {','.join(frame.columns[:3])},... with {frame.width} columns."
        raise DataError(_other_form(file, what))
    clean = frame.with_columns(pl.all().str.strip_chars())
    return clean.with_columns(pl.when(pl.all() != "").then(pl.all()).name.keep())


def _items(lines: pl.DataFrame) -> pl.DataFrame:
    """Give a row a data item of a line that has a label and a value."""
    frames = [
        lines.select(
            "finding",
            pl.col(HEADER[place]).alias("label"),
            pl.col(HEADER[place + 1]).alias("value"),
        )
        for place in range(5, len(HEADER), 2)
    ]
    return pl.concat([pl.DataFrame(schema=ITEMS), *frames]).drop_nulls()


def _broken(path: Path, what: str) -> DataError:
    return DataError(Problem("mhsds-results-broken", what, _MEND, Place(str(path))))


def _other_form(file: str, what: str) -> Problem:
    mend = f"Its header is {','.join(HEADER[:5])} and ten times DATA_ITEMn,DATA_VALUEn."
    return Problem("mhsds-results-form", what, mend, Place(file))
