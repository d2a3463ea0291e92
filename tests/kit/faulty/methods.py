"""Scoring and change methods with one fault each."""

import polars as pl

from romframe import (
    ChangeMethod,
    ChangeVerdict,
    Ratio,
    ScoringMethod,
    change_class,
)
from romframe.testing import ChangeMethodSuite, NumberCase, ScoringMethodExtras, offering


ANY_NUMBER = {"type": "number"}
POINTS = {"more_than": 3}


def scoring(build, **more):
    return offering(ScoringMethod("mine", build, **more))


def total(inputs):
    return Ratio(inputs.total, inputs.units)


def added(inputs):
    return Ratio(pl.sum_horizontal(inputs.values))


def raising(*_):
    raise KeyError("planted")


def no_empty(series):
    if not len(series):
        raise ValueError("planted")
    return series


class Sum(ScoringMethodExtras):
    method = "mine"
    cases = (NumberCase([1, 2, 3, 4], 10, "by hand"), NumberCase([1, None, 3, 4], 8, "by hand"))


class TestHasNoFault(Sum):
    plugin = scoring(total)
    caught_by = ()


class TestHasOtherConstants(Sum):
    plugin = scoring(total, params={"threshold": {**ANY_NUMBER, "required": True}})
    caught_by = ("its_constants_fit_its_own_schema",)


class TestRaises(Sum):
    plugin = scoring(raising)
    caught_by = ("it_gives_a_number_for_a_full_form", "it_gives_the_numbers_that_it_must_give")


class TestDoubles(Sum):
    plugin = scoring(lambda inputs: Ratio(inputs.total * 2, inputs.units))
    caught_by = ("it_gives_the_numbers_that_it_must_give",)


class TestMakesNothingANumber(Sum):
    plugin = scoring(added, takes="scores")
    caught_by = ("an_empty_form_has_no_number",)


class TestIsOutsideItsBounds(Sum):
    plugin = scoring(total, bounds=lambda scales, params: (0, 5))
    caught_by = ("every_number_is_a_finite_one_inside_its_bounds",)


class TestHangsOnTheOtherRows(Sum):
    plugin = scoring(lambda inputs: Ratio(inputs.total + inputs.total.max() - inputs.total.min()))
    cases = (NumberCase([1, 2, 3, 4], 10, "by hand"), NumberCase([1, None, 3, 4], 8, "by hand"))
    caught_by = ("a_form_has_the_same_number_wherever_it_stands",)


class TestFailsWithoutRows(Sum):
    plugin = scoring(
        lambda inputs: Ratio(inputs.total.map_batches(no_empty, return_dtype=pl.Int32))
    )
    caught_by = ("a_table_without_rows_has_no_numbers",)


class TestHasNoCaseWithAGap(Sum):
    plugin = scoring(total)
    cases = Sum.cases[:1]
    caught_by = ("there_are_cases_with_and_without_a_gap",)


def change(build, **more):
    return offering(ChangeMethod("mine", build, {}, **more))


def judged_by(amount):
    return change(lambda inputs: ChangeVerdict(change_class(amount(inputs), POINTS)))


class Threshold(ChangeMethodSuite):
    method = "mine"


class TestChangeHasNoFault(Threshold):
    plugin = judged_by(lambda inputs: inputs.improvement)
    caught_by = ()


class TestChangeRaises(Threshold):
    plugin = change(raising)
    caught_by = ("it_tells_people_apart", "better_is_better_in_either_direction")


class TestChangeGivesOtherClasses(Threshold):
    plugin = change(
        lambda inputs: ChangeVerdict(change_class(inputs.improvement, POINTS)),
        classes=("improved", "unchanged"),
    )
    caught_by = ("it_gives_no_class_but_its_own",)


class TestChangeOfNothing(Threshold):
    plugin = judged_by(lambda inputs: inputs.improvement + 3.5)
    caught_by = (
        "who_has_the_same_score_twice_is_unchanged",
        "better_is_better_in_either_direction",
        "who_is_better_has_a_better_score",
        "the_other_way_round_is_the_opposite",
    )


class TestChangeOfHalfAPair(Threshold):
    plugin = judged_by(lambda inputs: inputs.improvement)
    caught_by = ("who_lacks_a_score_is_not_classified",)

    def judged(self, pairs, better="lower"):
        unknown = pl.col("first").is_null() | pl.col("last").is_null()
        unchanged = pl.when(unknown).then(pl.lit("unchanged")).otherwise("class")
        return super().judged(pairs, better).with_columns(unchanged.alias("class"))


class TestChangeIgnoresTheDirection(Threshold):
    plugin = judged_by(lambda inputs: inputs.first - inputs.last)
    caught_by = ("better_is_better_in_either_direction", "who_is_better_has_a_better_score")


class TestChangeIsUpsideDown(Threshold):
    plugin = judged_by(lambda inputs: -inputs.improvement)
    caught_by = ("who_is_better_has_a_better_score",)


class TestChangeDoesNotMirror(Threshold):
    plugin = judged_by(lambda inputs: inputs.improvement * 10 / (inputs.first + 1))
    caught_by = ("the_other_way_round_is_the_opposite",)


class TestChangeHangsOnTheGroup(Threshold):
    plugin = judged_by(lambda inputs: inputs.improvement / (1 + inputs.first.std()))
    caught_by = ("a_pair_has_the_same_class_wherever_it_stands",)


class TestChangeFailsWithoutRows(Threshold):
    plugin = judged_by(
        lambda inputs: inputs.improvement.map_batches(no_empty, return_dtype=pl.Float64)
    )
    caught_by = ("a_table_without_rows_has_no_classes",)
