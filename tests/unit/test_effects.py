"""Paired effect sizes, on the public test data of MOTE (doomlab/MOTE, commit fa2c2bd)."""

import math

import pytest
from scipy import stats

from romframe.effects import EFFECT_SIZES, effect_size, effect_sizes
from romframe.errors import UsageError
from romframe.intervals import Interval


BEFORE = [3, 5, 9, 6, 7, 5, 4]
AFTER = [3, 3, 6, 8, 8, 2, 1]
NONCENTRAL = ("d_z", "hedges_z", "d_av_mean", "d_rm")


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("d_z", 0.5402),
        ("hedges_z", 0.4692),
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
    found = effect_size(BEFORE, AFTER, definition=definition, interval="normal")

    assert found.standard_error == pytest.approx(error, abs=5e-5)
    assert found.interval == Interval(
        pytest.approx(found.value - 1.959964 * found.standard_error),
        pytest.approx(found.value + 1.959964 * found.standard_error),
        "normal",
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
    assert (fall.interval.low, fall.interval.high) == (-rise.interval.high, -rise.interval.low)


@pytest.mark.parametrize("definition", EFFECT_SIZES)
def test_two_pairs_are_the_least(definition):
    assert effect_size([3], [1], definition=definition) is None


@pytest.mark.parametrize("definition", EFFECT_SIZES)
def test_scores_that_never_vary_have_no_effect_size(definition):
    assert effect_size([3, 3, 3], [3, 3, 3], definition=definition) is None


def test_an_unknown_effect_size_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"Did you mean 'd_z'\? \[unknown-effect-size\]"):
        effect_size(BEFORE, AFTER, definition="dz")


def test_the_usual_interval_is_exact_where_the_definition_has_one():
    kinds = {name: each.interval.kind for name, each in effect_sizes(BEFORE, AFTER).items()}

    assert kinds == {
        "d_z": "noncentral_t",
        "hedges_z": "noncentral_t",
        "d_av_mean": "normal",
        "d_av_rms": "normal",
        "d_rm": "normal",
        "glass_pre": "normal",
    }


@pytest.mark.parametrize("definition", NONCENTRAL)
def test_under_the_ends_of_a_noncentral_interval_the_effect_is_just_likely(definition):
    """The distribution function of scipy.stats.nct, which the interval is not computed with."""
    found = effect_size(BEFORE, AFTER, definition=definition, interval="noncentral_t")
    factor = 0.8686 if definition == "hedges_z" else 1
    t = found.value / factor * math.sqrt(7)

    for end, percentile in ((found.interval.low, 0.975), (found.interval.high, 0.025)):
        chance = stats.nct.cdf(t, 6, end / factor * math.sqrt(7))
        assert chance == pytest.approx(percentile, abs=1e-4)


def test_hedges_correction_is_the_exact_one_for_pairs():
    """J for 6 degrees of freedom is 0.8686; 1 - 3/(4 df - 1) would be 0.8696, and 1 - 3/(4N - 9),
    which is for two groups, 0.8421.
    """
    plain = effect_size(BEFORE, AFTER, definition="d_z")
    corrected = effect_size(BEFORE, AFTER, definition="hedges_z")

    for name in ("value", "standard_error"):
        ratio = getattr(corrected, name) / getattr(plain, name)
        assert ratio == pytest.approx(0.8686, abs=5e-5)
    assert corrected.interval.low / plain.interval.low == pytest.approx(0.8686, abs=5e-5)
    assert corrected.interval.high / plain.interval.high == pytest.approx(0.8686, abs=5e-5)


def test_with_two_pairs_the_correction_leaves_nothing():
    assert effect_size([3, 5], [1, 4], definition="hedges_z") is None
    assert effect_size([3, 5], [1, 4], definition="d_z").n == 2


@pytest.mark.parametrize("definition", EFFECT_SIZES)
def test_the_same_change_in_everybody_has_no_effect_size(definition):
    """Nothing varies, so there is no interval; in floating point the changes differ a little."""
    assert effect_size([3, 5, 9], [1, 3, 7], definition=definition) is None
    assert effect_size([0.3, 0.7, 1.1], [0.2, 0.6, 1.0], definition=definition) is None


@pytest.mark.parametrize(
    ("first", "last", "lacking"),
    [
        ([5, 5, 5], [1, 2, 4], {"d_rm", "glass_pre"}),
        ([1, 2, 4], [0, 0, 0], {"d_rm", "glass_pre"}),
        ([2, 4, 8], [1, 2, 4], {"d_rm"}),
    ],
)
def test_what_a_definition_needs_must_vary(first, last, lacking):
    """The last case is a correlation of 1."""
    found = effect_sizes(first, last)

    assert {name for name, each in found.items() if each is None} == lacking


def test_all_effect_sizes_are_those_that_are_asked_for_one_by_one():
    together = effect_sizes(BEFORE, AFTER, better="higher")

    assert tuple(together) == EFFECT_SIZES
    for name, each in together.items():
        assert each == effect_size(BEFORE, AFTER, definition=name, better="higher")
    assert set(effect_sizes([3], [1]).values()) == {None}


def test_an_interval_that_a_definition_does_not_have_is_refused():
    with pytest.raises(UsageError, match=r"Known: normal\. \[no-such-interval\]"):
        effect_size(BEFORE, AFTER, definition="glass_pre", interval="noncentral_t")
