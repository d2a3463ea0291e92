"""Tables in files: CSV, Parquet and Excel read strictly; two of them written whole or not at all.

A CSV file is read as text, cell by cell as it stands: what a cell means is for its reader to say.
"""

import codecs
import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from romframe.errors import DataError, Place, Problem
from romframe.workbooks import read_sheet


_SIGNATURES = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_FORMULA = r"^([=+\-@\t\r\n])"
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_NESTED = (pl.List, pl.Array, pl.Struct, pl.Binary, pl.Object)
_CHUNK = 1 << 20
_SAVE = "Save the table again as CSV UTF-8 (comma separated)."


def read_table(path: Path, delimiter: str = ",", sheet: str = "") -> pl.LazyFrame:
    """Give the table in a .csv file or a sheet of an .xlsx file (text only) or a .parquet file.

    Rows without any value are left out. Raises DataError where the file is not one plain table, and
    as `read_sheet` does.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet", ".xlsx"):
        what = f"A table comes as .csv or .parquet or .xlsx, not as {path.name!r}."
        raise _fault(path, "table-kind", what, _SAVE)
    try:
        if kind == ".xlsx":
            return read_sheet(path, sheet).lazy()
        return _read_csv(path, delimiter) if kind == ".csv" else _read_parquet(path)
    except OSError as error:
        what = f"The file cannot be read: {error.strerror}."
        mend = "Check its name and folder, and that you may read it."
        raise _fault(path, "table-unreadable", what, mend) from error


def collect(frame: pl.LazyFrame | pl.DataFrame, file: str = "") -> pl.DataFrame:
    """Read a table into memory; DataError where its file turns out to be damaged."""
    try:
        return frame.lazy().collect()
    except pl.exceptions.PolarsError as error:
        raise _damaged(Path(file), error) from error


def write_table(frame: pl.LazyFrame | pl.DataFrame, path: Path) -> None:
    """Write a table as .csv or .parquet, by the ending of `path`; readable by its owner only.

    A file that is there is replaced once the new one is complete. Raises DataError where the ending
    is neither or the folder cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        mend = "Give the output a name that ends in .csv or .parquet."
        raise _fault(path, "table-kind", f"A table cannot be written as {path.name!r}.", mend)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=kind)
    except OSError as error:
        what = f"The file cannot be written: {error.strerror}."
        mend = "Check that the folder exists and that you may write into it."
        raise _fault(path, "table-unwritable", what, mend) from error
    os.close(handle)
    part = Path(name)
    try:
        if kind == ".csv":
            frame.lazy().sink_csv(part)
        else:
            frame.lazy().sink_parquet(part)
        part.replace(path)
    except OSError as error:
        what = f"The file cannot be written: {error}."
        mend = "Check that there is room on the disk and that no folder has this name."
        raise _fault(path, "table-unwritable", what, mend) from error
    finally:
        part.unlink(missing_ok=True)


def spreadsheet_safe(frame: pl.DataFrame) -> pl.DataFrame:
    """Give a table that is safe to open in a spreadsheet as CSV.

    A text that begins as a formula does gets an apostrophe before it, and � stands for a control
    character.
    """
    safe = pl.col(pl.String).str.replace(_FORMULA, "'${1}")
    return frame.with_columns(safe.str.replace_all(_UNSEEN, "\N{REPLACEMENT CHARACTER}"))


def _read_parquet(path: Path) -> pl.LazyFrame:
    with path.open("rb"):
        frame = pl.scan_parquet(path, glob=False)
    try:
        columns = frame.collect_schema()
    except pl.exceptions.PolarsError as error:
        raise _damaged(path, error) from error
    nested = [name for name, dtype in columns.items() if isinstance(dtype, _NESTED)]
    if nested:
        what = f"The column {nested[0]!r} holds {columns[nested[0]]}, not one value a row."
        mend = "Leave the column out, or spread its values over columns of their own."
        raise _fault(path, "table-nested", what, mend)
    return frame


def _read_csv(path: Path, delimiter: str) -> pl.LazyFrame:
    _check_start(path)
    quoted = _check_text(path)
    _, header = next(_records(path, delimiter))
    _check_header(path, header, delimiter)
    frame = pl.scan_csv(path, separator=delimiter, infer_schema=False, glob=False)
    check = _check_records if quoted else _check_lines
    if check(path, len(header), frame, delimiter):
        return frame
    return _filled(frame)


def _filled(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Leave rows without any value out. This is slow in tables of thousands of columns."""
    return frame.filter(~pl.all_horizontal(pl.all().is_null() | (pl.all() == "")))


def _check_start(path: Path) -> None:
    with path.open("rb") as handle:
        start = handle.read(_CHUNK)
    if not start.strip():
        raise _fault(path, "table-empty", "The file is empty.", "Export it again.", 1)
    if start.startswith(_UTF16):
        raise _fault(path, "table-utf16", "The file is written in UTF-16, not UTF-8.", _SAVE, 1)
    for signature, name in _SIGNATURES.items():
        if start.startswith(signature):
            raise _fault(path, "table-binary", f"This is {name}, not a CSV file.", _SAVE, 1)
    if b"\r" in start and b"\n" not in start:
        what = "The lines end in carriage returns alone, as on very old computers."
        raise _fault(path, "table-line-ends", what, _SAVE, 1)


def _check_text(path: Path) -> bool:
    """Refuse what is not UTF-8 text; say whether there are quotes in it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    quoted, line = False, 1
    with path.open("rb") as handle:
        chunk = None
        while chunk != b"":
            chunk = handle.read(_CHUNK)
            if b"\0" in chunk:
                line += chunk[: chunk.index(b"\0")].count(b"\n")
                what = "This line holds a NUL byte, so the file is damaged or not text."
                raise _fault(path, "table-nul", what, "Export the file again.", line)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                what = f"This line is not UTF-8 text (byte {error.object[error.start]:#04x})."
                raise _fault(path, "table-encoding", what, _SAVE, line) from error
            quoted = quoted or b'"' in chunk
            line += chunk.count(b"\n")
    return quoted


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Give every record that is not a blank line, with the line that it starts on."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        start = 1
        try:
            for record in reader:
                if record:
                    yield start, record
                start = reader.line_num + 1
        except csv.Error as error:
            what = f"The record that starts here is not CSV ({error})."
            raise _quotes(path, what, start) from error


def _check_header(path: Path, header: list[str], delimiter: str) -> None:
    if len(header) == 1:
        for other, name in _DELIMITERS.items():
            if other != delimiter and other in header[0]:
                what = f"The columns are separated by {name}, not by {_name(delimiter)}."
                mend = f'Write `delimiter: "{_shown(other)}"` in the mapping, or save with commas.'
                raise _fault(path, "table-delimiter", what, mend, 1)
    for position, name in enumerate(header, 1):
        if not name.strip():
            what, mend = (
                f"Column {position} has no name.",
                "Name it in the first line, or delete it.",
            )
            raise _fault(path, "column-unnamed", what, mend, 1)
        if name in header[: position - 1]:
            what = f"The column name {name!r} stands twice in the first line."
            raise _fault(path, "column-twice", what, "Rename one of the two.", 1)


def _name(delimiter: str) -> str:
    return _DELIMITERS.get(delimiter, repr(delimiter))


def _shown(delimiter: str) -> str:
    return "\\t" if delimiter == "\t" else delimiter


def _check_lines(path: Path, width: int, _: pl.LazyFrame, delimiter: str) -> bool:
    """Check a file without quotes, in which every line is a record; say if all have a value."""
    line = pl.col("line")
    cells = line.str.count_matches(delimiter, literal=True) + 1
    lines = pl.scan_lines(path, row_index_name="number", row_index_offset=1, glob=False)
    lines = lines.with_columns(cells.alias("cells"))
    wrong = (pl.col("cells") != width) & (line != "")
    filled = (line.str.strip_chars(delimiter) != "").sum().alias("filled")
    ragged = [pl.col("number", "cells").filter(wrong).first(), wrong.sum().alias("ragged")]
    counts = lines.select(*ragged, filled, pl.len()).collect(engine="streaming")
    number, found, count, rows, every = counts.row(0)
    _check_count(path, width, rows - 1, (number, found, count))
    return bool(rows == every)


def _check_records(path: Path, width: int, frame: pl.LazyFrame, delimiter: str) -> bool:
    """Check a file with quotes, and that two readers of CSV take it for the same rows.

    Say if all of them have a value.
    """
    rows, ragged, suspect = -1, [], 1
    for line, record in _records(path, delimiter):
        rows += any(record)
        if len(record) != width:
            ragged.append((line, len(record)))
        if suspect == 1 and any('"' in cell for cell in record):
            suspect = line
    _check_count(path, width, rows, (*ragged[0], len(ragged)) if ragged else (0, 0, 0))
    every = _height(frame)
    if every != rows and _height(_filled(frame)) != rows:
        raise _quotes(path, "A cell of this line holds a quote that ends nothing.", suspect)
    return every == rows


def _height(frame: pl.LazyFrame) -> int:
    """Count the rows that are read; -1 where they cannot be."""
    try:
        return frame.collect(engine="streaming").height
    except pl.exceptions.PolarsError:
        return -1


def _check_count(path: Path, width: int, rows: int, ragged: tuple[int, int, int]) -> None:
    line, cells, count = ragged
    if count:
        more = f" {count - 1} other lines have not {width} either." if count > 1 else ""
        what = f"This line has {cells} cells, and the first line {width}.{more}"
        mend = "Put quotes around cells that hold the separator, and fill up short lines."
        raise _fault(path, "row-ragged", what, mend, line)
    if not rows:
        what = "The file has column names and no rows."
        raise _fault(path, "table-no-rows", what, "Export it again with its rows.", 1)


def _quotes(path: Path, what: str, line: int) -> DataError:
    mend = 'Put quotes around the whole cell and double those inside it: "say ""aah""".'
    return _fault(path, "table-quotes", what, mend, line)


def _damaged(path: Path, error: pl.exceptions.PolarsError) -> DataError:
    what = f"The file is damaged or cut short: {str(error).splitlines()[0]}."
    return _fault(path, "table-damaged", what, "Export or copy it again.")


def _fault(path: Path, code: str, what: str, mend: str, line: int = 0) -> DataError:
    return DataError(Problem(code, what, mend, Place(str(path), line)))
