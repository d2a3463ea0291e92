import csv
import stat
from datetime import date

import openpyxl
import polars as pl
import pytest
from romframe_report.tidy.files import write_figures, write_workbook

from romframe import TidyColumn, TidyTable, UsageError


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "http://here", "plain"]
COLUMNS = (
    TidyColumn("name", pl.String(), "A name"),
    TidyColumn("count", pl.Int64(), "How many", "people"),
    TidyColumn("hidden", pl.Boolean(), "Whether it is hidden"),
)


@pytest.fixture
def made():
    rows = tuple({"name": name, "count": None, "hidden": True} for name in DANGEROUS)
    return (
        TidyTable("made", "Made", COLUMNS, (*rows, {"name": "n", "count": 7, "hidden": False})),
    )


def test_a_workbook_has_what_it_is_about_every_table_and_the_dictionary(made, tmp_path):
    out = tmp_path / "report.xlsx"

    write_workbook(out, made, ["A report", "=of a month"], date(2026, 7, 6))

    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["about", "made", "dictionary"]
    assert [row[0] for row in book["about"].values] == ["A report", "=of a month"]
    assert next(book["made"].values) == ("name", "count", "hidden")
    assert list(book["made"].values)[-1] == ("n", 7, False)
    assert list(book["dictionary"].values)[2][:4] == ("made", "count", "Int64", "How many")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(made, tmp_path):
    out = tmp_path / "report.xlsx"

    write_workbook(out, made, ["=about"], date(2026, 7, 6))

    cells = [c for sheet in openpyxl.load_workbook(out) for row in sheet.iter_rows() for c in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "b"}
    assert not any(cell.hyperlink for cell in cells)
    assert [row[0] for row in openpyxl.load_workbook(out)["made"].values][1:8] == DANGEROUS


def test_the_same_figures_make_the_same_workbook(made, tmp_path):
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for out in (first, second):
        write_workbook(out, made, ["x"], date(2026, 7, 6))

    assert first.read_bytes() == second.read_bytes()


def test_texts_that_begin_as_formulas_do_are_defused_in_csv_and_kept_in_parquet(made, tmp_path):
    write_figures(tmp_path / "new" / "figures", made)

    with (tmp_path / "new/figures/made.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "http://here", "plain", "n"]
    kept = pl.read_parquet(tmp_path / "new/figures/made.parquet")
    assert kept.equals(made[0].frame)
    assert sorted(path.name for path in (tmp_path / "new/figures").iterdir()) == [
        *("dictionary.csv", "dictionary.parquet"),
        *("made.csv", "made.parquet"),
    ]


def test_a_place_that_cannot_be_written_to_is_said_plainly(made, tmp_path):
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(UsageError, match="report-unwritable"):
        write_figures(tmp_path / "taken", made)
    with pytest.raises(UsageError, match="report-unwritable"):
        write_workbook(tmp_path / "nowhere" / "x.xlsx", made, [], date(2026, 7, 6))
