"""Excel workbooks: one sheet as a table of text, cell by cell, as a CSV file would have it."""

import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from romframe.errors import DataError, Place, Problem, UsageError, did_you_mean


_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError),
    *(EOFError, SyntaxError, RuntimeError),
)
_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")
_MIDNIGHT = time()
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes what XML cannot hold


def read_sheet(path: Path, sheet: str = "") -> pl.DataFrame:
    """Give a sheet of an .xlsx file, its first row as the names; columns are of dates or of text.

    Without a name it is the only sheet that is not hidden. A date among text is written as ISO, a
    whole number without decimals; what a formula gave when the file was saved is read. Rows and
    columns without any value are left out. Raises DataError where the sheet is not one plain table,
    or a formula has no result, UsageError where openpyxl is not installed, and OSError where the
    file cannot be read.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  (it is slow to load, and an extra)
    except ImportError as error:
        what = "Excel workbooks cannot be read: openpyxl is not installed."
        mend = "Install it with: pip install 'romframe[excel]'; or save the sheet as CSV."
        raise UsageError(Problem("workbook-library", what, mend)) from error
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
            name = _chosen(path, sheet, {each.title: each.sheet_state for each in book.worksheets})
            rows = [[_cell(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
            if _has_formulas(path):
                written = load_workbook(file, read_only=True)[name].iter_rows()
                _check_results(path, name, zip(book[name].iter_rows(), written, strict=True))
        except _DAMAGED as error:
            what = f"The workbook cannot be read: {error}."
            mend = "Save it again as .xlsx without a password, or as CSV."
            raise DataError(Problem("workbook-damaged", what, mend, Place(str(path)))) from error
    return _table(path, name, rows)


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = (name for name in archive.namelist() if name.startswith("xl/worksheets/"))
        return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _check_results(path: Path, sheet: str, rows: Iterable[tuple[Any, Any]]) -> None:
    """Refuse a formula without a result, which would be taken for a blank; an empty text is one."""
    for given, written in rows:
        for cell, formula in zip(given, written, strict=True):
            if formula.data_type == "f" and cell.value is None and cell.data_type != "str":
                what = f"The formula in {formula.coordinate} of the sheet {sheet!r} has no result."
                mend = "Open the workbook in a spreadsheet program and save it: that works it out."
                raise _fault(path, "formula-result", what, mend)


def _chosen(path: Path, asked: str, states: dict[str, str]) -> str:
    hidden = [f"{name!r}" for name, state in states.items() if state != "visible"]
    also = f" Hidden: {', '.join(hidden)}." if hidden else ""
    if asked:
        if asked not in states:
            what = f"The workbook has no sheet {asked!r}.{also}"
            raise _fault(path, "sheet-unknown", what, did_you_mean(asked, states))
        return asked
    seen = [name for name, state in states.items() if state == "visible"]
    if len(seen) != 1:
        listed = ", ".join(f"{name!r}" for name in seen) or "none that is not hidden"
        what = f"It is not said which sheet holds the table: {listed}.{also}"
        mend = "Say `sheet: NAME` in the mapping file."
        raise _fault(path, "sheet-unsaid", what, mend)
    return seen[0]


def _cell(cell: Any) -> Any:
    """Give a cell without the blanks around its text; null where there is nothing else."""
    return (_ESCAPED.sub(_unescaped, cell).strip() or None) if isinstance(cell, str) else cell


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _text(cell: Any) -> str | None:
    if isinstance(cell, datetime):
        whole = cell.time() == _MIDNIGHT
        return cell.date().isoformat() if whole else cell.isoformat("T", "seconds")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if cell is None else str(cell)


def _table(path: Path, sheet: str, rows: list[list[Any]]) -> pl.DataFrame:
    filled = [row for row in rows if any(cell is not None for cell in row)]
    if len(filled) < 2:
        what = f"The sheet {sheet!r} has no rows below its column names."
        raise _fault(path, "table-no-rows", what, "Name another sheet, or export it again.")
    width = max(map(len, filled))
    names = [*map(_text, filled[0]), *[None] * width][:width]
    columns = [[row[n] if n < len(row) else None for row in filled[1:]] for n in range(width)]
    _check_names(path, sheet, names, columns)
    pairs = zip(names, columns, strict=True)
    return pl.DataFrame([_series(name, cells) for name, cells in pairs if name])


def _series(name: str, cells: list[Any]) -> pl.Series:
    """Give a column of dates as such, and any other as text."""
    given = [cell for cell in cells if cell is not None]
    if not given or not all(isinstance(cell, datetime) for cell in given):
        return pl.Series(name, [_text(cell) for cell in cells], pl.String)
    whole = all(cell.time() == _MIDNIGHT for cell in given)
    return pl.Series(name, cells, pl.Datetime("us")).cast(pl.Date if whole else pl.Datetime("us"))


def _check_names(path: Path, sheet: str, names: list[str | None], columns: list[list[Any]]) -> None:
    for place, name in enumerate(names):
        where = f"column {_letters(place)} of the sheet {sheet!r}"
        if not name and any(cell is not None for cell in columns[place]):
            what = f"There is no name at the top of {where}; merged cells have one at their left."
            mend = "Unmerge the cells of the first row and name every column, or delete it."
            raise _fault(path, "column-unnamed", what, mend)
        if name and name in names[:place]:
            what = f"The name {name!r} at the top of {where} stands there twice."
            raise _fault(path, "column-twice", what, "Rename one of the two.")


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _fault(path: Path, code: str, what: str, mend: str) -> DataError:
    return DataError(Problem(code, what, mend, Place(str(path))))
