"""Scores as Observations: what a score is called, its value or why there is none."""

from collections.abc import Mapping
from typing import Any

from romframe import Instrument, Score
from romframe_fhir.names import SCORE, SCORES, SYSTEMS, UNITS
from romframe_fhir.records import reasons
from romframe_fhir.records.reasons import Fault


_UNIT = {"unit": "score", "system": UNITS, "code": "{score}"}
_HOW = ("status", "reason", "policy")


def codings(instrument: Instrument, score: Score, day: str) -> list[dict[str, str]]:
    """Name a score: by our id, and by the codes of terminologies that are valid on a day."""
    ours = {
        "system": SCORES + instrument.id,
        "version": instrument.version,
        "code": score.id,
        "display": score.name,
    }
    others = [
        {"system": SYSTEMS[code.system], "code": code.id}
        for code in score.codes
        if code.system in SYSTEMS and (code.valid_from or day) <= day <= (code.valid_to or day)
    ]
    return [ours, *others]


def value(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the elements that say what the score is, and how it came about."""
    how = [{"url": name, "valueString": str(row[name])} for name in _HOW if row[name] is not None]
    found: dict[str, Any] = {"extension": [{"url": SCORE, "extension": how}]}
    if row["value"] is None:
        found["dataAbsentReason"] = {"text": str(row["reason"] or row["status"])}
    else:
        found["valueQuantity"] = {"value": row["value"], **_UNIT}
    if row["band"] is not None:
        found["interpretation"] = [{"text": str(row["band"])}]
    return found


def names(instruments: Mapping[str, Instrument]) -> dict[tuple[str, str], tuple[str, str]]:
    """Give the measure and score that each system and code stands for.

    What several measures, or versions of one, have alike stands for the first that is listed; our
    own codes name the version too.
    """
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for name, instrument in instruments.items():
        ours = SCORES + instrument.id
        for score in instrument.scores if instrument.repeats is None else ():
            others = [(SYSTEMS.get(code.system, ""), code.id) for code in score.codes]
            exact = f"{ours}|{instrument.version}"
            for key in [(exact, score.id), (ours, score.id), *others]:
                found.setdefault(key, (name, score.id))
    return found


def keys(coding: Mapping[str, Any]) -> tuple[str, str]:
    """Give the system and code of a coding, with the version where it is a measure of ours."""
    system, code = str(coding.get("system", "")), str(coding.get("code", ""))
    if system.startswith(SCORES) and "version" in coding:
        system = f"{system}|{coding['version']}"
    return system, code


def given(observation: Mapping[str, Any]) -> str:
    """Give the number that an Observation has as its value; raises Fault where it is not exact."""
    quantity = observation.get("valueQuantity", {})
    number = quantity.get("value", observation.get("valueInteger"))
    if number is None or "comparator" in quantity:
        raise Fault(reasons.NO_VALUE)
    return str(number).removesuffix(".0")
