"""How change is judged: the contract of a change method, and the built-in ones.

Comparisons are made after rounding to a billionth, so that a difference of two prorated scores
that is exactly a threshold on paper is exactly that threshold here.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from attrs import frozen

from romframe import keyed
from romframe.errors import Problem, UsageError
from romframe.instruments import build as spec
from romframe.instruments.checks.thresholds import CLINICAL_SIDES
from romframe.instruments.model import Direction
from romframe.instruments.schema import MethodTerms
from romframe.validation import Schema


NOT_CLASSIFIED = "not_classified"
_NOT_ASKED = pl.lit(None, pl.String)
_DIGITS = 9


@frozen
class ChangeInputs:
    """What a method builds its expressions from.

    The columns `first`, `last`, `change` and `improvement` are there, and whatever attributes of
    the person the caller's data have (`columns` lists all). `better` is the score's direction.
    """

    better: Direction
    columns: tuple[str, ...]
    params: Mapping[str, Any]


@frozen
class ChangeVerdict:
    """A method's answer, as text expressions; null means not classified, or not asked."""

    outcome: pl.Expr
    reliable: pl.Expr = _NOT_ASKED
    clinical: pl.Expr = _NOT_ASKED


@frozen
class ChangeMethod:
    """A named way to judge change; `params` is the Cerberus schema of its constants."""

    name: str
    build: Callable[[ChangeInputs], ChangeVerdict]
    params: Schema

    @property
    def terms(self) -> MethodTerms:
        """What the spec language must know of this method."""
        return MethodTerms(self.params)


def _near(expression: pl.Expr) -> pl.Expr:
    return expression.round(_DIGITS)


def _beyond(value: pl.Expr, criterion: Mapping[str, Any], sign: int = 1) -> pl.Expr:
    """Say whether a value passes a criterion's threshold, with its comparator."""
    turned = _near(value * sign)
    if "at_least" in criterion:
        return turned.ge(criterion["at_least"])
    return turned.gt(criterion["more_than"])


def _reliable(inputs: ChangeInputs) -> pl.Expr:
    criterion = inputs.params["reliable"]
    if "sd" in criterion:
        criterion = {"more_than": round(reliable_change_index(**criterion), _DIGITS)}
    return _classes(criterion, criterion)


def _classes(better: Mapping[str, Any], worse: Mapping[str, Any]) -> pl.Expr:
    improvement = pl.col("improvement")
    return (
        pl.when(_beyond(improvement, better))
        .then(pl.lit("improved"))
        .when(_beyond(improvement, worse, -1))
        .then(pl.lit("deteriorated"))
        .otherwise(pl.lit("unchanged"))
    )


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


def _cut_off(inputs: ChangeInputs) -> pl.Expr:
    params = inputs.params["cut_off"]
    if "rows" in params:
        table = spec.keyed(params, lambda row: row["value"], "value")
        return keyed.choose(table, inputs.columns, pl.lit, pl.Float64)
    if "value" in params:
        return pl.lit(params["value"])
    return pl.lit(round(cut_off_from_norms(params, inputs.better), _DIGITS))


def _clinical(inputs: ChangeInputs) -> pl.Expr:
    """Give the move across the cut-off; null where the person's cut-off is unknown."""
    side = inputs.params["cut_off"]["clinical"]
    if side not in CLINICAL_SIDES[inputs.better]:
        what = f"Clinical scores cannot be {side!r} the cut-off where {inputs.better} is better."
        mend = f"Write `clinical: {CLINICAL_SIDES[inputs.better][0]}`."
        raise UsageError(Problem("cut-off-side", what, mend))
    cut_off = _cut_off(inputs)

    def is_clinical(column: str) -> pl.Expr:
        value = _near(pl.col(column))
        tests = {
            "at_least": value >= cut_off,
            "more_than": value > cut_off,
            "at_most": value <= cut_off,
            "less_than": value < cut_off,
        }
        return tests[side]

    return _moves(is_clinical("first"), is_clinical("last"), "clinical", "non_clinical")


def _moves(first: pl.Expr, last: pl.Expr, on: str, off: str) -> pl.Expr:
    return (
        pl.when(first & ~last)
        .then(pl.lit(f"{on}_to_{off}"))
        .when(~first & last)
        .then(pl.lit(f"{off}_to_{on}"))
        .when(first & last)
        .then(pl.lit(f"stayed_{on}"))
        .when(~first & ~last)
        .then(pl.lit(f"stayed_{off}"))
    )


def _judge_reliable(inputs: ChangeInputs) -> ChangeVerdict:
    reliable = _reliable(inputs)
    return ChangeVerdict(reliable, reliable)


def _judge_clinical(inputs: ChangeInputs) -> ChangeVerdict:
    clinical = _clinical(inputs)
    return ChangeVerdict(_of_moves(clinical, "clinical", "non_clinical"), clinical=clinical)


def _of_moves(moves: pl.Expr, on: str, off: str) -> pl.Expr:
    return moves.replace_strict(
        {
            f"{on}_to_{off}": "improved",
            f"{off}_to_{on}": "deteriorated",
            f"stayed_{on}": "unchanged",
            f"stayed_{off}": "unchanged",
        },
        default=None,
        return_dtype=pl.String,
    )


def _judge_combined(inputs: ChangeInputs) -> ChangeVerdict:
    reliable, clinical = _reliable(inputs), _clinical(inputs)
    outcome = (
        pl.when(clinical.is_null())
        .then(pl.lit(None, pl.String))
        .when((reliable == "improved") & (clinical == "clinical_to_non_clinical"))
        .then(pl.lit("recovered"))
        .when((reliable == "deteriorated") & (clinical == "non_clinical_to_clinical"))
        .then(pl.lit("harmed"))
        .otherwise(reliable)
    )
    return ChangeVerdict(outcome, reliable, clinical)


def _judge_categorical(inputs: ChangeInputs) -> ChangeVerdict:
    criterion = inputs.params["high"]
    moves = _moves(
        _beyond(pl.col("first"), criterion), _beyond(pl.col("last"), criterion), "high", "low"
    )
    if inputs.better == "higher":
        return ChangeVerdict(_of_moves(moves, "low", "high"), clinical=moves)
    return ChangeVerdict(_of_moves(moves, "high", "low"), clinical=moves)


def _judge_percentage(inputs: ChangeInputs) -> ChangeVerdict:
    first = pl.col("first")
    percent = pl.col("improvement") * 100 / first.abs()
    improved, worse = inputs.params["improved"], inputs.params.get("deteriorated")
    outcome = (
        pl.when(first == 0)
        .then(pl.lit(None, pl.String))
        .when(_near(percent) >= improved)
        .then(pl.lit("improved"))
        .when(_near(-percent) >= (improved if worse is None else worse))
        .then(pl.lit("deteriorated"))
        .otherwise(pl.lit("unchanged"))
    )
    return ChangeVerdict(outcome)


def _judge_anchor(inputs: ChangeInputs) -> ChangeVerdict:
    better = inputs.params["important"]
    return ChangeVerdict(_classes(better, inputs.params.get("important_worse", better)))


def _above_zero(field: str, value: float, error: Any) -> None:
    if not value > 0:
        error(field, f"{value} is not above zero.|Write a number above 0.")


def _one_threshold(field: str, value: Mapping[str, Any], error: Any) -> None:
    ways = ("at_least" in value) + ("more_than" in value) + ("sd" in value)
    if ways != 1:
        error(
            field,
            "It is not clear what counts.|Give one of at_least, more_than, or sd with reliability.",
        )
    elif "sd" in value and "reliability" not in value:
        error(field, "An SD alone gives no threshold.|Add the reliability.")


def _one_cut_off(field: str, value: Mapping[str, Any], error: Any) -> None:
    norms = {"a": ("clinical",), "b": ("functional",), "c": ("clinical", "functional")}
    if ("value" in value) + ("criterion" in value) + ("rows" in value) != 1:
        error(
            field,
            "It is not clear where the cut-off is.|Give one of value, criterion, or by with rows.",
        )
    if ("rows" in value) != ("by" in value):
        error(field, "A table of cut-offs has by and rows.|Give both, or neither.")
    for group in norms.get(value.get("criterion", ""), ()):
        if f"{group}_mean" not in value or f"{group}_sd" not in value:
            error(field, f"This criterion needs norms.|Add {group}_mean and {group}_sd.")


_NUMBER = {"type": "number"}
_ABOVE_ZERO = {"type": "number", "check_with": _above_zero}
_CHANGE = {"at_least": _ABOVE_ZERO, "more_than": {"type": "number", "min": 0}}
RELIABLE: Schema = {
    "type": "dict",
    "required": True,
    "check_with": _one_threshold,
    "schema": {
        **_CHANGE,
        "sd": _ABOVE_ZERO,
        "reliability": {"type": "number", "min": 0, "max": 1},
        "z": _ABOVE_ZERO,
    },
}
CUT_OFF: Schema = {
    "type": "dict",
    "required": True,
    "check_with": _one_cut_off,
    "schema": {
        "value": _NUMBER,
        "clinical": {
            "type": "string",
            "required": True,
            "allowed": ["at_least", "more_than", "at_most", "less_than"],
        },
        "criterion": {"type": "string", "allowed": ["a", "b", "c"]},
        **{
            f"{group}_{what}": rules
            for group in ("clinical", "functional")
            for what, rules in (("mean", _NUMBER), ("sd", _ABOVE_ZERO))
        },
        "by": {"type": "list", "schema": {"type": "string"}},
        "rows": {
            "type": "list",
            "schema": {
                "type": "dict",
                "schema": {"value": {**_NUMBER, "required": True}},
                "allow_unknown": {"type": ["string", "list"]},
            },
        },
    },
}
_LEVEL: Schema = {
    "type": "dict",
    "required": True,
    "check_with": _one_threshold,
    "schema": {"at_least": _NUMBER, "more_than": _NUMBER},
}
_FIXED: Schema = {
    "type": "dict",
    "required": True,
    "check_with": _one_threshold,
    "schema": _CHANGE,
}

CHANGE_METHODS: tuple[ChangeMethod, ...] = (
    ChangeMethod("reliable", _judge_reliable, {"reliable": RELIABLE}),
    ChangeMethod("clinical", _judge_clinical, {"cut_off": CUT_OFF}),
    ChangeMethod(
        "reliable_and_clinical", _judge_combined, {"reliable": RELIABLE, "cut_off": CUT_OFF}
    ),
    ChangeMethod("categorical", _judge_categorical, {"high": _LEVEL}),
    ChangeMethod(
        "percentage",
        _judge_percentage,
        {"improved": {**_ABOVE_ZERO, "required": True}, "deteriorated": _ABOVE_ZERO},
    ),
    ChangeMethod(
        "anchor",
        _judge_anchor,
        {"important": _FIXED, "important_worse": {**_FIXED, "required": False}},
    ),
)
