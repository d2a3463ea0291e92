"""Real answers: 5,533 PHQ-9 forms of NHANES 2017-2018 (US government work, public domain).

The data are not part of romframe: they lie in a folder `shared/data` beside the checkout, and
these tests are skipped where it is absent. 7 is "refused" and 9 "don't know" in this survey.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

import romframe


ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
ANSWERS = DATA / "nhanes_2017_2018_dpq_phq9.csv"
CAMCOPS = DATA / "nhanes_2017_2018_phq9_camcops_scores.csv"
ITEMS = {f"DPQ{n}0": f"q{n.lstrip('0')}" for n in (f"{n:02}" for n in range(1, 11))}

pytestmark = pytest.mark.skipif(
    not (ANSWERS.exists() and CAMCOPS.exists()),
    reason=f"the NHANES files are not in {DATA}; they are not shipped with romframe",
)


@pytest.fixture(scope="module")
def raw():
    frame = pl.read_csv(ANSWERS, infer_schema=False)
    return frame.select("SEQN", *(pl.col(theirs).alias(ours) for theirs, ours in ITEMS.items()))


@pytest.fixture(scope="module")
def answers(raw):
    """The forms with the survey's codes for refused and don't know made blank."""
    blank = pl.col(list(ITEMS.values()))
    return raw.with_columns(pl.when(~blank.is_in(["7", "9"])).then(blank).name.keep())


@pytest.fixture(scope="module")
def scored(answers):
    return romframe.score(answers, "phq_9", shape="wide")


@pytest.fixture(scope="module")
def camcops():
    return pl.read_csv(CAMCOPS, schema_overrides={"SEQN": pl.String})


def test_every_form_is_there_once(scored, camcops):
    assert scored.height == 5533
    assert scored["SEQN"].n_unique() == 5533
    assert scored["SEQN"].to_list() == camcops["SEQN"].to_list()


def test_complete_forms_get_the_totals_that_camcops_gives(scored, camcops):
    both = scored.join(camcops, on="SEQN").filter(pl.col("n_answered_1to9") == 9)
    assert both.height == 5_068
    assert both["total"].to_list() == both["out_total"].to_list()
    assert both["total_status"].unique().to_list() == ["scored"]
    theirs = [text.lower().replace("_", " ") for text in both["out_severity"]]
    ours = [band.replace("none or minimal", "none") for band in both["total_band"]]
    assert ours == theirs


def test_forms_with_gaps_are_refused_with_the_reason(scored, camcops):
    both = scored.join(camcops, on="SEQN").filter(pl.col("n_answered_1to9") < 9)
    assert both["total"].null_count() == both.height
    assert both["total_answered"].to_list() == both["n_answered_1to9"].to_list()
    reasons = dict(both["total_reason"].cast(pl.String).value_counts().iter_rows())
    assert reasons == {"nothing_answered": 440, "too_many_missing": 25}


def test_forms_with_gaps_would_look_healthy_as_partial_sums(scored, camcops):
    """What CamCOPS gives for them is a number all the same: the reason not to reproduce it."""
    both = scored.join(camcops, on="SEQN").filter(pl.col("total").is_null())
    assert both["out_total"].null_count() == 0
    assert both.filter(pl.col("out_total") == 0).height >= 440


def test_codes_that_the_spec_does_not_know_are_refused_not_summed(raw):
    tidy = romframe.score(raw, "phq_9")
    odd = raw.filter(pl.any_horizontal(pl.col(f"q{n}").is_in(["7", "9"]) for n in range(1, 10)))
    found = tidy.join(odd, on="SEQN", how="semi")
    assert found.height == odd.height > 0
    assert found["reason"].unique().to_list() == ["invalid_response"]
    assert found["value"].null_count() == found.height


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace into which the file was imported with the example's mapping."""
    place = tmp_path_factory.mktemp("nhanes") / "survey"
    made = romframe.create_workspace(place, "Survey", today=date(2026, 1, 1))
    made.store.close()
    workspace = romframe.open_workspace(place, today=date(2026, 1, 1))
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    mapping = ROOT / "examples" / "importing" / "nhanes_phq_9.yaml"
    done = romframe.import_file(workspace, ANSWERS, mapping=mapping, actor="test", now=moment)
    assert (done.result.read, done.result.accepted, done.result.rejected) == (5533, 5533, 0)
    yield workspace
    workspace.store.close()


def test_every_refusal_and_dont_know_is_kept_as_its_own_state(workspace, raw):
    states = workspace.responses("phq_9").select("states").drop_nulls().collect()["states"]
    kept = Counter(state for each in states for state in json.loads(each).values())
    asked = [value for name in ITEMS.values() for value in raw[name]]
    assert kept == {"declined": asked.count("7"), "not_known": asked.count("9")}
    assert kept == {"declined": 24, "not_known": 37}
    outcomes = dict(workspace.table("assessment")["outcome"].value_counts().iter_rows())
    assert outcomes == {"completed": 5094, "missed": 439}


def test_the_imported_forms_get_the_same_verdicts(workspace, scored):
    verdicts = workspace.scores("phq_9").select("referral_id", "value", "reason")
    both = verdicts.join(scored, left_on="referral_id", right_on="SEQN")
    assert both.height == 5094
    assert both["value"].equals(both["total"], null_equal=True)
    assert both["reason"].cast(pl.String).equals(both["total_reason"].cast(pl.String))


def test_the_survey_can_be_reported(workspace, tmp_path):
    from romframe_report.service import service_report

    page = service_report(workspace, date(2018, 1, 1), date(2018, 12, 31))
    assert "PHQ-9" in page
    assert "5533" in page.replace(",", "")
