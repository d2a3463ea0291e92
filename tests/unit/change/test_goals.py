"""Goals judged one by one and put together."""

import polars as pl
import pytest

import romframe


SCALE = """
response_scales: {rating: {range: [0, 10]}}
items: [{id: q1, label: a, scale: rating}]
scores:
  - {id: up, name: U, items: all, method: mean, range: [0, 10], better: higher}
  - {id: down, name: D, items: all, method: mean, range: [0, 10], better: lower}
"""


@pytest.fixture(scope="module")
def instrument(make):
    return make(SCALE)


def judged(instrument, firsts, lasts, score="up", **more):
    frame = pl.DataFrame({"firsts": firsts, "lasts": lasts, **more}, strict=False)
    frame = frame.with_columns(first=pl.lit(5.0), last=pl.lit(5.0))
    settings = {"reliable.at_least": 3}
    return romframe.classify(frame, instrument, score=score, rule="per_goal", settings=settings)


def classes(*args, **options):
    return judged(*args, **options)["class"].to_list()


GOALS = {
    "one improved": ([2, 0, 3], [6, 3, 3], "improved"),
    "exactly three points": ([2], [5], "improved"),
    "two points": ([5, 5], [7, 3], "unchanged"),
    "one up and one down": ([2, 8], [5, 5], "deteriorated"),
    "all the same": ([4, 4], [4, 4], "unchanged"),
    "0 is a rating": ([0], [3], "improved"),
}


@pytest.mark.parametrize(("firsts", "lasts", "outcome"), GOALS.values(), ids=GOALS)
def test_goals_together(instrument, firsts, lasts, outcome):
    found = judged(instrument, [firsts], [lasts])
    assert found.select("class", "reliable", "clinical").row(0) == (outcome, outcome, None)
    turned = classes(instrument, [lasts], [firsts], score="down")
    assert turned == [outcome]


def test_the_mean_of_goals_may_say_otherwise(instrument):
    """Goals that change by +3 and -3 have the same mean, and one of them is worse."""
    assert classes(instrument, [[2, 8]], [[5, 5]]) == ["deteriorated"]


UNMATCHED = {
    "no goals": ([], []),
    "no list": (None, [3]),
    "lists of different length": ([1, 2], [9]),
    "no goal rated twice": ([1, None], [None, 9]),
    "a rating above the range": ([2, 2], [9, 11]),
    "a rating below the range": ([-1, 2], [9, 9]),
    "a rating that is no number": ([float("nan"), 2], [9, 9]),
}


@pytest.mark.parametrize(("firsts", "lasts"), UNMATCHED.values(), ids=UNMATCHED)
def test_what_cannot_be_matched_is_not_classified_and_harms_no_other_row(instrument, firsts, lasts):
    found = classes(instrument, [firsts, [2, 2]], [lasts, [2, 5]])
    assert found == ["not_classified", "improved"]


def test_a_goal_that_was_rated_once_does_not_count(instrument):
    assert classes(instrument, [[2, 9]], [[5, None]]) == ["improved"]


def test_without_lists_nobody_is_classified(instrument):
    frame = pl.DataFrame({"first": [2], "last": [9], "firsts": [[2]]})
    settings = {"reliable.at_least": 3}
    found = romframe.classify(frame, instrument, score="up", rule="per_goal", settings=settings)
    assert found["class"].to_list() == ["not_classified"]


@pytest.mark.parametrize("firsts", [["2;3"], [2], [["2", "3"]], [True]])
def test_columns_that_hold_no_lists_of_numbers_are_refused(instrument, firsts):
    with pytest.raises(romframe.DataError, match="not lists of ratings") as refused:
        judged(instrument, firsts, [[5, 5]])
    assert refused.value.problems[0].code == "column-type"


@pytest.mark.parametrize(
    "dtype",
    [pl.List(pl.Int8), pl.List(pl.Float32), pl.Array(pl.UInt8, 2), pl.List(pl.Decimal(5, 1))],
)
def test_ratings_of_any_numeric_type(instrument, dtype):
    lists = pl.Series([[2, 2]], dtype=pl.List(pl.Int64)).cast(dtype)
    assert classes(instrument, lists, [[5, 5]]) == ["improved"]


def test_columns_of_nothing_are_not_classified(instrument):
    assert classes(instrument, [None], [None]) == ["not_classified"]
    assert classes(instrument, [[]], [[None]]) == ["not_classified"]
