"""Conditions: the expression and a plain reading of the rules say the same of every row."""

import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import conditions as oracle

from romframe.conditions import Field, check_condition, condition_in_words, holds, may_hold
from romframe.yaml_source import Document


FIELDS = {
    "team": Field(),
    "pathway": Field("text", ("treatment", "prevention")),
    "age": Field("number"),
    "received_on": Field("date"),
    "details.NAME": Field("open"),
}
VALUES = {
    "team": ["North", "South", None],
    "pathway": ["treatment", "prevention", None],
    "age": [17, 30, None],
    "received_on": ["2024-02-29", "2025-04-01", None],
    "details.parity": ["0", "2", "first", None],
}
ROWS = [dict(zip(VALUES, row, strict=True)) for row in itertools.product(*VALUES.values())]
FRAME = pl.DataFrame(ROWS, schema_overrides={"age": pl.Int64})


WANTED = {
    "team": ["North", "South", "East"],
    "pathway": ["treatment", "prevention"],
    "age": [16, 17, 17.5, 30, 31],
    "received_on": ["2024-02-28", "2024-02-29", "2025-04-01", "2026-01-01"],
    "details.parity": ["0", "first", 0, 1, 2],
}


@st.composite
def shapes_of_test(draw, name):
    """A test of any shape, with values near those of the rows."""
    value = st.sampled_from(WANTED[name])
    few = st.lists(value, min_size=1, max_size=3)
    words = ["not", "known", *(() if name in ("team", "pathway") else oracle.BOUNDS)]
    kinds = {"not": value | few, "known": st.booleans()}
    shape = draw(st.sampled_from(["value", "list", "mapping"]))
    if shape == "mapping":
        chosen = draw(st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True))
        return {word: draw(kinds.get(word, value)) for word in chosen}
    return draw(value if shape == "value" else few)


@st.composite
def conditions(draw, depth=2):
    names = [*VALUES, *(("any", "all", "none") if depth else ())]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    inner = st.lists(conditions(depth - 1), min_size=1, max_size=2) if depth else None
    return {name: draw(shapes_of_test(name) if name in VALUES else inner) for name in chosen}


@given(conditions())
def test_a_condition_holds_for_the_rows_for_which_the_rules_say_so(condition):
    found = FRAME.with_columns(found=holds(condition, FIELDS))["found"]
    assert found.to_list() == [oracle.holds(condition, row) for row in ROWS]


@given(conditions(), st.sampled_from(["treatment", "prevention", None]))
def test_who_may_be_in_a_group_is_never_told_to_be_out_of_it(condition, pathway):
    inside = any(oracle.holds(condition, row) for row in ROWS if row["pathway"] == pathway)
    assert may_hold(condition, FIELDS, "pathway", pathway) or not inside


@given(conditions())
def test_a_condition_of_this_language_has_no_fault_but_bounds_that_nothing_passes(condition):
    document = Document("f.yaml")
    check_condition(document, (), condition, FIELDS)
    assert all("No value passes both" in each.what for each in document.problems)


@pytest.mark.parametrize("pathway", ["treatment", "prevention", None])
def test_of_a_condition_on_one_field_it_is_known_exactly_who_may_be_in(pathway):
    for condition in (
        {"pathway": {"not": "prevention"}},
        {"none": [{"pathway": "prevention"}]},
        {"any": [{"pathway": "treatment"}, {"pathway": {"known": False}}]},
    ):
        assert may_hold(condition, FIELDS, "pathway", pathway) == (pathway != "prevention")


def test_a_condition_is_said_in_words():
    condition = {"team": ["North", "South"], "any": [{"age": {"at_least": 18}}, {"age": 5}]}
    told = "team is North or South and at least one of (age is at least 18; age is 5)"
    assert condition_in_words(condition) == told


def test_bounds_of_two_kinds_are_not_compared_and_what_is_no_condition_is_told():
    document = Document("f.yaml")
    check_condition(document, (), {"details.a": {"at_least": "b", "at_most": 1}}, FIELDS)
    assert document.problems == []
    check_condition(document, (), {"any": ["team", {"team": 1}]}, FIELDS)
    assert [each.code for each in document.problems] == ["wrong-type", "wrong-type"]
