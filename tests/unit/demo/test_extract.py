"""The files that the demo writes, with the columns, codes and dates of a record system."""

import csv
import re
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from romframe_demo.extract import ANONYMOUS, FILES, SHEETS, extract
from romframe_demo.incoming import (
    FRAMEWORK,
    LOCAL_MEASURE,
    OWN_CHECK,
    copy_mappings,
    copy_own,
    write_incoming,
    write_notes,
)
from romframe_demo.invented import nhs_number, postcode, practice
from stdnum.gb import nhs

from romframe.importing.mapping import load_mapping


SHEETED = [sheet.file for sheet in SHEETS.values()]
ROOT = Path(__file__).parents[3]
DATES = ("DOB", "DateReceived", "DateClosed", "TurnedAway", "ContactDate", "CompletedOn")
DATE = r"\d\d/\d\d/\d{4}( \d\d:\d\d)?"


@pytest.fixture(scope="module")
def tables(service):
    return extract(service)


def forms_of(service, instrument):
    return [form for form in service.forms if form.instrument == instrument]


def test_there_is_a_file_for_every_kind_of_record_and_measure(tables):
    assert tuple(tables) == FILES


def test_every_row_of_the_service_is_a_row_of_its_file(service, tables):
    assert len(tables["patients"]) == len(service.people)
    assert len(tables["referrals"]) == len(service.referrals)
    assert len(tables["contacts"]) == len(service.contacts)
    assert len(tables["events"]) == len(service.events)
    assert len(tables["activities"]) == len(service.activities)
    for instrument, sheet in SHEETS.items():
        assert len(tables[sheet.file]) == len(forms_of(service, instrument))


def test_a_return_is_a_row_and_names_nobody(service, tables):
    for name, columns in ANONYMOUS.items():
        said = [each for each in service.returns if each.instrument == name]
        assert len(tables[name]) == len(said)
        assert set(tables[name][0]) == {"ReceivedOn", "Team", *columns.values()}


def test_a_goal_is_a_row_as_it_stands_now(service, tables):
    assert len(tables["goals"]) == len(service.goals)
    states = {row["GoalState"] for row in tables["goals"]}
    assert states == {"Current", "Reached", "Changed", "Given up"}


def test_notes_are_of_the_months_before_the_day(tmp_path):
    write_notes(tmp_path / "prem.yaml", date(2026, 3, 31))
    text = (tmp_path / "prem.yaml").read_text(encoding="utf-8")
    assert "read_to: 2026-01" in text
    assert text.count("month: 2026-01") == text.count("month: 2025-11") == 2


def test_the_rows_of_a_file_have_the_same_columns(tables):
    for rows in tables.values():
        assert len({tuple(row) for row in rows}) == 1


def test_dates_are_written_day_first(service, tables):
    assert tables["patients"][0]["DOB"] == service.people[0].born.strftime("%d/%m/%Y")
    for rows in tables.values():
        for row in rows:
            for name in DATES:
                assert re.fullmatch(f"({DATE})?", row.get(name, ""))


def test_an_nhs_number_is_sound_and_nobody_s(tables):
    numbers = [row["NHSNo"] for row in tables["patients"]]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert nhs.is_valid(number)
        assert number.startswith("999")


def test_what_is_invented_of_a_person_is_always_the_same():
    assert nhs_number("P10001") == "9991000100"
    assert postcode("P10001") == "ZZ99 1AA"
    assert practice("P10001") == "A99991"


def test_only_who_was_turned_away_has_a_day_of_it(tables):
    turned_away = [row for row in tables["referrals"] if row["TurnedAway"]]
    assert turned_away
    for row in tables["referrals"]:
        assert row["TurnedAway"] == (row["DateClosed"] if row["CloseReason"] == "INAPP" else "")


def test_contacts_are_cancelled_by_either_side(tables):
    assert {row["Outcome"] for row in tables["contacts"]} == {"ATT", "DNA", "CANP", "CANS"}


def test_a_completed_form_names_the_activity_of_its_referral_and_day(tables):
    contacts = {row["ContactNo"]: row for row in tables["contacts"]}
    during = {row["ActivityNo"]: contacts[row["ContactNo"]] for row in tables["activities"]}
    named = [row for name in SHEETED for row in tables[name] if row["ActivityNo"]]
    assert {row["ActivityNo"] for row in named} == set(during)
    for row in named:
        contact = during[row["ActivityNo"]]
        assert row["FormStatus"] == "Complete"
        assert (row["RefNo"], row["CompletedOn"][:10]) == (contact["RefNo"], contact["ContactDate"])
        assert contact["Outcome"] == "ATT"


def test_staff_of_activities_and_raters_are_in_the_file_of_staff(tables):
    known = {row["StaffID"] for row in tables["staff"]}
    assert {row["StaffID"] for row in (*tables["activity_staff"], *tables["honos"])} <= known
    assert len(known) == len(tables["staff"])


def test_a_form_on_paper_has_a_day_and_no_time(service, tables):
    for form, row in zip(forms_of(service, "core_10"), tables["core10"], strict=True):
        written = "%d/%m/%Y %H:%M" if form.timed else "%d/%m/%Y"
        assert datetime.strptime(row["CompletedOn"], written).date() == form.at.date()  # noqa: DTZ007
    assert {form.timed for form in forms_of(service, "core_10")} == {True, False}


def test_not_known_is_9_on_the_ward_and_a_local_code_elsewhere(service, tables):
    cells = {"WARD": set(), "COM": set()}
    for row in tables["honos"]:
        cells[row["Place"]] |= {row[f"H{number:02d}"] for number in range(1, 13)}
    assert "9" in cells["WARD"] - cells["COM"]
    assert "N/K" in cells["COM"] - cells["WARD"]


def test_gaps_have_their_local_codes(tables):
    assert any(row["C06"] == "DTA" for row in tables["core10"])
    assert any(row["PHQ_Difficulty"] == "N/A" for row in tables["phq9"])


def test_a_form_that_was_not_completed_has_no_answers(tables):
    columns = SHEETS["core_10"].columns.values()
    blank = [row for row in tables["core10"] if row["FormStatus"] != "Complete"]
    assert blank
    assert {row[column] for row in blank for column in columns} == {""}


def test_a_mapping_reads_only_columns_that_its_file_has(tables, tmp_path):
    copy_mappings(tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(FILES)
    for name in FILES:
        mapping = load_mapping(tmp_path / f"{name}.yaml")
        assert set(mapping.columns.values()) <= set(tables[name][0])


def test_a_mapping_reads_every_item_from_the_column_that_it_was_written_to(tmp_path):
    copy_mappings(tmp_path)
    for instrument, sheet in SHEETS.items():
        mapping = load_mapping(tmp_path / f"{sheet.file}.yaml")
        assert mapping.instrument == instrument
        assert {item: mapping.columns[item] for item in sheet.columns} == sheet.columns


def test_files_look_as_windows_programs_write_them(tables, tmp_path):
    write_incoming(tmp_path / "incoming", tables)
    raw = (tmp_path / "incoming" / "honos.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfFormID,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == len(tables["honos"]) + 1
    with (tmp_path / "incoming" / "honos.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file)) == tables["honos"]


@pytest.mark.parametrize(
    ("name", "example", "folder"),
    [
        (LOCAL_MEASURE, "local_measure", "measures"),
        (FRAMEWORK, "commissioner_framework", "frameworks"),
    ],
)
def test_what_the_service_adds_is_that_of_the_examples(tmp_path, name, example, folder):
    """The originals lie in examples, which no wheel holds; these are copies."""
    for each in ("measures", "frameworks", "checks"):
        (tmp_path / each).mkdir()
    copy_own(tmp_path)
    original = (ROOT / "examples" / example / name).read_bytes()
    assert (tmp_path / folder / name).read_bytes() == original
    assert (files("romframe_demo") / "data" / name).read_bytes() == original
    assert (tmp_path / "checks" / OWN_CHECK).is_file()
