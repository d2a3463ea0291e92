"""What a plugin's method builds is tried on made-up rows, and fails there instead of on data."""

import polars as pl
import pytest
from attrs import evolve

from romframe.change_methods import ChangeInputs, ChangeVerdict
from romframe.methods import Ratio, ScoringInputs
from romframe.trial import try_ratio, try_verdict


OF_ITEMS = ScoringInputs(
    (pl.col("__value_q1"), pl.col("__value_q2")),
    pl.col("__packed") & 3,
    pl.col("__packed") // 4,
    1,
    ("q1", "q2"),
    {},
)
OF_NOTHING = ScoringInputs((pl.lit(1),), pl.lit(None), pl.lit(None), 1, ("q1",), {})
PAIRS = ChangeInputs(
    "lower",
    pl.Schema({"first": pl.Float64(), "last": pl.Float64(), "age": pl.Int64(), "sex": pl.String()}),
    {},
)


@pytest.mark.parametrize("inputs", [OF_ITEMS, OF_NOTHING])
def test_what_can_be_computed_passes(inputs):
    try_ratio(inputs, Ratio(inputs.values[0] + inputs.total))
    try_ratio(inputs, Ratio(inputs.total, inputs.answered, Ratio(inputs.total * 2, 3)))


@pytest.mark.parametrize(
    ("ratio", "error"),
    [
        (None, "it gave a NoneType, not a Ratio"),
        (Ratio(7), "cast"),
        (Ratio(pl.col("nowhere")), "nowhere"),
        (Ratio(pl.col("__value_q1").str.len_chars()), "str"),
        (Ratio(pl.col("__value_q1"), 1, Ratio(pl.col("elsewhere"))), "elsewhere"),
        (Ratio(pl.col("__value_q1").drop_nulls()), "(?i)length|height"),
        (Ratio(pl.col("__value_q1").map_elements(lambda _: 1 / 0, pl.Int64)), "division by zero"),
    ],
)
def test_what_makes_a_score_fail_is_found(ratio, error):
    with pytest.raises(Exception, match=error):
        try_ratio(OF_ITEMS, ratio)


def test_a_pair_inside_the_range_is_tried():
    narrow = evolve(PAIRS, low=20, high=80)
    inside = pl.col("first").is_between(20, 80) & pl.col("last").is_between(20, 80)
    with pytest.raises(pl.exceptions.InvalidOperationError):
        try_verdict(narrow, ChangeVerdict(pl.when(inside).then(pl.lit("better"))))


def test_classes_that_can_be_computed_pass():
    better = pl.when(pl.col("age") > 12).then(pl.lit("improved"))
    try_verdict(PAIRS, ChangeVerdict(better))
    try_verdict(PAIRS, ChangeVerdict(better, better, pl.lit("clinical"), pl.lit("told")))


@pytest.mark.parametrize(
    ("verdict", "error"),
    [
        (pl.lit("improved"), "it gave a Expr, not a ChangeVerdict"),
        (ChangeVerdict(pl.col("worst")), "worst"),
        (ChangeVerdict(pl.lit("better")), "(?i)conversion|categories"),
        (ChangeVerdict(pl.when(pl.col("last") < pl.col("first")).then(pl.lit("up"))), "conversion"),
        (
            ChangeVerdict(pl.when(pl.col("last") > pl.col("first")).then(pl.lit("down"))),
            "conversion",
        ),
        (ChangeVerdict(pl.lit("improved"), constants=pl.col("nowhere")), "nowhere"),
    ],
)
def test_what_makes_a_class_fail_is_found(verdict, error):
    with pytest.raises(Exception, match=error):
        try_verdict(PAIRS, verdict)
