"""A keying sheet is in the order of its form, and what is keyed into it can be imported."""

import csv
import re

from click.testing import CliRunner

from romframe.cli import cli


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
