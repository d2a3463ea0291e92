"""Counting answers: every answer in one place, and every return accounted for."""

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import romframe
from romframe import DataError, UsageError
from romframe.api import catalogue
from romframe.distributions import GAPS, distribution, percent
from romframe.instruments.loader import parse_instrument
from romframe.instruments.model import STORED


SPEC = """
romframe: 1
id: small
version: "1"
name: Small
type: prem
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales:
  often: {codes: {0: never, 1: seldom, 2: always}, missing: {9: not_known}}
  steps:
    codes: {1: {label: a, value: 1}, 2: {label: b, value: 2.3}, 3: {label: c, value: 5}}
  twins:
    codes: {a: {label: fine, value: 1}, b: {label: well, value: 1}, c: {label: bad, value: 0}}
  ruler: {range: [0, 2], step: 0.5}
  long: {range: [0, 20], step: 0.1}
  letters: {codes: {A: first, B: second}}
  words: {kind: text}
items:
  - {id: q1, label: one, scale: often, favourable: low}
  - {id: q2, label: two, scale: often, reversed: true, favourable: high, section: turned}
  - {id: q3, label: three, scale: steps, reversed: true}
  - {id: q4, label: four, scale: ruler, reversed: true, favourable: low}
  - {id: q5, label: five, scale: letters, required_when: {item: q2, codes: [2]}, favourable: [A]}
  - {id: q6, label: six, scale: twins, required: false}
  - {id: q7, label: seven, scale: long, required: false}
  - {id: q8, label: eight, scale: words, required: false}
scores: []
totals: {forbidden: there are none}
"""


@pytest.fixture(scope="module")
def small():
    return parse_instrument(SPEC, "small.yaml", catalogue().vocabulary)


def counts(found, item):
    rows = found.filter(pl.col("item") == item)
    return dict(rows.select("code", "n").iter_rows())


def full(**given):
    answers = {"q1": [0], "q2": [2], "q3": [1], "q4": [0.5], "q5": ["A"]}
    count = max(map(len, given.values()), default=1)
    return pl.DataFrame({name: cells * count for name, cells in answers.items()} | given)


def test_boxes_are_counted_as_they_were_ticked_in_either_coding(small):
    by_position = romframe.distribution(full(q2=[0, 2, 2], q3=[1, 1, 2]), small, coding="position")
    as_scored = romframe.distribution(full(q2=[2, 0, 0], q3=[3, 3, 2]), small, coding="scored")
    for found in (by_position, as_scored):
        assert counts(found, "q2") == {"0": 1, "1": 0, "2": 2}
        assert counts(found, "q3") == {"1": 2, "2": 1, "3": 0}


def test_an_end_is_the_half_of_the_boxes_as_printed(small):
    found = romframe.distribution(full(), small, coding="position")
    sides = {item: found.filter(pl.col("item") == item)["side"].to_list() for item in ("q1", "q2")}
    assert sides == {
        "q1": ["favourable", "neither", "unfavourable"],
        "q2": ["unfavourable", "neither", "favourable"],
    }
    ruler = found.filter(pl.col("item") == "q4")["side"].to_list()
    assert ruler == ["favourable"] * 2 + ["neither"] + ["unfavourable"] * 2


def test_an_answer_that_is_not_listed_as_good_or_bad_is_neither(small):
    found = romframe.distribution(full(), small, coding="position")
    rows = found.filter(pl.col("item") == "q5").select("code", "side").rows()
    assert rows == [("A", "favourable"), ("B", "neither")]


def test_an_item_that_says_nothing_of_good_and_bad_has_no_sides(small):
    found = romframe.distribution(full(), small, coding="position").filter(pl.col("item") == "q3")
    for name in ("side", "favourable_share", "favourable_percent", "unfavourable_share"):
        assert found[name].null_count() == found.height


def test_a_number_scale_is_counted_step_by_step(small):
    found = romframe.distribution(full(q4=[0.5, 2, 2]), small, coding="position")
    assert counts(found, "q4") == {"0": 0, "0.5": 1, "1": 0, "1.5": 0, "2": 2}


def test_answers_that_count_the_same_are_one_for_so_they_are_stored(small):
    found = romframe.distribution(full(q6=["a", "b", "c"]), small, coding="position")
    rows = found.filter(pl.col("item") == "q6").select("code", "answer", "n").rows()
    assert rows == [("a", "fine / well", 2), ("c", "bad", 1)]


def test_words_and_long_scales_are_not_counted(small):
    found = romframe.distribution(full(q7=[3.3], q8=["fine"]), small, coding="position")
    assert not {"q7", "q8"} & set(found["item"])


def test_an_item_that_must_be_answered_needs_its_column(small):
    with pytest.raises(DataError) as refused:
        romframe.distribution(full().drop("q1", "q5"), small, coding="position")
    assert "q1" in refused.value.problems[0].what
    assert "q5" not in refused.value.problems[0].what


def test_an_item_waiting_for_another_is_not_asked_unless_it_is(small):
    blank = full(q2=[0, 2, 2, None], q5=[None, None, "B", None])
    row = romframe.distribution(blank, small, coding="position").filter(pl.col("item") == "q5")
    facts = row.select("of", "blank", "not_asked").row(0)
    assert facts == (1, 1, 2)


def test_a_condition_on_an_item_without_a_column_asks_nothing_away():
    text = SPEC.replace("reversed: true, favourable: high", "required: false, favourable: high")
    other = parse_instrument(text, "small.yaml", catalogue().vocabulary)
    frame = full(q5=[None]).drop("q2")
    found = romframe.distribution(frame, other, coding="position").filter(pl.col("item") == "q5")
    assert found.select("blank", "not_asked").row(0) == (1, 0)


def test_the_groups_of_an_item_come_in_its_order_and_it_is_not_counted_itself(small):
    found = romframe.distribution(full(q1=[2, 0, 9]), small, coding="position", by="q1")
    assert found["q1"].unique(maintain_order=True).to_list() == ["never", "always", None]
    assert "q1" not in set(found["item"])
    assert set(found["returns"]) == {1}


def test_the_groups_of_a_column_come_in_the_order_of_the_alphabet(small):
    frame = full(q1=[0, 1, 2]).with_columns(team=pl.Series(["south", "north", None]))
    found = romframe.distribution(frame, small, coding="position", by="team")
    assert found.columns[0] == "team"
    assert found["team"].unique(maintain_order=True).to_list() == ["north", "south", None]


@pytest.mark.parametrize(
    ("by", "error", "code"),
    [("tean", UsageError, "unknown-item"), ("of", DataError, "column-clash")],
)
def test_there_must_be_something_to_count_by(small, by, error, code):
    frame = full().with_columns(team=pl.lit("x"), of=pl.lit("y"))
    with pytest.raises(error) as refused:
        romframe.distribution(frame, small, coding="position", by=by)
    assert refused.value.problems[0].code == code


def test_states_that_the_store_kept_are_told_apart(small):
    frame = full(q1=[None, 0]).with_columns(states=pl.Series(['{"q1": "declined"}', None]))
    found = distribution(frame.lazy(), small, coding=STORED.id).filter(pl.col("item") == "q1")
    assert found.select("of", "declined", "blank").row(0) == (1, 1, 0)


def test_pandas_goes_in_and_comes_out(small):
    found = romframe.distribution(full().to_pandas(), small, coding="position")
    assert isinstance(found, pd.DataFrame)
    assert found["n"].sum() == 5


def test_nothing_is_a_share_of_nothing(small):
    found = romframe.distribution(full().clear(), small, coding="position")
    assert found["n"].sum() == 0
    assert found["share"].null_count() == found["percent"].null_count() == found.height


CELLS = st.sampled_from([0, 1, 2, 9, 7, None])


@given(q1=st.lists(CELLS, min_size=1, max_size=20))
def test_every_return_is_counted_exactly_once(small, q1):
    found = romframe.distribution(full(q1=q1), small, coding="position")
    for row in found.iter_rows(named=True):
        assert row["of"] + sum(row[gap] for gap in (*GAPS, "not_asked", "invalid")) == len(q1)
        assert row["returns"] == len(q1)
    assert found.filter(pl.col("item") == "q1")["n"].sum() == sum(cell in (0, 1, 2) for cell in q1)


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [
        (1, 80, "1.3"),
        (11, 80, "13.8"),
        (0, 3, "0.0"),
        (3, 3, "100.0"),
        (2, 3, "66.7"),
        (0, 0, None),
    ],
)
def test_halves_are_rounded_up(count, of, shown):
    assert percent(count, of) == shown
