"""What holds of every group: shares, effect sizes, labels and counts that add up."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from romframe.api import catalogue
from romframe.change import judge
from romframe.effects import effect_sizes
from romframe.grouped import group_anchor, group_figures, pair_verdicts
from romframe.summary import share


SCORES = st.integers(0, 80).map(lambda half: half / 2)
PAIRS = st.lists(st.tuples(SCORES, SCORES), max_size=30)
MAYBE = st.one_of(st.none(), SCORES, st.just(99.0))
GAINS = st.lists(st.integers(-40, 40), max_size=30)


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_interval_of_a_share_is_inside_0_and_1_and_holds_the_share(count, more):
    found = share(count, count + more)
    for each in (found, share(more, count + more)):
        assert 0 <= each.interval.low <= each.value <= each.interval.high <= 1
    assert 1 - found.interval.high == pytest.approx(share(more, count + more).interval.low)


@given(PAIRS)
def test_an_effect_size_turns_round_with_the_direction(pairs):
    first, last = [one for one, _ in pairs], [other for _, other in pairs]
    lower = effect_sizes(first, last, better="lower")
    higher = effect_sizes(first, last, better="higher")
    for name, each in lower.items():
        other = higher[name]
        assert (each is None) == (other is None)
        if each:
            assert each.value == pytest.approx(-other.value)
            assert each.interval.low == pytest.approx(-other.interval.high, abs=1e-9)
            assert each.interval.low <= each.value <= each.interval.high


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    both = [
        effect_sizes([one for one, _ in each], [other for _, other in each])
        for each in (pairs, shuffled)
    ]
    for one, other in zip(*(each.values() for each in both), strict=True):
        assert (one is None) == (other is None)
        if one:
            assert one.value == pytest.approx(other.value, rel=1e-9, abs=1e-12)
            assert one.interval.high == pytest.approx(other.interval.high, rel=1e-6, abs=1e-9)


@given(PAIRS)
def test_an_effect_size_has_no_unit(pairs):
    first, last = [one for one, _ in pairs], [other for _, other in pairs]
    plain = effect_sizes(first, last)
    tenfold = effect_sizes([10 * each for each in first], [10 * each for each in last])
    for name, each in plain.items():
        assert (each is None) == (tenfold[name] is None)
        if each:
            assert each.value == pytest.approx(tenfold[name].value)


@given(GAINS, st.integers(1, 20))
def test_a_group_that_got_worse_mirrors_one_that_got_better(gains, important):
    found = group_anchor(gains, important)
    mirrored = group_anchor([-gain for gain in gains], important)
    assert (found is None) == (mirrored is None)
    if found:
        turned = {"better": "worse", "worse": "better", "neither": "neither"}
        assert mirrored.label == found.label
        assert mirrored.direction == turned[found.direction]


@given(st.lists(st.tuples(MAYBE, MAYBE), max_size=30))
def test_the_counts_of_a_group_add_up(rows):
    core_10 = catalogue().instrument("core_10")
    ready = judge(core_10, catalogue().change_methods, score="total")
    schema = {"first": pl.Float64, "last": pl.Float64}
    judged = ready.classify(pl.LazyFrame(rows, schema=schema, orient="row")).collect()
    found = group_figures(pair_verdicts(judged, 0, 40), "lower", ready, "rows")
    assert found.total == len(rows) == found.paired + sum(found.not_paired.values())
    assert found.paired == found.classified + found.not_classified
    assert sum(each.count for each in found.classes.values()) == found.classified
    assert {each.of for each in found.classes.values()} == {found.classified}
    summaries = [each.n if each else 0 for each in found.figures.values()]
    assert summaries == [found.paired] * 3
