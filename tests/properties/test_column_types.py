"""The same answers give the same verdicts, whatever type of column holds them."""

from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import romframe
from romframe.api import catalogue
from romframe.instruments.loader import parse_instrument


SPEC = """
romframe: 1
id: mixed
version: "1"
name: Mixed
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales:
  level: {codes: {0: a, 1: b, 2: c, 3: d, 4: e}, missing: {9: not_known}}
  gaps: {codes: {0: a, 2: b, 5: c}, missing: {9: declined}}
  valued: {codes: {0: {label: a, value: 7}, 1: {label: b, value: 3}, 2: {label: c, value: 0}}}
  steps: {range: [0, 10], step: 2}
items:
  - {id: q1, label: level, scale: level, reversed: true}
  - {id: q2, label: gaps, scale: gaps, reversed: true}
  - {id: q3, label: valued, scale: valued}
  - {id: q4, label: steps, scale: steps}
scores:
  - id: total
    name: Total
    items: all
    method: sum
    missing: {at_least: 2, then: prorate}
    range: [0, 26]
    better: lower
    source: invented
sources: {invented: {cite: invented for a test, status: local}}
"""
HALVES = """
romframe: 1
id: halves
version: "1"
name: Halves
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales: {half: {range: [-3, 10], step: 0.5}}
items: [{id: q1, label: a, scale: half, reversed: true}, {id: q2, label: b, scale: half}]
scores: [{id: total, name: T, items: all, method: sum, range: [-6, 20], better: lower}]
"""
TYPES = [
    pl.Int8,
    pl.Int16,
    pl.Int32,
    pl.Int64,
    pl.Int128,
    pl.UInt8,
    pl.UInt16,
    pl.UInt32,
    pl.UInt64,
    pl.Float32,
    pl.Float64,
    pl.Decimal(10, 0),
    pl.Decimal(10, 3),
]
ITEMS = ("q1", "q2", "q3", "q4")


def spaced(value):
    return None if value is None else f"  {value} "


def empty(value):
    return "" if value is None else str(value)


def pointed(value):
    return " " if value is None else f"{value}.0"


TEXTS = [spaced, empty, pointed]


MIXED = parse_instrument(SPEC, "mixed.yaml", catalogue().vocabulary)
HALF_STEPS = parse_instrument(HALVES, "halves.yaml", catalogue().vocabulary)
CELLS = st.sampled_from([None, 0, 1, 2, 3, 4, 5, 6, 9, 10, 77])
answers = st.lists(st.fixed_dictionaries(dict.fromkeys(ITEMS, CELLS)), min_size=1, max_size=6)


def verdicts(frame, instrument):
    return romframe.score(frame, instrument, coding="position").to_dicts()


@given(rows=answers)
def test_every_numeric_type_gives_the_same_verdicts(rows):
    expected = verdicts(pl.DataFrame(rows, schema=dict.fromkeys(ITEMS, pl.Int64)), MIXED)
    for dtype in TYPES:
        frame = pl.DataFrame(rows, schema=dict.fromkeys(ITEMS, pl.Int64)).cast(dtype)
        assert verdicts(frame, MIXED) == expected, dtype


@given(rows=answers)
def test_nan_is_a_blank(rows):
    frame = pl.DataFrame(rows, schema=dict.fromkeys(ITEMS, pl.Float64))
    assert verdicts(frame.fill_null(float("nan")), MIXED) == verdicts(frame, MIXED)


@given(rows=answers)
def test_text_gives_the_same_verdicts_as_numbers(rows):
    expected = verdicts(pl.DataFrame(rows, schema=dict.fromkeys(ITEMS, pl.Int64)), MIXED)
    for write in TEXTS:
        text = [{name: write(value) for name, value in row.items()} for row in rows]
        frame = pl.DataFrame(text, schema=dict.fromkeys(ITEMS, pl.String))
        known = sorted({cell for row in text for cell in row.values() if cell is not None})
        for dtype in (pl.String, pl.Categorical, pl.Enum(known)):
            assert verdicts(frame.cast(dtype), MIXED) == expected, (write, dtype)


@given(rows=answers)
def test_columns_of_nulls_are_blank(rows):
    frame = pl.DataFrame(rows, schema=dict.fromkeys(ITEMS, pl.Int64))
    blank = frame.with_columns(pl.lit(None, pl.Int64).alias("q3"))
    null = frame.with_columns(pl.lit(None).alias("q3"))
    assert null.schema["q3"] == pl.Null
    assert verdicts(null, MIXED) == verdicts(blank, MIXED)


def test_true_and_false_are_not_answers():
    frame = pl.DataFrame(
        {"q1": [True, False, None], "q2": [0, 0, 0], "q3": [0, 0, 0], "q4": [0, 0, 0]}
    )
    assert [each["reason"] for each in verdicts(frame, MIXED)] == [
        "invalid_response",
        "invalid_response",
        "items_missing",
    ]


@given(
    halves=st.lists(st.one_of(st.none(), st.integers(-8, 24)), min_size=1, max_size=8),
)
def test_steps_of_a_half_in_every_type_that_can_hold_them(halves):
    numbers = [None if half is None else half / 2 for half in halves]
    frame = pl.DataFrame({"q1": numbers, "q2": 0.5}, schema={"q1": pl.Float64, "q2": pl.Float64})
    expected = [
        7 - number + 0.5 if number is not None and -3 <= number <= 10 else None
        for number in numbers
    ]
    exact = pl.Series(
        "q1", [None if n is None else Decimal(str(n)) for n in numbers], dtype=pl.Decimal(10, 2)
    )
    text = pl.Series("q1", [None if n is None else str(n) for n in numbers], dtype=pl.String)
    for column in (frame["q1"], frame["q1"].cast(pl.Float32), exact, text):
        tidy = romframe.score(frame.with_columns(column), HALF_STEPS, coding="position")
        assert tidy["value"].to_list() == expected
