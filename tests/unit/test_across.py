"""Scores over the goals of one moment, and pairs over the goals rated at both ends."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import pairing as oracle

from romframe.across import NEAREST_LAST, over_goals, over_moments
from romframe.instruments.loader import parse_instrument
from romframe.instruments.schema import Vocabulary
from romframe.methods import SCORING_METHODS
from romframe.pairing import FIRST_AND_LAST, VERDICTS, pair
from romframe.scoring import scorer


METHODS = {method.name: method for method in SCORING_METHODS}
VOCABULARY = Vocabulary({name: method.terms for name, method in METHODS.items()}, {})
SPEC = """
romframe: 1
id: aims
version: "1"
name: Aims
type: goal
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
repeats: {by: goal_id}
response_scales: {ten: {range: [0, 10]}}
items:
  - {id: near, label: near, scale: ten}
  - {id: worth, label: worth, scale: ten}
scores:
  - id: both
    name: Both
    items: all
    method: sum
    missing: {at_most: 1, then: prorate}
    missing_options: {known: {at_most: 1, then: sum_of_known}}
    range: [0, 20]
    better: higher
    source: us
  - id: mean
    name: Mean
    across: both
    method: mean
    divided_by: 2
    range: [0, 10]
    better: higher
    source: us
    bands: [{from: 0, label: far}, {from: 5, label: near by}]
sources:
  us: {cite: made up for these tests, status: local}
"""


@pytest.fixture(scope="module")
def aims():
    return parse_instrument(SPEC, "spec.yaml", VOCABULARY)


def means(aims, *rows, missing=None):
    """Give the verdict of each moment for rows of (assessment, day, near, worth)."""
    frame = pl.DataFrame(
        [
            {
                "assessment_id": number,
                "referral_id": "R1",
                "completed_at": day,
                "rater": "service_user",
                "version": "1",
                "near": near,
                "worth": worth,
            }
            for number, day, near, worth in rows
        ],
        schema_overrides={"near": pl.Int64, "worth": pl.Int64},
    )
    ready = scorer(aims, METHODS, missing=missing)
    tidy = ready.tidy(ready.wide(frame.lazy())).with_columns(pl.col("score", "band").cast(str))
    found = over_moments(tidy.collect(), aims, aims.score("mean"))
    assert found.columns == tidy.collect_schema().names()
    return {row["completed_at"]: row for row in found.to_dicts()}


def test_it_is_the_mean_of_the_goals_of_one_moment_with_the_lowest_number(aims):
    found = means(aims, (4, "d1", 2, 2), (3, "d1", 0, 0), (5, "d1", 5, 4), (6, "d2", 10, 10))
    one, two = found["d1"], found["d2"]
    assert (one["value"], one["status"], one["reason"]) == (pytest.approx(13 / 6), "scored", None)
    assert (one["answered"], one["required"], one["assessment_id"]) == (3, 1, 3)
    assert (one["band"], two["band"], two["value"]) == ("far", "near by", 10.0)
    assert (one["policy"], one["evidence"], one["score"]) == (None, "local", "mean")


def test_a_goal_without_a_value_is_left_out_and_0_is_a_value(aims):
    found = means(aims, (1, "d1", 0, 0), (2, "d1", None, None))["d1"]
    assert (found["value"], found["answered"], found["status"]) == (0.0, 1, "scored")


def test_without_any_value_it_is_refused(aims):
    found = means(aims, (1, "d1", None, None), (2, "d1", 44, 3))["d1"]
    assert (found["value"], found["answered"]) == (None, 0)
    assert (found["status"], found["reason"], found["band"]) == ("refused", "input_refused", None)


def test_a_gap_in_one_goal_shows_in_the_mean(aims):
    rows = ((1, "d1", 4, None), (2, "d1", 4, 4))
    prorated = means(aims, *rows)["d1"]
    assert (prorated["value"], prorated["status"]) == (4.0, "prorated")
    assert prorated["reason"] == "items_missing"
    partial = means(aims, *rows, missing="known")["d1"]
    assert (partial["value"], partial["status"]) == (3.0, "scored")
    assert partial["reason"] == "sum_of_known"


def test_every_verdict_has_its_place_in_the_order_of_nearness():
    assert set(NEAREST_LAST.categories) == set(VERDICTS.categories)
    assert NEAREST_LAST.categories[-1] == "paired"


RATINGS = st.lists(
    st.fixed_dictionaries(
        {
            "referral_id": st.sampled_from(["R1", "R2"]),
            "goal": st.sampled_from(["a", "b", "c"]),
            "day": st.integers(1, 5),
            "value": st.sampled_from([None, 0.0, 3.0, 7.0, 10.0]),
            "rater": st.sampled_from(["ann", "ann", "ben"]),
        }
    ),
    max_size=16,
)


@given(rows=RATINGS)
def test_pairs_over_goals_agree_with_pairs_of_each_goal_worked_out_apart(rows):
    from datetime import datetime

    rows = [
        {
            **{name: row[name] for name in ("referral_id", "goal", "value", "rater")},
            "assessment_id": number,
            "outcome": "completed",
            "completed_at": datetime(2025, 1, row["day"]),  # noqa: DTZ001  (wall time)
        }
        for number, row in enumerate(rows, 1)
    ]
    schema = {
        "referral_id": pl.String,
        "goal": pl.String,
        "value": pl.Float64,
        "rater": pl.String,
        "assessment_id": pl.Int64,
        "outcome": pl.String,
        "completed_at": pl.Datetime("ms"),
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    found = over_goals(pair(frame.lazy(), None, FIRST_AND_LAST, "goal"), "goal").collect()
    policy = {
        "first_timepoints": (),
        "last_timepoints": (),
        "same": ("rater",),
        "minimum_gap_days": 1,
        "closed_only": False,
    }
    assert sorted(found["referral_id"]) == sorted({row["referral_id"] for row in rows})
    for row in found.to_dicts():
        own = [each for each in rows if each["referral_id"] == row["referral_id"]]
        named = sorted({each["goal"] for each in own})
        singles = [
            oracle.pair(
                [each for each in own if each["goal"] == goal],
                [{"referral_id": row["referral_id"]}],
                policy,
            )[row["referral_id"]]
            for goal in named
        ]
        pairs = [(first, last) for verdict, first, last in singles if verdict == "paired"]
        order = NEAREST_LAST.categories.to_list()
        assert row["verdict"] == max((each[0] for each in singles), key=order.index)
        assert (row["n_goals"], row["n_paired"]) == (len(named), len(pairs))
        assert row["firsts"] == [first["value"] for first, _ in pairs]
        assert row["lasts"] == [last["value"] for _, last in pairs]
        if pairs:
            assert row["first"] == pytest.approx(sum(row["firsts"]) / len(pairs))
            assert row["last_at"] == max(last["completed_at"] for _, last in pairs)
            starts = [(first["completed_at"], first["assessment_id"]) for first, _ in pairs]
            assert row["first_id"] == min(starts)[1]
