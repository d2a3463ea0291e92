"""Ratings of goals flow under the id of the goal's slot, and under no other."""

from datetime import date

import pytest
import romframe_mhsds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


IDS = {"1": "1638531000000102", "2": "1638541000000106", "3": "1638551000000109"}


@pytest.fixture
def goals(workspace):
    return workspace.load("gbo")


def rate(workspace, goal, progress=4, **facts):
    return workspace.add("gbo", {"goal_id": goal, "progress": progress}, **facts)


def test_each_goal_of_three_has_a_row_of_its_own(goals, run):
    goals.goal("A", "2").goal("B", "3").goal("C", "1")
    for goal, progress in (("A", 0), ("B", 10), ("C", 7)):
        rate(goals, goal, progress)
    done = run(goals)
    assert sorted(done.sent) == [(IDS["1"], "7"), (IDS["2"], "0"), (IDS["3"], "10")]
    assert done.result.counts == {
        "assessments": 3, "sent": 3, "excluded": 0, "rows": 3, "rows_rejected": 0, "warnings": 0,
        "late": 0, "late_to_resubmit": 0,
    }  # fmt: skip


def test_a_goal_without_a_slot_or_a_record_never_takes_anothers(goals, run):
    goals.goal("A", "1").goal("D")
    rate(goals, "A")
    fourth, unknown = rate(goals, "D", 9), rate(goals, "E", 9)
    done = run(goals)
    assert done.sent == [(IDS["1"], "4")]
    assert done.reasons == {fourth: "no_slot", unknown: "no_slot"}
    assert done.details[fourth] == "progress: no_slot for goal D"
    assert "free slot" in done.result.exclusions["explanation"][0]


def test_the_record_must_be_of_the_same_referral_and_measure(goals, run):
    goals.goal("A", "1", referral_id="SR0002").goal("B", "1", instrument="copm")
    goals.goal("C", "2", instrument="gbo")
    of_other, of_copm = rate(goals, "A"), rate(goals, "B")
    rate(goals, "C", 6)
    done = run(goals)
    assert done.sent == [(IDS["2"], "6")]
    assert done.reasons == {of_other: "no_slot", of_copm: "no_slot"}


def test_a_goal_that_was_not_rated_sends_nothing(goals, run):
    goals.goal("A", "1")
    made = rate(goals, "A", None)
    assert run(goals).details == {made: "progress: blank"}


def test_a_slot_whose_id_is_not_accepted_is_told(goals, run, tmp_path):
    from romframe_mhsds.codes.codefile import shipped, write_codes

    goals.path = tmp_path
    with (tmp_path / "two.csv").open("w", encoding="utf-8") as file:
        write_codes([each for each in shipped() if each.concept_id != IDS["3"]], file)
    goals.goal("A", "1").goal("C", "3")
    rate(goals, "A")
    third = rate(goals, "C")
    done = run(goals, codes="two.csv")
    assert done.sent == [(IDS["1"], "4")]
    assert done.details == {third: "progress: no_accepted_code"}


def test_problems_without_codes_for_slots_do_not_flow(workspace, run):
    workspace.load("copm")
    answers = {"problem_id": "P1", "importance": 8, "performance_rating": 2}
    made = workspace.add("copm", answers)
    done = run(workspace)
    assert done.reasons == {made: "no_accepted_code"}
    assert done.details == {made: "The spec has no SNOMED CT code for a slot of a goal."}


@pytest.mark.parametrize(("name", "taken"), [("gbo", True), ("copm", False), ("poem", False)])
def test_measures_are_listed_as_flowing_by_their_specs(shipped, name, taken):
    """POEM flows only where a service says how."""
    assert romframe_mhsds.takes(shipped.instrument(name), date(2026, 11, 1)) is taken


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    slots=st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from([None, "1", "2", "3"])),
    ratings=st.lists(st.tuples(st.sampled_from("ABCDEF"), st.integers(0, 10)), max_size=8),
)
def test_whatever_the_goals_each_rating_flows_by_its_slot_or_is_excluded(
    workspace, copy_of, run, slots, ratings
):
    fresh = copy_of(workspace, instruments={}, rows=[], answers={}, referrals={}, goals=[])
    fresh.load("gbo")
    for goal, slot in slots.items():
        fresh.goal(goal, slot, referral_id=goal)
    made = [rate(fresh, goal, value, referral_id=goal) for goal, value in ratings]
    done = run(fresh)
    placed = [(IDS[slots[goal]], str(value)) for goal, value in ratings if slots.get(goal)]
    assert sorted(done.sent) == sorted(placed)
    assert done.result.counts["sent"] == len(placed)
    assert len(done.reasons) == len(made) - len(placed)
    assert set(done.reasons.values()) <= {"no_slot"}
