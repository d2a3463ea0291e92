"""Why an answer is not there: our answer states and FHIR's reasons."""

import csv
import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any

from romframe_fhir.names import ABSENT


_STATE = "urn:romframe:state:"  # before a state, in the place of an answer: no answer looks so


@functools.cache
def states() -> Mapping[str, str]:
    """Give the answer state that each reason stands for; any other reason is a plain blank."""
    file = resources.files("romframe_fhir") / "data" / "absent.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {row["code"]: row["state"] for row in rows}


@functools.cache
def _reasons() -> Mapping[str, str]:
    return {state: code for code, state in reversed(list(states().items()))}


MISSING_CODES = {f"{_STATE}{state}": state for state in ("not_known", "not_applicable", "declined")}


def reason(state: str) -> dict[str, Any]:
    """Give the extension that says why an item has no answer."""
    return {"url": ABSENT, "valueCode": _reasons()[state]}


def cell(element: Mapping[str, Any]) -> str | None:
    """Give what stands in the place of the answer to an item without one; None for a blank."""
    for extension in element.get("extension", ()):
        if extension["url"] == ABSENT and extension.get("valueCode") in states():
            return f"{_STATE}{states()[extension['valueCode']]}"
    return None
