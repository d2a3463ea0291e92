"""Which rule judges which score, with which constants, and what is said of each pair."""

import polars as pl
import pytest

import romframe
from romframe.api import catalogue
from romframe.change import default_rule, judge, rules_for
from romframe.change_methods import ChangeMethod, ChangeVerdict
from romframe.errors import DataError, PluginError, Problem, UsageError


def judged(first, last, instrument="core_10", score="total", **options):
    frame = pl.DataFrame({"first": first, "last": last}, strict=False)
    return romframe.classify(frame, instrument, score=score, **options)


def classes(first, last, *args, **options):
    return judged(first, last, *args, **options)["class"].to_list()


def refusal(**options):
    with pytest.raises(UsageError) as refused:
        judged([20], [10], **options)
    return refused.value.problems[0]


def test_change_is_last_minus_first_and_improvement_is_turned():
    row = judged([20.0], [8.0]).row(0, named=True)
    assert (row["change"], row["improvement"]) == (-12.0, 12.0)
    assert (row["class"], row["reliable"], row["clinical"]) == (
        "recovered",
        "improved",
        "clinical_to_non_clinical",
    )


def test_no_change_is_plain_zero():
    row = judged([20.0], [20.0]).row(0, named=True)
    assert [str(row[name]) for name in ("change", "improvement")] == ["0.0", "0.0"]


def test_every_row_names_the_rule_its_constants_and_their_source():
    row = judged([20], [10]).row(0, named=True)
    assert row["rule"] == "barkham_2013"
    assert row["constants"] == "reliable at_least 6; cut_off value 11 clinical at_least"
    assert row["source"].startswith("Barkham M et al. (2013)")
    assert row["source"].endswith("[verified]")


def test_constants_set_by_hand_are_said():
    row = judged([20], [10], settings={"reliable": 5, "cut_off.value": 10}).row(0, named=True)
    assert row["rule"] == "barkham_2013 with reliable=5, cut_off.value=10"
    assert row["constants"] == "reliable at_least 5; cut_off value 10 clinical at_least"
    assert row["source"].startswith("constants set by the user; rule after Barkham")
    by_method = judged([20], [10], rule="anchor", settings={"important.at_least": 4})
    assert by_method["source"].to_list() == ["given by the user"]


def test_short_settings_reach_the_threshold_that_the_rule_has():
    assert classes([20, 20], [15, 16], settings={"reliable": 5}) == ["improved", "unchanged"]
    assert classes([20, 20], [10, 9], settings={"cut_off": 10}) == ["improved", "recovered"]
    strict = {"important.more_than": 5}
    assert classes([20, 20], [15, 14], rule="anchor", settings=strict) == ["unchanged", "improved"]
    assert classes([20], [10], rule="percentage", settings={"improved": 50}) == ["improved"]
    assert classes([20], [10], rule="anchor", settings={"important.at_least": 4}) == ["improved"]


def test_a_rule_by_its_name():
    assert classes([20], [15], rule="nhse_cyp") == ["improved"]
    assert classes([20], [15], rule="barkham_2013") == ["unchanged"]


def test_settings_leave_the_instrument_as_it_is():
    before = catalogue().instrument("core_10").change_rules[0].params["reliable"]
    judged([20], [10], settings={"reliable.at_least": 1, "cut_off": 3})
    assert before == {"at_least": 6}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"score": "totl"}, "unknown-score", "Did you mean 'total'?"),
        ({"rule": "barkham"}, "unknown-rule", "Did you mean 'barkham_2013'?"),
        ({"instrument": "core10"}, "unknown-instrument", "Did you mean 'core_10'?"),
        (
            {"instrument": "core_om", "score": "risk_sum"},
            "no-default-rule",
            "Name one with --rule.",
        ),
        ({"settings": {"relaible": 5}}, "unknown-key", "Did you mean 'reliable'?"),
        ({"settings": {"reliable.at_lest": 5}}, "unknown-key", "Did you mean 'at_least'?"),
        ({"settings": {"reliable": "five"}}, "wrong-type", "Write a number."),
        ({"settings": {"reliable": 0}}, "wrong-value", "Write a number above 0."),
        ({"settings": {"reliable.sd": 7}}, "wrong-value", "Give one of at_least"),
        ({"settings": {"cut_off.clinical": "below"}}, "not-allowed", "at_least"),
        ({"settings": {"cut_off.criterion": "c"}}, "wrong-value", "Give one of value, criterion"),
        ({"rule": "percentage"}, "missing-key", "`improved: ...`"),
        ({"rule": "percentage", "settings": {"improved.at_least": 5}}, "wrong-type", "a number"),
        (
            {"rule": "reliable", "settings": {"reliable.sd": 7}},
            "wrong-value",
            "Add the reliability.",
        ),
        (
            {
                "rule": "clinical",
                "settings": {"cut_off.criterion": "b", "cut_off.clinical": "at_least"},
            },
            "wrong-value",
            "Add functional_mean and functional_sd.",
        ),
        ({"settings": {"reliable": float("nan")}}, "not-a-number", "Give it a number."),
        ({"settings": {"cut_off": float("inf")}}, "not-a-number", "Give it a number."),
    ],
)
def test_names_and_constants_that_do_not_fit(options, code, words):
    problem = refusal(**options)
    assert problem.code == code
    assert words in problem.mend


def test_the_clinical_side_of_a_cut_off_follows_from_the_direction():
    """A typing error here would turn every recovery into harm."""
    with pytest.raises(UsageError) as refused:
        judged([20], [10], settings={"cut_off.clinical": "at_most"})
    (problem,) = refused.value.problems
    assert (problem.code, problem.mend) == ("cut-off-side", "Write `clinical: at_least`.")


def test_several_wrong_constants_are_said_at_once():
    with pytest.raises(UsageError) as refused:
        judged([20], [10], settings={"relaible": 5, "cut_of": 3})
    assert len(refused.value.problems) == 2


# Pairs that cannot be judged


@pytest.mark.parametrize(
    ("first", "last"),
    [(None, 10.0), (20.0, None), (None, None), (float("nan"), 10.0), (41, 10), (20, -1), (20, 1e9)],
)
def test_half_a_pair_or_a_score_outside_the_range_is_not_classified(first, last):
    row = judged([first], [last]).row(0, named=True)
    assert row["class"] == "not_classified"
    assert row["reliable"] is row["clinical"] is None


def test_the_ends_of_the_range_are_inside():
    assert classes([40, 0], [0, 40]) == ["recovered", "harmed"]


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt8, pl.Float32, pl.String, pl.Decimal(5, 1)])
def test_scores_of_any_numeric_type_or_text(dtype):
    frame = pl.DataFrame({"first": [20, 12, None], "last": [8, 12, 3]}).cast(dtype)
    found = romframe.classify(frame, "core_10", score="total")
    assert found["class"].to_list() == ["recovered", "unchanged", "not_classified"]
    assert found.schema["first"] == pl.Float64


def test_text_may_have_blanks_around_it():
    frame = pl.DataFrame({"first": [" 20 ", "", " "], "last": ["8.0", "3", None]})
    for dtype in (pl.String, pl.Categorical):
        found = romframe.classify(frame.cast(dtype), "core_10", score="total")
        assert found["class"].to_list() == ["recovered", "not_classified", "not_classified"]


def test_text_that_is_no_number_is_named_by_row_not_repeated():
    frame = pl.DataFrame({"first": ["20", "secret", "inf"], "last": ["1", "2", "3"]})
    with pytest.raises(DataError) as refused:
        romframe.classify(frame, "core_10", score="total")
    assert [(p.code, p.place.row, p.place.field) for p in refused.value.problems] == [
        ("not-a-number", 2, "first"),
        ("not-a-number", 3, "first"),
    ]
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("column", [[True, False], ["2025-01-01"]])
def test_columns_that_hold_no_scores_are_refused(column):
    first = pl.Series("first", column)
    first = first.str.to_date() if first.dtype == pl.String else first
    frame = pl.DataFrame([first, pl.Series("last", [1] * len(column))])
    with pytest.raises(DataError) as refused:
        romframe.classify(frame, "core_10", score="total")
    assert refused.value.problems[0].code == "column-type"


def test_missing_and_clashing_columns():
    with pytest.raises(DataError, match="no column first and no column last"):
        romframe.classify(pl.DataFrame({"pre": [1]}), "core_10", score="total")
    with pytest.raises(DataError, match="already have a column 'class'"):
        romframe.classify(
            pl.DataFrame({"first": [1], "last": [1], "class": [1]}), "core_10", score="total"
        )


def test_other_columns_are_kept_in_front():
    frame = pl.DataFrame({"who": ["a"], "first": [20], "last": [8]})
    found = romframe.classify(frame, "core_10", score="total")
    assert found.columns[:3] == ["who", "first", "last"]
    assert found["who"].to_list() == ["a"]


# Items


def test_an_item_is_judged_by_the_direction_of_its_scores():
    assert classes([3], [1], "honos", "q7") == ["improved"]
    found = judged([3, 1], [1, 3], "honos", "q7")
    assert found["rule"].unique().to_list() == ["low_high"]
    assert found["improvement"].to_list() == [2.0, -2.0]


DIRECTIONS = """
response_scales: {level: {range: [0, 10]}}
items:
  - {id: good, label: a, scale: level}
  - {id: bad, label: b, scale: level, favourable: low}
  - {id: best, label: c, scale: level, favourable: high}
  - {id: both, label: d, scale: level}
scores:
  - {id: well, name: W, items: [good, bad, both], method: sum, range: [0, 30], better: higher}
  - {id: ill, name: I, items: [both, best], method: sum, range: [0, 20], better: lower}
  - {id: kind, name: K, items: [both], method: sum, range: [0, 10], better: neither}
"""


@pytest.mark.parametrize(
    ("item", "outcome"), [("good", "improved"), ("bad", "deteriorated"), ("best", "improved")]
)
def test_what_is_better_for_an_item(make, item, outcome):
    settings = {"reliable.at_least": 1}
    found = classes([1], [5], make(DIRECTIONS), item, rule="reliable", settings=settings)
    assert found == [outcome]


@pytest.mark.parametrize("subject", ["both", "kind"])
@pytest.mark.parametrize("rule", ["reliable", "categorical"])
def test_change_that_is_neither_better_nor_worse_is_not_judged(make, subject, rule):
    key = "high" if rule == "categorical" else "reliable"
    with pytest.raises(UsageError, match="neither direction is better") as refused:
        classes([1], [5], make(DIRECTIONS), subject, rule=rule, settings={f"{key}.at_least": 3})
    assert refused.value.problems[0].code == "no-direction"


def test_rules_by_score_and_by_item():
    honos = catalogue().instrument("honos")
    assert {"parabiaghi_2005", "parabiaghi_2014"} < set(rules_for(honos, "total"))
    assert set(rules_for(honos, "q1")) == {"low_high"}
    assert default_rule(honos, "total").id == "parabiaghi_2005"
    assert default_rule(honos, "q1").id == "low_high"
    assert default_rule(honos, "social") is None


# Methods of plugins


def test_a_method_that_fails_leaves_its_pairs_unclassified():
    def build(inputs):
        raise PluginError(Problem("plugin-call", "It failed.", "Report it."))

    methods = {**catalogue().change_methods, "mine": ChangeMethod("mine", build, {})}
    ready = judge(catalogue().instrument("core_10"), methods, score="total", rule="mine")
    found = ready.classify(pl.LazyFrame({"first": [20.0], "last": [8.0]})).collect()
    row = found.row(0, named=True)
    assert (row["class"], row["reliable"], row["change"]) == ("not_classified", None, -12.0)
    assert (row["rule"], row["constants"]) == ("mine", "")


def test_a_method_is_told_the_direction_and_the_columns():
    seen = []

    def build(inputs):
        seen.append(inputs)
        return ChangeVerdict(pl.lit("improved"))

    methods = {"mine": ChangeMethod("mine", build, {"least": {"type": "number"}})}
    instrument = catalogue().instrument("core_10")
    ready = judge(instrument, methods, score="total", rule="mine", settings={"least": 3})
    frame = pl.LazyFrame({"age": [14], "first": [20.0], "last": [8.0]})
    assert ready.classify(frame).collect()["class"].to_list() == ["improved"]
    (inputs,) = seen
    assert (inputs.better, inputs.params) == ("lower", {"least": 3})
    assert set(inputs.columns) == {"age", "first", "last", "change", "improvement"}
