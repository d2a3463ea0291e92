import statistics
from datetime import date, datetime

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from romframe import Spread, Start, earlier_pairs, expected_changes, pairs_in_groups, share, spread
from romframe.expected import starts_of
from romframe.instruments.model import Band, Keyed, Score


TOTAL = Score("total", "Total", "sum", "lower", 0, 40, "own")
BANDED = evolve(TOTAL, bands=(Band(0, "low"), Band(10, "middling"), Band(20, "high")))


def test_a_range_is_what_plain_statistics_make_of_the_numbers():
    numbers = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6]

    found = spread(numbers)

    deciles = statistics.quantiles(numbers, n=10, method="inclusive")
    quarters = statistics.quantiles(numbers, n=4, method="inclusive")
    assert found == Spread(21, deciles[0], *quarters, deciles[-1])
    assert (found.low, found.median, found.high) == (2, 5, 9)


def test_no_range_is_given_of_fewer_than_twenty():
    assert spread(range(19)) is None
    assert spread(range(20)).n == 20


@pytest.mark.parametrize(
    ("value", "position"),
    [
        (0.9, "below"),
        (1, "lower"),
        (2.9, "lower"),
        (3, "middle"),
        (7, "middle"),
        (7.1, "upper"),
        (9, "upper"),
        (9.1, "above"),
    ],
)
def test_a_value_lies_in_the_middle_half_beside_it_or_beyond(value, position):
    assert Spread(20, 1, 3, 5, 7, 9).position(value) == position


def test_a_value_that_is_an_end_but_for_rounding_is_at_it():
    assert Spread(20, 0.3, 0.3, 0.5, 0.7, 0.9).position(0.1 + 0.2 - 1e-16) == "middle"


class Pairs:
    """Rows as `Workspace.changes` gives them."""

    def __init__(self):
        self.rows = []

    def add(self, name, first=20, last=10, closed="2025-05-01", rated="2025-04-30", **about):
        row = {"referral_id": name, "service_user_id": f"P-{name}", "closed_on": closed}
        row |= {"score": "total", "verdict": "paired", "first": first, "last": last}
        at = datetime.fromisoformat(rated) if rated else None
        self.rows.append(row | {"last_at": at, "class": "improved", "setting": "ward"} | about)

    @property
    def frame(self):
        return pl.DataFrame(self.rows, infer_schema_length=None)


@pytest.fixture
def pairs():
    return Pairs()


def names(found):
    return found.get_column("referral_id").to_list()


def test_earlier_pairs_are_those_that_ended_before_the_day(pairs):
    pairs.add("ended", closed="2025-12-31", rated="2025-12-31T23:59:00")
    pairs.add("closed on the day", closed="2026-01-01")
    pairs.add("open", closed=None)
    pairs.add("rated again on the day", rated="2026-01-01")
    pairs.add("not paired", verdict="no_last", rated=None)
    pairs.add("another score", score="other")

    assert names(earlier_pairs(pairs.frame, TOTAL, date(2026, 1, 1))) == ["ended"]


def test_a_history_may_have_a_first_day(pairs):
    pairs.add("old", rated="2023-12-31")
    pairs.add("new", rated="2024-01-01")

    found = earlier_pairs(pairs.frame, TOTAL, date(2026, 1, 1), since=date(2024, 1, 1))

    assert names(found) == ["new"]


def test_those_left_out_are_left_out_by_person_and_by_referral(pairs):
    pairs.add("one")
    pairs.add("two")
    pairs.add("three", service_user_id=None)

    found = earlier_pairs(pairs.frame, TOTAL, date(2026, 1, 1), without=["P-one", "two"])

    assert names(found) == ["three"]


@pytest.mark.parametrize(("better", "gain"), [("lower", 8), ("higher", -8), ("neither", -8)])
def test_a_gain_is_above_zero_where_somebody_got_better(pairs, better, gain):
    pairs.add("one", first=20, last=12)
    score = evolve(TOTAL, better=better)

    assert earlier_pairs(pairs.frame, score, date(2026, 1, 1))["gain"].to_list() == [gain]


def test_people_are_alike_in_what_their_referral_says(pairs):
    pairs.add("one")
    pairs.add("two")
    referrals = pl.DataFrame(
        {
            "referral_id": ["two", "one"],
            "setting": ["ward", None],
            "details": ['{"Why": "10"}', None],
        }
    )

    found = pairs_in_groups(pairs.frame, referrals, ["setting", "details.Why"])

    assert found.select("referral_id", "group").rows() == [
        ("one", "not known, not known"),
        ("two", "ward, 10"),
    ]
    assert pairs_in_groups(pairs.frame, referrals, [])["group"].to_list() == ["", ""]


def test_stretches_are_the_bands_and_small_neighbours_go_together():
    low, middling, high = [5] * 20, [15] * 20, [25] * 20
    three = (
        Start(0, 10, ("low",)),
        Start(10, 20, ("middling",)),
        Start(20, None, ("high",)),
    )
    below = (Start(0, 20, ("low", "middling")), Start(20, None, ("high",)))
    above = (Start(0, 10, ("low",)), Start(10, None, ("middling", "high")))

    assert starts_of(BANDED, [*low, *middling, *high]) == three
    assert starts_of(BANDED, [*low[1:], *middling, *high]) == below
    assert starts_of(BANDED, [*low, *middling[1:], *high]) == below
    assert starts_of(BANDED, [*low, *middling, *high[1:]]) == above
    assert starts_of(BANDED, low[1:]) == ()


def test_without_bands_for_everybody_stretches_are_thirds():
    firsts = list(range(1, 61))
    thirds = (Start(0, 21), Start(21, 41), Start(41, None))

    assert starts_of(TOTAL, firsts) == thirds
    assert starts_of(evolve(TOTAL, bands=Keyed(("age",), ())), firsts) == thirds
    assert starts_of(TOTAL, firsts[:19]) == ()
    assert starts_of(TOTAL, [0] * 60) == (Start(0, None),)
    assert starts_of(evolve(TOTAL, decimals=1), [each / 8 for each in firsts]) == (
        Start(0, 2.6),
        Start(2.6, 5.1),
        Start(5.1, None),
    )


@given(st.lists(st.integers(0, 40), max_size=90), st.sampled_from([TOTAL, BANDED]))
@settings(max_examples=40, deadline=None)
def test_every_first_score_is_in_one_stretch_with_enough_others(firsts, score):
    found = starts_of(score, firsts)

    if len(firsts) >= 20:
        holding = [[start.holds(each) for start in found] for each in firsts]
        assert all(row.count(True) == 1 for row in holding)
        assert min(map(sum, zip(*holding, strict=True))) >= 20
    else:
        assert found == ()


def test_what_became_of_people_is_told_by_group_and_start(pairs):
    classes = ["improved", "recovered", "unchanged", "deteriorated", "not_classified", None]
    for number in range(24):
        pairs.add(f"a{number}", first=12, last=number, **{"class": classes[number % 6]})
        pairs.add(f"b{number}", first=30 - number % 3, last=number)
        pairs.add(f"c{number}", first=12, last=number, setting="home")
    pairs.rows = [
        row for row in pairs.rows if row["referral_id"] not in {f"c{n}" for n in range(5)}
    ]
    history = earlier_pairs(pairs.frame, BANDED, date(2026, 1, 1))
    history = history.with_columns(group="setting")

    low, high = expected_changes(history, BANDED)

    assert (low.group, low.start) == ("ward", Start(0, 20, ("low", "middling")))
    assert (high.group, high.start) == ("ward", Start(20, None, ("high",)))
    assert low.firsts == high.firsts == spread([*[12] * 24, *(30 - n % 3 for n in range(24))])
    assert low.gain == spread(12 - n for n in range(24))
    assert high.gain == spread(30 - n % 3 - n for n in range(24))
    assert (low.better, high.better) == (share(8, 16), share(24, 24))
