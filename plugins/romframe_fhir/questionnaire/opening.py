"""A file with a Questionnaire, opened: JSON, of a size that a measure can have, with its ids."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from romframe import DataError, Place, Problem, Unsaid
from romframe_fhir.questionnaire.elements import entries
from romframe_fhir.questionnaire.validity import sound


MOST_ITEMS = 1000
MOST_LEVELS = 30
MOST_ANSWERS = 20_000
MOST_BYTES = 10_000_000


def open_questionnaire(path: Path) -> tuple[dict[str, Any], list[Unsaid]]:
    """Give the Questionnaire in a file, as far as it is sound FHIR R4, and list what is not.

    Raises DataError where the file cannot be read, is another resource, is larger than a measure
    can be, or has items without an id of their own.
    """
    resource = _read(path)
    kind = resource.get("resourceType")
    if kind != "Questionnaire":
        told = f"{kind[:40]!r}" if isinstance(kind, str) else "no FHIR resource"
        mend = "Give a file that holds one Questionnaire; take it out of a Bundle."
        _refuse(path, "definition-resource", f"This is {told}, not a Questionnaire.", mend)
    items = list(_items(path, resource))
    _check_ids(path, items)
    older = [Unsaid("said-otherwise", "form", _OLDER)] if _brought_up_to_date(items) else []
    try:
        kept, unsaid = sound(resource, str(path))
    except RecursionError:
        _refuse(path, "definition-too-large", "Its elements are nested without end.", _ONE)
    return kept, [*older, *unsaid]


_ONE = "Give one measure at a time."
_OLDER = "The answers are named in the manner of FHIR STU3 (`options`), read as `answerValueSet`."


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise ValueError("it is larger than 10 MB")
        found = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except OSError as error:
        what = f"This file cannot be read: {error.strerror}."
        mend = "Check that it exists, that it is a file, and that you may read it."
        _refuse(path, "file-unreadable", what, mend)
    except (ValueError, RecursionError) as error:
        what = f"This is not a FHIR resource as JSON: {error}."
        _refuse(path, "definition-json", what, "Write the resource as JSON in the encoding UTF-8.")
    return found if isinstance(found, dict) else {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _items(path: Path, resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every item, with those inside; refuse more than a measure can have."""
    stack = [(each, 1) for each in reversed(entries(resource, "item"))]
    count = answers = 0
    while stack:
        item, level = stack.pop()
        count, answers = count + 1, answers + len(entries(item, "answerOption"))
        if count > MOST_ITEMS or level > MOST_LEVELS or answers > MOST_ANSWERS:
            most = f"{MOST_ITEMS} items, {MOST_LEVELS} levels or {MOST_ANSWERS} answers"
            _refuse(path, "definition-too-large", f"It has more than {most}.", _ONE)
        yield item
        stack.extend((each, level + 1) for each in reversed(entries(item, "item")))


def _check_ids(path: Path, items: list[dict[str, Any]]) -> None:
    ids = [item.get("linkId") for item in items]
    without = sum(not (isinstance(each, str) and each.strip()) for each in ids)
    twice = [each for each, count in Counter(map(str, ids)).items() if count > 1]
    if without or twice:
        told = f"{without} items have no linkId" if without else f"{twice[0]!r} is the id of two"
        mend = "Give every item a linkId of its own: answers are told apart by it."
        _refuse(path, "definition-ids", f"Items cannot be told apart: {told}.", mend)


def _brought_up_to_date(items: list[dict[str, Any]]) -> bool:
    """Put what FHIR STU3 called `options` where R4 has it; say whether there was any."""
    older = [each for each in items if isinstance(each.get("options"), dict)]
    for item in older:
        reference = item.pop("options").get("reference")
        if isinstance(reference, str):
            item["answerValueSet"] = reference
    return bool(older)


def _refuse(path: Path, code: str, what: str, mend: str) -> NoReturn:
    raise DataError(Problem(code, what, mend, Place(str(path))))
