"""The built-in ways to judge change, at their boundaries."""

import polars as pl
import pytest

import romframe
from romframe.change_methods import cut_off_from_norms, reliable_change_index


SCALE = """
response_scales: {level: {range: [-50, 50]}}
items: [{id: q1, label: a, scale: level}]
scores:
  - {id: ill, name: I, items: all, method: sum, range: [-50, 50], better: lower}
  - {id: well, name: W, items: all, method: sum, range: [-50, 50], better: higher}
"""


@pytest.fixture(scope="module")
def instrument(make):
    return make(SCALE)


def judged(instrument, first, last, rule, score="ill", people=None, **settings):
    frame = pl.DataFrame({"first": first, "last": last, **(people or {})}, strict=False)
    settings = {name.replace("__", "."): value for name, value in settings.items()}
    return romframe.classify(frame, instrument, score=score, rule=rule, settings=settings)


def classes(*args, **options):
    return judged(*args, **options)["class"].to_list()


def test_an_exact_tie_of_prorated_scores_counts_as_a_tie(instrument):
    """12/9 and 6.6/9 of ten are 13.3... and 7.3..., which are 6 apart though binary says more."""
    first, last = 12 / 9 * 10, 6.6 / 9 * 10
    assert first - last != 6
    ties = {"reliable__at_least": 6}
    assert classes(instrument, [first], [last], "reliable", **ties) == ["improved"]
    assert classes(instrument, [last], [first], "reliable", **ties) == ["deteriorated"]
    ties = {"reliable__more_than": 6}
    assert (
        classes(instrument, [first, last], [last, first], "reliable", **ties) == ["unchanged"] * 2
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [(100 / 3, 80 / 3), (70 / 9, 10 / 9), (20 / 7, -80 / 21), (0.1 + 0.2, -6.366666666666667)],
)
def test_ties_of_twenty_thirds(instrument, first, last):
    settings = {"reliable__at_least": 20 / 3}
    assert classes(instrument, [first], [last], "reliable", **settings) == ["improved"]


def test_a_cut_off_is_met_by_a_score_that_equals_it_on_paper(instrument):
    """19.7 minus twice 7.7 is 4.3, and binary says 4.299999999999999."""
    norms = {
        "cut_off__criterion": "a",
        "cut_off__clinical": "more_than",
        "cut_off__clinical_mean": 19.7,
        "cut_off__clinical_sd": 7.7,
    }
    assert 19.7 - 2 * 7.7 != 4.3
    found = judged(instrument, [4.3, 4.31], [4.3, 4.31], "clinical", **norms)
    assert found["clinical"].to_list() == ["stayed_non_clinical", "stayed_clinical"]


def test_a_reliable_change_index_is_not_passed_by_itself(instrument):
    """z 1.96, SD 5 and reliability 0.5 give 9.8: a change of 9.8 does not pass it."""
    index = {"reliable__sd": 5, "reliable__reliability": 0.5}
    assert classes(instrument, [9.8, 9.81], [0, 0], "reliable", **index) == [
        "unchanged",
        "improved",
    ]
    assert reliable_change_index(5, 0.5) == pytest.approx(9.8)
    assert reliable_change_index(5, 1) == 0
    assert reliable_change_index(2.8, 0.5) < 5.488
    index = {"reliable__sd": 2.8, "reliable__reliability": 0.5}
    assert classes(instrument, [5.488], [0], "reliable", **index) == ["unchanged"]


def test_a_perfectly_reliable_score_makes_any_change_reliable(instrument):
    index = {"reliable__sd": 5, "reliable__reliability": 1}
    found = classes(instrument, [5, 5, 5], [4, 5, 6], "reliable", **index)
    assert found == ["improved", "unchanged", "deteriorated"]


@pytest.mark.parametrize(
    ("better", "a", "b"), [("lower", 19.7 - 15.4, 4.7 + 9.6), ("higher", 19.7 + 15.4, 4.7 - 9.6)]
)
def test_cut_offs_lie_two_sds_towards_the_other_group(better, a, b):
    norms = {
        "clinical_mean": 19.7,
        "clinical_sd": 7.7,
        "functional_mean": 4.7,
        "functional_sd": 4.8,
    }
    found = {each: cut_off_from_norms({"criterion": each, **norms}, better) for each in "abc"}
    assert (found["a"], found["b"]) == (pytest.approx(a), pytest.approx(b))
    assert found["c"] == pytest.approx((7.7 * 4.7 + 4.8 * 19.7) / 12.5)


@pytest.mark.parametrize(
    ("side", "score", "at_the_cut_off"),
    [
        ("at_least", "ill", "clinical"),
        ("more_than", "ill", "non_clinical"),
        ("at_most", "well", "clinical"),
        ("less_than", "well", "non_clinical"),
    ],
)
def test_which_side_a_score_at_the_cut_off_is_on(instrument, side, score, at_the_cut_off):
    found = judged(
        instrument, [10], [10], "clinical", score, cut_off__value=10, cut_off__clinical=side
    )
    assert found["clinical"].to_list() == [f"stayed_{at_the_cut_off}"]
    assert found["class"].to_list() == ["unchanged"]


STRICT = {
    "reliable__at_least": 5,
    "cut_off__value": 10,
    "cut_off__clinical": "more_than",
    "cut_off__non_clinical": "less_than",
}


def test_a_score_at_a_strict_cut_off_is_on_neither_side(instrument):
    """So nobody at it has recovered, or come to harm; nor has anybody who was never clinical."""
    first, last = [20, 10, 10, 4, 20, 9], [10, 4, 16, 10, 9.9, 2]
    found = judged(instrument, first, last, "reliable_and_clinical", **STRICT)
    assert found.select("class", "clinical").rows() == [
        ("improved", "clinical_to_at_cut_off"),
        ("improved", "at_cut_off_to_non_clinical"),
        ("deteriorated", "at_cut_off_to_clinical"),
        ("deteriorated", "non_clinical_to_at_cut_off"),
        ("recovered", "clinical_to_non_clinical"),
        ("improved", "stayed_non_clinical"),
    ]
    alone = {name: each for name, each in STRICT.items() if name.startswith("cut_off")}
    assert classes(instrument, [20, 10, 10, 11], [10, 4, 10, 9], "clinical", **alone) == [
        *["unchanged"] * 3,
        "improved",
    ]


@pytest.mark.parametrize(
    ("clinical", "non_clinical", "score", "state"),
    [
        ("at_least", "less_than", "ill", "stayed_clinical"),
        ("more_than", "at_most", "ill", "stayed_non_clinical"),
        ("more_than", "less_than", "ill", "stayed_at_cut_off"),
        ("at_most", "more_than", "well", "stayed_clinical"),
        ("less_than", "at_least", "well", "stayed_non_clinical"),
        ("less_than", "more_than", "well", "stayed_at_cut_off"),
    ],
)
def test_both_sides_of_a_cut_off_may_be_said(instrument, clinical, non_clinical, score, state):
    settings = {
        "cut_off__value": 10,
        "cut_off__clinical": clinical,
        "cut_off__non_clinical": non_clinical,
    }
    found = judged(instrument, [10], [10], "clinical", score, **settings)
    assert found["clinical"].to_list() == [state]


@pytest.mark.parametrize(
    ("clinical", "non_clinical", "mend"),
    [
        ("at_least", "at_most", "less_than"),
        ("at_least", "more_than", "less_than"),
        ("more_than", "more_than", "less_than"),
        ("at_most", "at_least", "more_than"),
        ("less_than", "at_most", "more_than"),
    ],
)
def test_sides_that_overlap_or_are_the_same(instrument, clinical, non_clinical, mend):
    settings = {**STRICT, "cut_off__clinical": clinical, "cut_off__non_clinical": non_clinical}
    with pytest.raises(romframe.UsageError, match=f"Write `non_clinical: {mend}`"):
        judged(instrument, [1], [2], "reliable_and_clinical", "ill", **settings)


def test_higher_scores_can_be_better(instrument):
    settings = {
        "reliable__at_least": 5,
        "cut_off__value": 25,
        "cut_off__clinical": "less_than",
    }
    found = judged(
        instrument,
        [20, 25, 20, 30, 30],
        [26, 30, 24, 24, 20],
        "reliable_and_clinical",
        "well",
        **settings,
    )
    assert found["class"].to_list() == ["recovered", "improved", "unchanged", "harmed", "harmed"]
    assert found["improvement"].to_list() == found["change"].to_list()


def test_reliable_without_crossing_is_not_recovery_and_crossing_alone_is_no_change(instrument):
    settings = {
        "reliable__at_least": 6,
        "cut_off__value": 11,
        "cut_off__clinical": "at_least",
    }
    found = judged(instrument, [30, 12, 8, 10], [20, 9, 2, 11], "reliable_and_clinical", **settings)
    assert found["class"].to_list() == ["improved", "unchanged", "improved", "unchanged"]
    assert found["clinical"].to_list() == [
        "stayed_clinical",
        "clinical_to_non_clinical",
        "stayed_non_clinical",
        "non_clinical_to_clinical",
    ]


def test_crossing_the_cut_off_alone(instrument):
    settings = {"cut_off__value": 11, "cut_off__clinical": "at_least"}
    found = classes(instrument, [12, 9, 20, 3], [9, 12, 12, 10], "clinical", **settings)
    assert found == ["improved", "deteriorated", "unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("score", "outcomes"),
    [
        ("ill", ["improved", "unchanged", "unchanged", "deteriorated"]),
        ("well", ["deteriorated", "unchanged", "unchanged", "improved"]),
    ],
)
def test_categorical_change(instrument, score, outcomes):
    found = judged(instrument, [3, 4, 0, 2], [2, 3, 2, 3], "categorical", score, high__at_least=3)
    assert found["class"].to_list() == outcomes
    assert found["clinical"].to_list() == [
        "high_to_low",
        "stayed_high",
        "stayed_low",
        "low_to_high",
    ]


def test_a_level_may_be_negative_or_zero(instrument):
    found = classes(instrument, [0, -3], [-3, 0], "categorical", high__more_than=-1)
    assert found == ["improved", "deteriorated"]
    assert classes(instrument, [0], [-1], "categorical", high__at_least=0) == ["improved"]


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        ("categorical", {"high__at_least": 3, "high__more_than": 2}),
        ("anchor", {"important__at_least": 3, "important__more_than": 2}),
    ],
)
def test_two_thresholds_for_one_thing(instrument, rule, settings):
    with pytest.raises(romframe.UsageError, match="Give one of at_least and more_than"):
        judged(instrument, [1], [2], rule, **settings)


def test_percentage_of_the_first_score(instrument):
    first = [20, 20, 20, 20, 20, 0, -10]
    last = [10, 10.1, 26, 25.9, 20, 5, -15]
    settings = {"improved": 50, "deteriorated": 30}
    assert classes(instrument, first, last, "percentage", **settings) == [
        "improved",
        "unchanged",
        "deteriorated",
        "unchanged",
        "unchanged",
        "not_classified",
        "improved",
    ]
    assert classes(instrument, [20, 20], [30, 29], "percentage", improved=50) == [
        "deteriorated",
        "unchanged",
    ]


def test_a_third_of_a_third_is_a_third(instrument):
    """30 per cent of 10/3 is 1: the tie counts."""
    assert classes(instrument, [10 / 3], [7 / 3], "percentage", improved=30) == ["improved"]


def test_important_change_may_ask_for_less_to_be_worse(instrument):
    settings = {"important__at_least": 6, "important_worse__more_than": 2}
    found = classes(instrument, [20, 20, 20, 20], [14, 15, 22, 23], "anchor", **settings)
    assert found == ["improved", "unchanged", "unchanged", "deteriorated"]


KEYED = {
    "cut_off": {
        "by": ["gender", "age"],
        "clinical": "at_least",
        "rows": [
            {"gender": "F", "age": [11, 13], "value": 14},
            {"gender": "F", "age": [14, 16], "value": 16},
            {"gender": "M", "age": [11, 16], "value": 10},
        ],
    }
}


def keyed_classes(make, people):
    rows = "\n".join(
        f"        - {{gender: {row['gender']}, age: {row['age']}, value: {row['value']}}}"
        for row in KEYED["cut_off"]["rows"]
    )
    instrument = make(
        f"""{SCALE}
change_rules:
  - id: by_person
    default: true
    score: ill
    method: reliable_and_clinical
    reliable: {{at_least: 5}}
    cut_off:
      by: [gender, age]
      clinical: at_least
      rows:
{rows}
    source: invented
sources: {{invented: {{cite: invented for a test, status: local}}}}
"""
    )
    size = max([1, *map(len, people.values())])
    frame = pl.DataFrame({"first": [20] * size, "last": [15] * size, **people})
    return romframe.classify(frame, instrument, score="ill")


def test_cut_offs_by_age_and_gender(make):
    found = keyed_classes(
        make, {"gender": ["F", "F", "F", "M", "X", None, "F"], "age": [13, 14, 16, 12, 12, 12, 17]}
    )
    assert found["class"].to_list() == [
        "improved",
        "recovered",
        "recovered",
        "improved",
        "not_classified",
        "not_classified",
        "not_classified",
    ]
    assert found["reliable"].to_list() == ["improved"] * 7
    assert found["clinical"].null_count() == 3
    assert found["constants"][0] == (
        "reliable at_least 5; cut_off by [gender, age] clinical at_least "
        "rows [gender F age [11, 13] value 14, gender F age [14, 16] value 16, "
        "gender M age [11, 16] value 10]"
    )


def test_ages_count_in_whole_years(make):
    """F is clinical from 14 at 11 to 13 and from 16 at 14 to 16; the last score is 15."""
    ages = [10.999, 11, 13.5, 13.999, 14, 16.5, 17]
    found = keyed_classes(make, {"gender": ["F"] * 7, "age": ages})
    assert found["clinical"].to_list() == [
        None,
        *["stayed_clinical"] * 3,
        *["clinical_to_non_clinical"] * 2,
        None,
    ]


def test_a_range_with_a_fraction_at_an_end_is_taken_as_written(instrument):
    settings = {
        "cut_off__by": ["age"],
        "cut_off__rows": [{"age": [11.5, 13], "value": 3}],
        "cut_off__clinical": "at_least",
    }
    people = {"age": [11.4, 11.5, 13, 13.1]}
    found = classes(instrument, [5] * 4, [1] * 4, "clinical", people=people, **settings)
    assert found == ["not_classified", "improved", "improved", "not_classified"]


@pytest.mark.parametrize("people", [{}, {"gender": ["F"]}, {"age": [12]}])
def test_without_the_attributes_nobody_is_classified(make, people):
    found = keyed_classes(make, people)
    assert found["class"].unique().to_list() == ["not_classified"]


def test_a_table_that_asks_for_an_attribute_without_naming_it(instrument):
    rows = [{"gender": "F", "age": [11, 13], "value": 3}]
    settings = {"by": ["gender"], "rows": rows, "clinical": "at_least"}
    given = {f"cut_off__{name}": value for name, value in settings.items()}
    found = classes(instrument, [5], [1], "clinical", people={"gender": ["F"]}, **given)
    assert found == ["not_classified"]
    both = {"gender": ["F"], "age": [12]}
    assert classes(instrument, [5], [1], "clinical", people=both, **given) == ["improved"]


def test_a_table_of_cut_offs_needs_both_its_halves(instrument):
    with pytest.raises(romframe.UsageError, match="A table of cut-offs has by and rows"):
        judged(
            instrument,
            [1],
            [2],
            "clinical",
            cut_off__rows=[{"gender": "F", "value": 3}],
            cut_off__clinical="at_least",
        )
