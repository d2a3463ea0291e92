"""Tables written out: a workbook for people, CSV and Parquet for programs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from romframe import TidyTable, spreadsheet_safe
from romframe_report.saving import save, save_all
from romframe_report.tidy.table import dictionary


if TYPE_CHECKING:
    from datetime import date

_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDEST = 60


def write_workbook(
    out: Path, tables: Sequence[TidyTable], about: Sequence[str], today: date
) -> None:
    """Write a workbook; raises UsageError where the file cannot be written."""
    save(out, workbook(tables, about, today))


def workbook(tables: Sequence[TidyTable], about: Sequence[str], today: date) -> bytes:
    """Give a workbook: a sheet that says what it is, one a table, and the data dictionary.

    Text stays text, even where it begins as a formula does.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _PLAIN) as book:
        book.set_properties({"created": datetime.combine(today, time())})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        first = book.add_worksheet("about")
        first.set_column(0, 0, 100)
        for row, line in enumerate(about):
            first.write_string(row, 0, line)
        for table in (*tables, dictionary(tables)):
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for number, column in enumerate(table.columns):
                values = [column.name, *(row[column.name] for row in table.rows)]
                longest = max(len(str(value)) for value in values)
                sheet.set_column(number, number, min(longest + 2, _WIDEST))
                sheet.write_string(0, number, column.name, bold)
                for row, value in enumerate(values[1:], start=1):
                    _write(sheet, row, number, value)
    return content.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)


def write_figures(folder: Path, tables: Sequence[TidyTable]) -> None:
    """Write the files of `figure_files`; raises UsageError where one cannot be written."""
    save_all(folder, figure_files(tables))


def figure_files(tables: Sequence[TidyTable]) -> dict[str, bytes]:
    """Give every table and the data dictionary as CSV and as Parquet, by the name of the file.

    In the CSV files a text that begins as a formula does gets an apostrophe before it, because
    people open them in spreadsheets.
    """
    return dict(_contents(tables))


def _contents(tables: Sequence[TidyTable]) -> Iterator[tuple[str, bytes]]:
    for table in (*tables, dictionary(tables)):
        safe = spreadsheet_safe(table.frame)
        yield f"{table.name}.csv", safe.write_csv().encode("utf-8")
        content = io.BytesIO()
        table.frame.write_parquet(content)
        yield f"{table.name}.parquet", content.getvalue()
