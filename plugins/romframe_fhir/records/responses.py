"""A QuestionnaireResponse as a row of a table: what is around the answers, and a cell an item."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from romframe import Instrument
from romframe_fhir.names import CODES, QUESTIONNAIRE
from romframe_fhir.records import reasons
from romframe_fhir.records.absent import cell
from romframe_fhir.records.answers import given, system
from romframe_fhir.records.reasons import Fault


Resource = Mapping[str, Any]
Cells = dict[str, str | None]
_UNFINISHED = ("declined", "missed")


@frozen
class Answer:
    """One question of a response: its linkId, its answer as a cell, and whose code that is."""

    link_id: str
    cell: str | None
    system: str | None
    answered: bool


def as_r4(response: Resource) -> Resource:
    """Give a response of FHIR 3 as one of FHIR 4: two elements have other forms."""
    changed = {name: value for name, value in response.items() if name != "context"}
    changed["questionnaire"] = changed["questionnaire"].get("reference", "")
    if "context" in response:
        changed["encounter"] = response["context"]
    return changed


def is_r3(response: Resource) -> bool:
    """Say whether a response is written as in FHIR 3, where it refers to its questionnaire."""
    return isinstance(response.get("questionnaire"), dict)


def check_status(status: str, outcome: str | None) -> None:
    """Raise Fault unless a response is completed, or says that it was declined or missed."""
    if status not in ("completed", "amended") and not (
        status == "stopped" and outcome in _UNFINISHED
    ):
        raise Fault(reasons.STATUS, status)


def measure(response: Resource, known: Mapping[str, Instrument]) -> str | None:
    """Give the name by which a questionnaire of ours is known here; None for another's.

    Raises Fault for one that is ours and that is not here, or in another version.
    """
    url, _, version = str(response.get("questionnaire", "")).partition("|")
    if not url.startswith(QUESTIONNAIRE):
        return None
    key = url.removeprefix(QUESTIONNAIRE)
    versions = {each.version: name for name, each in known.items() if each.id == key}
    if not versions:
        raise Fault(reasons.UNKNOWN_FORM, response["questionnaire"])
    if version and version not in versions:
        has = ", ".join(sorted(versions))
        raise Fault(reasons.OTHER_VERSION, f"{key} {version} (there is {has})")
    return versions[version] if version else next(iter(versions.values()))


def own_cells(response: Resource, instrument: Instrument) -> Cells:
    """Give the cells of a response to a questionnaire of ours, by item; raises Fault.

    Scores among the items are not read: they are computed from the answers.
    """
    items = {item.id for item in instrument.items}
    scores = {score.id for score in instrument.scores}
    found: Cells = {}
    for answer in _answers(response):
        if answer.link_id not in items:
            if answer.answered and answer.link_id not in scores:
                raise Fault(reasons.UNKNOWN_ITEM, answer.link_id)
            continue
        if answer.system not in (None, CODES + instrument.id):
            raise Fault(reasons.OTHER_CODES, answer.system)
        _put(found, answer.link_id, answer)
    return found


def their_cells(response: Resource) -> Cells:
    """Give the cells of a response to another's questionnaire, by linkId; raises Fault."""
    found: Cells = {}
    for answer in _answers(response):
        _put(found, answer.link_id, answer)
    return found


def _put(found: Cells, name: str, answer: Answer) -> None:
    if name in found:
        raise Fault(reasons.ITEM_TWICE, answer.link_id)
    if answer.answered and answer.cell is None:
        raise Fault(reasons.ODD_ANSWER, answer.link_id)
    found[name] = answer.cell


def _answers(element: Resource) -> Iterator[Answer]:
    """Give the questions of a response, those inside groups and answers too."""
    for item in element.get("item", ()):
        answers = item.get("answer", [])
        link_id = str(item["linkId"])
        if len(answers) > 1:
            raise Fault(reasons.SEVERAL_ANSWERS, link_id)
        if answers and answers[0].keys() != {"item"}:
            yield _answer(link_id, answers[0])
        elif "item" not in item:
            yield Answer(link_id, cell(item), None, answered=False)
        for each in (item, *answers):
            yield from _answers(each)


def _answer(link_id: str, answer: Resource) -> Answer:
    value = given(answer)
    if value is None and cell(answer) is not None:
        return Answer(link_id, cell(answer), None, answered=True)
    return Answer(link_id, value, system(answer), answered=True)
