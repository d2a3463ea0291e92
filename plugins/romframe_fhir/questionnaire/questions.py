"""One item of a Questionnaire as a question: its answers, limits, condition and codes."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from romframe import AskedItem, AskedOption, Condition, Unsaid
from romframe_fhir.names import SYSTEMS
from romframe_fhir.questionnaire.answers import Answers
from romframe_fhir.questionnaire.elements import (
    DECIMALS,
    HIGH,
    LOW,
    SCALES,
    SHORT_TEXT,
    as_number,
    entries,
    extended,
)


Element = Mapping[str, Any]

_FINE = 2  # decimals, where a Questionnaire does not say how many
_TRUTH = (AskedOption("true"), AskedOption("false"))


@frozen
class Questions:
    """Reads questions; with `ours`, short texts are known to be labels of ours."""

    answers: Answers
    ours: bool
    unsaid: list[Unsaid] = field(factory=list)

    def asked(self, item: Element, kind: str, section: str) -> AskedItem:
        """Give an item of some kind as a question."""
        label = extended(item, SHORT_TEXT) if self.ours else ""
        required = item.get("required")
        common: dict[str, Any] = {
            "name": item["linkId"],
            "text": str(item.get("text", "")),
            "label": str(label or ""),
            "section": section,
            "required": required,
            "when": self._condition(item) if entries(item, "enableWhen") else None,
            "codes": self._codes(item),
        }
        if kind == "number":
            return AskedItem(kind="number", **common, **self._limits(item))
        if kind == "text":
            if item["type"] not in ("string", "text"):
                what = f"Answers of the type {item['type']} are kept as text."
                self._note(item, "said-otherwise", what)
            return AskedItem(kind="text", scale=self._scale(item), **common)
        options = _TRUTH if kind == "boolean" else self.answers.of(item)
        if item["type"].startswith("open"):
            self._note(item, "not-read", "Other answers than those listed may be given.")
        return AskedItem(kind="coded", options=options, scale=self._scale(item), **common)

    def _note(self, item: Element, code: str, what: str) -> None:
        self.unsaid.append(Unsaid(code, f"item {item['linkId']!r}", what))

    def _scale(self, item: Element) -> str:
        """Give our name of the item's response scale, which only our own Questionnaires have."""
        coded = entries(item, "code")
        named = (each for each in coded if str(each.get("system")).startswith(SCALES))
        return next((str(each.get("code")) for each in named if self.ours), "")

    def _limits(self, item: Element) -> dict[str, Any]:
        low, high = (as_number(extended(item, url)) for url in (LOW, HIGH))
        decimals = 0 if item["type"] == "integer" else extended(item, DECIMALS)
        if decimals is None:
            what = f"How many decimals a number has is not said: {_FINE} stand here."
            self._note(item, "not-said", what)
            decimals = _FINE
        step = round(0.1**decimals, decimals) if decimals else 1
        return {"low": low, "high": high, "step": step, "scale": self._scale(item)}

    def _condition(self, item: Element) -> Condition | None:
        """Give the answers of one other item that have this one asked, if that is what is said."""
        given = entries(item, "enableWhen")
        questions = {str(each.get("question")) for each in given}
        codes = [_wanted(each) for each in given]
        any_of = len(given) == 1 or item.get("enableBehavior") == "any"
        plain = all(each.get("operator") == "=" for each in given) and None not in codes
        if len(questions) == 1 and any_of and plain and item.get("required") is True:
            what = "It is asked only after some answers: it is always there, and then required."
            self._note(item, "said-otherwise", what)
            return Condition(questions.pop(), tuple(str(code) for code in codes))
        self._note(item, "not-read", "When it is asked (enableWhen) cannot be said in a spec.")
        return None

    def _codes(self, item: Element) -> dict[str, str]:
        systems = {url: system for system, url in SYSTEMS.items()}
        found: dict[str, str] = {}
        for each in entries(item, "code"):
            system = systems.get(str(each.get("system")), "")
            code = str(each.get("code", ""))
            if system and system not in found:
                found[system] = code
            elif not str(each.get("system")).startswith(SCALES):
                self._note(item, "not-read", f"The code {code!r} of {each.get('system')}.")
        return found


def _wanted(condition: Element) -> str | None:
    """Give the code of the answer that a condition asks for, None if it is not one code."""
    coding = condition.get("answerCoding")
    if isinstance(coding, dict) and "code" in coding:
        return str(coding["code"])
    whole = condition.get("answerInteger")
    if whole is not None:
        return str(whole)
    truth = condition.get("answerBoolean")
    return str(truth).lower() if isinstance(truth, bool) else None
