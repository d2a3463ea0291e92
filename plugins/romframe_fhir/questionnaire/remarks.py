"""Elements and extensions of a Questionnaire that are read nowhere, each listed once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from romframe import Unsaid
from romframe_fhir.questionnaire.elements import (
    CALCULATED,
    DECIMALS,
    HIGH,
    LOW,
    SHORT_TEXT,
    WEIGHTS,
    entries,
)


_FORM = {"copyright", "id", "item", "language", "meta", "name", "resourceType", "status", "title"}
_FORM |= {"contained", "extension", "url", "version"}
_OURS = {"description", "subjectType"}  # the note; that it is about a person goes without saying
_ITEM = {"answerOption", "answerValueSet", "code", "enableBehavior", "enableWhen", "extension"}
_ITEM |= {"item", "linkId", "readOnly", "repeats", "required", "text", "type"}
_READ = {CALCULATED, DECIMALS, HIGH, LOW, SHORT_TEXT, *WEIGHTS}


def remarks(resource: Mapping[str, Any], *, ours: bool) -> Iterator[Unsaid]:
    """List what nothing is made of: of the form, and of its items with how many have it."""
    read = _FORM | (_OURS if ours else set())
    left = sorted(key for key in resource if key not in read)
    if left:
        what = f"Nothing is made of these elements: {', '.join(left)}."
        yield Unsaid("not-read", "form", what)
    found: Counter[str] = Counter()
    for item in _all(resource):
        found.update(key for key in item if key not in _ITEM)
        for each in (item, *entries(item, "answerOption")):
            found.update(_unread(each))
    found.update(_unread(resource))
    for name, times in sorted(found.items()):
        yield Unsaid("not-read", "form", f"Nothing is made of {name} ({times} times).")


def _unread(element: Mapping[str, Any]) -> set[str]:
    urls = {str(each.get("url")) for each in entries(element, "extension")}
    return urls - _READ


def _all(element: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in entries(element, "item"):
        yield item
        yield from _all(item)
