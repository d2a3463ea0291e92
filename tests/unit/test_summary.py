"""Shares and summaries, against worked cases (Wilson intervals by hand from the formula)."""

import math
import random

import pytest

from romframe.summary import share, summarise


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(12, 40, 0.1807, 0.4543), (0, 20, 0.0, 0.1611), (5, 8, 0.3057, 0.8632)],
)
def test_a_share_has_the_wilson_interval(count, of, low, high):
    found = share(count, of)

    assert found.value == count / of
    assert found.interval.low == pytest.approx(low, abs=5e-5)
    assert found.interval.high == pytest.approx(high, abs=5e-5)


def test_the_ends_of_an_interval_stay_between_0_and_1():
    assert share(0, 20).interval.low == 0
    assert share(20, 20).interval.high == 1


def test_nothing_has_no_share():
    found = share(0, 0)

    assert found.value is None
    assert found.interval is None


@pytest.mark.parametrize(("count", "of"), [(5, 4), (-1, 4)])
def test_a_share_of_more_than_all_or_less_than_none_cannot_be(count, of):
    with pytest.raises(ValueError, match="cannot be"):
        share(count, of)


def test_a_summary_leaves_out_what_is_no_number():
    found = summarise([1, None, 2, 4, None, 9])

    assert (found.n, found.mean, found.median) == (4, 4, 3)
    assert found.sd == pytest.approx(math.sqrt(38 / 3))
    assert (found.lower_quartile, found.upper_quartile) == (1.75, 5.25)
    assert (found.low, found.high) == (1, 9)


def test_a_blank_is_not_a_zero_in_a_summary():
    assert summarise([None, None]) is None


def test_one_number_has_a_mean_and_no_spread():
    found = summarise([7])

    assert (found.n, found.mean, found.sd) == (1, 7, None)
    assert (found.lower_quartile, found.median, found.upper_quartile) == (7, 7, 7)


def test_the_order_of_rows_changes_no_bit():
    rng = random.Random(1)
    numbers = [rng.random() * 10 for _ in range(500)]
    shuffled = rng.sample(numbers, len(numbers))

    assert summarise(numbers) == summarise(shuffled)
