"""A sheet of a workbook is read as a CSV file would be, or refused with its place."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from romframe import DataError, UsageError
from romframe.tables import read_table


@pytest.fixture
def book(tmp_path):
    """Write workbooks: rows by the name of a sheet; those in brackets are hidden."""

    def write(**sheets):
        made = Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name.strip("_"))
            sheet.sheet_state = "hidden" if name.startswith("_") else "visible"
            for row in rows:
                sheet.append(row)
        path = tmp_path / "book.xlsx"
        made.save(path)
        return path

    return write


def test_cells_are_read_as_text_and_what_is_empty_is_left_out(book):
    moment = datetime(2026, 3, 2, 10, 15)  # noqa: DTZ001  (a workbook knows no zones)
    path = book(
        data=[
            ["id", "day", "at", "clock", "n", "x", "yes", "text", None],
            [1, date(2026, 3, 2), moment, time(9, 30), 2.0, 0.5, True, " '=a ", " "],
            [None, None],
            ["007", None, None, None, None, None, None, "last"],
            [None, " "],
        ]
    )
    rows = read_table(path).collect()
    assert rows.columns == ["id", "day", "at", "clock", "n", "x", "yes", "text"]
    assert rows.rows() == [
        ("1", date(2026, 3, 2), moment, "09:30:00", "2", "0.5", "True", "'=a"),
        ("007", None, None, None, None, None, None, "last"),
    ]


def test_a_date_among_text_is_written_out(book):
    moment = datetime(2026, 3, 2, 10, 15)  # noqa: DTZ001  (a workbook knows no zones)
    path = book(data=[["day", "n"], [date(2026, 3, 2), 0], ["?", None], [moment, 1e22]])
    assert read_table(path).collect().to_dict(as_series=False) == {
        "day": ["2026-03-02", "?", "2026-03-02T10:15:00"],
        "n": ["0", None, "1" + "0" * 22],
    }


def test_the_only_sheet_that_is_not_hidden_is_read_and_any_by_name(book):
    path = book(_codes=[["a"], [1]], data=[["b"], [2]])
    assert read_table(path).collect().columns == ["b"]
    assert read_table(path, sheet="codes").collect().columns == ["a"]


@pytest.mark.parametrize(
    ("sheets", "sheet", "code", "said"),
    [
        ({"a": [["x"], [1]], "b": [["x"], [1]], "_c": []}, "", "sheet-unsaid", "'a', 'b'. Hidden"),
        ({"data": [["x"], [1]], "_c": []}, "dato", "sheet-unknown", "'dato'. Hidden: 'c'."),
        ({"data": [["x"]]}, "", "table-no-rows", "The sheet 'data' has no rows"),
        ({"data": []}, "", "table-no-rows", "no rows"),
        ({"data": [["x", None], [1, 2]]}, "", "column-unnamed", "column B of the sheet 'data'"),
        ({"data": [["x", "x"], [1, 2]]}, "", "column-twice", "'x' at the top of column B"),
        ({"data": [[*range(27), None], [1] * 28]}, "", "column-unnamed", "column AB"),
    ],
)
def test_a_sheet_that_is_not_one_plain_table_is_refused(book, sheets, sheet, code, said):
    with pytest.raises(DataError) as told:
        read_table(book(**sheets), sheet=sheet)
    (problem,) = told.value.problems
    assert problem.code == code
    assert said in problem.what


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0", b""])
def test_a_damaged_workbook_is_refused(tmp_path, content):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    with pytest.raises(DataError, match="workbook-damaged"):
        read_table(path)


def test_a_workbook_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="table-unreadable"):
        read_table(tmp_path / "absent.xlsx")


def test_the_library_is_asked_for_by_the_name_of_its_extra(book, monkeypatch):
    path = book(data=[["x"], [1]])
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r"romframe\[excel\]"):
        read_table(path)
