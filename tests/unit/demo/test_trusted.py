"""What the demo has for timing and trust: plans, a register, double ratings, odd ratings."""

import json
from datetime import timedelta

import polars as pl
from attrs import evolve
from click.testing import CliRunner
from romframe_demo.synthetic.diary import deferrals, plans
from romframe_demo.synthetic.odd import with_odd
from romframe_demo.synthetic.teams import TEAMS, UNIT
from unit.demo.conftest import TODAY

from romframe.auditing.drift import drift
from romframe.auditing.run import findings_in, judged_by
from romframe.cli import cli


ITEMS = [f"q{number}" for number in range(1, 13)]


def shown(demo, *args):
    done = CliRunner().invoke(cli, ["-w", str(demo.workspace.path), *args], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


def test_babies_that_are_expected_in_open_referrals_are_planned(service):
    referrals = {each.id: each for each in service.referrals}
    assert len(service.plans) > 10
    for plan in service.plans:
        assert referrals[plan.referral_id].closed is None
        assert plan.day == referrals[plan.referral_id].birth >= TODAY


def test_forms_on_the_unit_are_put_off_with_a_reason_while_the_stay_lasts(service):
    referrals = {each.id: each for each in service.referrals}
    assert len(service.deferrals) == 3
    for each in service.deferrals:
        stay = referrals[each.referral_id]
        assert (stay.team, stay.closed, bool(each.reason)) == (UNIT, None, True)
        assert each.day < TODAY < each.until
        assert each.professional in UNIT.staff


def test_in_each_team_one_rater_has_no_training_and_that_of_one_is_over(service):
    trained = {each.professional: each for each in service.trainings}
    for team in TEAMS:
        never = [member for member in team.staff if member not in trained]
        over = [member for member in team.staff if member in trained and trained[member].expires]
        assert (len(never), len(over)) == (1, 1)
        assert trained[over[0]].expires < TODAY


def test_about_forty_ratings_were_made_a_second_time_by_somebody_else(service):
    firsts = {(each.referral_id, each.at): each for each in service.forms if each.id[0] == "H"}
    assert 38 <= len(service.seconds) <= 44
    for second in service.seconds:
        first = firsts[second.referral_id, second.at]
        assert first.professional != second.professional
        assert first.rater == second.rater == "clinician"
        assert first.answers.keys() == second.answers.keys()


def test_odd_ratings_are_few_and_of_honos_alone(service):
    plain = tuple(each for each in service.forms if each.instrument != "honos")
    assert with_odd(plain) == plain
    lines = [
        {each.answers[item] for item in ITEMS}
        for each in service.forms
        if each.instrument == "honos" and each.outcome == "completed"
    ]
    assert (lines.count({0}), lines.count({2})) == (2, 2)


def test_every_planted_pattern_is_found_by_the_audit(demo):
    found = findings_in(judged_by(demo.workspace)).filter(instrument="honos")
    counts = dict(found.group_by("check").len().iter_rows())
    assert {name: counts[name] for name in ("all_zero", "straight_line")} == {
        "all_zero": 2, "straight_line": 2,
    }  # fmt: skip
    assert counts["copied_forward"] >= 3
    assert counts.keys() >= {"discharged_unwell", "required_answer", "untrained_rater"}
    told = found.filter(check="untrained_rater")["what"].str.extract("(ended|no training)")
    assert set(told) == {"ended", "no training"}


def test_double_ratings_tell_of_a_rater_who_drifts(demo):
    found = drift(demo.workspace, "honos", ["score.total"])
    differences = {
        when: group[0].value for (rater, when), group in found.groups.items() if rater == "PCT02"
    }
    assert max(differences["2025-Q1"], differences["2025-Q2"]) < differences["2026-Q2"]
    assert found.groups["PCT02", "all"][0].n > 20
    assert found.few


def test_what_is_due_and_what_the_framework_says_is_shown_without_more_ado(demo):
    due = shown(demo, "due", "--as-of", str(TODAY), "--json")["items"]
    assert {each["status"] for each in due} == {"due", "overdue", "deferred"}
    births = {each["schedule"] for each in due}
    assert {"start", "ward", "after_birth", "community"} <= births
    year = [str(TODAY - timedelta(365)), str(TODAY - timedelta(1))]
    args = ("--from", year[0], "--to", year[1], "--json")
    assert shown(demo, "framework", "report", "cambridgeshire", *args)


def test_the_second_ratings_change_no_figure(demo, service):
    assert demo.workspace.store.second_ratings(demo.workspace.instrument("honos")).collect().height
    ids = demo.workspace.table("assessment")["source_id"]
    assert set(ids).isdisjoint(each.id for each in service.seconds)


def test_the_framework_s_plans_are_planned_events_of_the_store(demo, service):
    planned = demo.workspace.table("planned_event")
    assert planned.select(pl.col("kind").unique()).to_series().to_list() == ["birth"]
    assert planned.height == len(service.plans)
    assert demo.workspace.table("deferral").height == 3
    assert demo.workspace.table("training").height == len(service.trainings)


def test_a_service_without_stays_puts_nothing_off(service):
    closed = [evolve(each, closed=TODAY - timedelta(1)) for each in service.referrals]
    assert list(deferrals(closed, TODAY)) == list(plans(closed, TODAY)) == []
