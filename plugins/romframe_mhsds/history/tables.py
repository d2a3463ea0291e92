"""The tables of a folder or file of the data set, as text, whatever wrote them.

A schema.ini beside a file says how it is written; without one, its header and its bytes do.
"""

from __future__ import annotations

import configparser
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
from attrs import field, frozen

from romframe import DataError, Place, Problem
from romframe_mhsds.submission.files import DELIMITERS, ENCODINGS


READ = {  # the tables that are read, with the columns that each must have
    "MHS606": ("ServiceRequestID", "CodedAssToolType", "PersScore"),
    "MHS607": ("CareActID", "CodedAssToolType", "PersScore"),
    "MHS201": ("CareContactID", "ServiceRequestID", "CareContDate"),
    "MHS202": ("CareActID", "CareContactID"),
    "MHS206": ("CareActID", "CareProfLocalID"),
    "MHS801": ("ClustID", "LocalPatientID", "AssToolCompDate"),
    "MHS802": ("ClustID", "CodedAssToolType", "PersScore"),
}
_OPTIONAL = ("AssToolCompTimestamp", "AssToolCompTime")
_NAMES = {name.casefold(): name for names in (*READ.values(), _OPTIONAL) for name in names}
ROW = "row of the file"  # a name that no file has for a column
_HOLD_SCORES = ("MHS606", "MHS607", "MHS802")
_FORMATS = {"csvdelimited": ",", "tabdelimited": "\t"}
_CHARACTER_SETS = {number: name for name, number in ENCODINGS.items()} | {"ansi": "cp1252"}


@frozen
class SentTable:
    """A table as it was read: columns under their names of v6.0, blanks null, numbered in ROW."""

    name: str
    file: str
    frame: pl.DataFrame = field(eq=False)


def read_tables(path: Path) -> Mapping[str, SentTable]:
    """Give the tables of a folder, or of one file, by the first part of their names (`MHS606`).

    Raises DataError where no table holds scores, one is there twice or cannot be read, or a column
    is missing.
    """
    found: dict[str, SentTable] = {}
    for file in _files(path):
        name = _table_of(file)
        if name in found:
            what = f"{found[name].file} and {file.name} both hold {name}."
            raise DataError(Problem("mhsds-table-twice", what, "Import them one after the other."))
        if name:
            found[name] = _read(file, name)
    if not any(name in found for name in _HOLD_SCORES):
        what = f"No table with scores ({', '.join(_HOLD_SCORES)}) is in {path.name}."
        mend = "Name a folder with CSV files called like the tables, or one such file."
        raise DataError(Problem("mhsds-no-table", what, mend, Place(str(path))))
    return found


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.iterdir()):
        if file.suffix.casefold() in (".csv", ".txt"):
            yield file


def _table_of(file: Path) -> str:
    start = file.stem[:6].upper()
    return start if start in READ else ""


def _read(file: Path, name: str) -> SentTable:
    written = _written(file)
    raw = _bytes(file)
    encoding = written.encoding or _encoding(raw)
    try:
        text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        said = f"in {encoding}, as schema.ini says" if written.encoding else "in UTF-8 or cp1252"
        what = f"It is not written {said}."
        raise DataError(_broken(file, what)) from error
    if "\0" in text:
        raise DataError(_broken(file, "It holds NUL bytes, so it is damaged, or UTF-16 text."))
    delimiter = written.delimiter or _delimiter(text)
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), separator=delimiter, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        what = f"It cannot be read as CSV: {str(error).splitlines()[0]}."
        raise DataError(_broken(file, what)) from error
    names = {column: _NAMES.get(column.strip().casefold(), column) for column in frame.columns}
    twice = sorted(name for name, number in Counter(names.values()).items() if number > 1)
    if twice:
        raise DataError(_broken(file, f"It has several columns {', '.join(twice)}."))
    renamed = frame.rename(names)
    absent = [column for column in READ[name] if column not in renamed.columns]
    if absent:
        what = f"{name} has no column {', '.join(absent)}."
        mend = f"The table has the columns {', '.join(READ[name])}; see its layout."
        raise DataError(Problem("mhsds-column-missing", what, mend, Place(str(file))))
    clean = pl.all().str.strip_chars()
    blank = renamed.with_columns(clean).with_columns(
        pl.when(pl.all() != "").then(pl.all()).name.keep()
    )
    return SentTable(name, file.name, blank.with_row_index(ROW, offset=1))


@frozen
class _Written:
    """What a schema.ini says of a file; empty where it says nothing."""

    delimiter: str = ""
    encoding: str = ""


def _written(file: Path) -> _Written:
    schema = next(
        (each for each in file.parent.glob("[Ss][Cc][Hh][Ee][Mm][Aa].[Ii][Nn][Ii]")), None
    )
    if schema is None:
        return _Written()
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        parser.read_string(_bytes(schema).decode("utf-8-sig", errors="replace"))
    except configparser.Error as error:
        what = f"It cannot be read: {str(error).splitlines()[0]}."
        raise DataError(_broken(schema, what)) from error
    section = next((s for s in parser.sections() if s.casefold() == file.name.casefold()), "")
    if not section:
        return _Written()
    said = parser[section].get("format", "").strip()
    own = re.fullmatch(r"delimited\(([ !#-~])\)", said, re.IGNORECASE)
    delimiter = own[1] if own else _FORMATS.get(said.casefold(), "")
    number = parser[section].get("characterset", "").strip().casefold()
    return _Written(delimiter, _CHARACTER_SETS.get(number, ""))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DataError(_broken(file, f"It cannot be read: {error.strerror}.")) from error


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str) -> str:
    """Give the delimiter that stands most often in the header."""
    head = text.partition("\n")[0]
    return max(DELIMITERS.values(), key=head.count)


def _broken(file: Path, what: str) -> Problem:
    mend = "Export it again as CSV with a header, in UTF-8 or cp1252."
    return Problem("mhsds-file-broken", what, mend, Place(str(file)))
