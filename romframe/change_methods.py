"""How change is judged: the contract of a change method, what methods share, and three of them.

Comparisons are made after rounding to a billionth, so that a difference of two prorated scores
that is exactly a threshold on paper is exactly that threshold here. Whatever is not known stays
null all the way: an expression here never makes a class out of a score that is not there.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
from attrs import field, frozen

from romframe import keyed
from romframe.change_schemas import CUT_OFF, RELIABLE
from romframe.errors import Problem, UsageError
from romframe.instruments import build as spec
from romframe.instruments.checks.thresholds import CLINICAL_SIDES
from romframe.instruments.model import Direction
from romframe.instruments.schema import MethodTerms
from romframe.validation import Schema


NOT_CLASSIFIED = "not_classified"
FIVE_CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
THREE_CLASSES = FIVE_CLASSES[1:4]
CLASSES = pl.Enum([*FIVE_CLASSES, NOT_CLASSIFIED])
SIDES = ("clinical", "non_clinical", "at_cut_off")
_SIDE = pl.Enum(SIDES)
_NOT_ASKED = pl.lit(None, pl.String)
_DIGITS = 9


@frozen
class ChangeInputs:
    """What a method builds its expressions from.

    `first`, `last` and `improvement` (turned so that positive is better) are those of complete
    pairs inside the score's range `low` to `high`, and null elsewhere, so that a figure of the
    group (a mean, an SD) counts no other. The columns `first`, `last`, `change` and `improvement`
    are there as they came, and whatever else the caller's data have (`columns` lists all, typed).
    `better` is the score's direction. `companion` is the second measure of a rule with `with:`.
    """

    better: Direction
    columns: Mapping[str, pl.DataType]
    params: Mapping[str, Any]
    first: pl.Expr = field(factory=lambda: pl.col("first"), eq=False)
    last: pl.Expr = field(factory=lambda: pl.col("last"), eq=False)
    improvement: pl.Expr = field(factory=lambda: pl.col("improvement"), eq=False)
    low: float = -math.inf
    high: float = math.inf
    companion: "ChangeInputs | None" = None


@frozen
class ChangeVerdict:
    """A method's answer, as expressions of text; null means not classified, or not asked.

    `constants` says what the rule itself does not: figures that were taken from the data.
    """

    outcome: pl.Expr
    reliable: pl.Expr = _NOT_ASKED
    clinical: pl.Expr = _NOT_ASKED
    constants: pl.Expr | None = None


@frozen
class ChangeMethod:
    """A named way to judge change; `params` is the Cerberus schema of its constants.

    `classes` are those that it can give. Where it takes a cut-off, a rule without one cannot give
    recovered and harmed.
    """

    name: str
    build: Callable[[ChangeInputs], ChangeVerdict]
    params: Schema
    classes: tuple[str, ...] = FIVE_CLASSES

    @property
    def terms(self) -> MethodTerms:
        """What the spec language must know of this method."""
        return MethodTerms(self.params)

    def classes_of(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """Give the classes that a rule with these constants can give."""
        lacks_cut_off = "cut_off" in self.params and "cut_off" not in params
        return THREE_CLASSES if lacks_cut_off else self.classes


def _near(expression: pl.Expr) -> pl.Expr:
    return expression.round(_DIGITS)


def passes(value: pl.Expr, criterion: Mapping[str, Any]) -> pl.Expr:
    """Say whether a value passes a threshold, `at_least` or `more_than`."""
    if "at_least" in criterion:
        return _near(value).ge(criterion["at_least"])
    return _near(value).gt(criterion["more_than"])


def change_class(
    amount: pl.Expr, better: Mapping[str, Any], worse: Mapping[str, Any] | None = None
) -> pl.Expr:
    """Give improved, unchanged or deteriorated for an amount of which positive is better.

    `worse` is what the opposite of the amount must pass; without it, the same as `better`.
    """
    return (
        pl.when(passes(amount, better))
        .then(pl.lit("improved", CLASSES))
        .when(passes(-amount, better if worse is None else worse))
        .then(pl.lit("deteriorated", CLASSES))
        .when(amount.is_not_null())
        .then(pl.lit("unchanged", CLASSES))
    )


def reliable_class(inputs: ChangeInputs) -> pl.Expr:
    """Give improved, unchanged or deteriorated by the rule's `reliable`."""
    criterion = inputs.params["reliable"]
    if "sd" in criterion:
        criterion = {"more_than": round(reliable_change_index(**criterion), _DIGITS)}
    return change_class(inputs.improvement, criterion)


def reliable_change_index(sd: float, reliability: float, z: float = 1.96) -> float:
    """Give the change that measurement error alone passes with the probability that z stands for.

    Jacobson and Truax 1991: z times the square root of 2 times SD times sqrt(1 - reliability).
    """
    return z * math.sqrt(2) * sd * math.sqrt(1 - reliability)


def cut_off_from_norms(params: Mapping[str, Any], better: Direction) -> float:
    """Give cut-off a, b or c of Jacobson and Truax 1991 from clinical and functional norms."""
    towards_health = 1 if better == "higher" else -1
    clinical, sd_clinical = _norms(params, "clinical")
    functional, sd_functional = _norms(params, "functional")
    if params["criterion"] == "a":
        return clinical + towards_health * 2 * sd_clinical
    if params["criterion"] == "b":
        return functional - towards_health * 2 * sd_functional
    return (sd_clinical * functional + sd_functional * clinical) / (sd_clinical + sd_functional)


def _norms(params: Mapping[str, Any], group: str) -> tuple[float, float]:
    return params.get(f"{group}_mean", math.nan), params.get(f"{group}_sd", math.nan)


def cut_off_value(inputs: ChangeInputs) -> pl.Expr:
    """Give the cut-off of the rule's `cut_off`, null where the person's is unknown."""
    params = inputs.params["cut_off"]
    if "rows" in params:
        table = spec.keyed(params, lambda row: row["value"], "value")
        return keyed.choose(table, inputs.columns, pl.lit, pl.Float64)
    if "value" in params:
        return pl.lit(params["value"])
    return pl.lit(round(cut_off_from_norms(params, inputs.better), _DIGITS))


def clinical_side(inputs: ChangeInputs, score: pl.Expr, cut_off: pl.Expr | None = None) -> pl.Expr:
    """Say on which side of the cut-off a score is: clinical, non_clinical or at_cut_off.

    Every score is on one of the first two, unless the rule says `non_clinical` too and leaves a
    score at the cut-off between them. Null where the score or the person's cut-off is unknown.
    """
    params = inputs.params["cut_off"]
    _check_side(params["clinical"], inputs.better)
    value = _near(score)
    at = cut_off_value(inputs) if cut_off is None else cut_off
    tests = {
        "at_least": value >= at,
        "more_than": value > at,
        "at_most": value <= at,
        "less_than": value < at,
    }
    clinical = tests[params["clinical"]]
    healthy = tests[params["non_clinical"]] if "non_clinical" in params else ~clinical
    return (
        pl.when(clinical)
        .then(pl.lit("clinical", _SIDE))
        .when(healthy)
        .then(pl.lit("non_clinical", _SIDE))
        .when(clinical.is_not_null())
        .then(pl.lit("at_cut_off", _SIDE))
    )


def _check_side(side: str, better: Direction) -> None:
    if side not in CLINICAL_SIDES[better]:
        what = f"Clinical scores cannot be {side!r} the cut-off where {better} is better."
        mend = f"Write `clinical: {CLINICAL_SIDES[better][0]}`."
        raise UsageError(Problem("cut-off-side", what, mend))


def moved(first: pl.Expr, last: pl.Expr, sides: Sequence[str] = SIDES) -> pl.Expr:
    """Name the move from one side to another, `clinical_to_non_clinical` or `stayed_clinical`.

    Null where a side is. Each side is looked at once, so that what it is made of need not be cheap.
    """
    moves = [f"stayed_{now}" if was == now else f"{was}_to_{now}" for was in sides for now in sides]
    was, now = (side.cast(pl.Enum(sides)).to_physical().cast(pl.UInt32) for side in (first, last))
    move = was * len(sides) + now
    return move.replace_strict(range(len(moves)), moves, return_dtype=pl.Enum(moves))


def clinical_move(inputs: ChangeInputs) -> pl.Expr:
    """Give the move across the rule's `cut_off`; null where the person's cut-off is unknown."""
    return moved(clinical_side(inputs, inputs.first), clinical_side(inputs, inputs.last))


def combined_class(reliable: pl.Expr, clinical: pl.Expr) -> pl.Expr:
    """Give the class of a reliable class and a clinical move together; null where either is."""
    return (
        pl.when(clinical.is_null())
        .then(pl.lit(None, CLASSES))
        .when((reliable == "improved") & (clinical == "clinical_to_non_clinical"))
        .then(pl.lit("recovered", CLASSES))
        .when((reliable == "deteriorated") & (clinical == "non_clinical_to_clinical"))
        .then(pl.lit("harmed", CLASSES))
        .otherwise(reliable)
    )


def _judge_reliable(inputs: ChangeInputs) -> ChangeVerdict:
    reliable = reliable_class(inputs)
    return ChangeVerdict(reliable, reliable)


def _judge_clinical(inputs: ChangeInputs) -> ChangeVerdict:
    clinical = clinical_move(inputs)
    outcome = (
        pl.when(clinical == "clinical_to_non_clinical")
        .then(pl.lit("improved", CLASSES))
        .when(clinical == "non_clinical_to_clinical")
        .then(pl.lit("deteriorated", CLASSES))
        .when(clinical.is_not_null())
        .then(pl.lit("unchanged", CLASSES))
    )
    return ChangeVerdict(outcome, clinical=clinical)


def _judge_combined(inputs: ChangeInputs) -> ChangeVerdict:
    reliable, clinical = reliable_class(inputs), clinical_move(inputs)
    return ChangeVerdict(combined_class(reliable, clinical), reliable, clinical)


CHANGE_METHODS: tuple[ChangeMethod, ...] = (
    ChangeMethod("reliable", _judge_reliable, {"reliable": RELIABLE}, THREE_CLASSES),
    ChangeMethod("clinical", _judge_clinical, {"cut_off": CUT_OFF}, THREE_CLASSES),
    ChangeMethod(
        "reliable_and_clinical", _judge_combined, {"reliable": RELIABLE, "cut_off": CUT_OFF}
    ),
)
