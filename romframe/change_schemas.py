"""What a spec may say of thresholds, cut-offs and a second measure, as Cerberus schemas."""

from collections.abc import Mapping
from typing import Any

from romframe.instruments.schema import CHANGE_RULE
from romframe.validation import Schema


_BESIDE = {  # which words for the healthy side leave no score on both sides
    "at_least": ("less_than",),
    "more_than": ("at_most", "less_than"),
    "at_most": ("more_than",),
    "less_than": ("at_least", "more_than"),
}
_NORMS = {"a": ("clinical",), "b": ("functional",), "c": ("clinical", "functional")}


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
    if ("value" in value) + ("criterion" in value) + ("rows" in value) != 1:
        error(
            field,
            "It is not clear where the cut-off is.|Give one of value, criterion, or by with rows.",
        )
    if ("rows" in value) != ("by" in value):
        error(field, "A table of cut-offs has by and rows.|Give both, or neither.")
    for group in _NORMS.get(value.get("criterion", ""), ()):
        if f"{group}_mean" not in value or f"{group}_sd" not in value:
            error(field, f"This criterion needs norms.|Add {group}_mean and {group}_sd.")
    beside = _BESIDE[value["clinical"]]
    if value.get("non_clinical", beside[0]) not in beside:
        mend = f"Write `non_clinical: {beside[-1]}`, or delete it."
        error(field, f"The two sides of the cut-off overlap or are the same.|{mend}")


_NUMBER = {"type": "number"}
_ABOVE_ZERO = {"type": "number", "check_with": _above_zero}
_SIDE = {"type": "string", "allowed": list(_BESIDE)}
RELIABLE: Schema = {
    "type": "dict",
    "required": True,
    "check_with": _one_threshold,
    "schema": {
        "at_least": _ABOVE_ZERO,
        "more_than": {"type": "number", "min": 0},
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
        "clinical": {**_SIDE, "required": True},
        "non_clinical": _SIDE,
        "criterion": {"type": "string", "allowed": list(_NORMS)},
        **{
            f"{group}_{what}": rules
            for group in _NORMS["c"]
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
_NAME = CHANGE_RULE["score"]
COMPANION: Schema = {
    "type": "dict",
    "required": True,
    "schema": {
        "instrument": {**_NAME, "required": True},
        "score": {**_NAME, "required": True},
        "rule": _NAME,
    },
}
