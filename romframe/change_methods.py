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
from romframe.instruments import build as spec
from romframe.instruments.model import Direction
from romframe.instruments.schema import MethodTerms
from romframe.validation import Schema


NOT_CLASSIFIED = "not_classified"


@frozen
class ChangeInputs:
    """What a method builds its expressions from.

    The columns `first`, `last`, `change` and `improvement` are there, and whatever attributes of the
    person the caller's data have (`columns` lists all). `better` is the score's direction.
    """

    better: Direction
    columns: tuple[str, ...]
    params: Mapping[str, Any]


@frozen
class ChangeVerdict:
    """A method's answer, as text expressions; null means not classified, or not asked."""

    outcome: pl.Expr
    reliable: pl.Expr = pl.lit(None, pl.String)
    clinical: pl.Expr = pl.lit(None, pl.String)


@frozen
class ChangeMethod:
    """A named way to judge change; `params` is the Cerberus schema of its constants."""

    name: str
    build: Callable[[ChangeInputs], ChangeVerdict]
    params: Schema
    by_item: bool = False

    @property
    def terms(self) -> MethodTerms:
        """What the spec language must know of this method."""
        return MethodTerms(self.params)


def _near(expression: pl.Expr) -> pl.Expr:
    return expression.round(9)


def _beyond(value: pl.Expr, criterion: Mapping[str, Any], sign: int = 1) -> pl.Expr:
    """Say whether a value passes a criterion's threshold, with its comparator."""
    turned = _near(value * sign)
    if "at_least" in criterion:
        return turned >= criterion["at_least"]
    return turned > criterion["more_than"]


def _reliable(inputs: ChangeInputs) -> pl.Expr:
    criterion = inputs.params["reliable"]
    if "sd" in criterion:
        criterion = {"more_than": reliable_change_index(**criterion)}
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
    if params["criterion"] == "a":
        return params["clinical_mean"] + towards_health * 2 * params["clinical_sd"]
    if params["criterion"] == "b":
        return params["functional_mean"] - towards_health * 2 * params["functional_sd"]
    sum_of_sds = params["clinical_sd"] + params["functional_sd"]
    return (
        params["clinical_sd"] * params["functional_mean"]
        + params["functional_sd"] * params["clinical_mean"]
    ) / sum_of_sds


def _cut_off(inputs: ChangeInputs) -> pl.Expr:
    params = inputs.params["cut_off"]
    if "rows" in params:
        table = spec.keyed(params, lambda row: row["value"], "value")
        return keyed.choose(table, inputs.columns, pl.lit, pl.Float64)
    return pl.lit(params["value"] if "value" in params else cut_off_from_norms(params, inputs.better))


def _clinical(inputs: ChangeInputs) -> pl.Expr:
    """Give the move across the cut-off; null where the person's cut-off is unknown."""
    side = inputs.params["cut_off"]["clinical"]
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
    moves = _moves(_beyond(pl.col("first"), criterion), _beyond(pl.col("last"), criterion), "high", "low")
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


def _one_threshold(field: str, value: Mapping[str, Any], error: Any) -> None:
    ways = ("at_least" in value) + ("more_than" in value) + ("sd" in value)
    if ways != 1:
        error(field, "It is not clear what counts.|Give one of at_least, more_than, or sd with reliability.")
    elif "sd" in value and "reliability" not in value:
        error(field, "An SD alone gives no threshold.|Add the reliability.")


def _one_cut_off(field: str, value: Mapping[str, Any], error: Any) -> None:
    norms = {"a": ("clinical",), "b": ("functional",), "c": ("clinical", "functional")}
    if ("value" in value) + ("criterion" in value) + ("rows" in value) != 1:
        error(field, "It is not clear where the cut-off is.|Give one of value, criterion, or by with rows.")
    for group in norms.get(value.get("criterion", ""), ()):
        if f"{group}_mean" not in value or f"{group}_sd" not in value:
            error(field, f"This criterion needs norms.|Add {group}_mean and {group}_sd.")


_NUMBER = {"type": "number"}
_POSITIVE = {"type": "number", "min": 0}
_THRESHOLD = {"at_least": _POSITIVE, "more_than": _POSITIVE}
RELIABLE: Schema = {
    "type": "dict",
    "required": True,
    "check_with": _one_threshold,
    "schema": {
        **_THRESHOLD,
        "sd": {"type": "number", "min": 0.000001},
        "reliability": {"type": "number", "min": 0, "max": 1},
        "z": {"type": "number", "min": 0.000001},
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
            f"{group}_{what}": _NUMBER for group in ("clinical", "functional") for what in ("mean", "sd")
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
_FIXED: Schema = {
    "type": "dict",
    "required": True,
    "check_with": _one_threshold,
    "schema": _THRESHOLD,
}

CHANGE_METHODS: tuple[ChangeMethod, ...] = (
    ChangeMethod("reliable", _judge_reliable, {"reliable": RELIABLE}),
    ChangeMethod("clinical", _judge_clinical, {"cut_off": CUT_OFF}),
    ChangeMethod("reliable_and_clinical", _judge_combined, {"reliable": RELIABLE, "cut_off": CUT_OFF}),
    ChangeMethod("categorical", _judge_categorical, {"high": _FIXED}, by_item=True),
    ChangeMethod(
        "percentage",
        _judge_percentage,
        {"improved": {**_POSITIVE, "required": True}, "deteriorated": _POSITIVE},
    ),
    ChangeMethod(
        "anchor", _judge_anchor, {"important": _FIXED, "important_worse": {**_FIXED, "required": False}}
    ),
)
