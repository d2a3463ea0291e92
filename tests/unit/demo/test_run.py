"""`romframe demo` from beginning to end, and what it leaves in the workspace."""

import csv
import importlib.util
import json
from collections import Counter
from datetime import date

import click
import polars as pl
import pytest
from attrs import evolve
from click.testing import CliRunner
from romframe_demo import commands, offered
from romframe_demo import run as demo_run
from romframe_demo.extract import FILES

from romframe import UsageError, open_workspace, run_export
from romframe.cli import cli
from romframe.pairing import BASELINE_AND_DISCHARGE, VERDICTS, PairingPolicy


MEASURES = ("core_10", "core_om", "feeding_confidence", "gbo", "honos", "pbq", "phq_9")


def verdicts(workspace, *policies):
    found = set()
    for policy in policies:
        seen = evolve(workspace, config=evolve(workspace.config, pairing=policy))
        for name in MEASURES:
            found |= set(seen.changes(name)["verdict"].cast(pl.String).unique())
    return found


def test_it_says_in_a_few_lines_what_it_made_and_where(demo):
    assert demo.result.exit_code == 0
    assert 10 <= len(demo.lines) <= 20
    said = demo.result.stdout
    for name in ("incoming", "exports", "report.html", "prem.html", "nobody in it is real"):
        assert name in said


def test_it_leaves_extracts_mappings_measure_changes_export_and_report(demo):
    folder = demo.workspace.path
    for name in ("romframe.yaml", "rom.sqlite", "measures/feeding_confidence.yaml", "report.html"):
        assert (folder / name).is_file()
    assert len(list((folder / "incoming").glob("*.csv"))) == len(FILES)
    assert len(list((folder / "mappings").glob("*.yaml"))) == len(FILES)
    assert {path.stem for path in (folder / "change").glob("*.csv")} == set(MEASURES)
    assert (folder / "exports" / "mhsds_2026-06").is_dir()


def test_the_planted_faults_and_nothing_else_are_set_aside(demo, planted):
    batches = demo.workspace.table("import_batch").select("import_batch_id", "file_name")
    found = demo.workspace.store.rejected().join(batches, on="import_batch_id")
    stem = pl.col("file_name").str.extract(r"([a-z_0-9]+)\.csv$")
    rows = found.select(stem, "row", "code").rows()
    assert sorted(rows) == [(fault.file, fault.row, fault.code) for fault in planted.faults]


def test_a_row_set_aside_is_kept_as_it_came(demo, planted):
    rejected = demo.workspace.store.rejected().filter(pl.col("code") == "before-referral")
    fault = next(fault for fault in planted.faults if fault.code == "before-referral")
    raw = json.loads(rejected["raw"].item())
    assert {key: value or "" for key, value in raw.items()} == planted.tables["core10"][
        fault.row - 1
    ]


def test_every_sound_row_is_in_the_store(demo, service):
    table = demo.workspace.table
    assert table("service_user").height == len(service.people)
    assert table("referral").height == len(service.referrals)
    assert table("event").height == len(service.events)
    assert table("team").height == 3
    assert table("care_activity").height == len(service.activities)
    assert table("care_activity_staff").height == sum(len(e.staff) for e in service.activities)
    assert table("import_batch")["unchanged"].sum() == 15
    outcomes = Counter(table("assessment")["outcome"].to_list())
    made = Counter(form.outcome for form in service.forms)
    assert outcomes["missed"] == made["missed"]
    assert outcomes["declined"] == made["declined"]
    assert 0 < made["completed"] - outcomes["completed"] <= 20


def test_every_status_of_a_score_occurs(demo):
    scores = pl.concat(
        [demo.workspace.scores(name).select("status", "reason") for name in MEASURES]
    )
    assert set(scores["status"].cast(pl.String)) == {"scored", "prorated", "refused"}
    assert {"items_missing", "too_many_missing"} <= set(scores["reason"].cast(pl.String))
    assert demo.workspace.table("score").height == scores.height


def test_answers_keep_their_states(demo):
    told = pl.concat(
        [demo.workspace.responses(name).select("states").collect() for name in MEASURES]
    )
    states = set()
    for each in told["states"].drop_nulls():
        states |= set(json.loads(each).values())
    assert states == {"not_known", "declined", "not_applicable"}


def test_every_verdict_of_pairing_occurs_under_one_policy_or_another(demo):
    """All but `version_differs`: a workspace has one version of an instrument."""
    gaps = PairingPolicy("gaps", ("assessment",), ("discharge",), minimum_gap_days=60)
    found = verdicts(demo.workspace, demo.workspace.config.pairing, BASELINE_AND_DISCHARGE, gaps)
    assert found == set(VERDICTS.categories) - {"version_differs"}


def test_every_class_of_change_occurs(demo):
    classes = set(demo.workspace.changes("core_10")["class"].drop_nulls())
    assert classes >= {"recovered", "improved", "unchanged", "deteriorated", "harmed"}


def test_what_only_an_exporter_asks_for_is_not_repeated_beside_each_change(demo):
    assert demo.workspace.table("referral")["details"].null_count() == 0
    assert "details" not in demo.workspace.changes("core_10").columns


def test_more_get_better_than_worse_in_treatment_and_most_kept_well_stay_well(demo):
    changes = demo.workspace.changes("core_10", "total").filter(pl.col("verdict") == "paired")
    classes = {
        pathway: Counter(changes.filter(pl.col("pathway") == pathway)["class"].to_list())
        for pathway in ("treatment", "prevention")
    }
    treated, kept = classes["treatment"], classes["prevention"]
    better = treated["recovered"] + treated["improved"]
    assert better > treated.total() / 2
    assert 0 < treated["deteriorated"] + treated["harmed"] < better
    assert kept["unchanged"] > kept.total() / 2
    assert kept["deteriorated"] + kept["harmed"] > 0


def exported(demo, name):
    path = demo.workspace.path / "exports" / "mhsds_2026-06" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_export_has_rows_of_the_last_complete_month(demo):
    rows = exported(demo, "MHS606CodedScoreAssessmentRefer")
    assert len(rows) > 100
    assert {row["AssToolCompTimestamp"][:7] for row in rows} == {"2026-06"}


def test_the_export_has_every_table_and_only_further_teams_are_not_known(demo):
    folder = demo.workspace.path / "exports" / "mhsds_2026-06"
    tables = {path.stem[:6] for path in folder.glob("MHS*.csv") if exported(demo, path.stem)}
    assert tables == {
        *("MHS000", "MHS001", "MHS002", "MHS101", "MHS201", "MHS202", "MHS206"),
        *("MHS606", "MHS607", "MHS901", "MHS902"),
    }


def test_a_referral_is_sent_with_all_that_the_record_system_knows(demo):
    referral = next(
        row for row in exported(demo, "MHS101Referral") if row["ServiceRequestID"] == "R400383"
    )
    assert {name: value for name, value in referral.items() if value} == {
        "ServiceRequestID": "R400383",
        "LocalPatientID": "P10344",
        "OrgIDComm": "QXX",
        "CareProfTeamLocalID": "PERICOM",
        "ReferralRequestReceivedDate": "2026-05-28",
        "SourceOfReferralMH": "A2",
        "PrimReasonReferralMH": "13",
        "ServDischDate": "2026-06-15",
        "ReferRejectionDate": "2026-06-15",
    }


def test_the_export_says_of_every_contact_whether_it_was_attended(demo):
    attended = {row["AttendStatus"] for row in exported(demo, "MHS201CareContact")}
    assert attended == {"2", "3", "4", "5"}


def test_the_pre_flight_rejects_only_the_ward_which_has_no_team_type(demo, tmp_path):
    result = run_export(demo.workspace, "mhsds", tmp_path / "again", {"period": "2026-06"})
    rejected = result.findings.filter(pl.col("effect").str.contains("reject"))
    assert rejected.select("code", "table", "rows").rows() == [
        ("MHS90209", "MHS902ServiceTeamDetails", 1)
    ]
    warned = result.findings.filter(pl.col("effect").str.contains("Warning"))
    assert set(warned["code"]) == {"MHS60607", "ROM60609"}
    assert {row["CareProfTeamLocalID"] for row in exported(demo, "MHS902ServiceTeamDetails")} == {
        "MMHS",
        "PERICOM",
    }
    assert "MHS90209: a ward has none" in demo.result.stdout


def test_every_assessment_of_the_month_is_sent_or_excluded(demo, tmp_path):
    result = run_export(demo.workspace, "mhsds", tmp_path / "again", {"period": "2026-06"})
    month = demo.workspace.assessments((date(2026, 6, 1), date(2026, 6, 30)))
    assert result.counts["sent"] + result.exclusions.height == month.height == 181
    assert result.counts["sent"] == 114


def test_the_national_preview_is_told_in_one_line_with_the_command_that_shows_it_all(demo):
    (line,) = (each for each in demo.lines if each.startswith("National preview"))
    told, command = line.split(" All of it: romframe ")
    assert told == (
        "National preview: 17 of 17 closed and 13 of 13 open perinatal referrals are paired."
    )
    shown = CliRunner().invoke(cli, command.split(), catch_exceptions=False)
    assert "Perinatal          open    2026-06             Paired scores    13/13" in shown.stdout


def test_goals_are_kept_reached_and_replaced(demo, service):
    goals = demo.workspace.table("goal")
    assert goals.height == len(service.goals)
    assert set(goals["state"]) == {"open", "achieved", "replaced", "dropped"}
    replaced = goals.filter(pl.col("state") == "replaced")
    assert set(replaced["replaced_by"]) <= set(goals["goal_id"])


def test_every_section_of_the_service_report_is_there(demo):
    page = (demo.workspace.path / "report.html").read_text(encoding="utf-8")
    for section in demo.workspace.catalogue.host.registry("report_sections").values():
        assert f'id="{section.name.replace("_", "-")}"' in page or section.title in page


def test_returns_are_stored_without_a_name_and_told_with_what_was_done(demo, service):
    returns = [demo.workspace.returns(name).collect() for name in ("poem", "fft")]
    assert sum(each.height for each in returns) == len(service.returns)
    page = (demo.workspace.path / "prem.html").read_text(encoding="utf-8")
    for text in ("A duty worker rings on the same day", "(Made up) Kind people", "Letters are"):
        assert text in page
    assert "Dr Imaginary" not in page


def test_a_group_that_no_rule_judges_is_said_to_be_so(demo):
    (line,) = (each for each in demo.lines if each.startswith("Postpartum Bonding"))
    assert "in treatment 50 that no rule judges" in line


def test_the_report_is_dated_on_the_day_of_the_demo(demo):
    page = (demo.workspace.path / "report.html").read_text(encoding="utf-8")
    assert "1 July 2026" in page or "2026-07-01" in page


def test_the_audit_log_is_sound_and_says_when_by_the_demo_s_day(demo):
    assert demo.workspace.store.verify_audit() == []
    days = demo.workspace.table("audit")["at"].str.head(10)
    assert set(days[-5:]) == {"2026-07-01", "2026-07"}  # of returns without a name, the month


@pytest.mark.parametrize("content", ["file", "folder"])
def test_a_place_that_is_taken_is_refused_and_left_alone(tmp_path, content):
    folder = tmp_path / "taken"
    if content == "file":
        folder.write_text("mine", encoding="utf-8")
    else:
        folder.mkdir()
        (folder / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        CliRunner().invoke(cli, ["demo", str(folder)], catch_exceptions=False)
    assert error.value.problems[0].code == "demo-folder"
    assert str(folder) in error.value.problems[0].what
    assert [path.name for path in tmp_path.rglob("*")] == ["taken"] + (
        ["mine.txt"] if content == "folder" else []
    )


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01"])
def test_a_day_in_another_age_is_refused_before_anything_is_made(tmp_path, day):
    folder = tmp_path / "service"
    with pytest.raises(UsageError) as error:
        CliRunner().invoke(cli, ["demo", str(folder), "--today", day], catch_exceptions=False)
    assert error.value.problems[0].code == "demo-day"
    assert not folder.exists()


def test_a_month_that_mhsds_refuses_leaves_the_rest_of_the_demo_whole(demo):
    (line,) = demo_run._exported(demo.workspace, date(2024, 1, 31))
    assert line.startswith("Nothing was exported for MHSDS: 2024-01 ")


def test_rejected_rows_are_told_with_the_code_and_warnings_are_not():
    told = ["code", "table", "effect", "rows", "what"]
    rows = [
        ("MHS00169", "MHS001MPI", "Record rejected", 3, "the postcode is odd"),
        ("MHS00162", "MHS001MPI", "Warning", 2, "the gender identity is blank"),
    ]
    findings = pl.DataFrame(rows, schema=told, orient="row")
    assert demo_run._rejected(findings) == "3 of MHS001MPI, the postcode is odd (MHS00169)"
    assert demo_run._rejected(findings.tail(1)) == ""


def context(command):
    return click.Context(command, obj=None)


@pytest.mark.parametrize("command", [commands.demo, click.Group()])
def test_without_another_plugin_s_command_it_says_so(demo, service, command):
    ctx = context(command)
    (line,) = offered.reported(ctx, demo.workspace, service)
    assert line == "No report was written: the plugin report is not there."
    line = offered.previewed(ctx, demo.workspace, demo.workspace.today)
    assert line == "There is no national preview: the plugin mhsds is not there."


def test_without_what_the_report_needs_it_says_what(demo, service, monkeypatch):
    known = importlib.util.find_spec
    monkeypatch.setattr(
        offered, "find_spec", lambda name: None if name == "matplotlib" else known(name)
    )
    (line,) = offered.reported(context(cli), demo.workspace, service)
    assert "it needs matplotlib (pip install 'romframe[report]')" in line


def test_without_the_mhsds_plugin_it_says_so(demo):
    folder = demo.workspace.path
    bare = open_workspace(folder, today=demo.workspace.today, without=["mhsds"])
    (line,) = demo_run._exported(bare, demo.workspace.today)
    bare.store.close()
    assert line == "Nothing was exported for MHSDS: the plugin mhsds is not there."
