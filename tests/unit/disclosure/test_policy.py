"""Small counts made safe to show.

Vectors worked from the SQL of the monthly statistics (repository mental-health-monthly-statistics,
commit 7b4d742): below 5 is `*`, else the nearest 5; whole percentages, halves up.
"""

import pytest
from attrs import evolve

from romframe.disclosure import (
    DISCLOSURE_POLICIES,
    NHS_MONTHLY,
    SERVICE,
    SHOWN,
    disclosure_policy,
)
from romframe.errors import UsageError


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "*"),
        (1, "*"),
        (3, "*"),
        (4, "*"),
        (5, "5"),
        (7, "5"),
        (8, "10"),
        (12, "10"),
        (13, "15"),
        (17, "15"),
        (18, "20"),
        (22, "20"),
        (23, "25"),
        (254, "255"),
        (1002, "1000"),
    ],
)
def test_monthly_counts_are_suppressed_then_rounded(count, shown):
    assert NHS_MONTHLY.count(count) == shown


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [
        (4, 50, "*"),
        (5, 8, "63"),
        (12, 40, "30"),
        (0, 30, "*"),
        (30, 30, "100"),
        (3, 4, "*"),
        (17, 61, "28"),
    ],
)
def test_monthly_percentages_come_from_raw_counts_with_halves_up(count, of, shown):
    assert NHS_MONTHLY.percentage(count, of) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (7, "7")])
def test_a_service_sees_nothing_and_five_or_more_as_they_are(count, shown):
    assert SERVICE.count(count) == shown


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [(4, 50, "\u2013"), (0, 30, "0"), (0, 4, "\u2013"), (5, 8, "63"), (0, 0, "\u2013")],
)
def test_a_service_sees_no_percentage_that_rests_on_a_small_count(count, of, shown):
    assert SERVICE.percentage(count, of) == shown


def test_a_policy_may_look_at_the_count_alone():
    """As the yearly bulletin does: the percentage is hidden on its numerator only."""
    bulletin = evolve(NHS_MONTHLY, id="bulletin", percentages="count")

    assert bulletin.percentage(4, 50) == "*"
    assert evolve(bulletin, zero="shown").percentage(0, 3) == "0"


@pytest.mark.parametrize("count", [0, 1, 4, 1002])
def test_shown_hides_nothing(count):
    assert SHOWN.count(count) == str(count)
    assert not SHOWN.hides_share(count, 2000)


def test_nothing_has_no_percentage():
    assert all(policy.hides_share(0, 0) for policy in DISCLOSURE_POLICIES.values())


@pytest.mark.parametrize("name", sorted(DISCLOSURE_POLICIES))
def test_policies_are_found_by_name_and_say_what_they_do(name):
    policy = disclosure_policy(name)

    assert policy.id == name
    assert policy.summary.endswith(".")


def test_an_unknown_policy_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"Did you mean 'service'\?"):
        disclosure_policy("servce")
