"""What scoring gives back, and what it refuses to be asked."""

import polars as pl
import pytest
from attrs import evolve

import romframe
from romframe.api import catalogue
from romframe.bands import all_bands
from romframe.errors import DataError, PluginError, Problem, UsageError
from romframe.methods import Ratio, ScoringMethod
from romframe.scoring import scorer


TEXT = """
response_scales: {level: {codes: {0: a, 1: b, 2: c}, missing: {9: not_known}}}
items:
  - {id: q1, label: a, scale: level}
  - {id: q2, label: b, scale: level}
  - {id: q3, label: c, scale: level, scored: false}
scores:
  - id: total
    name: Total
    items: all
    method: sum
    missing: {policy: usual, at_most: 1, then: prorate, source: invented}
    missing_options: {strict: {at_most: 0, source: invented}}
    range: [0, 4]
    better: lower
    bands: [{from: 1, label: some}, {from: 3, label: much}]
    source: invented
  - {id: single, name: Single, items: [q1], method: sum, range: [0, 2], better: lower}
  - {id: sums, name: Sums, of: [total, single], method: sum_of_scores, range: [0, 6], better: lower,
     on_request: true}
"""


@pytest.fixture(scope="module")
def instrument(make):
    return make(TEXT)


@pytest.fixture
def forms():
    return pl.DataFrame(
        {"who": ["a", "b", "c"], "q1": [0, 2, None], "q2": [0, 1, 2], "q3": [1, 7, None]}
    )


def test_wide_has_a_row_an_assessment(instrument, forms):
    wide = romframe.score(forms, instrument, shape="wide")
    parts = ("", "_status", "_reason", "_answered", "_band")
    made = [name + part for name in ("total", "single") for part in parts]
    assert wide.columns == ["who", *made]
    assert wide["total"].to_list() == [0.0, 3.0, 4.0]
    assert wide["total_status"].to_list() == ["scored", "scored", "prorated"]
    assert wide["total_band"].to_list() == [None, "much", "much"]
    assert wide["single_reason"].to_list() == [None, None, "nothing_answered"]


def test_tidy_has_a_row_a_score_in_the_order_of_rows_and_of_the_spec(instrument, forms):
    tidy = romframe.score(forms, instrument)
    assert tidy.columns == [
        "who",
        "score",
        "value",
        "status",
        "reason",
        "answered",
        "required",
        "band",
        "policy",
        "evidence",
    ]
    assert tidy["who"].to_list() == ["a", "a", "b", "b", "c", "c"]
    assert tidy["score"].to_list() == ["total", "single"] * 3
    assert tidy["required"].to_list() == [1, 1] * 3
    assert tidy["answered"].to_list() == [2, 1, 2, 1, 1, 0]


def test_an_empty_table_has_no_scores(instrument, forms):
    assert romframe.score(forms.clear(), instrument).height == 0
    assert romframe.score(forms.clear(), instrument, shape="wide").height == 0


def test_items_outside_every_score_are_neither_needed_nor_kept(instrument, forms):
    with_it = romframe.score(forms, instrument)
    assert romframe.score(forms.drop("q3"), instrument).equals(with_it)
    assert "q3" not in with_it.columns


def test_a_score_on_request_comes_with_what_it_is_made_of(instrument, forms):
    tidy = romframe.score(forms, instrument, scores=["sums"])
    assert tidy["score"].unique(maintain_order=True).to_list() == ["total", "single", "sums"]
    assert tidy.filter(score="sums")["value"].to_list() == [0.0, 5.0, None]
    only = romframe.score(forms, instrument, scores="single")
    assert only["score"].unique().to_list() == ["single"]


def test_another_missing_answer_policy_by_name(instrument, forms):
    strict = romframe.score(forms, instrument, missing="strict", shape="wide")
    assert strict["total"].to_list() == [0.0, 3.0, None]
    assert strict["total_reason"].to_list() == [None, None, "too_many_missing"]
    usual = romframe.score(forms, instrument, missing="usual", shape="wide")
    assert usual.equals(romframe.score(forms, instrument, shape="wide"))


def test_every_state_but_answered_counts_as_missing(make):
    instrument = make(
        """
        response_scales:
          level:
            codes: {0: a, 1: b, 2: c}
            missing: {7: not_applicable, 8: declined, 9: not_known}
        items: [{id: q1, label: a, scale: level}, {id: q2, label: b, scale: level}]
        scores:
          - {id: total, name: T, items: all, method: sum, range: [0, 4], better: lower,
             missing: {at_most: 1, then: prorate, source: invented}}
        """
    )
    states = [None, 7, 8, 9]
    tidy = romframe.score(pl.DataFrame({"q1": states, "q2": [2] * 4}), instrument)
    assert tidy.select("value", "status", "reason", "answered").unique().rows() == [
        (4.0, "prorated", "items_missing", 1)
    ]
    nothing = romframe.score(pl.DataFrame({"q1": states, "q2": states[::-1]}), instrument)
    assert nothing["reason"].unique().to_list() == ["nothing_answered"]
    assert nothing["value"].null_count() == 4


@pytest.mark.parametrize(
    ("options", "code", "mend"),
    [
        ({"scores": ["totel"]}, "unknown-score", "Did you mean 'total'?"),
        ({"scores": []}, "no-scores", "Known: single, sums, total."),
        ({"missing": "strickt"}, "unknown-policy", "Did you mean 'strict'?"),
    ],
)
def test_names_that_do_not_exist(instrument, forms, options, code, mend):
    with pytest.raises(UsageError) as refused:
        romframe.score(forms, instrument, **options)
    (problem,) = refused.value.problems
    assert (problem.code, problem.mend) == (code, mend)


def test_an_instrument_without_totals_says_why(make):
    instrument = make(
        """
        response_scales: {level: {codes: {0: a, 1: b}}}
        items: [{id: q1, label: a, scale: level}]
        scores: []
        totals: {forbidden: its owner says that items are read one by one}
        """
    )
    with pytest.raises(UsageError, match="items are read one by one") as refused:
        romframe.score(pl.DataFrame({"q1": [1]}), instrument)
    assert refused.value.problems[0].code == "no-totals"


def test_an_instrument_without_scores_has_none_to_give(make):
    instrument = make(
        """
        response_scales: {level: {codes: {0: a, 1: b}, scored: false}}
        items: [{id: q1, label: a, scale: level}]
        scores: []
        """
    )
    with pytest.raises(UsageError) as refused:
        romframe.score(pl.DataFrame({"q1": [1]}), instrument)
    assert refused.value.problems[0].code == "no-scores"


def test_a_column_that_is_absent_is_not_a_blank_answer(instrument, forms):
    with pytest.raises(DataError) as refused:
        romframe.score(forms.rename({"q2": "q_2"}), instrument)
    (problem,) = refused.value.problems
    assert problem.code == "column-missing"
    assert "no column q2" in problem.what
    assert problem.mend.endswith("Did you mean 'q_2'?")
    with pytest.raises(DataError, match="There is no column q1, q2"):
        romframe.score(pl.DataFrame({"q3": [1]}), instrument)


@pytest.mark.parametrize("name", ["total", "total_band", "score", "value", "band", "__group_0"])
def test_no_column_of_the_caller_is_overwritten(instrument, forms, name):
    with pytest.raises(DataError, match="already have a column") as refused:
        romframe.score(forms.with_columns(pl.lit(1).alias(name)), instrument)
    assert refused.value.problems[0].code == "column-clash"


KEYED = """
response_scales: {level: {range: [0, 10]}}
items: [{id: q1, label: a, scale: level}]
scores:
  - id: total
    name: Total
    items: all
    method: sum
    range: [0, 10]
    better: lower
    source: invented
    bands:
      by: [gender, age]
      rows:
        - {gender: F, age: [11, 13], bands: [{from: 0, label: low}, {from: 5, label: high}]}
        - {gender: F, age: [14, 16], bands: [{from: 0, label: low}, {from: 7, label: high}]}
        - {gender: M, age: [11, 16], bands: [{from: 2, label: high}]}
"""


def test_bands_can_depend_on_the_person(make):
    people = pl.DataFrame(
        {
            "gender": ["F", "F", "M", "F", None, "X", "M"],
            "age": ["13", "14", "11", "17", "12", "12", None],
            "q1": [6, 6, 6, 6, 6, 6, 6],
        }
    )
    tidy = romframe.score(people, make(KEYED))
    assert tidy["band"].to_list() == ["high", "low", "high", None, None, None, None]
    assert tidy["value"].to_list() == [6.0] * 7


def test_without_the_attributes_there_is_no_band(make):
    tidy = romframe.score(pl.DataFrame({"q1": [6], "gender": ["F"]}), make(KEYED))
    assert tidy.row(0, named=True)["band"] is None
    labels = {band.label for band in all_bands(make(KEYED).score("total"))}
    assert labels == {"low", "high"}


# Methods of plugins


def with_method(make, method, missing="{at_most: 1, then: prorate, source: invented}"):
    text = f"""
response_scales: {{level: {{range: [0, 4]}}}}
items: [{{id: q1, label: a, scale: level}}, {{id: q2, label: b, scale: level}}]
scores:
  - {{id: mine, name: Mine, items: all, method: mine, range: [0, 8], better: lower,
     missing: {missing}}}
  - {{id: plain, name: Plain, items: all, method: sum, range: [0, 8], better: lower}}
  - {{id: made, name: Made, of: [mine], method: sum_of_scores, range: [0, 8], better: lower}}
"""
    methods = {**catalogue().scoring_methods, "mine": method}
    return scorer(make(text, method), methods)


def scored(ready, q1, q2):
    frame = pl.LazyFrame({"q1": [q1], "q2": [q2]}, schema={"q1": pl.Int64, "q2": pl.Int64})
    wide = ready.wide(frame)
    return {row["score"]: row for row in ready.tidy(wide).collect().iter_rows(named=True)}


def test_a_method_that_decides_about_gaps_itself(make):
    """Its own rule here: the first item, or else the second."""
    method = ScoringMethod(
        "mine", lambda inputs: Ratio(pl.coalesce(inputs.values)), own_missing=True
    )
    ready = with_method(make, method)
    assert scored(ready, None, 3)["mine"]["value"] == 3.0
    assert scored(ready, None, 3)["mine"]["required"] is None
    assert scored(ready, None, 3)["mine"]["reason"] == "items_missing"
    assert scored(ready, 5, 3)["mine"]["reason"] == "invalid_response"


def test_nothing_answered_is_no_number_even_for_such_a_method(make):
    method = ScoringMethod("mine", lambda inputs: Ratio(pl.lit(0)), own_missing=True)
    empty = scored(with_method(make, method), None, None)
    assert (empty["mine"]["value"], empty["mine"]["reason"]) == (None, "nothing_answered")


@pytest.mark.parametrize(
    "ratio",
    [
        Ratio(pl.col("__value_q1"), pl.col("__value_q2") * 0),
        Ratio(pl.col("__value_q1") - pl.col("__value_q1"), pl.col("__value_q2") * 0),
        Ratio(pl.lit(None, pl.Float64)),
        Ratio(pl.lit(9)),
    ],
    ids=["infinite", "not a number", "null", "outside the range"],
)
def test_no_number_of_a_method_gets_through_that_is_none(make, ratio):
    found = scored(with_method(make, ScoringMethod("mine", lambda _: ratio)), 3, 3)
    assert (found["mine"]["value"], found["mine"]["reason"]) == (None, "no_value")
    assert found["mine"]["band"] is None
    assert found["made"]["reason"] == "input_refused"


def test_a_method_that_fails_refuses_its_score_and_no_other(make):
    def build(inputs):
        raise PluginError(Problem("plugin-call", "It failed.", "Report it."))

    found = scored(with_method(make, ScoringMethod("mine", build)), 3, 3)
    assert found["mine"] == {
        "score": "mine",
        "value": None,
        "status": "refused",
        "reason": "method_failed",
        "answered": 2,
        "required": 1,
        "band": None,
        "policy": "default",
        "evidence": "local",
    }
    assert found["plain"]["value"] == 6.0
    assert (found["made"]["value"], found["made"]["reason"]) == (None, "input_refused")


def test_a_method_is_told_what_it_works_on(make):
    seen = []

    def build(inputs):
        seen.append(inputs)
        return Ratio(inputs.total, inputs.units)

    scored(with_method(make, ScoringMethod("mine", build)), 1, 2)
    (inputs,) = seen
    assert (inputs.names, inputs.units, dict(inputs.params)) == (("q1", "q2"), 1, {})
    assert len(inputs.values) == len(inputs.whole_values) == 2


def test_a_scorer_can_be_evolved_for_another_policy(make, instrument):
    ready = scorer(instrument, catalogue().scoring_methods)
    frame = pl.LazyFrame({"q1": [1], "q2": [None]}, schema_overrides={"q2": pl.Int64})
    assert ready.wide(frame).collect()["total"].to_list() == [2.0]
    strict = evolve(ready, policy="strict")
    assert strict.wide(frame).collect()["total"].to_list() == [None]
