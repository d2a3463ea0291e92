"""A keying sheet is in the order of its form, and what is keyed into it can be imported."""

import csv
import json
import re
import sys

import openpyxl
import pytest
from attrs import evolve
from click.testing import CliRunner

from romframe import FrameworkIndicator, PluginError
from romframe.cli import cli
from romframe.frameworks.used import used_measures


def test_what_is_keyed_in_as_the_form_shows_it_is_imported(new_service, tmp_path):
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P1"}])
    made.bring(
        "referral",
        [{"referral_id": "R1", "service_user_id": "P1", "received_on": "2024-09-01"}],
    )
    form, sheet = tmp_path / "form.html", tmp_path / "sheet.csv"
    command = ["-w", str(made.workspace.path)]
    asked = ["measures", "form", "core_10", "--out", str(form), "--keying", str(sheet)]
    assert CliRunner().invoke(cli, [*command, *asked]).exit_code == 0
    (header,) = csv.reader(sheet.read_text().splitlines())
    about, items = header[:3], header[3:]
    assert about == ["referral_id", "completed_at", "timepoint"]
    shown = re.findall(r'<input type="radio" name="(\w+)"', form.read_text(encoding="utf-8"))
    assert items == list(dict.fromkeys(shown))
    last = [box[-1] for box in ["01234"] * len(items)]
    sheet.write_text(f"{','.join(header)}\nR1,2024-10-01,assessment,{','.join(last)}\n")
    brought = ["import", str(sheet), "--as", "core_10", "--coding", "position"]
    assert "1 stored" in CliRunner().invoke(cli, [*command, *brought]).output


def columns(measure, folder):
    sheet = folder / "sheet.csv"
    CliRunner().invoke(cli, ["measures", "form", measure, "--keying", str(sheet)])
    return sheet.read_text().strip().split(",")


def test_a_sheet_asks_for_the_rater_or_the_goal_only_where_there_are_several(tmp_path):
    assert columns("gbo", tmp_path)[:4] == ["referral_id", "completed_at", "timepoint", "rater"]
    assert "goal_id" in columns("gbo", tmp_path)


def test_a_sheet_of_anonymous_returns_asks_for_no_person(tmp_path):
    assert "referral_id" not in columns("fft", tmp_path)
    assert columns("fft", tmp_path)[0] == "completed_at"


def test_a_workbook_for_keying_has_the_columns_of_the_sheet_and_what_they_ask(tmp_path):
    sheet = tmp_path / "sheet.XLSX"
    CliRunner().invoke(cli, ["measures", "form", "core_10", "--keying", str(sheet)])
    book = openpyxl.load_workbook(sheet)
    (header,) = book["keying"].iter_rows(values_only=True)
    assert list(header) == columns("core_10", tmp_path)
    _, *items = book["form"].iter_rows(values_only=True)
    assert [row[:2] for row in items] == [(name, str(n)) for n, name in enumerate(header[3:], 1)]
    assert all(row[2] for row in items)
    assert {cell.number_format for row in book["form"].iter_rows(min_row=2) for cell in row} == {
        "@"
    }


def test_a_workbook_without_its_library_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    asked = ["measures", "form", "core_10", "--keying", str(tmp_path / "sheet.xlsx")]
    result = CliRunner().invoke(cli, asked)
    assert isinstance(result.exception, PluginError)
    assert "romframe[report]" in result.exception.problems[0].mend


@pytest.fixture(scope="module")
def made(new_service):
    return new_service()


def several(made, out, *options):
    asked = ["-w", str(made.workspace.path), "measures", "form", *options, "--out", str(out)]
    return CliRunner().invoke(cli, asked)


def test_one_command_makes_a_form_and_its_sheets_for_every_measure_that_is_used(made, tmp_path):
    made.bring("service_user", [{"service_user_id": "P1"}])
    referral = {"referral_id": "R1", "service_user_id": "P1", "received_on": "2024-09-01"}
    made.bring("referral", [referral])
    made.rate("core_om", [("R1", "2024-09-02", None, "declined", None)])
    out = tmp_path / "new" / "forms"
    result = several(made, out, "--all")
    assert result.output == f"Wrote 5 forms with their keying sheets into {out}.\n"
    names = ["core_10", "core_om", "gad_7", "honos", "phq_9"]
    kinds = ("csv", "html", "xlsx")
    assert sorted(each.name for each in out.iterdir()) == [f"{n}.{k}" for n in names for k in kinds]
    assert (out / "honos.csv").read_text().startswith("referral_id,completed_at,timepoint")
    assert "<title>CORE-10: form</title>" in (out / "core_10.html").read_text(encoding="utf-8")
    assert several(made, tmp_path / "named", "--framework", "made_up").output.startswith("Wrote 4")


def test_one_measure_is_one_form(made, tmp_path):
    file = tmp_path / "one.yaml"
    text, _, _ = made.path.read_text().partition("timing:")
    file.write_text(text)
    assert "Wrote 1 form with" in several(made, tmp_path / "one", "--framework", str(file)).output


def test_a_measure_of_an_indicator_is_used_too(made):
    params = {"instrument": "poem", "item": "q1"}
    indicator = FrameworkIndicator("inv", "favourable_answer", "Involved", params)
    outcome = evolve(made.framework.outcomes[0], indicators=(indicator,))
    assert used_measures(evolve(made.framework, outcomes=(outcome,), timing=())) == {
        "core_10",
        "poem",
    }


def test_where_nothing_is_used_yet_there_is_a_form_of_every_measure(monkeypatch, tmp_path):
    written = []
    monkeypatch.setattr("romframe.cli.render.write_bytes", lambda out, _: written.append(out.name))
    monkeypatch.setattr("romframe.form.form", lambda _: "")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["measures", "form", "--all", "--out", str(tmp_path)])
    assert result.exit_code == 0
    listed = json.loads(CliRunner().invoke(cli, ["measures", "list", "--json"]).stdout)["measures"]
    assert written == [
        f"{name}.{ending}"
        for name in sorted(each["measure"] for each in listed)
        for ending in ("html", "csv", "xlsx")
    ]


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "forms"],
        ["--all"],
        ["--all", "--out", "forms", "--keying", "sheet.csv"],
        ["core_10", "--all", "--out", "forms"],
        ["core_10", "--framework", "made_up"],
    ],
)
def test_options_that_do_not_go_together_are_refused(options):
    assert CliRunner().invoke(cli, ["measures", "form", *options]).exit_code == 2


def test_a_folder_that_cannot_be_made_is_told(made, tmp_path):
    place = tmp_path / "file"
    place.write_text("")
    result = several(made, place, "--framework", "made_up")
    assert result.exception.problems[0].code == "file-unwritable"
