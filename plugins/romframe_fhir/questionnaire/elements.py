"""Elements and extensions of Questionnaires by which a measure is said, and how to find them.

From FHIR R4 (hl7.org/fhir/R4/questionnaire.html) and Structured Data Capture (hl7.org/fhir/uv/sdc).
"""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from romframe_fhir.names import ITEM_WEIGHT, ORDINAL_VALUE


_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"

LOW, HIGH = f"{_EXTENSION}minValue", f"{_EXTENSION}maxValue"
DECIMALS = f"{_EXTENSION}maxDecimalPlaces"
SHORT_TEXT = f"{_SDC}sdc-questionnaire-shortText"
CALCULATED = f"{_SDC}sdc-questionnaire-calculatedExpression"
WEIGHTS = (  # the last three are those of FHIR STU3
    ITEM_WEIGHT,
    ORDINAL_VALUE,
    f"{_EXTENSION}questionnaire-ordinalValue",
    f"{_EXTENSION}valueset-ordinalValue",
    f"{_EXTENSION}codesystem-ordinalValue",
)
SCALES = "urn:romframe:scales:"  # and the measure's id: the ids of its response scales
WORDS = "urn:romframe:wording"  # tag: whose words the texts are
OUR_LABELS = "labels"


def kinds() -> dict[str, str]:
    """Give what each type of item is here; a type that is not listed cannot be asked."""
    text = files("romframe_fhir").joinpath("data/item_types.csv").read_text(encoding="utf-8")
    return {row["type"]: row["kind"] for row in csv.DictReader(text.splitlines())}


def extended(element: Mapping[str, Any], url: str) -> Any:
    """Give the value of an element's first extension of this kind, None if there is none."""
    for each in entries(element, "extension"):
        if each.get("url") == url:
            return next((value for key, value in each.items() if key.startswith("value")), None)
    return None


def entries(element: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Give the elements that stand in a list under a key, whatever else stands there."""
    found = element.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def as_number(value: Any) -> float | None:
    """Give a number, None where something else stands."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
