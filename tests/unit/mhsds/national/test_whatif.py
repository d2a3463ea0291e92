"""What would change the figure."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


CORE_10 = "718583008"
HONOS_1 = "979641000000103"
NOVEMBER = "2023-11-15"
CHEAP = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def mixed(caseload):
    """Two paired referrals, and one of each that lacks something."""
    received, days = "2023-09-21", 60
    names = {}
    for name, contacts, scores in (
        ("paired", (5, 20), ((5, 20), (50, 12))),
        ("paired again", (5, 20), ((5, 20), (50, 12))),
        ("no second", (5, 20), ((5, 20),)),
        ("other scale", (5, 20), ((5, 20),)),
        ("invalid", (5, 20), ((5, 20), (50, 41))),
        ("nothing", (5, 20), ()),
        ("one contact", (5,), ((5, 20), (50, 12))),
        ("one contact, one score", (5,), ((5, 20),)),
        ("no contact", (), ((5, 20), (50, 12))),
    ):
        names[name] = caseload.referral(received, days, contacts=contacts)
        for day, value in scores:
            caseload.score(names[name], day, value)
    caseload.score(names["other scale"], 50, 2, HONOS_1)
    return names


def test_each_referral_that_lacks_one_thing_is_named(caseload, mixed):
    found = caseload.preview("cquin_2023_24", NOVEMBER).would_change
    lacks = dict(found.select("referral_id", "lacks").iter_rows())
    assert lacks == {
        mixed["no second"]: "second_rating",
        mixed["other scale"]: "second_rating",
        mixed["invalid"]: "valid_score",
        mixed["nothing"]: "both_ratings",
        mixed["one contact"]: "one_contact",
        mixed["one contact, one score"]: "one_contact_and_rating",
    }
    rated = dict(found.select("referral_id", "rated").iter_rows())
    assert (
        rated[mixed["no second"]] == "Clinical Outcomes in Routine Evaluation - 10 clinical score"
    )
    assert "; " in rated[mixed["other scale"]]
    assert rated[mixed["nothing"]] is None


def test_the_figure_is_told_as_it_would_be(caseload, mixed):
    found = caseload.preview("cquin_2023_24", NOVEMBER).effects
    told = dict(zip(found["lacks"], found["sentence"], strict=True))
    now = "Paired now 2/6 (33.3 %)"
    assert told["second_rating"] == (
        f"Perinatal, closed: 2 referrals lack only a second rating. {now}; with it 4/6 (66.7 %)."
    )
    assert told["one_contact"] == (
        "Perinatal, closed: 1 referral lacks only one more contact and has paired scores. "
        f"{now}; with it 3/7 (42.9 %)."
    )
    assert told["one_contact_and_rating"].endswith(f"{now}; with it 2/7 (28.6 %).")
    assert told["both_ratings"].endswith("with it 3/6 (50 %).")


def test_a_figure_of_nothing_is_told_without_a_percentage(caseload):
    name = caseload.referral("2023-09-21", 60, contacts=(5,))
    caseload.score(name, 5, 20)
    (sentence,) = caseload.preview("cquin_2023_24", NOVEMBER).effects["sentence"]
    assert "Paired now 0/0; with it 0/1 (0 %)." in sentence


def test_what_is_said_to_be_lacking_is_what_it_takes(caseload, mixed, figure_of):
    before = figure_of(caseload.preview("cquin_2023_24", NOVEMBER), "paired", "perinatal")
    caseload.score(mixed["no second"], 55, 10)
    caseload.score(mixed["other scale"], 55, 10)
    after = caseload.preview("cquin_2023_24", NOVEMBER)
    assert figure_of(after, "paired", "perinatal") == (before[0] + 2, before[1])
    assert "second_rating" not in after.would_change["lacks"]


@CHEAP
@given(first=st.integers(0, 40), last=st.integers(0, 40), day=st.integers(6, 70))
def test_a_later_valid_score_pairs_what_lacks_only_a_second_rating(
    caseload, row_of, first, last, day
):
    name = caseload.referral("2023-09-21", 60)
    caseload.score(name, 5, first)
    before = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert before["reason"] == "no_second_score"
    caseload.score(name, day, last)
    after = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (after["paired_any"], after["reason"]) == (True, None)
