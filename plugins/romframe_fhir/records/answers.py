"""One answer: as the store keeps it, and as an element of a QuestionnaireResponse."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from romframe import Instrument, Item
from romframe_fhir.names import CODES, SECTION
from romframe_fhir.records.absent import reason


Write = Callable[[Any], dict[str, Any]]


def writers(instrument: Instrument) -> dict[str, Write]:
    """Give for each item what turns a stored answer into the value of a FHIR answer.

    A code is that of the box that was ticked, whichever way its item counts.
    """
    return {item.id: _writer(item, CODES + instrument.id) for item in instrument.items}


def _writer(item: Item, system: str) -> Write:
    scale = item.scale
    if scale.kind == "text":
        return lambda value: {"valueString": value}
    if scale.kind == "number":
        ends = (scale.low or 0) + (scale.high or 0)
        if scale.step != 1:
            return lambda value: {"valueDecimal": ends - value if item.reversed else value}
        return lambda value: {"valueInteger": int(ends - value if item.reversed else value)}
    codings = _codings(item, system)
    return lambda value: {"valueCoding": codings[value]}


def _codings(item: Item, system: str) -> dict[Any, dict[str, str]]:
    """Give the coding of the box that each stored answer stands for."""
    options = item.scale.options
    boxes: dict[Any, dict[str, str]] = {
        option.value if item.scale.scored else option.code: {
            "system": system,
            "code": str(option.code),
            "display": option.label,
        }
        for option in reversed(options)
    }
    if not item.reversed:
        return boxes
    values = sorted(boxes)
    return {value: boxes[box] for value, box in zip(values, reversed(values), strict=True)}


def element(link_id: str, value: Any, state: str | None, write: Write) -> dict[str, Any]:
    """Give an item of a response: with its answer, or with why there is none, or blank."""
    if state is not None:
        return {"linkId": link_id, "extension": [reason(state)]}
    if value is None:
        return {"linkId": link_id}
    return {"linkId": link_id, "answer": [write(value)]}


def in_sections(instrument: Instrument, elements: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Give the items of a response in the groups that the questionnaire has: one a section."""
    pairs = zip(instrument.items, elements, strict=True)
    for number, (section, part) in enumerate(groupby(pairs, lambda pair: pair[0].section), 1):
        found = [each for _, each in part]
        if section:
            yield {"linkId": f"{SECTION}{number}", "item": found}
        else:
            yield from found


def given(answer: Mapping[str, Any]) -> str | None:
    """Give the value of a FHIR answer as a cell; None where it has none that a cell can hold.

    The words beside a code are no code, and more or less than a number is no number.
    """
    for name, value in answer.items():
        if name == "valueCoding":
            return _text(value.get("code"))
        if name == "valueQuantity":
            return None if "comparator" in value else _text(value.get("value"))
        if name == "valueBoolean":
            return "true" if value else "false"
        if name.startswith("value") and not isinstance(value, dict):
            return str(value)
    return None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def system(answer: Mapping[str, Any]) -> str | None:
    """Give whose code an answer is; None where it is no code or nobody's."""
    found: str | None = answer.get("valueCoding", {}).get("system")
    return found
