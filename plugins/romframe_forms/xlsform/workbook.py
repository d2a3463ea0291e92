"""The sheets of an XLSForm as rows of text."""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from romframe import DataError, Place, PluginError, Problem


Row = dict[str, str]

MOST_ROWS = 5000
MOST_BYTES = 100_000_000  # of all that is packed in the workbook


def library() -> Any:
    """Give openpyxl; PluginError where it is not installed."""
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        what = "XLSForms need openpyxl, which is not installed."
        mend = "Install it with: pip install 'romframe[forms]'."
        raise PluginError(Problem("forms-library", what, mend)) from error
    return openpyxl


def read_sheets(path: Path) -> dict[str, list[Row]]:
    """Give the rows of each sheet by the names of their columns, in small letters.

    Every row has its number in the sheet under `row`; empty rows and cells are left out. Raises
    DataError where the file is no workbook or is larger than a form can be.
    """
    load_workbook = library().load_workbook
    try:
        with path.open("rb") as file:
            with zipfile.ZipFile(file) as packed:
                large = sum(part.file_size for part in packed.infolist()) > MOST_BYTES
            if large:
                _refuse(path, "definition-too-large", "This workbook is too large to be a form.")
            sheets = load_workbook(file, read_only=True, data_only=True).worksheets
            return {sheet.title.strip().lower(): list(_rows(path, sheet)) for sheet in sheets}
    except DataError:
        raise
    except OSError as error:
        what = f"This file cannot be read: {error.strerror}."
        _refuse(path, "file-unreadable", what)
    except Exception as error:  # what a broken workbook raises, the library does not say
        _refuse(path, "definition-workbook", f"This is no Excel workbook: {error}.")


def _also_called() -> dict[str, str]:
    """Give the other names that pyxform takes for some columns."""
    text = files("romframe_forms").joinpath("data/xlsform_columns.csv").read_text(encoding="utf-8")
    return {row["also_called"]: row["column"] for row in csv.DictReader(text.splitlines())}


def _rows(path: Path, sheet: Any) -> Iterator[Row]:
    header: list[str] = []
    columns = _also_called()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MOST_ROWS:
            told = f"The sheet {sheet.title!r} has more than {MOST_ROWS} rows."
            _refuse(path, "definition-too-large", told)
        texts = [text_of(cell) for cell in cells]
        if not header:
            names = [text.lower().replace(" ", "_") for text in texts]
            header = [columns.get(name, name) for name in names]
            continue
        row = {name: text for name, text in zip(header, texts, strict=False) if name and text}
        if row:
            yield {**row, "row": str(number)}


def text_of(cell: Any) -> str:
    """Give a cell as it is written by hand: 3, not 3.0."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return (cell.isoformat() if isinstance(cell, date) else str(cell)).strip()


def _refuse(path: Path, code: str, what: str) -> NoReturn:
    mend = "Give an XLSForm as an .xlsx workbook with the sheets survey and choices."
    raise DataError(Problem(code, what, mend, Place(str(path))))
