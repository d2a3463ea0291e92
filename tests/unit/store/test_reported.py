"""Scores that came without answers: kept, given, paired, and never taken for answers."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from romframe import DataError, create_workspace, open_workspace
from romframe.explain import explain_stored
from romframe.ingest import import_file, preview, source


NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
PEOPLE = "referral_id,service_user_id,received_on\nR1,P1,2026-01-05\nR2,P2,2026-01-05\n"
ANSWERS = "referral_id,completed_at,rater,timepoint," + ",".join(f"q{n}" for n in range(1, 11))


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "service", "Service", today=date(2026, 11, 26))
    yield made
    made.store.close()


@pytest.fixture
def load(workspace, tmp_path):
    def load(text, target="core_10", mapping=None):
        path = tmp_path / "file.csv"
        path.write_text(text)
        known = None
        if mapping:
            known = tmp_path / "map.yaml"
            known.write_text(mapping)
        coding = "scored" if target == "core_10" else None
        given = {"target": target, "mapping": known, "coding": coding}
        return import_file(workspace, path, **given, actor="tester", now=NOW).result

    load(PEOPLE, "referral", "kind: referral\nunknown_referrals: create\n")
    return load


def totals(*rows):
    return "\n".join(["referral_id,completed_at,timepoint,score:total", *rows])


def counts(result):
    return (result.accepted, result.unchanged, result.corrected, result.rejected)


def refusals(workspace):
    return workspace.store.rejected()["code"].to_list()


def test_a_total_is_a_score_with_a_band_and_no_answers(workspace, load):
    assert counts(load(totals("R1,2026-02-01,assessment,21"))) == (1, 0, 0, 0)
    (verdict,) = workspace.scores("core_10", ["total"]).iter_rows(named=True)
    assert (verdict["value"], verdict["status"]) == (21, "reported")
    assert verdict["band"] == "moderate to severe"
    assert verdict["policy"] is None
    assert verdict["answered"] is None
    assert verdict["evidence"] == "secondary"
    assert verdict["received_on"] == "2026-01-05"
    assert workspace.responses("core_10").collect().is_empty()


def test_totals_stand_beside_computed_scores_in_the_order_of_assessments(workspace, load):
    load(totals("R1,2026-02-01,assessment,21"))
    load(f"{ANSWERS}\nR1,2026-03-01,service_user,review,1,1,1,1,1,1,1,1,1,1\n")
    load(totals("R2,2026-02-01,assessment,12.5"))
    scores = workspace.scores("core_10", ["total"])
    assert scores.select("assessment_id", "value", "status").rows() == [
        (1, 21, "reported"),
        (2, 10, "scored"),
        (3, 12.5, "reported"),
    ]


def test_totals_are_paired_and_judged_as_other_scores_are(workspace, load):
    load(totals("R1,2026-02-01,assessment,21", "R1,2026-05-01,review,9"))
    changes = workspace.changes("core_10", "total")
    pair = changes.filter(pl.col("referral_id") == "R1").row(0, named=True)
    assert (pair["verdict"], pair["first"], pair["last"]) == ("paired", 21, 9)
    assert pair["class"] == "recovered"


def test_the_same_totals_again_change_nothing(workspace, load):
    load(totals("R1,2026-02-01,assessment,21"))
    assert counts(load(totals("R1,2026-02-01,assessment,21"))) == (0, 1, 0, 0)


def test_another_total_is_refused_unless_corrections_are_accepted(workspace, load):
    load(totals("R1,2026-02-01,assessment,21"))
    assert counts(load(totals("R1,2026-02-01,assessment,22"))) == (0, 0, 0, 1)
    assert refusals(workspace) == ["correction-refused"]
    accept = "instrument: core_10\ncorrections: accept\n"
    assert counts(load(totals("R1,2026-02-01,assessment,22"), mapping=accept)) == (0, 0, 1, 0)
    assert workspace.scores("core_10", ["total"])["value"].to_list() == [22]


@pytest.mark.parametrize("value", ["41", "-1", "much", "nan", "inf"])
def test_what_the_score_cannot_be_is_refused(workspace, load, value):
    assert counts(load(totals(f"R1,2026-02-01,assessment,{value}"))) == (0, 0, 0, 1)
    (line,) = workspace.store.rejected().iter_rows(named=True)
    assert line["code"] == "score-outside"
    assert line["what"] == f"'{value}' is no score:total, which goes from 0 to 40."


def test_a_total_that_is_blank_is_no_assessment_and_a_missed_one_has_none(workspace, load):
    result = load(
        "referral_id,completed_at,outcome,score:total\n"
        "R1,2026-02-01,completed,\nR1,2026-02-02,missed,\nR1,2026-02-03,missed,20\n"
    )
    assert counts(result) == (1, 0, 0, 2)
    assert refusals(workspace) == ["answers-missing", "answers-unexpected"]


def test_a_blank_form_may_stand_for_a_missed_one_and_a_total_is_no_blank_form(workspace, load):
    mapping = "instrument: core_10\nblank_forms: missed\n"
    load(totals("R1,2026-02-01,assessment,", "R1,2026-03-01,review,20"), mapping=mapping)
    outcomes = workspace.store.assessments("core_10")["outcome"].to_list()
    assert outcomes == ["missed", "completed"]


def test_a_total_that_the_answers_give_changes_nothing(workspace, load):
    load(f"{ANSWERS}\nR1,2026-03-01,service_user,review,1,1,1,1,1,1,1,1,1,\n")
    assert workspace.scores("core_10", ["total"])["value"].to_list() == [10]
    assert counts(load(totals("R1,2026-03-01,review,10"))) == (0, 1, 0, 0)
    assert workspace.scores("core_10", ["total"])["status"].to_list() == ["prorated"]


def test_a_computed_score_may_have_been_rounded_to_one_decimal(workspace, load):
    load(f"{ANSWERS}\nR1,2026-03-01,service_user,review,1,1,1,1,1,1,2,1,1,\n")
    assert workspace.scores("core_10", ["total"])["value"][0] == pytest.approx(100 / 9)
    assert counts(load(totals("R1,2026-03-01,review,11.1"))) == (0, 1, 0, 0)
    assert counts(load(totals("R1,2026-03-01,review,11.2"))) == (0, 0, 0, 1)


@pytest.mark.parametrize("corrections", ["refuse", "accept"])
def test_a_total_never_takes_the_place_of_answers(workspace, load, corrections):
    load(f"{ANSWERS}\nR1,2026-03-01,service_user,review,1,1,1,1,1,1,1,1,1,1\n")
    mapping = f"instrument: core_10\ncorrections: {corrections}\n"
    assert counts(load(totals("R1,2026-03-01,review,11"), mapping=mapping)) == (0, 0, 0, 1)
    assert refusals(workspace) == ["correction-refused"]
    assert workspace.scores("core_10", ["total"])["value"].to_list() == [10]


def test_a_total_that_refused_answers_do_not_give_is_refused(workspace, load):
    load(f"{ANSWERS}\nR1,2026-03-01,service_user,review,1,,,,,,,,,\n")
    assert counts(load(totals("R1,2026-03-01,review,11"))) == (0, 0, 0, 1)


def test_answers_take_the_place_of_a_total_where_corrections_are_accepted(workspace, load):
    load(totals("R1,2026-03-01,review,11"))
    answers = f"{ANSWERS}\nR1,2026-03-01,service_user,review,1,1,1,1,1,1,1,1,1,1\n"
    assert counts(load(answers)) == (0, 0, 0, 1)
    accept = "instrument: core_10\ncorrections: accept\n"
    assert counts(load(answers, mapping=accept)) == (0, 0, 1, 0)
    assert workspace.scores("core_10", ["total"])["status"].to_list() == ["scored"]


def test_a_total_follows_a_form_that_was_missed(workspace, load):
    load("referral_id,completed_at,timepoint,outcome,score:total\nR1,2026-03-01,review,missed,\n")
    accept = "instrument: core_10\ncorrections: accept\n"
    assert counts(load(totals("R1,2026-03-01,review,11"), mapping=accept)) == (0, 0, 1, 0)


def test_a_row_has_answers_or_a_total(workspace, load):
    head = f"{ANSWERS},score:total"
    result = load(
        f"{head}\nR1,2026-02-01,service_user,review,1,1,1,1,1,1,1,1,1,1,10\n"
        "R1,2026-03-01,service_user,review,,,,,,,,,,,12\n"
        "R1,2026-04-01,service_user,review,1,1,1,1,1,1,1,1,1,1,\n"
    )
    assert counts(result) == (2, 0, 0, 1)
    assert refusals(workspace) == ["score-beside-answers"]
    assert workspace.scores("core_10", ["total"])["value"].to_list() == [12, 10]


def test_a_mapping_names_the_column_of_a_total(workspace, load):
    mapping = 'instrument: core_10\ncolumns: {"score:total": SUM}\n'
    load("referral_id,completed_at,SUM\nR1,2026-02-01,21\n", mapping=mapping)
    assert workspace.scores("core_10", ["total"])["value"].to_list() == [21]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ('columns: {"score:totl": SUM}', "name-unknown"),
        ('columns: {"score:total": SAM}', "column-unknown"),
        ('columns: {"score:total": SUM}\nconstants: {"score:total": 3}', "mapping-twice"),
    ],
)
def test_what_does_not_fit_a_total_is_told(load, mapping, code):
    text = "referral_id,completed_at,SUM\nR1,2026-02-01,21\n"
    with pytest.raises(DataError, match=code):
        load(text, mapping=f"instrument: core_10\n{mapping}\n")


def test_not_every_row_has_the_same_total(load):
    with pytest.raises(DataError, match="constant-answer"):
        load(
            totals("R1,2026-02-01,review,1"),
            mapping='instrument: core_10\nconstants: {"score:total": 3}\n',
        )


def test_goals_have_no_totals(workspace, load, tmp_path):
    path = tmp_path / "goals.csv"
    path.write_text(
        "referral_id,completed_at,rater,goal_id,score:rating\nR1,2026-02-01,clinician,G1,3\n"
    )
    with pytest.raises(DataError, match="column-missing"):
        preview(workspace, path, source(workspace, target="gbo"))


def test_explain_says_that_the_answers_are_not_held(workspace, load):
    load(totals("R1,2026-02-01,assessment,21"))
    told = explain_stored(workspace, 1)
    assert "Reported as a total; its answers are not held." in told
    assert "[total]: 21 (reported)" in told
    assert "band: moderate to severe" in told


KEYED = """
romframe: 1
id: by_gender
version: "1"
name: By gender
type: prom
raters: [service_user]
licence: {owner: us, terms: free, wording: ships}
response_scales:
  much: {codes: {0: no, 1: some, 2: much}, source: us}
items:
  - {id: q1, label: one, scale: much}
scores:
  - id: total
    name: Total
    items: all
    method: sum
    range: [0, 2]
    better: lower
    source: us
    bands:
      by: [gender]
      rows:
        - {gender: female, bands: [{from: 0, label: low}, {from: 1, label: high}]}
        - {gender: male, bands: [{from: 0, label: low}, {from: 2, label: high}]}
sources:
  us: {cite: decided here, status: local}
"""


def test_a_band_that_depends_on_the_person_is_that_of_the_person(tmp_path, workspace):
    workspace.store.close()
    (workspace.path / "measures" / "by_gender.yaml").write_text(KEYED)
    with_keyed = open_workspace(workspace.path, today=date(2026, 11, 26))
    for name, text in (
        ("service_user", "service_user_id,gender\nP1,female\nP2,male\n"),
        ("referral", PEOPLE),
        ("by_gender", "referral_id,completed_at,score:total\nR1,2026-02-01,1\nR2,2026-02-01,1\n"),
    ):
        file = tmp_path / f"{name}.csv"
        file.write_text(text)
        import_file(with_keyed, file, target=name, actor="tester", now=NOW)
    scores = with_keyed.scores("by_gender")
    assert scores.select("referral_id", "band").rows() == [("R1", "high"), ("R2", "low")]
    assert "gender" not in scores.columns
    with_keyed.store.close()


def test_a_file_of_totals_needs_no_coding_though_the_measure_has_turned_items(workspace, load):
    mapping = 'instrument: core_10\ncolumns: {"score:total": T}\n'
    text = "referral_id,completed_at,timepoint,T\nR1,2026-02-01,assessment,21\n"
    assert counts(load(text, None, mapping)) == (1, 0, 0, 0)
