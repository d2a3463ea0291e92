"""What a spec may say of the constants of these methods."""

from collections.abc import Mapping
from typing import Any


def _above_zero(field: str, value: float, error: Any) -> None:
    if not value > 0:
        error(field, f"{value} is not above zero.|Write a number above 0.")


def _below_one(field: str, value: float, error: Any) -> None:
    if not value < 1:
        error(field, "A reliability of 1 leaves no error of measurement.|Write a number below 1.")


def _one_threshold(field: str, value: Mapping[str, Any], error: Any) -> None:
    if len(value) != 1:
        error(field, "It is not clear what counts.|Give one of at_least and more_than.")


NUMBER = {"type": "number"}
ABOVE_ZERO = {"type": "number", "check_with": _above_zero}
_THRESHOLD = {"type": "dict", "required": True, "check_with": _one_threshold}
LEVEL = {**_THRESHOLD, "schema": {"at_least": NUMBER, "more_than": NUMBER}}
AMOUNT = {
    **_THRESHOLD,
    "schema": {"at_least": ABOVE_ZERO, "more_than": {"type": "number", "min": 0}},
}
RELIABILITY = {"type": "number", "required": True, "min": 0, "check_with": _below_one}
CORRELATION = {"type": "number", "min": -1, "max": 1}


def norms(*needed: str) -> dict[str, Any]:
    """Give the schema of a group's mean and SD at one time."""
    schema = {
        "mean": {**NUMBER, "required": "mean" in needed},
        "sd": {**ABOVE_ZERO, "required": "sd" in needed},
    }
    return {"type": "dict", "schema": schema}
