"""A sheet of a workbook is read as a CSV file would be, or refused with its place."""

from datetime import date, datetime, time
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from xlsxwriter import Workbook as Writer

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


def test_a_formula_without_a_result_is_refused_and_not_taken_for_a_blank(book):
    with pytest.raises(DataError, match="formula-result") as told:
        read_table(book(data=[["id", "q1"], [1, "=1+1"]]))
    assert "B2 of the sheet 'data'" in told.value.problems[0].what


def test_a_formula_whose_result_is_an_empty_text_is_a_blank(tmp_path):
    with Writer(tmp_path / "plain.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["id", "q1"])
        for row, result in enumerate(["", 3], 1):
            sheet.write(row, 0, row)
            sheet.write_formula(row, 1, '=""', None, result)
    with ZipFile(tmp_path / "plain.xlsx") as plain, ZipFile(tmp_path / "book.xlsx", "w") as book:
        for name in plain.namelist():
            book.writestr(name, plain.read(name).replace(b'<c r="B2">', b'<c r="B2" t="str">'))
    assert read_table(tmp_path / "book.xlsx").collect().rows() == [("1", None), ("2", "3")]


def test_text_that_a_workbook_writes_in_codes_is_read_as_it_was(tmp_path):
    text = "one\r\ntwo"
    with Writer(tmp_path / "book.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "words")
        sheet.write_string(1, 0, text)
    assert read_table(tmp_path / "book.xlsx").collect()["words"].to_list() == [text]


def test_a_workbook_that_the_library_stumbles_over_is_refused(tmp_path):
    made = Workbook()
    made.create_chartsheet()
    made.save(tmp_path / "book.xlsx")
    with pytest.raises(DataError, match="workbook-damaged"):
        read_table(tmp_path / "book.xlsx")
