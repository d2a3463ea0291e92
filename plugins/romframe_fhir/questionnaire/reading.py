"""From a Questionnaire to a form as romframe understands it, and so to a draft."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from romframe import AskedForm, AskedItem, AskedScore, DefinitionDraft, Unsaid, draft_definition
from romframe_fhir.names import QUESTIONNAIRE, SECTION
from romframe_fhir.questionnaire.answers import Answers, value_sets
from romframe_fhir.questionnaire.elements import (
    CALCULATED,
    OUR_LABELS,
    WORDS,
    entries,
    extended,
    kinds,
)
from romframe_fhir.questionnaire.opening import open_questionnaire
from romframe_fhir.questionnaire.ours import restored
from romframe_fhir.questionnaire.questions import Questions
from romframe_fhir.questionnaire.remarks import remarks
from romframe_fhir.questionnaire.sums import understood


Element = Mapping[str, Any]


def read(path: Path) -> DefinitionDraft:
    """Draft a spec of the Questionnaire in a file, and list what it says that a spec cannot.

    Raises DataError where the file holds no sound Questionnaire, UsageError without the library.
    """
    resource, unsaid = open_questionnaire(path)
    url = str(resource.get("url", ""))
    ours = url.startswith(QUESTIONNAIRE)
    tags = entries(resource.get("meta", {}), "tag")
    labelled = any((each.get("system"), each.get("code")) == (WORDS, OUR_LABELS) for each in tags)
    answers = Answers(value_sets(resource), ours and labelled)
    reader = _Reader(Questions(answers, ours), kinds())
    items = list(reader.items(resource, ""))
    known = list(restored(items)) if ours else items
    scores = list(reader.scores({item.name: item for item in known}))
    form = AskedForm(
        file=path.name,
        id=url.removeprefix(QUESTIONNAIRE) if ours else str(resource.get("name") or path.stem),
        title=str(resource.get("title") or resource.get("name") or path.stem),
        items=tuple(known),
        scores=tuple(scores),
        version=str(resource.get("version", "")),
        locale=str(resource.get("language", "")),
        note=str(resource.get("description", "")) if ours else "",
        terms=str(resource.get("copyright", "")),
        unsaid=(
            *unsaid,
            *reader.unsaid,
            *reader.questions.unsaid,
            *answers.unsaid,
            *remarks(resource, ours=ours),
        ),
    )
    return draft_definition(form)


@frozen
class _Reader:
    """Goes through the items of a Questionnaire, groups and all."""

    questions: Questions
    kinds: Mapping[str, str]
    unsaid: list[Unsaid] = field(factory=list)
    calculated: list[Element] = field(factory=list)

    def items(self, element: Element, section: str) -> Iterator[AskedItem]:
        """Give every question in or below an element, in the order of the form."""
        for item in entries(element, "item"):
            kind = self.kinds.get(str(item.get("type")), "")
            self._look(item, kind)
            if kind == "group":
                yield from self.items(item, self._section(item))
                continue
            if extended(item, CALCULATED) is not None:
                self.calculated.append(item)
            elif kind not in ("", "display"):
                yield self.questions.asked(item, kind, section)
            yield from self.items(item, section)

    def _section(self, group: Element) -> str:
        ours = self.questions.ours and group["linkId"].startswith(SECTION)
        return str(group.get("text", "")) if ours else str(group["linkId"])

    def _look(self, item: Element, kind: str) -> None:
        """Note what an item of this kind does that a spec cannot say."""
        if not kind:
            self._note(item, f"A spec has no answers of the type {item.get('type')}: left out.")
        if kind == "display":
            self._note(item, "A text that is only shown is left out.")
        if item.get("repeats"):
            self._note(item, "It may be answered more than once; a spec takes one answer.")
        if kind == "group" and entries(item, "enableWhen"):
            self._note(item, "When this group is asked (enableWhen) cannot be said in a spec.")
        if kind not in ("group", "") and entries(item, "item"):
            self._note(item, "Items inside a question stand after it.")

    def _note(self, item: Element, what: str) -> None:
        self.unsaid.append(Unsaid("not-read", f"item {item['linkId']!r}", what))

    def scores(self, known: Mapping[str, AskedItem]) -> Iterator[AskedScore]:
        """Give each calculated sum that is exactly understood; note the others."""
        for item in self.calculated:
            said = extended(item, CALCULATED)
            expression = said.get("expression") if isinstance(said, dict) else None
            found = understood(str(expression or ""))
            kind = "coded" if found is not None and found.weights else "number"
            if found is None or any(
                name not in known or known[name].kind != kind for name in found.items
            ):
                self._note(item, "How it is calculated is not understood: it is left out.")
                continue
            if not found.strict:
                what = "The file adds up what is there; the draft refuses where an answer is gone."
                self.unsaid.append(Unsaid("said-otherwise", f"item {item['linkId']!r}", what))
            title = str(item.get("text", "")) if self.questions.ours else ""
            yield AskedScore(str(item["linkId"]), found.items, title)
