from datetime import date

import pytest
from attrs import evolve
from romframe_report.person import words
from romframe_report.person.goals import Goal
from romframe_report.person.series import Rating, Series

from romframe.change_methods import CLASSES
from romframe.scoring import REASON


READERS = ("clinician", "service_user")


@pytest.fixture
def series(shipped):
    """A series of CORE-10 with two ratings, judged as the test says."""

    def make(first=20.0, last=12.0, verdict="improved", better="lower", **more):
        known = shipped.instrument("core_10")
        score = evolve(known.score("total"), better=better)
        ratings = (
            Rating(1, "R1", date(2025, 2, 1), first, status="scored"),
            Rating(
                2, "R1", date(2025, 3, 1), last, status="scored", first=1, verdict=verdict, **more
            ),
        )
        return Series(known, score, None, "service_user", "", ratings)

    return make


@pytest.mark.parametrize("reader", READERS)
def test_there_are_words_for_every_class_of_every_kind_of_rule(series, reader):
    for verdict in CLASSES.categories:
        noise = words.change_words(series(verdict=verdict, reliable=True), reader)
        counted = words.change_words(series(verdict=verdict), reader)
        assert "{" not in noise + counted
        assert "noise" not in counted
        assert "ups and downs" not in counted


def test_a_rule_that_counts_by_an_amount_of_its_own_says_nothing_of_noise(series):
    told = series(verdict="improved")

    assert words.change_words(told, "clinician") == "better, as the rule counts it"
    assert words.change_words(told, "service_user") == "better than at the start"


@pytest.mark.parametrize(
    ("first", "last", "better", "said"),
    [
        (20.0, 12.0, "lower", "better"),
        (20.0, 22.0, "lower", "worse"),
        (20.0, 22.0, "higher", "better"),
        (20.0, 20.0, "higher", "the same"),
        (20.0, 22.0, "neither", "higher"),
        (20.0, 12.0, "neither", "lower"),
    ],
)
def test_change_that_nothing_judges_is_told_as_a_direction(series, first, last, better, said):
    told = series(first, last, "", better)

    assert words.change_words(told, "clinician").startswith(f"{said} since the first rating; no")
    assert words.change_words(told, "service_user").startswith(f"{said} since the start; this")


@pytest.mark.parametrize("reason", [*REASON.categories, "something new"])
def test_every_reason_for_a_refusal_is_told(series, reason):
    rating = Rating(3, "R1", date(2025, 4, 1), status="refused", reason=reason, answered=4)

    note = words.rating_note(rating, series())

    assert note.startswith("no score: ")
    assert "{" not in note
    assert reason not in note


@pytest.mark.parametrize(
    ("status", "reason", "note"),
    [
        ("scored", "", ""),
        ("prorated", "items_missing", "scored from 9 of 10 answers"),
        ("scored", "sum_of_known", "sum of 9 of 10 answers"),
        ("reported", "", "score reported without its answers"),
    ],
)
def test_a_score_that_is_not_whole_says_so(series, status, reason, note):
    rating = Rating(3, "R1", date(2025, 4, 1), 9.0, status=status, reason=reason, answered=9)

    assert words.rating_note(rating, series()) == note


def test_raters_are_named_as_the_reader_knows_them():
    assert words.rated_by("service_user", "clinician") == "the service user"
    assert words.rated_by("service_user", "service_user") == "you"
    assert words.rated_by("team", "service_user") == "your team"
    assert words.rated_by("team", "clinician") == "the team"
    assert words.rated_by("foster_parent", "service_user") == "the foster parent"
    assert words.rated_by("", "clinician") == "somebody (not recorded)"


def test_a_goal_whose_ratings_of_one_kind_have_no_value_is_told_by_the_others(series):
    rated = series(reliable=True)
    empty = evolve(rated, ratings=(evolve(rated.ratings[0], value=None),), rater="clinician")

    told = list(words.goal_sentences(Goal(2, "open", (rated, empty)), "clinician"))

    assert told == [
        "Goal 2, Clinical score, by the service user: better by more than the measure's own noise."
    ]


def test_steps_are_few_and_the_most_pressing_come_first(series):
    worse, same = series(verdict="deteriorated"), series(verdict="unchanged")
    goal = Goal(1, "open", (series(verdict="improved"),))

    steps = words.next_steps([worse, same], [goal], ["an alert"], "clinician")

    assert len(steps) == words.MOST_STEPS
    assert steps[0].startswith("Talk about the alert")
    assert steps[1].startswith("Ask what has become harder")
    assert steps[3] == "Ask what has helped, and how it can be kept."


def test_a_goal_that_is_open_is_asked_after():
    steps = words.next_steps([], [Goal(1, "open", ())], [], "service_user")

    assert "Say whether your goals are still the right ones." in steps
