"""The due list as text, JSON, CSV and calendar; putting off; briefs before reviews."""

import json
from datetime import date

import icalendar
import polars as pl
import pytest
from click.testing import CliRunner

from romframe import DataError, PluginError, UsageError
from romframe.cli import cli
from romframe.importing.kinds import RECORD_KINDS
from romframe.timing.calendar import calendar
from romframe.timing.due import due_items
from romframe.timing.lists import Wanted, due_list, frameworks_with_timing


DAY = "2024-11-01"


@pytest.fixture(scope="module")
def service(new_service):
    """Two teams: R1 is to be rated by CP1, R2 was rated once and has a review ahead."""
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P1"}, {"service_user_id": "P2"}])
    made.bring(
        "referral",
        [
            {
                "referral_id": f"R{n}",
                "service_user_id": f"P{n}",
                "team": team,
                "received_on": "2024-09-01",
                "setting": "community",
            }
            for n, team in ((1, "North"), (2, "South"))
        ],
    )
    made.bring(
        "care_contact",
        [
            {
                "care_contact_id": "C1",
                "referral_id": "R1",
                "contact_on": "2024-10-25",
                "attended": "1",
            }
        ],
    )
    made.bring("care_activity", [{"care_activity_id": "A1", "care_contact_id": "C1"}])
    staff = [{"care_activity_id": "A1", "care_professional_id": f"CP{n}"} for n in (2, 1)]
    made.bring("care_activity_staff", staff)
    made.rate(
        "core_10",
        [
            ("R2", "2024-09-02", "assessment", "completed", "CP7"),
            ("R2", "2024-09-09", "", "declined", "CP9"),
        ],
    )
    made.bring(
        "event",
        [{"referral_id": "R2", "kind": "birth", "happened_on": "2024-10-12"}],
    )
    made.bring(
        "planned_event", [{"referral_id": "R2", "kind": "cpa_review", "planned_on": "2024-11-10"}]
    )
    return made


@pytest.fixture
def run(service):
    def run(*args):
        arguments = ["-w", str(service.workspace.path), *args]
        return CliRunner().invoke(cli, arguments)

    return run


def test_the_list_says_for_each_item_when_whose_and_why(run):
    result = run("due", "--as-of", DAY)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "On 2024-11-01: 1 overdue, 4 due."
    assert lines[1].split() == [
        "due",
        "status",
        "referral",
        "measure",
        "schedule",
        "team",
        "clinician",
        "note",
    ]
    assert "2024-09-02  overdue  R2        honos    start" in lines[2]
    first = next(line for line in lines if " R1 " in line)
    assert first.endswith("North  CP1; CP2   on time to 2024-11-08")


@pytest.mark.parametrize(
    ("option", "value", "referrals"),
    [
        ("--team", "North", ["R1", "R1"]),
        ("--clinician", "CP1", ["R1", "R1"]),
        ("--clinician", "CP9", ["R2", "R2", "R2"]),
        ("--status", "overdue", ["R2"]),
        ("--status", "missed", []),
        ("--framework", "made_up", ["R2", "R2", "R1", "R1", "R2"]),
    ],
)
def test_a_list_is_narrowed(run, option, value, referrals):
    result = run("due", "--as-of", DAY, option, value, "--json")
    told = json.loads(result.stdout)
    assert told["as_of"] == DAY
    assert sorted(item["referral_id"] for item in told["items"]) == sorted(referrals)


def test_what_is_done_says_how(run):
    result = run("due", "--as-of", DAY, "--status", "done")
    assert result.stdout.splitlines()[-1].endswith("completed 2024-09-02, on time")


def test_an_empty_list_says_so(run):
    result = run("due", "--as-of", "2024-08-01", "--ahead", "0")
    assert result.stdout == "On 2024-08-01: nothing is due.\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--team", "Nort"), "Did you mean 'North'?"),
        (("--clinician", "CP8"), "CP"),
        (("--framework", "made_p"), "Did you mean 'made_up'?"),
    ],
)
def test_a_name_that_nobody_has_is_told(run, options, told):
    result = run("due", "--as-of", DAY, *options)
    assert isinstance(result.exception, UsageError)
    assert told in result.exception.problems[0].mend


def test_a_workspace_without_schedules_is_told_where_to_write_them(new_service):
    made = new_service()
    made.path.write_text(made.path.read_text().partition("timing:")[0])
    with pytest.raises(UsageError) as caught:
        frameworks_with_timing(made.workspace)
    assert caught.value.problems[0].code == "no-schedules"
    assert due_items(made.workspace, made.framework, date(2024, 11, 1)).is_empty()


def test_the_list_is_kept_as_a_table(run, tmp_path):
    out = tmp_path / "due.csv"
    result = run("due", "--as-of", DAY, "--csv", str(out))
    assert result.stdout == ""
    kept = pl.read_csv(out)
    assert kept.height == 5
    assert set(kept["status"]) == {"overdue", "due"}


@pytest.fixture(scope="module")
def hostile(new_service):
    """A service whose ids and teams would do something where they are opened."""
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P"}])
    about = {"service_user_id": "P", "received_on": "2024-10-01"}
    rows = [
        {"referral_id": "=1+1", "team": "+North, the; \\team", **about},
        {"referral_id": "a;b,c\u0007\u001b[31m", "team": "@\u0007South", **about},
    ]
    made.bring("referral", rows)
    for row in rows:
        plan = {"referral_id": row["referral_id"], "kind": "birth", "planned_on": "2024-10-15"}
        made.bring("planned_event", [plan])
    return made


def test_a_list_for_a_spreadsheet_holds_no_formula_and_no_control_character(hostile, tmp_path):
    for name in ("due.csv", "due.parquet"):
        arguments = ["-w", str(hostile.workspace.path), "due", "--as-of", DAY]
        result = CliRunner().invoke(cli, [*arguments, "--csv", str(tmp_path / name)])
        assert result.exit_code == 0
    kept = pl.read_csv(tmp_path / "due.csv").sort("referral_id")
    assert kept["referral_id"].to_list() == ["'=1+1", "a;b,c\ufffd\ufffd[31m"]
    assert kept["team"].to_list() == ["'+North, the; \\team", "'@\ufffdSouth"]
    exact = pl.read_parquet(tmp_path / "due.parquet")
    assert set(exact["referral_id"]) == {"=1+1", "a;b,c\u0007\u001b[31m"}


def test_text_in_a_calendar_is_escaped_and_steers_nothing(hostile, tmp_path):
    out = tmp_path / "due.ics"
    arguments = ["-w", str(hostile.workspace.path), "due", "--as-of", DAY, "--ics", str(out)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert "gad_7 (birth): a\\;b\\,c[31m" in text
    assert not any(ord(each) < 32 and each not in "\r\n" for each in text)
    assert {str(entry["summary"]) for entry in entries(out).values()} == {
        "gad_7 (birth): =1+1",
        "gad_7 (birth): a;b,c[31m",
    }


def entries(path):
    found = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return {str(entry["uid"]): entry for entry in found}


def test_the_calendar_has_an_all_day_entry_an_item_and_names_nobody(run, tmp_path):
    out = tmp_path / "due.ics"
    assert run("due", "--as-of", DAY, "--ics", str(out)).exit_code == 0
    found = entries(out)
    assert len(found) == 5
    days = sorted(entry.decoded("dtstart").isoformat() for entry in found.values())
    assert days == ["2024-09-02", "2024-10-25", "2024-10-25", "2024-10-26", "2024-11-03"]
    for entry in found.values():
        assert (entry.decoded("dtend") - entry.decoded("dtstart")).days == 1
        assert str(entry["class"]) == "PRIVATE"
        text = f"{entry['summary']} {entry['description']}"
        assert not any(name in text for name in ("P1", "P2", "CP", "North", "South"))
    again = tmp_path / "again.ics"
    run("due", "--as-of", "2024-11-02", "--ics", str(again))
    assert set(entries(again)) == set(found)


def test_a_calendar_that_cannot_be_written_is_told(run, tmp_path):
    result = run("due", "--as-of", DAY, "--ics", str(tmp_path / "no" / "due.ics"))
    assert result.exception.problems[0].code == "file-unwritable"


def test_without_the_library_the_calendar_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "icalendar", None)
    with pytest.raises(PluginError) as caught:
        calendar(pl.DataFrame(), "Made up", date(2024, 11, 1))
    assert "romframe[calendar]" in caught.value.problems[0].mend


def test_a_measure_is_put_off_and_the_list_says_until_when_and_why(run, tmp_path):
    given = ("defer", "R1", "honos", "--until", "2024-11-20", "--reason", "acute distress")
    given += ("--on", DAY, "--by", "CP1", "--schedule", "start")
    assert run(*given).stdout == "honos of referral R1 is deferred until 2024-11-20.\n"
    assert "was deferred already" in run(*given).stdout
    result = run("due", "--as-of", "2024-11-02", "--status", "deferred")
    assert result.stdout.splitlines()[-1].endswith("until 2024-11-20: acute distress")
    out = tmp_path / "deferred.ics"
    run("due", "--as-of", "2024-11-02", "--status", "deferred", "--ics", str(out))
    (entry,) = entries(out).values()
    assert entry.decoded("dtstart") == date(2024, 11, 20)
    assert "distress" not in out.read_text()
    other = ["2024-11-21" if each == "2024-11-20" else each for each in given]
    assert "with `--on`" in run(*other).exception.problems[0].mend


def test_a_deferral_that_does_not_work_as_it_is_written_is_told(new_service, tmp_path):
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P1"}])
    referral = {"referral_id": "R1", "service_user_id": "P1", "received_on": "2025-05-01"}
    made.bring("referral", [referral | {"setting": "inpatient"}])
    event = {"referral_id": "R1", "kind": "admission", "happened_on": "2025-05-01"}
    made.bring("event", [event])
    head = "referral_id,instrument,schedule,deferred_on,until,reason"
    place = ["-w", str(made.workspace.path)]

    def told(*rows):
        sheet = tmp_path / "deferrals.csv"
        sheet.write_text("\n".join([head, *rows]) + "\n")
        result = CliRunner().invoke(cli, [*place, "import", str(sheet), "--as", "deferral"])
        assert result.exit_code == 0
        return result.stderr.splitlines()

    # due on 29 May, and put off for four weeks at most
    assert told("R1,honos,,2025-05-20,2025-06-26,a") == []
    assert told(
        "R1,honos,ward,2025-05-21,2025-06-27,b", "R1,honos,wrad,2025-05-22,2025-06-01,c"
    ) == [
        "notice: No schedule 'wrad' asks for honos of referral R1: this puts nothing off.",
        (
            "notice: honos of referral R1, due on 2025-05-29, is put off until 2025-06-26 and not"
            " 2025-06-27: the schedule 'ward' allows no more."
        ),
    ]
    given = ["defer", "R1", "honos", "--reason", "d", "--on", "2025-05-23", "--until", "2025-07-01"]
    result = CliRunner().invoke(cli, [*place, *given])
    assert "put off until 2025-06-26 and not 2025-07-01" in result.stderr
    made.path.write_text("romframe_framework: 1\n")
    (notice, *_) = told("R1,honos,ward,2025-05-24,2025-06-27,e")
    assert notice.startswith("notice: Deferrals are not compared with schedules: ")


@pytest.mark.parametrize(("day", "stored"), [("2030-01-01", 1), ("9999-12-31", 0)])
def test_a_plan_lies_ten_years_ahead_at_the_most_and_a_training_may_hold_for_ever(
    new_service, tmp_path, day, stored
):
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P1"}])
    made.bring("referral", [{"referral_id": "R1", "service_user_id": "P1", "received_on": DAY}])
    sheet = tmp_path / "plans.csv"
    sheet.write_text(f"referral_id,kind,planned_on\nR1,birth,{day}\n")
    place = ["-w", str(made.workspace.path), "import", str(sheet)]
    told = CliRunner().invoke(cli, [*place, "--as", "planned_event"])
    assert f"{stored} stored" in told.stdout
    assert ("date-too-late" in told.stderr) == (not stored)
    planned = next(each for each in RECORD_KINDS["planned_event"].columns if each.ahead)
    assert planned.latest(date(2024, 2, 29)) == date(2034, 3, 1)
    sheet.write_text(
        "care_professional_id,instrument,trained_on,expires_on\nCP1,honos,2024-01-01,9999-12-31\n"
    )
    assert "1 stored" in CliRunner().invoke(cli, [*place, "--as", "training"]).stdout


def test_a_plan_that_is_moved_or_withdrawn_is_told_as_such(new_service, tmp_path):
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P1"}])
    made.bring(
        "referral", [{"referral_id": "R1", "service_user_id": "P1", "received_on": "2024-09-01"}]
    )
    sheet = tmp_path / "plans.csv"
    given = ["-w", str(made.workspace.path), "import", str(sheet), "--as", "planned_event"]
    counts = []
    for day in ("2024-12-01", "2024-12-02", ""):
        sheet.write_text(f"referral_id,kind,planned_on\nR1,birth,{day}\n")
        counts.append(CliRunner().invoke(cli, given).stdout.partition(": ")[2])
    moved = "1 rows read, 0 stored, 0 unchanged, 1 moved or withdrawn, 0 rejected.\n"
    assert counts == [
        "1 rows read, 1 stored, 0 unchanged, 0 moved or withdrawn, 0 rejected.\n",
        moved,
        moved,
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"referral": "R9"}, "unknown-referral"),
        ({"instrument": "hons"}, "value-unknown"),
        ({"--until": "2024-10-01"}, "date-order"),
        ({"--until": "9999-12-31"}, "date-too-late"),
        ({"--reason": " "}, "value-missing"),
    ],
)
def test_a_deferral_that_cannot_be_kept_says_why(run, change, code):
    given = {
        "referral": "R2",
        "instrument": "honos",
        "--until": "2024-11-20",
        "--reason": "a reason",
        "--on": DAY,
        **change,
    }
    referral, instrument = given.pop("referral"), given.pop("instrument")
    options = [part for pair in given.items() for part in pair]
    result = run("defer", referral, instrument, *options)
    assert isinstance(result.exception, DataError)
    assert result.exception.problems[0].code == code


@pytest.mark.parametrize(
    ("schedule", "mend"),
    [("strat", "Did you mean 'start'?"), ("birth", "Known: end, start, ward.")],
)
def test_only_a_schedule_that_asks_for_the_measure_is_put_off(run, schedule, mend):
    result = run(
        "defer", "R2", "honos", "--until", "2024-11-20", "--reason", "r", "--schedule", schedule
    )
    assert isinstance(result.exception, UsageError)
    (problem,) = result.exception.problems
    assert (problem.code, problem.mend) == ("unknown-schedule", mend)
    assert problem.what == f"No schedule {schedule!r} asks for honos here."


def test_a_brief_before_a_review_says_what_is_due_and_what_changed(service, run):
    service.bring(
        "event", [{"referral_id": "R2", "kind": "cpa_review", "happened_on": "2024-10-01"}]
    )
    known = service.workspace.instrument("core_10")
    worse = {i.id: str(i.scale.options[1].code) for i in known.items}
    row = {"referral_id": "R2", "completed_at": "2024-10-20", "rater": "service_user", **worse}
    service.bring("core_10", [row], "coding: scored\n")
    result = run("due", "--as-of", DAY, "--reviews", "14")
    text = result.stdout
    assert text.splitlines()[0] == "On 2024-11-01: 1 review ahead."
    assert "R2: cpa_review on 2024-11-10 (since 2024-10-01)" in text
    assert "  overdue: honos (2024-09-02)" in text
    assert "  birth on 2024-10-12" in text
    (brief,) = json.loads(run("due", "--as-of", DAY, "--reviews", "14", "--json").stdout)["reviews"]
    (changed,) = (each for each in brief["changed"] if each["score"] == "total")
    first = service.workspace.scores("core_10", ["total"])["value"].to_list()
    assert (changed["before"], changed["now"]) == (first[0], first[-1])
    assert (changed["before_on"], changed["now_on"]) == ("2024-09-02", "2024-10-20")


def test_a_brief_of_somebody_who_was_never_rated_says_what_is_due(new_service):
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P1"}])
    referral = {"referral_id": "R1", "service_user_id": "P1", "received_on": "2024-10-01"}
    made.bring("referral", [referral])
    plan = {"referral_id": "R1", "kind": "cpa_review", "planned_on": "2024-11-05"}
    made.bring("planned_event", [plan])
    arguments = ["-w", str(made.workspace.path), "due", "--as-of", DAY, "--reviews", "7"]
    assert CliRunner().invoke(cli, arguments).stdout.splitlines() == [
        "On 2024-11-01: 1 review ahead.",
        "",
        "R1: cpa_review on 2024-11-05 (since the referral began)",
        "  overdue: phq_9 (2024-10-29)",
    ]


def test_a_brief_of_another_team_is_left_out(run):
    result = run("due", "--as-of", DAY, "--reviews", "14", "--team", "North")
    assert result.stdout == "On 2024-11-01: 0 reviews ahead.\n"


def test_a_day_that_is_too_far_ahead_is_refused(run):
    result = run("due", "--as-of", "9999-12-31")
    assert result.exit_code == 2
    assert "too far ahead" in result.stderr


def test_briefs_do_not_go_with_lists(run):
    assert run("due", "--reviews", "7", "--status", "due").exit_code == 2


def test_a_measure_with_anonymous_returns_is_on_no_list_and_that_is_said(new_service):
    made = new_service()
    text = made.path.read_text().replace("[gad_7]", "[gad_7, fft]")
    made.path.write_text(text)
    result = CliRunner().invoke(cli, ["-w", str(made.workspace.path), "due"])
    assert "notice:" in result.stderr


def test_frameworks_are_put_together_in_one_list(service):
    one = service.framework
    both = due_list(service.workspace, [one, one], date(2024, 11, 1), Wanted())
    assert both.height == 2 * due_list(service.workspace, [one], date(2024, 11, 1), Wanted()).height
