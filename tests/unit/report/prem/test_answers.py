import random

import pytest
from romframe_report.prem.answers import items_told
from romframe_report.prem.returns import Span, returns_in

from romframe.disclosure import NHS_MONTHLY, SERVICE, SHOWN
from romframe.wording import Pack


SPAN = Span("2026-01", "2026-03")


def told(feedback, name="fft", policy=SHOWN, team=None):
    span = Span(SPAN.start, SPAN.end, team)
    (returns,) = returns_in(feedback, [name], span)
    return {item.id: item for item in items_told(returns, feedback.wording(name), policy)}


@pytest.fixture
def filled(feedback):
    """Eighty returns of POEM from two teams, answers at random, some blank."""
    chance = random.Random(11)
    items = [item.id for item in feedback.known["poem"].items if item.favourable is not None]
    for _ in range(80):
        answers = {name: chance.choice([1, 2, 3, 4, None]) for name in items}
        team = chance.choice(["North", "South"])
        feedback.returned(name="poem", team=team, service="community", **answers)
    return feedback


def test_every_figure_agrees_with_a_count_of_the_rows(filled):
    found = told(filled, "poem")

    for item in filled.known["poem"].items:
        if item.favourable is None or item.id.startswith("q3"):
            continue
        counted, shown = filled.counted("poem", item.id), found[item.id]
        good = sum(counted[code] for code in item.favourable)
        assert shown.of == counted.total()
        assert shown.sides["favourable"].count == good
        assert shown.sides["unfavourable"].count == counted.total() - good
        assert [answer.share.count for answer in shown.answers[:4]] == [
            counted[code] for code in (1, 2, 3, 4)
        ]
        for team in ("North", "South"):
            ours = filled.counted("poem", item.id, team=team)
            assert shown.teams[team].of == ours.total()
            assert shown.teams[team].count == sum(ours[code] for code in item.favourable)


def test_to_disagree_with_an_item_that_is_worded_negatively_is_favourable(feedback):
    feedback.returned(9, "poem", q2c=4, q2b=4)
    feedback.returned(1, "poem", q2c=1, q2b=1)

    found = told(feedback, "poem")

    assert found["q2c"].sides["favourable"].count == 9
    assert found["q2c"].good == "disagree; strongly disagree"
    assert found["q2b"].sides["favourable"].count == 1


def test_an_item_that_fewer_than_five_answered_is_held_back(feedback):
    feedback.returned(4, "poem", q2a=1, q2b=1)
    feedback.returned(6, "poem", q2b=1)

    found = told(feedback, "poem")

    assert not found["q2a"].told
    assert found["q2b"].told


def test_an_item_of_a_team_is_held_back_where_few_others_answered_it(feedback):
    feedback.returned(9, "poem", q2a=1, q2b=1)
    feedback.returned(4, "poem", team="South", q2a=1)
    feedback.returned(5, "poem", team=None, q2b=1)

    found = told(feedback, "poem", team="North")

    assert not found["q2a"].told
    assert found["q2b"].told


@pytest.mark.parametrize("seed", range(12))
def test_no_two_reports_differ_by_a_few_answers(feedback, seed):
    chance = random.Random(seed)
    teams = ["North", "South", "West", None]
    for team in teams:
        for _ in range(chance.randint(0, 14)):
            answer = chance.choice(["good", "poor", None])
            feedback.returned(team=team, experience=answer)
    named = {row["team"] for row in feedback.rows["fft"]} - {None}

    whole = told(feedback)["experience"]
    alone = {team: told(feedback, team=team)["experience"] for team in named}
    apart = {team: share.of for team, share in whole.teams.items()}
    apart |= {team: item.of for team, item in alone.items() if item.told}

    for shown in (apart, {team: of for team, of in apart.items() if team in named}):
        assert all(of >= 5 for of in shown.values())
        rest = whole.of - sum(shown.values()) if whole.told else 0
        assert rest == 0 or rest >= 5


def test_a_team_in_which_few_answered_is_not_told_of_nor_the_one_that_gives_it_away(feedback):
    for team, number in (("North", 20), ("South", 9), ("West", 4)):
        feedback.returned(number, team=team, experience="good")

    assert set(told(feedback)["experience"].teams) == {"North"}


def test_teams_are_not_compared_where_there_is_only_one(feedback):
    feedback.returned(9, experience="good")

    assert told(feedback)["experience"].teams == {}


def test_a_team_that_nobody_named_is_a_team(feedback):
    feedback.returned(9, experience="good")
    feedback.returned(6, team=None, experience="poor")

    teams = told(feedback)["experience"].teams

    assert {team: share.count for team, share in teams.items()} == {
        "North": 9,
        "No team named": 0,
    }


def test_a_policy_that_hides_an_answer_leaves_the_sides_only(feedback):
    feedback.returned(20, experience="good")
    feedback.returned(3, experience="neither")
    feedback.returned(3, experience="dont_know")
    feedback.returned(7, experience="poor")

    item = told(feedback, policy=SERVICE)["experience"]

    assert {side: share.count for side, share in item.sides.items()} == {
        "favourable": 20,
        "neither": 6,
        "unfavourable": 7,
    }
    assert item.answers == ()


def test_a_policy_that_hides_a_side_leaves_nothing(feedback):
    feedback.returned(20, experience="good")
    feedback.returned(3, experience="poor")

    assert not told(feedback, policy=SERVICE)["experience"].told
    assert not told(feedback, policy=NHS_MONTHLY)["experience"].told


def test_teams_are_not_compared_where_the_policy_hides_one_of_their_shares(feedback):
    for team, good, bad in (("North", 20, 5), ("South", 9, 2)):
        feedback.returned(good, team=team, experience="good")
        feedback.returned(bad, team=team, experience="poor")

    assert told(feedback, policy=SERVICE)["experience"].teams == {}
    assert set(told(feedback, policy=SHOWN)["experience"].teams) == {"North", "South"}


def test_an_item_without_a_good_end_has_answers_and_no_sides(feedback):
    feedback.returned(6, "poem", respondent="patient")
    feedback.returned(2, "poem", respondent="partner_or_other")

    item = told(feedback, "poem")["respondent"]

    assert item.sides == {}
    assert [(a.label, a.side, a.share.count) for a in item.answers] == [
        ("patient", None, 6),
        ("partner or other", None, 2),
    ]


def test_answers_are_in_the_words_that_the_service_supplies(feedback):
    fft = feedback.known["fft"]
    words = {"experience": {"very_good": "Superb"}}
    feedback.packs["fft"] = Pack(
        feedback.path / "x.yaml",
        fft,
        "en",
        "ours",
        items={"experience": "How was it?"},
        options=words,
    )
    feedback.returned(6, experience="very_good")

    item = told(feedback)["experience"]

    assert item.label == "How was it?"
    assert [answer.label for answer in item.answers[:2]] == ["Superb", "good"]


def test_answers_of_one_value_are_named_together(feedback):
    from attrs import evolve

    from romframe.instruments.model import Option

    fft = feedback.known["fft"]
    item = fft.items[0]
    options = (Option("yes", "yes", 1.0), Option("aye", "aye", 1.0), Option("no", "no", 0.0))
    scale = evolve(item.scale, options=options, low=0.0, high=1.0)
    both = evolve(item, scale=scale, favourable=None, unfavourable=())
    feedback.known["fft"] = evolve(fft, items=(both, *fft.items[1:]))
    feedback.returned(6, experience=1)

    labels = [answer.label for answer in told(feedback)["experience"].answers]

    assert labels == ["yes / aye", "no"]
