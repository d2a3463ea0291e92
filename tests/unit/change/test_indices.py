"""Indices of change at their boundaries, with and without norms and cut-offs."""

import polars as pl
import pytest

import romframe


SCALE = """
response_scales: {level: {range: [0, 100]}}
items: [{id: q1, label: a, scale: level}]
scores:
  - {id: ill, name: I, items: all, method: sum, range: [0, 100], better: lower}
  - {id: well, name: W, items: all, method: sum, range: [0, 100], better: higher}
"""
NORMS = {"first.mean": 50, "first.sd": 10}
LAST = {"last.mean": 40, "last.sd": 10}
CUT_OFF = {"cut_off.value": 30, "cut_off.clinical": "at_least"}


@pytest.fixture(scope="module")
def instrument(make):
    return make(SCALE)


def judged(instrument, first, last, rule, score="ill", **settings):
    frame = pl.DataFrame({"first": first, "last": last}, strict=False)
    given = {"reliability": 0.5, **settings}
    return romframe.classify(frame, instrument, score=score, rule=rule, settings=given)


def classes(*args, **options):
    return judged(*args, **options)["class"].to_list()


@pytest.mark.parametrize(
    ("rule", "more", "edge"),
    [
        ("jacobson_truax", {}, 50 - 20),  # 2 times sqrt(2) * 10 * sqrt(1 - 0.5)
        ("gulliksen_lord_novick", {"reliability": 0.6}, 50 - 16),  # 2 times 10 * sqrt(1 - 0.36)
        ("hsu_linn_lord", {"reliability": 0.6, "last.mean": 40}, 40 - 16),
        ("edwards_nunnally", {"reliability": 0.75}, 50 - 10),  # 2 times 10 * sqrt(1 - 0.75)
        # 2 times 10 * sqrt(0.25 * 0.5 + 1 - 0.765)
        ("nunnally_kotsch", {"reliability_last": 0.765}, 50 - 12),
    ],
)
def test_an_index_is_not_passed_by_its_limit(instrument, rule, more, edge):
    settings = {**NORMS, "z": 2, **more}
    found = classes(instrument, [50, 50], [edge, edge - 0.01], rule, **settings)
    assert found == ["unchanged", "improved"]
    turned = classes(instrument, [50, 50], [edge, edge - 0.01], rule, "well", **settings)
    assert turned == ["unchanged", "deteriorated"]


def test_the_limit_of_hageman_and_arrindell(instrument):
    """Variance of change 100, error 25: reliability 0.5; a change of 20 where nobody drifts."""
    settings = {**NORMS, "last.mean": 50, "last.sd": 10, "correlation": 0.5, "reliability": 0.75}
    found = classes(instrument, [50, 50], [30, 29.99], "hageman_arrindell", z=2, **settings)
    assert found == ["unchanged", "improved"]


def test_the_usual_limits_are_those_of_the_literature(instrument):
    """The SD of change is 10, so the limits are those of a normal distribution times 10."""
    found = classes(instrument, [50, 50], [30.4004, 30.4003], "jacobson_truax", **NORMS)
    assert found == ["unchanged", "improved"]
    constants = judged(instrument, [50], [30], "jacobson_truax", **NORMS)["constants"][0]
    assert constants == "reliability 0.5; first mean 50 sd 10; index beyond 1.959964"


def test_norms_from_the_pairs_are_said_with_their_numbers(instrument):
    found = judged(instrument, [40, 50, 60, None, 101], [30, 50, 40, 3, 3], "hsu_linn_lord")
    assert found["constants"].unique().item() == (
        "reliability 0.5; index beyond 1.959964; "
        "first mean 50.0, first sd 10.0, last mean 40.0 of the 3 pairs judged"
    )
    half = judged(instrument, [40, 60], [30, 50], "hsu_linn_lord", **NORMS)["constants"][0]
    assert half.endswith("; last mean 40.0 of the 2 pairs judged")
    assert "first mean 50 sd 10" in half


@pytest.mark.parametrize("rule", ["jacobson_truax", "hageman_arrindell"])
def test_too_few_pairs_for_norms(instrument, rule):
    found = judged(instrument, [40, None], [30, 3], rule)
    assert found["class"].to_list() == ["not_classified"] * 2
    assert found["constants"][0].endswith("too few pairs to take norms from")
    assert judged(instrument, [], [], rule).is_empty()


def test_equal_first_scores_give_no_sd_but_for_norms(instrument):
    assert classes(instrument, [0.1 + 0.2] * 3, [9, 8, 7], "edwards_nunnally") == (
        ["not_classified"] * 3
    )
    assert classes(instrument, [50] * 3, [9, 8, 7], "jacobson_truax", **NORMS) == ["improved"] * 3


def test_change_that_is_all_error_has_no_true_change(instrument):
    """With everybody's change alike, or no more varied than error, Hageman's index is undefined."""
    rule = "hageman_arrindell"
    assert classes(instrument, [40, 50, 60], [30, 40, 50], rule) == ["not_classified"] * 3
    assert classes(instrument, [40, 50, 60], [31, 40, 50], rule) == ["not_classified"] * 3
    perfect = {**NORMS, **LAST, "correlation": 1}
    assert classes(instrument, [40], [31], rule, **perfect) == ["not_classified"]


# Together with a cut-off


def test_an_index_with_a_cut_off(instrument):
    first, last = [60, 60, 50, 10, 35, 60], [20, 35, 50, 60, 60, None]
    found = judged(instrument, first, last, "jacobson_truax", **NORMS, **CUT_OFF)
    assert found["class"].to_list() == [
        "recovered",
        "improved",
        "unchanged",
        "harmed",
        "deteriorated",
        "not_classified",
    ]
    assert found["clinical"].to_list() == [
        "clinical_to_non_clinical",
        "stayed_clinical",
        "stayed_clinical",
        "non_clinical_to_clinical",
        "stayed_clinical",
        None,
    ]


HA = {**NORMS, **LAST, "correlation": 0.5, "reliability": 0.75}


@pytest.mark.parametrize(("score", "turn"), [("ill", 1), ("well", -1)])
def test_clinical_status_must_be_beyond_its_error(instrument, score, turn):
    """The true score at last is 0.75 of the way from 40, its error sqrt(0.75) * 5, z 1.645.

    So a last score of 17.17 is just not beyond a cut-off of 30, and one of 17.169 is.
    """

    def at(*values):
        return [value if turn == 1 else 100 - value for value in values]

    means = {"first.mean": at(50)[0], "last.mean": at(40)[0], "cut_off.value": at(30)[0]}
    side = {"cut_off.clinical": "at_least" if turn == 1 else "at_most"}
    settings = {**HA, **means, **side}
    first, last = at(60, 60, 10, 10, 60, 60), [*at(17.17, 17.169, 70, 20, 95), None]
    found = judged(instrument, first, last, "hageman_arrindell", score, **settings)
    assert found["class"].to_list() == [
        "improved",
        "recovered",
        "harmed",
        "unchanged",
        "deteriorated",
        "not_classified",
    ]
    assert found["clinical"].to_list() == [
        "stayed_clinical",
        "clinical_to_non_clinical",
        "non_clinical_to_clinical",
        "stayed_non_clinical",
        "stayed_clinical",
        None,
    ]


def test_whoever_gets_worse_from_outside_the_clinical_range_is_harmed_wherever_they_end(instrument):
    """So Hageman and Arrindell's classes have it; the others ask for a clinical last score."""
    settings = {**HA, "cut_off.value": 90, "cut_off.clinical": "at_least"}
    found = judged(instrument, [10], [80], "hageman_arrindell", **settings)
    assert found.select("class", "clinical").row(0) == ("harmed", "stayed_non_clinical")
    settings = {**NORMS, "cut_off.value": 90, "cut_off.clinical": "at_least"}
    assert classes(instrument, [10], [80], "jacobson_truax", **settings) == ["deteriorated"]


@pytest.mark.parametrize("better", ["ill", "well"])
@pytest.mark.parametrize(
    ("criterion", "cut_off"),
    # true SDs: sqrt(169 - 25) = 12 and sqrt(34 - 25) = 3
    [("a", 60 - 2 * 12), ("b", 20 + 2 * 3), ("c", (12 * 20 + 3 * 60) / 15)],
)
def test_cut_offs_from_the_sds_of_true_scores(instrument, better, criterion, cut_off):
    turned = better == "well"
    norms = {
        "cut_off.criterion": criterion,
        "cut_off.clinical": "at_most" if turned else "at_least",
        "cut_off.clinical_mean": 40 if turned else 60,
        "cut_off.clinical_sd": 13,
        "cut_off.functional_mean": 80 if turned else 20,
        "cut_off.functional_sd": 34**0.5,
    }
    first = [cut_off - 0.01, cut_off]
    first = [100 - each for each in first] if turned else first
    found = judged(instrument, first, [50, 50], "hageman_arrindell", better, **HA, **norms)
    sides = [move.removeprefix("stayed_").partition("_to_")[0] for move in found["clinical"]]
    assert sides == ["non_clinical", "clinical"]


def test_norms_with_less_spread_than_error_give_no_cut_off(instrument):
    norms = {
        "cut_off.criterion": "b",
        "cut_off.clinical": "at_least",
        "cut_off.functional_mean": 20,
        "cut_off.functional_sd": 4,
    }
    found = judged(instrument, [60], [10], "hageman_arrindell", **HA, **norms)
    row = found.row(0, named=True)
    assert (row["class"], row["reliable"], row["clinical"]) == ("not_classified", "improved", None)


def test_last_scores_with_less_spread_than_error_have_no_clinical_status(instrument):
    settings = {**HA, "last.sd": 5, "correlation": -0.5, **CUT_OFF}
    found = judged(instrument, [60], [10], "hageman_arrindell", **settings)
    row = found.row(0, named=True)
    assert (row["class"], row["reliable"], row["clinical"]) == ("not_classified", "improved", None)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"reliability": 1}, "Write a number below 1."),
        ({"reliability": -0.1}, "at least 0"),
        ({"z": 0}, "Write a number above 0."),
        ({"first.mean": 3}, "`sd: ...`"),
        ({"first.sd": 0}, "Write a number above 0."),
        ({"last.sd": 3}, "Known: cut_off, first, reliability, z."),
        ({"cut_off.value": 3}, "`clinical: ...`"),
    ],
)
def test_constants_that_no_index_can_have(instrument, settings, words):
    with pytest.raises(romframe.UsageError) as refused:
        judged(instrument, [5], [3], "jacobson_truax", **settings)
    assert words in str(refused.value)


def test_an_index_needs_a_reliability(instrument):
    frame = pl.DataFrame({"first": [1], "last": [2]})
    for rule in ("jacobson_truax", "hageman_arrindell"):
        with pytest.raises(romframe.UsageError, match="'reliability' is missing"):
            romframe.classify(frame, instrument, score="ill", rule=rule)
    with pytest.raises(romframe.UsageError, match="'reliability_last' is missing"):
        judged(instrument, [1], [2], "nunnally_kotsch")
