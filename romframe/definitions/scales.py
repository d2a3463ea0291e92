"""Response scales out of the answers that a form offers; the same answers are one scale."""

import math
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from romframe.definitions.model import AskedItem, AskedOption, Unsaid
from romframe.definitions.naming import as_id, tidy
from romframe.instruments.checks.answers import FINEST, LARGEST


Remark = tuple[str, str]

_WHOLE = re.compile(r"-?[1-9][0-9]{0,14}|0")


class Scales:
    """The response scales of one draft; `unsaid` collects what could not be said of them."""

    def __init__(self) -> None:
        self.data: dict[str, dict[str, Any]] = {}
        self.words: dict[str, dict[int | str, str]] = {}
        self.unsaid: list[Unsaid] = []
        self._known: dict[Any, str] = {}

    def of(self, item: AskedItem) -> str:
        """Give the id of the scale that an item's answers are on."""
        key = (item.scale, item.kind, item.options, item.low, item.high, item.step)
        if key not in self._known:
            self._known[key] = self._add(item)
        return self._known[key]

    def limits(self, scale: str) -> tuple[float, float] | None:
        """Give the lowest and highest value of a scale, None where its answers have no value."""
        given = self.data[scale]
        if "range" in given:
            low, high = given["range"]
            return low, high
        values = list(_values(given)) if "codes" in given and given.get("scored", True) else []
        return (min(values), max(values)) if values else None

    def _add(self, item: AskedItem) -> str:
        made_up = ("said-otherwise", "The form has no name for these answers: this one is made up.")
        remarks: list[Remark] = [] if item.scale else [made_up]
        if item.kind == "coded":
            scale = _coded(item.options, remarks)
        else:
            scale = _number(item, remarks) if item.kind == "number" else {"kind": "text"}
        lead = "text" if "kind" in scale else "answers"
        found = as_id(item.scale or lead, self.data, "answers_")
        self.data[found] = scale
        worded = [each for each in item.options if tidy(each.text) not in ("", tidy(each.label))]
        words = {code_of(each.code): tidy(each.text) for each in reversed(worded)}
        codes = scale.get("codes", {})
        self.words[found] = {code: words[code] for code in codes if code in words}
        place = f"response_scales.{found}"
        self.unsaid.extend(Unsaid(code, place, what) for code, what in remarks)
        return found


def code_of(text: str) -> int | str:
    """Give a code as a spec has it: a whole number where it is written as one."""
    plain = tidy(text)
    return int(plain) if _WHOLE.fullmatch(plain) else plain


def _values(scale: dict[str, Any]) -> Iterator[float]:
    for code, said in scale["codes"].items():
        if isinstance(said, dict):
            yield said["value"]
        elif isinstance(code, int):
            yield code


def _coded(options: Iterable[AskedOption], remarks: list[Remark]) -> dict[str, Any]:
    kept: dict[int | str, AskedOption] = {}
    for option in options:
        code = code_of(option.code)
        if code == "" or code in kept:
            what = f"The answer {option.text or option.code!r} has no code of its own; left out."
            remarks.append(("not-read", what))
        else:
            kept[code] = option
    if not kept:
        remarks.append(("not-read", "Which answers there are is not said: free text stands here."))
        return {"kind": "text"}
    values = [option.value for option in kept.values()]
    if all(each is not None for each in values) and _countable(values):
        return {"codes": {code: _said(code, option) for code, option in kept.items()}}
    if any(each is not None for each in values):
        what = "Not every answer has a value that could be counted: these answers are not scored."
        remarks.append(("not-read", what))
    else:
        what = "What the answers count is not said: they are kept and are in no score."
        remarks.append(("not-said", what))
    labels = {code: _label(code, option) for code, option in kept.items()}
    numbers = any(isinstance(code, int) for code in kept)
    return {"codes": labels, "scored": False} if numbers else {"codes": labels}


def _said(code: int | str, option: AskedOption) -> Any:
    value = number(option.value or 0)
    label = _label(code, option)
    return label if value == code else {"label": label, "value": value}


def _label(code: int | str, option: AskedOption) -> str:
    return tidy(option.label) or str(code)


def _number(item: AskedItem, remarks: list[Remark]) -> dict[str, Any]:
    ends = [each for each in (item.low, item.high) if each is not None]
    upwards = len(ends) == 2 and ends[0] < ends[1] and item.step > 0
    fine = upwards and _countable([*ends, item.step])
    if not fine or (Fraction(str(ends[1])) - Fraction(str(ends[0]))) % Fraction(str(item.step)):
        what = "From where to where the number can go is not said clearly: free text stands here."
        remarks.append(("not-said", what))
        return {"kind": "text"}
    step = {} if item.step == 1 else {"step": item.step}
    return {"range": [number(each) for each in ends], **step}


def _countable(values: Iterable[float | None]) -> bool:
    """Say whether values are numbers of a size and fineness that a spec can have."""
    numbers = [each or 0 for each in values]
    if not all(math.isfinite(each) and abs(each) <= LARGEST for each in numbers):
        return False
    return math.lcm(*(Fraction(str(each)).denominator for each in numbers)) <= FINEST


def number(value: float) -> int | float:
    """Give a number as it is written by hand: 3, not 3.0."""
    return int(value) if value == int(value) else value
