"""What a framework may say of timing: schedules, each with the instruments that it asks for."""

from collections.abc import Mapping
from typing import Any

from romframe.importing.kinds import TIMEPOINTS
from romframe.instruments.schema import CHANGE_RULE, INSTRUMENT


_ID = CHANGE_RULE["score"]
_TEXT = INSTRUMENT["note"]


def _lasts(field: str, value: Mapping[str, int], error: Any) -> None:
    if not any(value.values()):
        error(field, "This takes no time.|Say how many days, weeks or months it is.")


def _one_side(field: str, value: Mapping[str, Any], error: Any) -> None:
    for first, second in (("after", "before"), ("group", "where")):
        if first in value and second in value:
            what = f"Both {first!r} and {second!r} stand here."
            error(field, f"{what}|Keep one of them.")


def _some_day(field: str, value: Mapping[str, int], error: Any) -> None:
    if not value:
        error(field, "This window has no sides.|Write {before: 0, after: 7}, in days.")


def _needed(rules: Mapping[str, Any]) -> dict[str, Any]:
    return {**rules, "required": True}


_COUNT = {"type": "integer", "min": 0, "max": 10_000}
_SPAN = {
    "type": "dict",
    "empty": False,
    "schema": {"days": _COUNT, "weeks": _COUNT, "months": _COUNT},
}
_REPEAT = {
    "every": {**_SPAN, "required": True, "check_with": _lasts},
    "until": _ID,
    "at_most": {"type": "integer", "min": 1, "max": 1000},
}
SCHEDULE: dict[str, Any] = {
    "id": _needed(_ID),
    "name": _TEXT,
    "instruments": {"type": "list", "empty": False, "required": True, "schema": _TEXT},
    "timepoint": {"type": "string", "allowed": list(TIMEPOINTS)},
    "anchor": _needed(_ID),
    "after": _SPAN,
    "before": {**_SPAN, "check_with": _lasts},
    "window": {
        "type": "dict",
        "required": True,
        "schema": {"before": _COUNT, "after": _COUNT},
        "check_with": _some_day,
    },
    "repeat": {"type": "dict", "schema": _REPEAT},
    "group": _ID,
    "where": {"type": "dict", "empty": False},
    "defer": {"type": "dict", "schema": {"at_most": _needed(_COUNT)}},
}
TIMING = {
    "type": "list",
    "schema": {"type": "dict", "schema": SCHEDULE, "check_with": _one_side},
}
