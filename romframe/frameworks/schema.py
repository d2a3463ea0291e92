"""The framework language, version 1, as a Cerberus schema: which keys exist, what may stand there.

What names something (an instrument, a rule, a group) is looked up by `romframe.frameworks.checks`.
"""

from collections.abc import Mapping
from typing import Any, get_args

from romframe.frameworks.model import (
    GOOD,
    KEPT_WELL,
    MEDIAN,
    MET,
    PAIRED,
    WORSE,
    Counted,
    FrameworkGroup,
    Rhythm,
    classes_of,
)
from romframe.frameworks.timing import TIMING
from romframe.importing.kinds import TIMEPOINTS
from romframe.instruments.schema import CHANGE_RULE, INSTRUMENT


LANGUAGE = 1
CLASSES = classes_of(KEPT_WELL)

_ID = CHANGE_RULE["score"]
_TEXT = INSTRUMENT["note"]


def _language(field: str, value: int, error: Any) -> None:
    if value != LANGUAGE:
        what = f"This is version {value} of the framework language; this romframe reads {LANGUAGE}."
        error(field, f"{what}|Write `romframe_framework: {LANGUAGE}`, or update romframe.")


def _bounds(field: str, value: Mapping[str, Any], error: Any) -> None:
    low, high = value.get("at_least"), value.get("at_most")
    if low is None and high is None:
        error(field, "This target has no bound.|Give at_least or at_most.")
    elif low is not None and high is not None and low > high:
        error(field, f"Nothing is at least {low} and at most {high}.|Correct one of the bounds.")
    elif value["figure"] != MEDIAN and (too_high := max(each or 0 for each in (low, high))) > 100:
        what = f"{too_high} cannot be reached: {value['figure']!r} is a share, in per cent."
        error(field, f"{what}|Write a number from 0 to 100.")


def _told(field: str, value: Mapping[str, Any], error: Any) -> None:
    if not ("measures" in value or "indicators" in value):
        error(field, "Nothing tells whether this outcome came about.|Add measures or indicators.")


def _each_once(field: str, value: list[Any], error: Any) -> None:
    twice = next((each for index, each in enumerate(value) if each in value[:index]), None)
    if twice is not None:
        error(field, f"{twice!r} is listed twice.|List it once.")


def _one_target_each(field: str, value: list[Any], error: Any) -> None:
    figures = [target["figure"] for target in value]
    twice = next((each for index, each in enumerate(figures) if each in figures[:index]), None)
    if twice is not None:
        error(field, f"{twice!r} has two targets.|Put both bounds into one.")


def _good_or_worse(field: str, value: Mapping[str, Any], error: Any) -> None:
    usual = FrameworkGroup("", "")
    good = classes_of(value.get("good", usual.good))
    worse = classes_of(value.get("worse", usual.worse))
    for name, classes in (("good", good), ("worse", worse)):
        if len(set(classes)) < len(classes):
            error(field, f"`{name}` names a class twice over.|{_SPELT_OUT}")
    both = sorted({*good} & {*worse})
    if both:
        error(field, f"{both[0]!r} is both good and worse.|Take it out of one of the two.")


_SPELT_OUT = "Name each once: " + ", ".join(
    f"`{name}` is {' or '.join(classes)}" for name, classes in KEPT_WELL.items()
)
_SPELT_OUT += "."


def _needed(rules: Mapping[str, Any]) -> dict[str, Any]:
    return {**rules, "required": True}


def _one_of(*words: str) -> dict[str, Any]:
    return {"type": "string", "allowed": list(words)}


def _list(rules: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "list", "empty": False, "schema": rules, **more}


def _dict(schema: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "dict", "schema": schema, **more}


def _targets(*figures: str) -> dict[str, Any]:
    bound = {"type": "number", "min": 0}
    target = {
        "figure": _needed(_one_of(*figures)),
        "at_least": bound,
        "at_most": bound,
        "source": _ID,
    }
    return _list(_dict(target, check_with=_bounds), check_with=_one_target_each)


_GROUP_CLASSES = _list(_one_of(*CLASSES, *KEPT_WELL), check_with=_each_once)
_TIMES = _list(_one_of(*TIMEPOINTS), check_with=_each_once)
GROUP = {
    "id": _needed(_ID),
    "name": _needed(_TEXT),
    "where": {"type": "dict", "empty": False},
    "good": _GROUP_CLASSES,
    "worse": _GROUP_CLASSES,
}
MEASURE = {
    "id": _needed(_ID),
    "instrument": _needed(_TEXT),
    "score": _needed(_ID),
    "group": _needed(_ID),
    "rule": _ID,
    "first": _TIMES,
    "last": _TIMES,
    "targets": _targets(GOOD, WORSE, PAIRED, *CLASSES),
}
INDICATOR = {
    "id": _needed(_ID),
    "indicator": _needed(_ID),
    "name": _needed(_TEXT),
    "params": {"type": "dict"},
    "group": _ID,
    "targets": _targets(MET, MEDIAN),
}
OUTCOME = {
    "id": _needed(_ID),
    "says": _needed(_TEXT),
    "measures": _list(_dict(MEASURE)),
    "indicators": _list(_dict(INDICATOR)),
}
REPORTING = {
    "every": _needed(_one_of(*get_args(Rhythm))),
    "over": {"type": "integer", "min": 1, "max": 120},
    "counted": _one_of(*get_args(Counted)),
}
FRAMEWORK: dict[str, Any] = {
    "romframe_framework": {"type": "integer", "required": True, "check_with": _language},
    "id": _needed(_ID),
    "version": _needed(_TEXT),
    "name": _needed(_TEXT),
    "commissioner": _TEXT,
    "reporting": _dict(REPORTING, required=True),
    "disclosure": _TEXT,
    "pairing": _TEXT,
    "groups": _list(_dict(GROUP, check_with=_good_or_worse)),
    "outcomes": _list(_dict(OUTCOME, check_with=_told), required=True),
    "may_not_conclude": _list(_TEXT),
    "timing": TIMING,
    "sources": {
        "type": "dict",
        "empty": False,
        "keysrules": _ID,
        "valuesrules": _dict({"cite": _needed(_TEXT), "url": _TEXT, "note": _TEXT}),
    },
}
