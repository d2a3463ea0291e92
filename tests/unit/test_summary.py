"""Group figures, against worked and published cases.

Sources: Wilson intervals worked by hand from the formula;
paired effect sizes from the public test data of MOTE (doomlab/MOTE, commit fa2c2bd).
"""

import math
import random

import pytest

from romframe.errors import UsageError
from romframe.summary import EFFECT_SIZES, Interval, effect_size, share, summarise


BEFORE = [3, 5, 9, 6, 7, 5, 4]
AFTER = [3, 3, 6, 8, 8, 2, 1]


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


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("d_z", 0.5402),
        ("d_av_mean", 0.4697),
        ("d_av_rms", 0.4620),
        ("d_rm", 0.4334),
        ("glass_pre", 0.5749),
    ],
)
def test_each_effect_size_is_what_its_definition_says(definition, value):
    """MOTE's public data, unrounded; MOTE's own results come from inputs rounded to 2 decimals."""
    found = effect_size(BEFORE, AFTER, definition=definition)

    assert found.value == pytest.approx(value, abs=5e-5)
    assert found.definition == definition
    assert found.words.startswith("mean improvement divided by")
    assert found.n == 7


@pytest.mark.parametrize(("definition", "error"), [("d_z", 0.4046), ("glass_pre", 0.3399)])
def test_standard_errors_follow_easystats(definition, error):
    found = effect_size(BEFORE, AFTER, definition=definition)

    assert found.standard_error == pytest.approx(error, abs=5e-5)
    assert found.interval == Interval(
        pytest.approx(found.value - 1.959964 * found.standard_error),
        pytest.approx(found.value + 1.959964 * found.standard_error),
    )


def test_the_other_standard_errors_follow_from_these():
    """SE of d_rm is that of d_z's formula times sqrt(2(1 - r)); d_av's is its value over t."""
    rm = effect_size(BEFORE, AFTER, definition="d_rm")
    mean = effect_size(BEFORE, AFTER, definition="d_av_mean")
    rms = effect_size(BEFORE, AFTER, definition="d_av_rms")

    own = math.sqrt((1 / 7 + rm.value**2 / 14) * 2 * (1 - 0.678178))
    assert rm.standard_error == pytest.approx(own, abs=1e-5)
    assert mean.standard_error == pytest.approx(mean.value / 1.429194, abs=1e-5)
    assert rms.standard_error == pytest.approx(rms.value / 1.429194, abs=1e-5)


@pytest.mark.parametrize("definition", EFFECT_SIZES)
def test_positive_is_better_whichever_way_a_score_runs(definition):
    fall = effect_size(BEFORE, AFTER, definition=definition, better="lower")
    rise = effect_size(BEFORE, AFTER, definition=definition, better="higher")
    neither = effect_size(BEFORE, AFTER, definition=definition, better="neither")

    assert fall.value == -rise.value
    assert neither.value == rise.value


@pytest.mark.parametrize("definition", EFFECT_SIZES)
def test_two_pairs_are_the_least(definition):
    assert effect_size([3], [1], definition=definition) is None


@pytest.mark.parametrize("definition", EFFECT_SIZES)
def test_scores_that_never_vary_have_no_effect_size(definition):
    assert effect_size([3, 3, 3], [3, 3, 3], definition=definition) is None


def test_an_unknown_effect_size_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"Did you mean 'd_z'\? \[unknown-effect-size\]"):
        effect_size(BEFORE, AFTER, definition="dz")
