"""`romframe audit` as a user meets it."""

import csv
import io
import json

import polars as pl
import pytest
from unit.auditing.conftest import core_10, honos, service

from romframe.auditing.doubles import UNCOMPARED


__all__ = ["service"]  # a fixture


@pytest.fixture
def filled(service):
    workspace, bring = service
    late = honos("B", "2025-07-02", team="South", care_professional_id="ben")
    bring("honos", [honos("A", "2025-01-02"), honos("A", "2025-02-02"), late])
    bring("core_10", [core_10("A", "2025-01-02", "3" * 10)], coding="position")
    return workspace.path


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_without_a_command_the_checks_run_and_rates_come_by_team(run, filled):
    done = run("-w", filled, "audit")
    assert done.code == 0
    lines = [each.split() for each in done.out.splitlines() if "outside_referral" in each]
    assert [each[1:6] for each in lines] == [
        ["core_10", "North", "1", "0", "0.0%"],
        ["honos", "North", "2", "0", "0.0%"],
        ["honos", "South", "1", "1", "100.0%"],
    ]
    assert done.out.endswith("3 findings; --csv lists them one by one.\n")
    one = run("-w", filled, "audit", "copied_forward")
    assert one.out.endswith("\n1 finding; --csv lists them one by one.\n")


def test_an_id_cannot_steer_the_terminal(run, service):
    workspace, bring = service
    bring("honos", [honos("A", "2025-01-02", care_professional_id="\x1b]0;ann\x07\nben")])
    done = run("-w", workspace.path, "audit", "outside_referral", "--by", "rater")
    assert "honos       �]0;ann��ben" in done.out
    assert "\x1b" not in done.out
    bring("honos", [honos("A", "2025-01-03", team="\x1b[2Jx")])
    told = run("-w", workspace.path, "audit", "--team", "nobody").err
    assert "Known: �[2Jx, North." in told
    faulty = workspace.path / "faulty.csv"
    faulty.write_text("care_professional_id,instrument,trained_on\nann,\x1b[2Jx,2025-01-01\n")
    told = run("-w", workspace.path, "import", faulty, "--as", "training").err
    assert "[2Jx" in told
    assert "\x1b" not in told


def test_a_csv_file_holds_no_formula_and_no_control_character(run, service, tmp_path):
    workspace, bring = service
    hostile = "=HYPERLINK(A1)\x1b[2J"
    late = honos("A", "2025-07-02", care_professional_id=hostile, team="@team")
    bring("honos", [late, {**late, "completed_at": "2025-07-03"}])
    bring("honos", [{**late, "purpose": "double_rating", "care_professional_id": "-ben"}])
    safe, at = "'=HYPERLINK(A1)\N{REPLACEMENT CHARACTER}[2J", ("-w", workspace.path, "audit")
    found = rows(run(*at, "outside_referral", "--csv").out)
    assert {(row["rater"], row["team"]) for row in found} == {(safe, "'@team")}
    sample = tmp_path / "sample.csv"
    assert run(*at, "sample", "honos", "--n", "1", "--seed", "1", "--out", sample).code == 0
    assert [row["first_rater"] for row in rows(sample.read_text())] == [safe]
    grouped = rows(run(*at, "agreement", "honos", "--by", "rater", "--csv").out)
    assert {row["rater"] for row in grouped} == {safe}
    whole = tmp_path / "findings.parquet"
    assert run(*at, "outside_referral", "--out", whole).code == 0
    assert set(pl.read_parquet(whole)["rater"]) == {hostile}


def test_findings_are_listed_as_csv_json_and_into_a_file(run, filled, tmp_path):
    done = run("-w", filled, "audit", "copied_forward", "outside_referral", "--csv")
    assert [row["check"] for row in rows(done.out)] == ["copied_forward", "outside_referral"]
    told = json.loads(run("-w", filled, "audit", "--json", "--by", "rater", "--team", "South").out)
    assert [each["referral_id"] for each in told["findings"]] == ["B"]
    assert {each["rater"] for each in told["rates"]} == {"ben"}
    out = tmp_path / "findings.csv"
    assert run("-w", filled, "audit", "all_zero", "--out", out).code == 0
    assert rows(out.read_text()) == []


def test_where_nothing_can_be_judged_that_is_said(run, filled):
    done = run("-w", filled, "audit", "untrained_rater", "--by", "all")
    assert done.out == "There is nothing that these checks could judge.\n"


def test_the_list_has_the_service_s_own_checks(run, filled):
    (filled / "checks" / "ours.yaml").write_text(
        "romframe_check: 1\nid: ours\nsummary: Ours\ninstrument: honos\n"
        "flag: {q1: 4}\nsays: Four.\n"
    )
    done = run("-w", filled, "audit", "checks", "--list")
    names = [line.split()[0] for line in done.out.splitlines()[1:]]
    assert names == sorted(names)
    assert {"ours", "all_zero", "turned_items"} <= set(names)


def test_the_doctor_looks_at_the_service_s_own_checks(run, filled):
    assert run("-w", filled, "doctor").code == 0
    (filled / "checks" / "ours.yaml").write_text("romframe_check: 1\n")
    done = run("-w", filled, "doctor")
    assert done.code == 11
    assert "ours.yaml" in done.err


def test_a_check_that_fails_is_set_aside_and_the_others_run(run, filled):
    (filled / "plugins" / "odd.py").write_text(
        "import romframe\n"
        "@romframe.hookimpl\n"
        "def register_checks(register):\n"
        "    check = lambda ratings: ratings.answers.select('q99')\n"
        "    register(romframe.Check('odd', 'Odd', check))\n"
    )
    done = run("-w", filled, "audit", "--csv")
    assert done.code == 13
    assert "odd" in done.err
    assert "The checks are incomplete" in done.err
    assert len(rows(done.out)) == 3


def test_a_check_that_judges_a_rating_twice_fails_once_and_is_in_no_rate(run, filled):
    (filled / "plugins" / "twice.py").write_text(
        "import polars as pl, romframe\n"
        "@romframe.hookimpl\n"
        "def register_checks(register):\n"
        "    once = lambda given: given.records.select('assessment_id', what=pl.lit('x'))\n"
        "    check = lambda ratings: pl.concat([once(ratings), once(ratings)])\n"
        "    register(romframe.Check('twice', 'Twice', check))\n"
    )
    done = run("-w", filled, "audit")
    assert done.code == 13
    told = [line for line in done.err.splitlines() if line.startswith(("warning", "error"))]
    assert len(set(told)) == len(told)
    assert "judges one assessment_id twice" in done.err
    assert "twice" not in done.out


def test_pairing_verdicts_are_listed_counted_and_explained(run, filled):
    done = run("-w", filled, "audit", "pairing", "honos", "--score", "total")
    verdicts = {row["referral_id"]: row["verdict"] for row in rows(done.out)}
    assert verdicts == {
        "A": "paired", "B": "single_assessment", "C": "no_assessment", "D": "no_assessment",
    }  # fmt: skip
    uses = rows(run("-w", filled, "audit", "pairing", "honos", "--score", "total", "--ratings").out)
    assert sorted(row["use"] for row in uses) == ["first", "last", "not_paired"]
    counts = rows(run("-w", filled, "audit", "pairing", "--summary").out)
    assert {row["instrument"] for row in counts} == {"honos", "core_10"}


def test_a_sample_is_drawn_rated_again_and_its_agreement_told(run, filled, tmp_path):
    out = tmp_path / "sample.csv"
    done = run("-w", filled, "audit", "sample", "honos", "--n", "2", "--seed", "1", "--out", out,
               "--from", "2025-01-01", "--to", "2025-12-01")  # fmt: skip
    assert "Drawn 2: North 1, South 1." in done.err
    assert run("-w", filled, "audit", "agreement", "honos").code == 2
    text = out.read_text()
    answers = [{**row, **{f"q{n}": "1" for n in range(1, 13)}} for row in rows(text)]
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, answers[0])
        writer.writeheader()
        writer.writerows(answers)
    assert "2 rows read, 2 stored" in run("-w", filled, "import", out, "--as", "honos").out
    shown = run("-w", filled, "audit", "agreement", "honos", "--by", "quarter").out
    assert "fewer than 5 pairs" in shown
    told = json.loads(run("-w", filled, "audit", "agreement", "honos", "--json").out)
    assert {each["n"] for each in told["agreement"]} == {2}
    assert told["not_compared"] == {}


@pytest.fixture
def doubled(service):
    """Six double ratings by ann and ben, one by ann and cy, two that are not compared."""
    workspace, bring = service
    days = [f"2025-0{month}-0{day}" for month in (1, 4) for day in (2, 3, 4)]
    firsts = [honos("A", day, care_professional_id="ann") for day in [*days, "2025-05-02"]]
    again = {"purpose": "double_rating", "care_professional_id": "ben"}
    seconds = [{**row, **again, "q1": n % 3} for n, row in enumerate(firsts)]
    seconds[-1]["care_professional_id"] = "cy"
    lone = [
        honos("B", "2025-01-02", **again),
        honos("B", "2025-01-03", **{**again, "rater": "team"}),
    ]
    bring("honos", firsts)
    bring("honos", [*seconds, *lone])
    return workspace.path


def test_drift_comes_by_rater_and_quarter_with_the_difference_and_what_is_left_out(run, doubled):
    done = run("-w", doubled, "audit", "agreement", "honos", "--drift", "--of", "q1")
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "ben 2025-Q1 q1 mean_difference 3 0 -1.00 -3.48 to 1.48" in lines
    assert "ben all q1 mean_difference 6 0 -1.00 -1.94 to -0.06" in lines
    assert lines[-4:] == [
        "Second ratings that are not compared: 1 (a team rated the second time).",
        f"Second ratings that are not compared: 1 ({UNCOMPARED['no_first_rating']}).",
        "With fewer than 5 pairs there is the mean difference alone.",
        "Raters with fewer than 5 double ratings are not judged: cy 1.",
    ]
    told = json.loads(run("-w", doubled, "audit", "agreement", "honos", "--drift", "--json").out)
    assert told["few_pairs"] == {"cy": 1}
    assert told["not_compared"] == {"by_a_team": 1, "no_first_rating": 1}
    scored = {each["of"].startswith("score.") for each in told["agreement"]}
    assert scored == {True}


def test_where_no_rater_has_enough_double_ratings_drift_says_who_has_how_many(run, service):
    workspace, bring = service
    row = honos("A", "2025-01-02")
    bring("honos", [row])
    bring("honos", [{**row, "purpose": "double_rating", "care_professional_id": "zoe"}])
    done = run("-w", workspace.path, "audit", "agreement", "honos", "--drift")
    assert done.out.splitlines() == [
        "With fewer than 5 pairs there is the mean difference alone.",
        "Raters with fewer than 5 double ratings are not judged: zoe 1.",
        "Ratings in double ratings that name no professional: 1.",
    ]
    assert run("-w", workspace.path, "audit", "agreement", "honos", "--drift", "--csv").out == (
        "rater,quarter,of,coefficient,n,missing,value,low,high,why\n"
    )


def test_agreement_comes_as_csv_and_into_a_file(run, doubled, tmp_path):
    asked = ("-w", doubled, "audit", "agreement", "honos", "--of", "q1", "--of", "q2")
    found = rows(run(*asked, "--csv").out)
    assert {row["of"] for row in found} == {"q1", "q2"}
    assert set(found[0]) == {"of", "coefficient", "n", "missing", "value", "low", "high", "why"}
    out = tmp_path / "agreement.csv"
    assert run(*asked, "--by", "quarter", "--out", out).code == 0
    assert {row["quarter"] for row in rows(out.read_text())} == {"2025-Q1", "2025-Q2"}


def test_what_is_not_compared_and_what_drift_is_by_are_said(run, doubled):
    asked = ("-w", doubled, "audit", "agreement", "honos")
    done = run(*asked, "--of", "total")
    assert (done.code, "score.total" in done.err) == (2, True)
    done = run(*asked, "--drift", "--by", "rater")
    assert (done.code, "leave --by out" in done.err) == (2, True)


def test_ratings_that_came_as_scores_alone_are_counted(run, service):
    workspace, bring = service
    bare = {"referral_id": "A", "completed_at": "2025-01-02", "score:total": 9}
    bring("honos", [{**bare, "rater": "clinician"}])
    done = run("-w", workspace.path, "audit")
    assert done.out.endswith("scores without answers: 1; few checks judge them.\n")
    assert json.loads(run("-w", workspace.path, "audit", "--json").out)["no_answers"] == 1


def test_rates_come_team_by_team_and_rater_by_rater(run, filled):
    done = run("-w", filled, "audit", "outside_referral", "--by", "team", "--by", "rater", "--json")
    rates = json.loads(done.out)["rates"]
    assert ["South", "ben", 1, 1] in [
        [each[name] for name in ("team", "rater", "judged", "found")] for each in rates
    ]


def test_an_interval_that_cannot_be_computed_is_a_dash():
    from romframe.cli.agreement import _ends

    ends = [{"value": 0.5, "low": low, "high": high} for low, high in ((None, None), (0.25, 0.75))]
    assert [_ends(each) for each in ends] == [("0.50", "-"), ("0.50", "0.25 to 0.75")]
