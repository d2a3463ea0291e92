"""The answers that an item of a Questionnaire offers, with what each counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from romframe import AskedOption, Unsaid
from romframe_fhir.questionnaire.elements import WEIGHTS, as_number, entries, extended


Element = Mapping[str, Any]


@frozen
class Answers:
    """Reads the answers of items; `sets` are the value sets that the resource brings along.

    With `ours`, the words of an answer are known to be a label of ours.
    """

    sets: Mapping[str, Element]
    ours: bool
    unsaid: list[Unsaid] = field(factory=list)

    def of(self, item: Element) -> tuple[AskedOption, ...]:
        """Give the answers of an item, none where they are not spelled out."""
        given = entries(item, "answerOption")
        if given:
            return tuple(self._option(item, n, each) for n, each in enumerate(given, 1))
        named = item.get("answerValueSet")
        if isinstance(named, str):
            found = self.sets.get(named.partition("|")[0])
            concepts = list(_concepts(found)) if found is not None else []
            if not concepts:
                what = f"The value set {named} is not spelled out in this file."
                self.unsaid.append(Unsaid("not-read", _where(item), what))
            return tuple(self._coded(item, each, {}) for each in concepts)
        return ()

    def _option(self, item: Element, number: int, option: Element) -> AskedOption:
        coding = option.get("valueCoding")
        if isinstance(coding, dict):
            return self._coded(item, coding, option)
        whole = as_number(option.get("valueInteger"))
        if whole is not None:
            return AskedOption(str(whole), value=whole)
        text = next((str(each) for key, each in option.items() if key.startswith("value")), "")
        what = f"Answer {number} is a text and has no code: option_{number} stands here."
        self.unsaid.append(Unsaid("said-otherwise", _where(item), what))
        return AskedOption(f"option_{number}", text, self._weight(item, option))

    def _coded(self, item: Element, coding: Element, around: Element) -> AskedOption:
        code, text = str(coding.get("code", "")), str(coding.get("display", ""))
        value = self._weight(item, around, coding)
        return AskedOption(code, text, value, text if self.ours else "")

    def _weight(self, item: Element, *elements: Element) -> float | None:
        """Give what an answer counts; None where that is not said, or said in two ways."""
        said = [as_number(extended(each, url)) for each in elements for url in WEIGHTS]
        weights = sorted({each for each in said if each is not None})
        if len(weights) > 1:
            what = f"An answer has more than one weight: {', '.join(map(str, weights))}."
            self.unsaid.append(Unsaid("not-read", _where(item), what))
        return weights[0] if len(weights) == 1 else None


def _where(item: Element) -> str:
    return f"item {item['linkId']!r}"


def value_sets(resource: Element) -> dict[str, Element]:
    """Give the value sets inside a resource, by what items may call them."""
    found: dict[str, Element] = {}
    for each in entries(resource, "contained"):
        if each.get("resourceType") == "ValueSet":
            found[f"#{each.get('id')}"] = each
            found[str(each.get("url"))] = each
    return found


def _concepts(value_set: Element) -> Iterator[Element]:
    """Give the codes of a value set: of its expansion, or else those that it lists."""
    expansion, compose = (value_set.get(key) or {} for key in ("expansion", "compose"))
    expanded = list(_contained(expansion))
    if expanded:
        yield from expanded
        return
    for include in entries(compose, "include"):
        yield from entries(include, "concept")


def _contained(element: Element) -> Iterator[Element]:
    for each in entries(element, "contains"):
        if "code" in each and not each.get("abstract"):
            yield each
        yield from _contained(each)
