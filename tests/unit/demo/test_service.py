"""The made-up service: always the same for a seed, believable in its shape, and possible."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from statistics import correlation, mean, pvariance

import pytest
from romframe_demo.synthetic.answering import MEASURES
from romframe_demo.synthetic.records import DECLINED, NOT_APPLICABLE, NOT_KNOWN, Course
from romframe_demo.synthetic.service import make_service
from romframe_demo.synthetic.teams import COMMUNITY, MATERNAL, TEAMS, UNIT


TODAY = date(2026, 7, 1)
NOT_SCORED = ("phq_9", "q10")


def referrals_by_id(service):
    return {referral.id: referral for referral in service.referrals}


def completed(service, instrument):
    return [f for f in service.forms if f.instrument == instrument and f.outcome == "completed"]


def scored_items(instrument):
    questions = MEASURES[instrument].questions
    return {item: q for item, q in questions.items() if (instrument, item) != NOT_SCORED}


def severity(form):
    """The mean answer, turned so that higher is worse; None where anything is missing."""
    top = MEASURES[form.instrument].top
    items = scored_items(form.instrument)
    values = [form.answers[item] for item in items]
    if not all(isinstance(value, int) for value in values):
        return None
    turned = [question.turned for question in items.values()]
    return mean(top - v if t else v for v, t in zip(values, turned, strict=True))


def first_and_last(service, instrument):
    """The first and last severity of each referral that has two complete forms."""
    found = {}
    for form in sorted(completed(service, instrument), key=lambda each: each.at):
        if (value := severity(form)) is not None:
            found.setdefault(form.referral_id, []).append(value)
    return {key: (values[0], values[-1]) for key, values in found.items() if len(values) > 1}


def test_the_same_seed_and_day_give_the_same_service(service):
    assert make_service(1, TODAY) == service


def test_another_seed_gives_other_people(service):
    assert make_service(2, TODAY).people != service.people


def test_neither_the_hash_seed_nor_the_process_matters(service):
    code = (
        "from datetime import date; from romframe_demo.synthetic.service import make_service; "
        "print(make_service(1, date(2026, 7, 1)).forms[-1])"
    )
    for seed in ("0", "4711"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert said.stdout.strip() == str(service.forms[-1])


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29)])
def test_about_400_referrals_in_18_months(seed, today):
    service = make_service(seed, today)
    assert 370 <= len(service.referrals) <= 450
    first, last = service.referrals[0].received, service.referrals[-1].received
    assert service.start <= first <= service.start + timedelta(10)
    assert today - timedelta(15) <= last < today
    assert 17 <= (today.year - service.start.year) * 12 + today.month - service.start.month <= 18


def test_three_teams_share_the_referrals(service):
    counts = Counter(each.team.name for each in service.referrals)
    shares = [counts[team.name] / len(service.referrals) for team in TEAMS]
    assert [team.name for team in TEAMS if team.setting == "inpatient"] == [UNIT.name]
    assert shares == pytest.approx([0.60, 0.12, 0.28], abs=0.06)


def test_some_people_are_referred_to_be_kept_well(service):
    prevention = [each for each in service.referrals if each.prevention]
    assert 0.08 <= len(prevention) / len(service.referrals) <= 0.17
    assert {each.team.name for each in prevention} == {COMMUNITY.name}
    assert all(each.birth > each.received for each in prevention)


def test_service_users_have_child_bearing_ages_and_various_ethnicities(service):
    received = {each.person_id: each.received for each in reversed(service.referrals)}
    ages = [(received[each.id] - each.born).days / 365.25 for each in service.people]
    assert min(ages) >= 16.9
    assert max(ages) <= 46.1
    assert 29 <= mean(ages) <= 33
    ethnicities = Counter(each.ethnicity for each in service.people)
    assert len(ethnicities) >= 12
    assert 0.55 <= ethnicities["A"] / len(service.people) <= 0.72


def test_ids_are_unique_and_lead_to_each_other(service):
    people = {each.id for each in service.people}
    referrals = referrals_by_id(service)
    assert len(people) == len(service.people)
    assert len(referrals) == len(service.referrals)
    assert people == {each.person_id for each in service.referrals}
    contacts = {each.id for each in service.contacts}
    assert {each.contact_id for each in service.activities} <= contacts
    assert len({each.id for each in service.activities}) == len(service.activities)
    for rows in (service.contacts, service.forms, service.events):
        assert {row.referral_id for row in rows} <= referrals.keys()
    assert len({each.id for each in service.contacts}) == len(service.contacts)
    assert len({each.id for each in service.forms}) == len(service.forms)


def test_a_referral_is_closed_with_a_reason_after_it_was_received(service):
    for each in service.referrals:
        assert (each.closed is None) == (each.close_reason == "")
        assert each.received < (each.closed or TODAY) < TODAY + timedelta(1)
    open_ones = sum(each.closed is None for each in service.referrals)
    assert 0.2 <= open_ones / len(service.referrals) <= 0.4


def test_nothing_happens_before_the_referral_nor_from_today_on(service):
    referrals = referrals_by_id(service)
    for contact in service.contacts:
        referral = referrals[contact.referral_id]
        assert referral.received <= contact.day <= (referral.closed or TODAY - timedelta(1))
    for form in service.forms:
        assert referrals[form.referral_id].received <= form.at.date() <= form.entered < TODAY
    assert all(event.day < TODAY for event in service.events)


def test_only_posted_questionnaires_come_after_the_referral_was_closed(service):
    referrals = referrals_by_id(service)
    late = [
        form
        for form in service.forms
        if referrals[form.referral_id].closed
        and form.at.date() > referrals[form.referral_id].closed
    ]
    assert late
    assert {form.timepoint for form in late} == {"discharge"}
    assert "honos" not in {form.instrument for form in late}


def test_community_teams_work_on_weekdays(service):
    referrals = referrals_by_id(service)
    worked = [c.day for c in service.contacts] + [
        f.at.date()
        for f in completed(service, "honos")
        if f.timepoint == "assessment"
        if referrals[f.referral_id].team is not UNIT
    ]
    assert {day.weekday() for day in worked} <= {0, 1, 2, 3, 4}


def test_events_are_births_and_stays_on_the_unit(service):
    referrals = referrals_by_id(service)
    kinds = Counter(each.kind for each in service.events)
    assert kinds.keys() == {"birth", "admission", "discharge"}
    unit = [each for each in service.referrals if each.team is UNIT]
    assert kinds["admission"] == len(unit)
    assert kinds["discharge"] == sum(each.closed is not None for each in unit)
    births = [each for each in service.events if each.kind == "birth"]
    assert any(each.day > referrals[each.referral_id].received for each in births)
    assert any(each.day < referrals[each.referral_id].received for each in births)


def test_a_stay_on_the_unit_lies_within_the_community_referral(service):
    stays = [each for each in service.referrals if each.on_unit]
    assert stays
    for each in stays:
        admitted, left = each.on_unit
        assert each.team is COMMUNITY
        assert each.received < admitted < left <= (each.closed or TODAY)


def test_a_referral_that_was_turned_away_has_neither_contacts_nor_forms(service):
    away = {each.id for each in service.referrals if not each.accepted}
    assert 0.04 <= len(away) / len(service.referrals) <= 0.14
    assert not away & {row.referral_id for row in (*service.contacts, *service.forms)}


def test_every_answer_is_one_that_the_spec_allows(service, specs):
    words = {NOT_KNOWN, DECLINED, NOT_APPLICABLE}
    seen = Counter()
    for form in service.forms:
        items = {item.id: item.scale for item in specs[form.instrument].items}
        assert form.answers.keys() == (items.keys() if form.outcome == "completed" else set())
        for item, value in form.answers.items():
            codes = {option.code for option in items[item].options} or set(range(11))
            assert value is None or value in words or value in codes
            seen[value if value in words else type(value).__name__] += 1
    assert seen.keys() == {*words, "int", "str", "NoneType"}


def test_questions_whose_higher_box_is_the_better_one_are_those_of_the_spec(specs):
    for name, measure in MEASURES.items():
        better_above = {item for item, question in measure.questions.items() if question.turned}
        higher = specs[name].scores[0].better == "higher"
        items = [item for item in specs[name].items if item.counts or (name, item.id) == NOT_SCORED]
        expected = {item.id for item in items if item.reversed != higher}
        assert better_above == expected


def test_the_letter_of_item_8_is_given_for_problems_only_and_sometimes_forgotten(service):
    forms = completed(service, "honos")
    lettered = [form.answers["q8"] for form in forms if form.answers["q8_type"]]
    assert all(isinstance(value, int) and value > 0 for value in lettered)
    forgotten = [f for f in forms if f.answers["q8"] in (1, 2, 3, 4) and not f.answers["q8_type"]]
    assert 0 < len(forgotten) < 0.12 * len(forms)
    assert len({form.answers["q8_type"] for form in forms}) >= 9
    assert "K" in {form.answers["q8_type"] for form in forms}


@pytest.mark.parametrize("instrument", MEASURES)
def test_items_of_a_measure_go_together(service, instrument):
    rows = [f.answers for f in completed(service, instrument) if severity(f) is not None]
    columns = [
        [-row[item] if question.turned else row[item] for row in rows]
        for item, question in scored_items(instrument).items()
    ]
    spread = pvariance([sum(values) for values in zip(*columns, strict=True)])
    count = len(columns)
    alpha = count / (count - 1) * (1 - sum(pvariance(column) for column in columns) / spread)
    assert 0.7 <= alpha <= 0.98


def test_clinicians_and_service_users_see_the_same_illness(service):
    honos = {(f.referral_id, f.timepoint): severity(f) for f in completed(service, "honos")}
    pairs = [
        (honos[key], value)
        for f in completed(service, "core_10")
        if (value := severity(f)) is not None
        and (honos.get(key := (f.referral_id, f.timepoint))) is not None
    ]
    assert len(pairs) > 100
    assert correlation(*zip(*pairs, strict=True)) > 0.5


@pytest.mark.parametrize("instrument", MEASURES)
def test_most_in_treatment_get_better_and_some_get_worse(service, instrument):
    referrals = referrals_by_id(service)
    moves = [
        last - first
        for key, (first, last) in first_and_last(service, instrument).items()
        if not referrals[key].prevention
    ]
    better = sum(move < -0.2 for move in moves) / len(moves)
    worse = sum(move > 0.2 for move in moves) / len(moves)
    assert better > 0.5
    assert 0.02 < worse < 0.3


def test_a_goal_is_rated_from_the_day_it_is_set_to_the_day_it_ends(service):
    goals = {each.id: each for each in service.goals}
    for form in service.forms:
        if form.goal:
            goal = goals[form.goal]
            assert goal.set_on <= form.at.date() <= (goal.state_on or TODAY)
            assert goal.referral_id == form.referral_id
    assert {each.state for each in goals.values()} == {"open", "achieved", "replaced", "dropped"}
    for each in goals.values():
        assert (each.state_on is None) == (each.state == "open")
        assert (each.state == "replaced") == (each.replaced_by in goals)


def test_no_goal_is_set_on_the_unit_nor_to_be_kept_well(service):
    referrals = referrals_by_id(service)
    setting = [referrals[each.referral_id] for each in service.goals]
    assert not any(each.prevention or each.team is UNIT for each in setting)


def test_the_bond_with_a_baby_is_asked_about_after_the_birth(service):
    births = {each.id: each.birth for each in service.referrals}
    forms = [each for each in service.forms if each.instrument == "pbq"]
    assert forms
    assert all(births[each.referral_id] < each.at.date() for each in forms)


def test_returns_have_every_team_every_comment_once_and_answers_of_the_spec(service, specs):
    assert {each.team for each in service.returns} == set(TEAMS)
    written = [each.answers["comments"] for each in service.returns if each.answers["comments"]]
    assert len(set(written)) == len(written) == 20
    assert all(text.startswith("(Made up) ") for text in written)
    for said in service.returns:
        items = {item.id: item.scale for item in specs[said.instrument].items}
        assert said.answers.keys() == items.keys()
        for item, value in said.answers.items():
            codes = {option.code for option in items[item].options}
            assert value is None or not codes or value in codes


def test_only_returns_about_the_unit_speak_of_its_rooms(service):
    for said in service.returns:
        if said.instrument == "poem" and said.team is not UNIT:
            assert {said.answers[f"q3{letter}"] for letter in "abcdef"} == {None}
    assert any(said.answers.get("q3a") for said in service.returns)


def test_most_who_are_to_be_kept_well_stay_well_and_some_relapse(service):
    referrals = referrals_by_id(service)
    pairs = [
        pair
        for key, pair in first_and_last(service, "core_10").items()
        if referrals[key].prevention
    ]
    assert max(first for first, _ in pairs) < 1.4
    relapsed = sum(last - first > 0.6 for first, last in pairs)
    assert 0 < relapsed < len(pairs) / 2


def test_people_on_the_unit_are_the_most_unwell_at_first(service):
    referrals = referrals_by_id(service)
    start = {team.name: [] for team in TEAMS}
    for form in completed(service, "honos"):
        if form.timepoint == "assessment" and (value := severity(form)) is not None:
            start[referrals[form.referral_id].team.name].append(value)
    assert mean(start[UNIT.name]) > 1.3 * mean(start[COMMUNITY.name])


def test_forms_are_completed_missed_and_declined(service):
    kinds = Counter((form.instrument == "honos", form.outcome) for form in service.forms)
    assert kinds.keys() == {
        (True, "completed"),
        (True, "missed"),
        (False, "completed"),
        (False, "missed"),
        (False, "declined"),
    }
    for form in service.forms:
        assert (form.outcome == "completed") == (form.outcome_reason == "")
    assert {form.timepoint for form in service.forms} == {
        "assessment",
        "review",
        "discharge",
        "session",
    }


def test_forms_are_typed_in_late_sometimes_by_weeks(service):
    delays = [(form.entered - form.at.date()).days for form in service.forms]
    assert delays.count(0) > len(delays) / 2
    assert any(1 <= delay <= 7 for delay in delays)
    assert 14 < max(delays) <= 60


def test_some_ratings_are_made_twice_on_one_day_by_two_clinicians(service):
    days = Counter((f.referral_id, f.at.date()) for f in completed(service, "honos"))
    twice = [key for key, count in days.items() if count > 1]
    assert 0 < len(twice) < 0.06 * len(days)


def test_an_activity_has_those_who_rated_in_it_as_staff_and_else_one_of_the_team(service):
    referrals = referrals_by_id(service)
    contacts = {each.id: each for each in service.contacts}
    raters = {}
    for form in completed(service, "honos"):
        raters.setdefault((form.referral_id, form.at.date()), set()).add(form.professional)
    rated = 0
    for activity in service.activities:
        contact = contacts[activity.contact_id]
        those = raters.get((contact.referral_id, contact.day))
        rated += those is not None
        team = referrals[contact.referral_id].team
        assert set(activity.staff) == those if those else len(activity.staff) == 1
        assert set(activity.staff) <= set(team.staff)
    assert 0 < rated < len(service.activities)


def test_wards_rate_as_a_team_and_others_mostly_alone(service):
    shares = {}
    for team in (UNIT, COMMUNITY, MATERNAL):
        raters = [f.rater for f in completed(service, "honos") if f.setting == team.setting]
        shares[team.name] = raters.count("team") / len(raters)
    assert shares[UNIT.name] > 0.6
    assert 0 < shares[COMMUNITY.name] < 0.2


def test_a_course_goes_from_start_to_end_and_stays_there():
    course = Course(date(2026, 1, 1), 100, 3.0, 1.0)
    days = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 4, 11), date(2026, 9, 1)]
    assert [course.on(day) for day in days] == [3.0, 3.0, 1.0, 1.0]
    assert course.on(date(2026, 2, 20)) < 2.0
