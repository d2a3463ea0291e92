import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


INSTRUMENTS = ("honos", "core_om", "core_10", "phq_9", "gone")
HIGHEST = {"honos": 4, "core_om": 4, "core_10": 4, "phq_9": 3}
TIMES = [
    "2026-10-25T01:30:00", "2026-10-31", "2026-10-31T23:59:59", "2026-10-31T23:30:00Z",
    "2026-11-01", "2026-11-01T00:00:00", "2026-10-01T00:30:00", "2026-09-30T23:30:00Z",
    "2026-10-12T09:00:00", "not a time", None,
]  # fmt: skip
assessments = st.lists(
    st.fixed_dictionaries(
        {
            "instrument": st.sampled_from(INSTRUMENTS),
            "completed_at": st.sampled_from(TIMES),
            "outcome": st.sampled_from(
                ["completed", "completed", "completed", "declined", "missed"]
            ),
            "referral_id": st.sampled_from(["SR1", "SR2", "S" * 21]),
            "care_professional_id": st.sampled_from([None, "CP1", "C" * 21]),
            "superseded_by": st.sampled_from([None, None, None, 999]),
            "blanks": st.sets(st.integers(1, 34), max_size=34),
            "state": st.sampled_from([None, "not_known", "declined"]),
            "seed": st.integers(0, 10_000),
        }
    ),
    max_size=12,
)


def fill(workspace, drawn):
    for each in drawn:
        facts = dict(each)
        name, blanks = facts.pop("instrument"), facts.pop("blanks")
        state, seed = facts.pop("state"), facts.pop("seed")
        known = workspace.instruments.get(name)
        answers = {
            item.id: (seed + n * n) % (HIGHEST[name] + 1)
            for n, item in enumerate(known.items if known else (), start=1)
            if item.scale.scored and n not in blanks
        }
        empty = [item.id for item in known.items if item.id not in answers] if known else []
        states = json.dumps(dict.fromkeys(empty, state)) if state and empty else None
        workspace.add(name, answers, states=states, **facts)
    return workspace


NOT_OCTOBER = {"2026-11-01", "2026-11-01T00:00:00"}  # all other times: October, or unreadable
SLOW = {
    "max_examples": 15,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@pytest.fixture
def filled(workspace, copy_of):
    def fresh(drawn):
        empty = copy_of(workspace, instruments={}, rows=[], answers={}, referrals={}, asked=[])
        return fill(empty.load("honos", "core_om", "core_10", "phq_9"), drawn)

    return fresh


@settings(**SLOW)
@given(drawn=assessments)
def test_every_assessment_of_the_month_flows_or_is_excluded_once(filled, run, drawn):
    workspace = filled(drawn)
    due = {
        row["assessment_id"]
        for row in workspace.rows
        if row["superseded_by"] is None and row["completed_at"] not in NOT_OCTOBER
    }
    done = run(workspace, "2026-10")
    counts, excluded = done.result.counts, done.result.exclusions["assessment_id"].to_list()
    assert counts["assessments"] == len(due)
    assert counts["sent"] + counts["excluded"] == len(due)
    assert len(set(excluded)) == len(excluded) == counts["excluded"]
    assert set(excluded) <= due
    assert done.result.exclusions["reason"].null_count() == 0
    assert (done.rows.height == 0) == (counts["sent"] == 0)
    assert done.rows.filter(pl.col("PersScore") == "").height == 0


@settings(**SLOW)
@given(drawn=assessments, order=st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_change_a_byte(filled, run, drawn, order):
    workspace = filled(drawn)
    done = run(workspace, "2026-10")
    order.shuffle(workspace.rows)
    for answers in workspace.answers.values():
        order.shuffle(answers)
    again = run(workspace, "2026-10")
    for name in done.result.files:
        assert (done.out / name).read_bytes() == (again.out / name).read_bytes()


@settings(**SLOW)
@given(drawn=assessments)
def test_the_order_of_imports_does_not_change_the_rows(filled, run, drawn):
    """Assessments imported the other way round get other numbers, which no row shows."""
    name = "MHS606CodedScoreAssessmentRefer.csv"
    forth, back = run(filled(drawn), "2026-10"), run(filled(drawn[::-1]), "2026-10")
    assert (forth.out / name).read_bytes() == (back.out / name).read_bytes()
