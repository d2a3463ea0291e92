import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from romframe_mhsds.submission.scoretext import score_text


def text_of(*values):
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Float64})
    return frame.select(score_text(pl.col("value"))).to_series().to_list()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (7.0, "7"),
        (21.0, "21"),
        (12.5, "12.5"),
        (18.5294117647, "18.5"),  # 63 over 34 items, times 10
        (0.5, "0.5"),
        (18.25, "18.3"),  # a tie goes up, not to even
        (18.35, "18.4"),  # the nearest binary fraction is below the tie
        (2.05, "2.1"),
        (0.04, "0"),
        (39.96, "40"),
        (100000.0, "100000"),
        (-0.5, "-0.5"),
        (-0.04, "0"),
    ],
)
def test_a_score_has_at_most_one_decimal_and_no_leading_zeros(value, text):
    assert [text] == text_of(value)


def test_what_is_no_number_gives_no_text():
    assert text_of(None, float("nan"), float("inf")) == [None, None, None]


def test_whole_numbers_are_written_as_they_are():
    frame = pl.DataFrame({"value": [0, 4, None]}, schema={"value": pl.Int8})
    assert frame.select(score_text(pl.col("value"))).to_series().to_list() == ["0", "4", None]


@settings(deadline=None)
@given(st.floats(-99_999, 99_999))
def test_every_text_has_the_form_that_is_taken_and_is_near_its_number(value):
    (text,) = text_of(value)
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)([.][1-9])?", text)
    assert text != "-0"
    assert abs(Decimal(text) - Decimal(value)) <= Decimal("0.0500006")


@settings(deadline=None)
@given(st.decimals(0, 9999, places=2, allow_nan=False))
def test_numbers_below_zero_are_rounded_as_those_above(value):
    (above,), (below,) = text_of(float(value)), text_of(-float(value))
    assert below == (above if above == "0" else f"-{above}")


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(1, 100))
def test_rounding_is_half_up_of_the_exact_fraction(total, items):
    """An oracle in exact fractions: total times 10 over items, as clinical scores are made."""
    exact = Fraction(total * 10, items)
    tenths = (exact * 10 + Fraction(1, 2)).__floor__()
    expected = str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
    assert [expected] == text_of(total * 10 / items)


@settings(deadline=None)
@given(st.decimals(0, 9999, places=2, allow_nan=False))
def test_ties_are_those_of_the_printed_decimal(value):
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    expected = str(rounded).removesuffix(".0")
    assert [expected] == text_of(float(value))
