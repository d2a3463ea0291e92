"""Classes of change on scores with gaps, ties included, against the rules worked in fractions."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import change as oracle

import romframe
from romframe.api import catalogue
from romframe.instruments.loader import parse_instrument


LIMITS = (0, 40)
INSTRUMENT = parse_instrument(
    """
romframe: 1
id: both_ways
version: "1"
name: Both ways
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales: {level: {range: [0, 40]}}
items: [{id: q1, label: a, scale: level}]
scores:
  - {id: lower, name: L, items: all, method: sum, range: [0, 40], better: lower}
  - {id: higher, name: H, items: all, method: sum, range: [0, 40], better: higher}
""",
    "both_ways.yaml",
    catalogue().vocabulary,
)
SIDES = {"lower": ["at_least", "more_than"], "higher": ["at_most", "less_than"]}
# What prorating gives: a sum over so many answered items, times ten or times the items; and ends.
SCORES = st.one_of(
    st.none(),
    st.builds(Fraction, st.integers(0, 400), st.sampled_from([7, 8, 9, 10, 11, 12, 31, 33])),
    st.sampled_from([Fraction(0), Fraction(40), Fraction(-1, 10), Fraction(401, 10)]),
)
THRESHOLDS = st.one_of(st.integers(1, 12), st.sampled_from([2.5, 6.6, 0.1]))


def number(fraction):
    return None if fraction is None else float(fraction)


def classes(pairs, score, rule, settings):
    frame = pl.DataFrame(
        {"first": [number(pair[0]) for pair in pairs], "last": [number(pair[1]) for pair in pairs]},
        schema={"first": pl.Float64, "last": pl.Float64},
    )
    found = romframe.classify(frame, INSTRUMENT, score=score, rule=rule, settings=settings)
    return found["class"].to_list()


@st.composite
def pairs_near_a_threshold(draw, threshold):
    """Pairs of any kind, and pairs that lie exactly as far apart as the threshold."""
    first = draw(SCORES)
    tie = st.sampled_from([1, -1]).map(lambda sign: first + sign * Fraction(str(threshold)))
    return first, draw(SCORES if first is None else st.one_of(SCORES, tie))


@pytest.mark.parametrize("better", ["lower", "higher"])
@given(data=st.data())
def test_classes_agree_with_the_oracle_and_turn_with_the_pair(better, data):
    comparator = data.draw(st.sampled_from(["at_least", "more_than"]))
    threshold, cut_off = data.draw(THRESHOLDS), data.draw(THRESHOLDS)
    side = data.draw(st.sampled_from(SIDES[better]))
    pairs = data.draw(st.lists(pairs_near_a_threshold(threshold), min_size=1, max_size=8))
    exact = {
        "better": better,
        "limits": LIMITS,
        "reliable": {comparator: Fraction(str(threshold))},
    }
    settings = {f"reliable.{comparator}": threshold}
    expected = [oracle.classify(*pair, **exact) for pair in pairs]
    assert classes(pairs, better, "reliable", settings) == expected

    exact["cut_off"] = {"value": Fraction(str(cut_off)), "clinical": side}
    settings |= {"cut_off.value": cut_off, "cut_off.clinical": side}
    expected = [oracle.classify(*pair, **exact) for pair in pairs]
    rule = "reliable_and_clinical"
    assert classes(pairs, better, rule, settings) == expected
    turned = [(last, first) for first, last in pairs]
    mirrored = [oracle.MIRROR[each] for each in expected]
    assert classes(turned, better, rule, settings) == mirrored


@given(scores=st.lists(SCORES, min_size=1, max_size=6))
def test_equal_scores_are_no_change_under_any_rule(scores):
    pairs = [(score, score) for score in scores]
    inside = [score is not None and 0 <= score <= 40 for score in scores]
    expected = ["unchanged" if each else "not_classified" for each in inside]
    rules = {
        "reliable": {"reliable.more_than": 0},
        "anchor": {"important.at_least": 0.1},
        "clinical": {"cut_off.value": 10, "cut_off.clinical": "at_least"},
        "categorical": {"high.at_least": 10},
    }
    for rule, settings in rules.items():
        assert classes(pairs, "lower", rule, settings) == expected
    percentage = classes(pairs, "lower", "percentage", {"improved": 30})
    assert percentage == [
        "not_classified" if score == 0 else each
        for score, each in zip(scores, expected, strict=True)
    ]


@given(
    pairs=st.lists(st.tuples(SCORES, SCORES), min_size=2, max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_pairs_changes_nothing(pairs, order):
    settings = {"reliable.at_least": 5}
    expected = dict(zip(pairs, classes(pairs, "lower", "reliable", settings), strict=True))
    shuffled = list(pairs)
    order.shuffle(shuffled)
    found = dict(zip(shuffled, classes(shuffled, "lower", "reliable", settings), strict=True))
    assert found == expected
