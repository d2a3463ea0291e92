"""What the written files look like to whoever opens them as text."""

import csv
from datetime import UTC, date, datetime

import pytest
from romframe_mhsds.submission.files import Form, Writer, write_schema
from romframe_mhsds.submission.late import late_entries
from romframe_mhsds.submission.settings import read_settings
from unit.mhsds.service import REFERRAL, TODAY, Service

from romframe import ExportRefused, create_workspace


REFER = "MHS606CodedScoreAssessmentRefer.csv"
PHQ_9 = {f"q{n}": 1 for n in range(1, 10)}


@pytest.mark.parametrize(
    ("delimiter", "encoding", "form", "charset"),
    [
        ("comma", "utf-8", "CSVDelimited", "65001"),
        ("semicolon", "cp1252", "Delimited(;)", "1252"),
        ("tab", "utf-8", "TabDelimited", "65001"),
        ("pipe", "cp1252", "Delimited(|)", "1252"),
    ],
)
def test_delimiter_and_encoding_are_chosen_and_told_to_access(
    workspace, run, delimiter, encoding, form, charset
):
    workspace.load("phq_9").add("phq_9", PHQ_9, referral_id="Zoë 1")
    done = run(workspace, delimiter=delimiter, encoding=encoding)
    text = (done.out / REFER).read_bytes().decode(encoding)
    separator = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}[delimiter]
    assert text.splitlines()[1].split(separator)[:2] == ['"Zoë 1"', '"720433000"']
    schema = (done.out / "schema.ini").read_bytes().decode()
    assert schema.startswith(f"[{REFER}]\r\nColNameHeader=True\r\nFormat={form}\r\n")
    assert f"CharacterSet={charset}\r\n" in schema


def test_a_character_that_the_encoding_lacks_is_refused_with_its_row(workspace, run):
    workspace.load("phq_9").add("phq_9", PHQ_9)
    workspace.add("phq_9", PHQ_9, referral_id="Łódź")
    with pytest.raises(ExportRefused) as caught:
        run(workspace, encoding="cp1252")
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.row) == ("mhsds-encoding", 2)
    assert problem.place.file == REFER
    assert "'Ł'" in problem.what


def test_quotes_and_delimiters_inside_a_value_survive(tmp_path):
    import polars as pl

    path = tmp_path / "a.csv"
    with Writer(path, ("a", "b"), Form(";")) as writer:
        writer.write(pl.DataFrame({"b": ['say "no"; or', None], "a": ["1", "2"]}))
        writer.write(pl.DataFrame({"a": ["3"], "b": ["x"]}))
    assert writer.rows == 3
    with path.open(newline="") as file:
        found = list(csv.reader(file, delimiter=";"))
    assert found == [["a", "b"], ["1", 'say "no"; or'], ["2", ""], ["3", "x"]]


def test_a_column_without_a_width_is_a_memo(tmp_path):
    write_schema(tmp_path / "schema.ini", {"a.csv": [("Code", 18), ("Rest", 0)]}, Form())
    lines = (tmp_path / "schema.ini").read_text().splitlines()
    assert lines[-2:] == ['Col1="Code" Text Width 18', 'Col2="Rest" Memo']


@pytest.mark.parametrize(
    ("completed_at", "period", "written"),
    [
        ("2026-03-29T00:59:59", "2026-03", "2026-03-29T00:59:59Z"),
        ("2026-03-29T02:00:00", "2026-03", "2026-03-29T02:00:00+01:00"),
        ("2026-03-29T01:30:00", "2026-03", "2026-03-29T02:30:00+01:00"),
        ("2026-10-25T00:59:59", "2026-10", "2026-10-25T00:59:59+01:00"),
        ("2026-10-25T01:30:00", "2026-10", "2026-10-25T01:30:00+01:00"),
        ("2026-10-25T02:00:00", "2026-10", "2026-10-25T02:00:00Z"),
        ("2026-07-01", "2026-07", "2026-07-01T00:00:00+01:00"),
        ("2026-06-30T23:00:00Z", "2026-07", "2026-07-01T00:00:00+01:00"),
        ("2026-07-31T23:59:59", "2026-07", "2026-07-31T23:59:59+01:00"),
        ("2026-10-31T23:59:59", "2026-10", "2026-10-31T23:59:59Z"),
        ("2026-11-01T00:00:00", "2026-11", "2026-11-01T00:00:00Z"),
        ("2026-12-31T23:59:59", "2026-12", "2026-12-31T23:59:59Z"),
        ("2027-01-01", "2027-01", "2027-01-01T00:00:00Z"),
        ("2028-02-29T12:00:00", "2028-02", "2028-02-29T12:00:00Z"),
        ("2028-02-29", "2028-02", "2028-02-29T00:00:00Z"),
    ],
)
def test_moments_read_right_as_text(workspace, run, completed_at, period, written):
    """Clocks that change, midnight, the 31st and the 1st, the turn of the year, a leap day."""
    workspace.load("phq_9").add("phq_9", PHQ_9, completed_at=completed_at)
    done = run(workspace, period=period, today=date(2028, 12, 1))
    text = (done.out / REFER).read_text()
    assert text.splitlines()[1:] == [f'"SR0001","720433000","9","{written}","CP07"']


@pytest.mark.parametrize(
    ("completed_at", "other"),
    [
        ("2026-07-31T23:59:59", "2026-08"),
        ("2026-06-30T23:00:00Z", "2026-06"),
        ("2028-02-29T23:59:59", "2028-03"),
    ],
)
def test_a_moment_is_in_no_other_month(workspace, run, completed_at, other):
    workspace.load("phq_9").add("phq_9", PHQ_9, completed_at=completed_at)
    done = run(workspace, period=other, today=date(2028, 12, 1))
    assert done.result.counts["assessments"] == 0


@pytest.fixture
def service(tmp_path):
    made = create_workspace(tmp_path / "service", "A service", today=TODAY)
    yield Service(made).everything()
    made.store.close()


def at(month, day, hour=9):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def late(service, out, period):
    service.export(out, period=period)
    with (out / "late_entries.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_what_came_after_its_month_had_closed_is_listed_for_that_month(service, tmp_path):
    """October closes on 20 November: what comes on that day goes with October, and is not late."""
    service.core_10(completed_at="2026-10-05", source_id="in time", now=at(11, 20))
    service.core_10(completed_at="2026-10-06", source_id="late", now=at(11, 21))
    service.core_10(completed_at="2026-09-29", source_id="later", now=at(11, 2))
    found = late(service, tmp_path / "out", "2026-11")
    assert [(row["completed_at"], row["belongs_to"], row["resubmit"]) for row in found] == [
        ("2026-09-29", "2026-09", "yes"),
        ("2026-10-06", "2026-10", "yes"),
    ]
    _, read = service.export(tmp_path / "october", period="2026-10")
    assert read["MHS606"]["AssToolCompTimestamp"].to_list() == [
        "2026-10-05T00:00:00+01:00",
        "2026-10-06T00:00:00+01:00",
    ]


def test_a_year_that_is_over_cannot_be_sent_again(service, tmp_path):
    service.bring("referral", REFERRAL | {"received_on": "2025-09-01"})
    service.core_10(completed_at="2026-03-30", now=at(11, 21))
    (row,) = late(service, tmp_path / "out", "2026-11")
    assert (row["belongs_to"], row["resubmit"]) == ("2026-03", "no: its financial year is over")
    result, _ = service.export(tmp_path / "again")
    assert (result.counts["late"], result.counts["late_to_resubmit"]) == (1, 0)
    assert "1 came late for an earlier month, of which 0 can still be sent" in result.summary[-1]


@pytest.mark.parametrize(
    ("today", "resubmit"),
    [
        (date(2026, 5, 1), "yes"),
        (date(2026, 5, 20), "yes"),
        (date(2026, 5, 21), "no: its financial year is over"),
    ],
)
def test_a_month_can_be_sent_again_until_the_last_window_of_its_year_closes(
    service, today, resubmit
):
    """The window of March, the last of the year, ends in May."""
    service.bring("referral", REFERRAL | {"received_on": "2025-09-01"})
    service.core_10(completed_at="2026-03-30", source_id="late", now=at(4, 22))
    settings = read_settings(service.workspace, {"period": "2026-04"}, today)
    found = late_entries(service.workspace, settings, today)
    assert found.select("belongs_to", "resubmit").rows() == [("2026-03", resubmit)]


def test_what_cannot_flow_is_not_late(service, tmp_path):
    row = {"referral_id": "R1", "completed_at": "2026-09-10"}
    answers = {f"q{n}": "1" for n in range(1, 11)}
    service.bring("epds", row | answers, coding="position", now=at(11, 21))
    declined = dict.fromkeys(answers) | {"outcome": "declined", "completed_at": "2026-09-12"}
    service.core_10(**declined, now=at(11, 21))
    assert late(service, tmp_path / "out", "2026-11") == []
