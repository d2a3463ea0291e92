"""One row of a survey as a question: its answers, limits and condition."""

import re
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from romframe import AskedItem, AskedOption, Condition, Unsaid
from romframe_forms.sayings import XLSFORM, condition, limits
from romframe_forms.xlsform.columns import LABEL, first, unread
from romframe_forms.xlsform.workbook import Row


_PARAMETER = re.compile(r"(start|end|step)\s*=\s*(-?[0-9]+(?:\.[0-9]+)?)")
_TRUTH = {"yes": True, "true": True, "true()": True, "no": False, "false": False, "false()": False}
_FINE = 0.01  # the step of a decimal number, which no XLSForm says


@frozen
class Questions:
    """Reads questions; `lists` has the answers by the names of their lists."""

    lists: Mapping[str, tuple[AskedOption, ...]]
    unsaid: list[Unsaid] = field(factory=list)

    def asked(self, row: Row, word: str, kind: str, listed: str, section: str) -> AskedItem:
        """Give a row as a question of some kind; its type is a word and perhaps a list's name."""
        for name in unread(row):
            self._note(row, "not-read", f"Nothing is made of {name}: {row[name]}.")
        common: dict[str, Any] = {
            "name": row.get("name", ""),
            "text": first(row, ("label",)),
            "label": row.get(LABEL, ""),
            "section": section,
            "required": self._required(row),
            "when": self._condition(row),
        }
        if kind == "number":
            return AskedItem(kind="number", **common, **self._limits(row, word))
        if kind == "text":
            if word not in ("string", "text"):
                what = f"Answers of the type {word} are kept as text."
                self._note(row, "said-otherwise", what)
            return AskedItem(kind="text", **common)
        name, _, more = listed.partition(" ")
        if more:
            self._note(row, "not-read", f"Other answers than those listed: {more}.")
        options = self.lists.get(name, ())
        return AskedItem(kind="coded", options=options, scale=name, **common)

    def _note(self, row: Row, code: str, what: str) -> None:
        self.unsaid.append(Unsaid(code, f"survey, row {row['row']}", what))

    def _required(self, row: Row) -> bool | None:
        said = row.get("required")
        if said is not None and said.lower() not in _TRUTH:
            self._note(row, "not-read", f"When it is required cannot be said: {said}.")
        return None if said is None else _TRUTH.get(said.lower())

    def _condition(self, row: Row) -> Condition | None:
        said = row.get("relevant")
        if said is None:
            return None
        found = condition(said, XLSFORM) if self._required(row) else None
        if found is None:
            self._note(row, "not-read", f"When it is asked cannot be said in a spec: {said}.")
        else:
            what = "It is asked only after some answers: it is always there, and then required."
            self._note(row, "said-otherwise", what)
        return found

    def _limits(self, row: Row, word: str) -> dict[str, Any]:
        """Give the ends and the step of a number."""
        if word == "range":
            said = dict(_PARAMETER.findall(row.get("parameters", "")))
            start, end, step = (said.get(key, other) for key, other in _SLIDER.items())
            return {"low": float(start), "high": float(end), "step": float(step)}
        found = limits(row.get("constraint", ""))
        if found is None and "constraint" in row:
            self._note(row, "not-read", f"This constraint is not understood: {row['constraint']}.")
        if word == "decimal":
            what = f"How fine a number is is not said: steps of {_FINE} stand here."
            self._note(row, "not-said", what)
        low, high = found or (None, None)
        return {"low": low, "high": high, "step": _FINE if word == "decimal" else 1}


_SLIDER = {"start": "1", "end": "10", "step": "1"}  # what ODK takes where a range does not say
