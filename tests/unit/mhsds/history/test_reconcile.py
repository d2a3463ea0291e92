"""The portal's answer, laid beside the store: which assessments it is about, and the counts."""

import csv
import io
import json
import zipfile
from types import SimpleNamespace

import polars as pl
import pytest
from click.testing import CliRunner
from oracles.mhsds_files import CORE_10, fill, take
from romframe_mhsds.commands import mhsds
from romframe_mhsds.reconcile import resultfiles
from romframe_mhsds.reconcile.reconcile import reconcile
from romframe_mhsds.submission.results import HEADER, REPORTS

from romframe import DataError, UsageError


STAMP = "2026-11-03T10:30:00Z"
UIDS = {
    "ServiceRequestID": "M606902", "CodedAssToolType": "M606910", "PersScore": "M606911",
    "AssToolCompTimestamp": "M606918", "CareProfLocalID": "M606908", "CareActID": "M607904",
}  # fmt: skip
ABSENT = "9" * 9


def line(code, description="Told by the portal", numerator="1", **items):
    named = [part for name, value in items.items() for part in (f"[{UIDS[name]}]{name}", value)]
    return ["SUBMISSION", description, code, numerator, "100", *named]


def text(*lines, header=HEADER):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([*each, *[""] * (len(HEADER) - len(each))] for each in lines)
    return out.getvalue()


@pytest.fixture
def result(tmp_path):
    """Write the portal's zip: lines of validations, and of other files by their names."""

    def result(*validations, folder="", **others):
        path = tmp_path / "RESULT.zip"
        files = {name: text(*others.get(name, ())) for name in REPORTS}
        files["validations"] = text(*validations)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(f"{folder}{name}.csv", content)
        return path

    return result


@pytest.fixture
def workspace(make):
    made = make()
    fill(made)
    return made


def about(findings):
    return findings.select("assessment_id", "instrument", "part", "code", "match").rows()


def test_a_line_with_all_that_was_sent_is_on_one_assessment(workspace, result):
    row = line(
        "MHS60607", ServiceRequestID="R1", CodedAssToolType="979641000000103", PersScore="1",
        AssToolCompTimestamp=STAMP, CareProfLocalID="CP07",
    )  # fmt: skip
    done = reconcile(workspace, result(row), None)
    assert done.period == "2026-11"
    assert about(done.findings) == [(1, "honos", "q1", "MHS60607", "")]
    (found,) = done.findings.iter_rows(named=True)
    assert (found["referral_id"], found["completed_at"]) == ("R1", "2026-11-03T10:30:00")
    assert found["effect"] == "Warning"
    assert found["what"] == "The score is not valid for its SNOMED CT code."
    assert found["mend"].startswith("Check the answer")


def test_a_line_that_names_less_is_on_each_assessment_that_fits(workspace, result):
    row = line("MHS60612", ServiceRequestID="R1", CodedAssToolType="979641000000103")
    done = reconcile(workspace, result(row), "2026-11")
    assert about(done.findings) == [
        (1, "honos", "q1", "MHS60612", "one of 2"),
        (2, "honos", "q1", "MHS60612", "one of 2"),
    ]
    assert set(done.findings["effect"]) == {"Group rejected"}


def test_several_rows_of_one_assessment_are_one_finding(workspace, result):
    row = line("MHS60618", AssToolCompTimestamp="2026-11-20T00:00:00Z")
    (found,) = reconcile(workspace, result(row), None).findings.iter_rows(named=True)
    assert found["instrument"] == "core_om"
    assert found["part"] == "functioning_sum, problems_sum, risk_sum, total, well_being_sum"
    assert found["match"] == ""


def test_rows_of_the_host_system_are_told_as_such(workspace, result):
    lines = [
        line("MHS10113", ServiceRequestID="R1"),
        line("MHS60607", ServiceRequestID="R9", AssToolCompTimestamp=STAMP),
        line("MHS60608", ServiceRequestID=""),
        line("MHS60609", "said without any item"),
    ]
    found = reconcile(workspace, result(*lines), None).findings
    assert found["assessment_id"].to_list() == [None] * 4
    assert set(found["match"]) == {"no assessment of ours"}


def test_a_row_of_a_care_activity_is_known_by_it(make, result):
    workspace = make(config="exports:\n  mhsds:\n    scores_in: activity\n")
    fill(workspace)
    refer = line("MHS60613", ServiceRequestID="R1", CodedAssToolType=CORE_10)
    act = line("MHS60710", CareActID="A1", CodedAssToolType=CORE_10)
    found = reconcile(workspace, result(refer, act), "2026-11").findings
    assert [(row[0], row[1]) for row in about(found)] == [(None, None), (4, "core_10")]


def test_data_quality_lines_are_findings_and_unknown_codes_are_told(workspace, result):
    odd = line("MHS60699", "A rule of tomorrow", ServiceRequestID="R2", PersScore="6")
    done = reconcile(workspace, result(data_quality=[odd]), "2026-11")
    (found,) = done.findings.iter_rows(named=True)
    assert found["instrument"] == "dialog"
    assert (found["effect"], found["what"]) == ("not in our rules", "A rule of tomorrow")
    assert found["part"] == "q1, q8"
    verdicts = {row["code"]: row["verdict"] for row in done.counts.iter_rows(named=True)}
    assert verdicts["MHS60699"] == "not in our rules"


def test_columns_of_v5_and_labels_without_an_id_are_understood(workspace, result):
    row = ["X", "Told", "MHS60607", "1", "1", "[M606902]ServiceRequestId", "R2", "PersScore", "3"]
    found = reconcile(workspace, result(row), "2026-11").findings
    assert found["instrument"].to_list() == ["dialog"]


def test_a_number_of_an_assessment_that_is_none_names_nothing(workspace, result):
    row = ["X", "Told", "MHS60607", "1", "1", "[romframe]assessment_id", "first"]
    found = reconcile(workspace, result(row), "2026-11").findings
    assert found["match"].to_list() == ["no assessment of ours"]
    row[-1] = "2"
    found = reconcile(workspace, result(row), "2026-11").findings
    assert about(found)[0][:2] == (2, "honos")


def test_its_own_preflight_names_assessments_itself(workspace, tmp_path):
    from romframe import run_export

    run_export(workspace, "mhsds", tmp_path / "november", {"period": "2026-11"})
    done = reconcile(workspace, tmp_path / "november" / "preflight", "2026-11")
    assert set(done.counts["verdict"]) == {"the same"}
    assert done.absent == ()


def test_counts_stand_side_by_side(workspace, result):
    lines = [line("MHS60607", ServiceRequestID="R1", AssToolCompTimestamp=STAMP)] * 3
    counts = [
        line("MHSARV606", numerator="42"),
        line("MHSARV101", numerator="7"),
        line("MHSDAG001", numerator="x"),
    ]
    done = reconcile(workspace, result(*lines, aggregation=counts), None)
    told = {code: row for code, *row in done.counts.rows()}
    assert told["MHS60607"] == [3, 0, "only the portal"]
    assert told["MHSARV606"] == [42, 43, "1 fewer at the portal"]
    assert told["MHSARV101"] == [7, 0, "only the portal"]
    assert told["MHSDAG001"] == [1, 0, "not in our rules"]
    assert told["ROM60620"][2] == "only the pre-flight"
    more = reconcile(workspace, result(aggregation=[line("MHSARV606", numerator="50")]), "2026-11")
    assert dict(more.counts.select("code", "verdict").rows())["MHSARV606"] == "7 more at the portal"


@pytest.mark.parametrize(
    ("stamps", "told"),
    [((), "name no completion time"), ((STAMP, "2026-10-03T10:30:00Z"), "2026-10 and 2026-11")],
)
def test_a_month_that_is_not_clear_is_asked_for(workspace, result, stamps, told):
    lines = [line("MHS60607", AssToolCompTimestamp=stamp) for stamp in stamps]
    with pytest.raises(UsageError, match=told) as raised:
        reconcile(workspace, result(*lines), None)
    assert raised.value.problems[0].code == "mhsds-results-month"


def read(path):
    return resultfiles.read_results(path)


def code_of(path):
    with pytest.raises(DataError) as raised:
        read(path)
    return raised.value.problems[0].code


def test_files_may_stand_in_a_folder_of_the_zip_and_some_may_be_absent(result, tmp_path):
    assert read(result(line("MHS60607"), folder="answer/")).lines.height == 1
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("Validations.CSV", "\ufeff" + text(line("MHS60607")))
        archive.writestr("readme.txt", "nothing")
    some = read(tmp_path / "one.zip")
    assert some.lines.height == 1
    assert some.absent == ("data_quality", "aggregation", "diagnostics")


def test_a_folder_is_read_and_old_encodings_too(tmp_path):
    (tmp_path / "validations.csv").write_bytes(text(line("MHS1", "Zoë")).encode("cp1252"))
    (tmp_path / "data_quality.csv").mkdir()
    assert read(tmp_path).lines["DESCRIPTION"].to_list() == ["Zoë"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "mhsds-results-form"),
        ("\n \n", "mhsds-results-form"),
        ("a,b,c\n1,2,3\n", "mhsds-results-form"),
        (text() + "1,2\n" + '"open', "mhsds-results-form"),
        (text(header=[*HEADER[:-1], "MORE"]), "mhsds-results-form"),
        (text() + ",".join("x" * 40) + "\n", "mhsds-results-form"),
    ],
)
def test_files_of_another_form_are_told(tmp_path, content, code):
    (tmp_path / "validations.csv").write_text(content)
    assert code_of(tmp_path) == code


@pytest.mark.parametrize(
    "name",
    ["../validations.csv", "/validations.csv", "a\\..\\validations.csv", "C:\\validations.csv"],
)
def test_names_that_lead_out_of_their_folder_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("good/data_quality.csv", text())
        archive.writestr(name, text())
    assert code_of(tmp_path / "bad.zip") == "mhsds-results-unsafe"


def test_a_report_that_is_there_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("a/validations.csv", text())
        archive.writestr("b/validations.csv", text())
    assert code_of(tmp_path / "bad.zip") == "mhsds-results-twice"


def test_what_would_fill_the_memory_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(resultfiles, "LARGEST", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("validations.csv", "0" * 100_000)
    assert code_of(tmp_path / "bomb.zip") == "mhsds-results-large"
    (tmp_path / "validations.csv").write_text("0" * 2000)
    assert code_of(tmp_path) == "mhsds-results-large"


def test_a_zip_that_lies_about_its_size_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(resultfiles, "LARGEST", 1000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("validations.csv", "0" * 5000)
    sizes = (5000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(sizes, (10).to_bytes(4, "little")))
    assert code_of(path) in ("mhsds-results-large", "mhsds-results-broken")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 torn"])
def test_what_is_no_zip_is_told(tmp_path, content):
    path = tmp_path / "bad.zip"
    path.write_bytes(content)
    assert code_of(path) == "mhsds-results-broken"


def test_a_damaged_or_locked_member_is_told(result, tmp_path):
    path = result(line("MHS60607"))
    raw = path.read_bytes()
    at = raw.index(b"SUBMISSION")
    path.write_bytes(raw[:at] + b"X" + raw[at + 1 :])
    assert code_of(path) == "mhsds-results-broken"
    locked = bytearray(raw)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(sign)
        while at >= 0:
            locked[at + place] |= 1
            at = raw.find(sign, at + 1)
    path.write_bytes(bytes(locked))
    assert code_of(path) == "mhsds-results-broken"


def test_a_member_whose_compression_is_damaged_is_told(tmp_path):
    path = tmp_path / "RESULT.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("validations.csv", bytes(range(256)) * 20)
    raw = bytearray(path.read_bytes())
    raw[60:90] = bytes(30)
    path.write_bytes(raw)
    with pytest.raises(DataError) as caught:
        resultfiles.read_results(path)
    assert caught.value.problems[0].code == "mhsds-results-broken"


def test_what_is_not_there_or_holds_no_results_is_told(tmp_path):
    assert code_of(tmp_path / "absent.zip") == "mhsds-results-broken"
    assert code_of(tmp_path) == "mhsds-results-none"


@pytest.fixture
def told(workspace):
    """Run the command in a workspace."""

    def told(*arguments):
        given = ["reconcile", *map(str, arguments)]
        settings = SimpleNamespace(inside=True, workspace=lambda: workspace)
        return CliRunner().invoke(mhsds, given, obj=settings, catch_exceptions=False)

    return told


def test_the_command_tells_of_each_assessment_those_rejected_first(told, result):
    lines = [
        line("MHS60607", ServiceRequestID="R1", AssToolCompTimestamp=STAMP),
        line("MHS60613", ServiceRequestID="R2", AssToolCompTimestamp="2026-11-07T09:00:00Z"),
        line("MHS10113", ServiceRequestID="R1"),
    ]
    out = told(result(*lines)).stdout.splitlines()
    assert out[0] == (
        "2026-11: 3 findings on rows, 2 of them on 2 assessments of ours; 1 of these were rejected."
    )
    first, second = (n for n, each in enumerate(out) if each.startswith("assessment "))
    assert "dialog" in out[first]
    assert out[first + 1].startswith("  MHS60613, Record rejected: The SNOMED CT code is not")
    assert "honos" in out[second]
    assert "On no assessment of ours (rows of the host system): 1" in out
    assert any(each.startswith("  MHS10113 1 times, ") for each in out)
    assert any("MHS60607: 1, 0 (only the portal)" in each for each in out)


def test_the_command_writes_all_and_shows_some(told, result, tmp_path, monkeypatch):
    monkeypatch.setattr("romframe_mhsds.commands.reconcile._AT_MOST", 1)
    rows = line("MHS60612", ServiceRequestID="R1")
    out = told(result(rows), "--period", "2026-11", "--out", tmp_path / "all.csv").stdout
    assert "(one of 7)" in out
    assert "and 6 more: write all of them with --out FILE.csv." in out
    assert pl.read_csv(tmp_path / "all.csv").height == 7
    assert (tmp_path / "all.csv").stat().st_mode & 0o777 == 0o600


def test_the_command_gives_json(told, result, tmp_path):
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("validations.csv", text(line("MHS60607", ServiceRequestID="R2")))
    given = json.loads(told(tmp_path / "one.zip", "--period", "2026-11", "--json").stdout)
    assert given["period"] == "2026-11"
    assert given["findings"][0]["instrument"] == "dialog"
    assert given["absent"] == ["data_quality", "aggregation", "diagnostics"]
    assert {each["code"] for each in given["counts"]} >= {"MHS60607", "MHSARV606"}
    out = told(tmp_path / "one.zip", "--period", "2026-11").stdout
    assert "aggregation.csv was not there." in out


def test_a_place_that_cannot_be_written_is_told(workspace, told, result, tmp_path):
    take(workspace, "service_user", [{"service_user_id": "P5"}])
    with pytest.raises(DataError, match="cannot be written"):
        told(result(), "--period", "2026-11", "--out", tmp_path / "nowhere" / "all.csv")


def test_nothing_is_written_over_that_is_no_table(workspace, told, result, tmp_path):
    config = tmp_path / "romframe.yaml"
    config.write_text("name: X\n")
    with pytest.raises(DataError, match=r"\.csv or \.parquet"):
        told(result(), "--period", "2026-11", "--out", config)
    assert config.read_text() == "name: X\n"
