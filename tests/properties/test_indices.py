"""Indices of change in made-up groups: against an oracle, turned about, with rows in the way."""

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from oracles import indices as oracle
from romframe_change.indices import INDICES

import romframe
from romframe.api import catalogue
from romframe.instruments.loader import parse_instrument


NAMES = [index.name for index in INDICES]
Z = {index.name: index.z for index in INDICES}
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
SCORES = st.integers(0, 40)
GROUPS = st.lists(st.tuples(SCORES, SCORES), min_size=2, max_size=12)
UNUSABLE = st.sampled_from([(None, 3), (3, None), (None, None), (41, 3), (3, -1), (1000, 1000)])
RELIABILITIES = st.sampled_from([0.5, 0.7, 0.85, 0.9])


def constants_of(name, r):
    return {"reliability": r} | ({"reliability_last": 0.9} if name == "nunnally_kotsch" else {})


def judged(pairs, name, constants, score="lower"):
    frame = pl.DataFrame(
        {"first": [pair[0] for pair in pairs], "last": [pair[1] for pair in pairs]},
        schema={"first": pl.Float64, "last": pl.Float64},
    )
    return romframe.classify(frame, INSTRUMENT, score=score, rule=name, settings=constants)


def classes(*args, **options):
    return judged(*args, **options)["class"].to_list()


def spread(pairs):
    return len({first for first, _ in pairs}) > 1 and len({last for _, last in pairs}) > 1


@pytest.mark.parametrize("name", NAMES)
@given(pairs=GROUPS, r=RELIABILITIES, better=st.sampled_from(["lower", "higher"]))
def test_classes_agree_with_the_oracle(name, pairs, r, better):
    assume(spread(pairs))
    numbers = [oracle.index(name, pairs, person, r=r, r_last=0.9) for person in pairs]
    expected = [oracle.side(number, Z[name], better) for number in numbers]
    found = classes(pairs, name, constants_of(name, r), score=better)
    assert all(one in (None, other) for one, other in zip(expected, found, strict=True))


@pytest.mark.parametrize("name", NAMES)
@given(pairs=GROUPS, r=RELIABILITIES)
def test_turning_the_scale_about_turns_nothing_else(name, pairs, r):
    """40 minus a score where higher is better is the same person as the score where lower is."""
    constants = constants_of(name, r)
    turned = [(40 - first, 40 - last) for first, last in pairs]
    assert classes(pairs, name, constants) == classes(turned, name, constants, score="higher")


@pytest.mark.parametrize("name", NAMES)
@given(pairs=GROUPS, order=st.randoms(use_true_random=False), r=RELIABILITIES)
def test_the_order_of_pairs_changes_nothing(name, pairs, order, r):
    constants = constants_of(name, r)
    expected = dict(zip(pairs, classes(pairs, name, constants), strict=True))
    shuffled = list(pairs)
    order.shuffle(shuffled)
    assert dict(zip(shuffled, classes(shuffled, name, constants), strict=True)) == expected


@pytest.mark.parametrize("name", NAMES)
@given(pairs=GROUPS, refused=st.lists(UNUSABLE, max_size=3), r=RELIABILITIES)
def test_rows_that_cannot_be_judged_change_no_other_row(name, pairs, refused, r):
    constants = constants_of(name, r)
    alone, among = judged(pairs, name, constants), judged([*refused, *pairs], name, constants)
    assert among["class"].to_list()[: len(refused)] == ["not_classified"] * len(refused)
    assert among["class"].to_list()[len(refused) :] == alone["class"].to_list()
    assert set(among["constants"]) == set(alone["constants"])


@pytest.mark.parametrize("name", NAMES)
@given(score=st.floats(0, 40), n=st.integers(1, 8), r=RELIABILITIES)
def test_without_a_spread_there_is_no_class(name, score, n, r):
    found = classes([(score, score)] * n, name, constants_of(name, r))
    assert found == ["not_classified"] * n


@given(pairs=GROUPS, r=RELIABILITIES, score=SCORES)
def test_equal_scores_are_unchanged_by_jacobson_and_truax(pairs, r, score):
    assume(len({first for first, _ in pairs}) > 1)
    found = classes([*pairs, (score, score)], "jacobson_truax", {"reliability": r})
    assert found[-1] == "unchanged"


@given(pairs=GROUPS, r=RELIABILITIES, sd=st.sampled_from([3.5, 7.0]))
def test_with_norms_given_nobody_elses_scores_matter(pairs, r, sd):
    constants = {"reliability": r, "first.mean": 20, "first.sd": sd}
    for name in ("jacobson_truax", "gulliksen_lord_novick", "edwards_nunnally"):
        together = classes(pairs, name, constants)
        assert together == [each for pair in pairs for each in classes([pair], name, constants)]
    turned = classes([(last, first) for first, last in pairs], "jacobson_truax", constants)
    mirror = {"improved": "deteriorated", "deteriorated": "improved", "unchanged": "unchanged"}
    assert turned == [mirror[each] for each in classes(pairs, "jacobson_truax", constants)]
