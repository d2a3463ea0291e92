"""From a measure to a FHIR R4 Questionnaire, with what that cannot say."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from romframe import (
    AskedOption,
    DataError,
    Instrument,
    Item,
    Place,
    Problem,
    Score,
    Unsaid,
    Wording,
)
from romframe_fhir.names import CODES, ITEM_WEIGHT, ORDINAL_VALUE, QUESTIONNAIRE, SECTION, SYSTEMS
from romframe_fhir.questionnaire.elements import (
    CALCULATED,
    DECIMALS,
    HIGH,
    LOW,
    OUR_LABELS,
    SCALES,
    SHORT_TEXT,
    WORDS,
)
from romframe_fhir.questionnaire.ours import turn
from romframe_fhir.questionnaire.sums import sum_expression
from romframe_fhir.questionnaire.unsayable import is_plain_sum, unsayable
from romframe_fhir.questionnaire.validity import faults, refused


Element = dict[str, Any]


def write(instrument: Instrument, wording: Wording, out: Path) -> tuple[Unsaid, ...]:
    """Write a measure as a Questionnaire in these words, and list what that cannot say.

    Sums of answers that the spec gives unasked are calculated items. Raises DataError where the
    Questionnaire is not sound or the file cannot be written, UsageError without the library.
    """
    items = {item.id: item for item in instrument.items}
    sums = tuple(score for score in instrument.scores if is_plain_sum(score, items))
    resource = _questionnaire(wording, sums)
    found = faults(resource)
    if found:
        raise refused(str(out), found)
    text = json.dumps(resource, indent=2, ensure_ascii=False)
    try:
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        what = f"{out} cannot be written: {error.strerror}."
        mend = "Check that the folder exists, that you may write into it, and that there is room."
        raise DataError(Problem("file-unwritable", what, mend, Place(str(out)))) from error
    return tuple(unsayable(wording, sums))


def _questionnaire(words: Wording, sums: Iterable[Score]) -> Element:
    instrument = words.instrument
    licence = instrument.licence
    tags = [] if words.pack else [{"system": WORDS, "code": OUR_LABELS}]
    return {
        "resourceType": "Questionnaire",
        **({"meta": {"tag": tags}} if tags else {}),
        "language": words.pack.locale if words.pack else instrument.locale,
        "url": f"{QUESTIONNAIRE}{instrument.id}",
        "version": instrument.version,
        "name": instrument.id[0].upper() + instrument.id[1:],
        "title": words.title,
        "status": "draft",
        "subjectType": ["Patient"],
        **({"description": instrument.note} if instrument.note else {}),
        "copyright": f"{licence.owner}: {licence.terms}",
        "item": [*_sections(words), *(_sum(each, instrument) for each in sums)],
    }


def _sections(words: Wording) -> Iterator[Element]:
    """Give the items, those of one section in a group."""
    parts = groupby(words.instrument.items, key=lambda item: item.section)
    for number, (section, items) in enumerate(parts, 1):
        asked = [_question(item, words) for item in items]
        if section:
            group = {"linkId": f"{SECTION}{number}", "text": section, "type": "group"}
            yield {**group, "item": asked}
        else:
            yield from asked


def _question(item: Item, words: Wording) -> Element:
    instrument, scale = words.instrument, item.scale
    when = item.required_when
    coded = [
        {"system": SYSTEMS[each.system], "code": each.id}
        for each in item.codes
        if each.system in SYSTEMS
    ]
    limits = [] if scale.kind != "number" else _limits(item)
    asked: Element = {
        "extension": [_extension(SHORT_TEXT, "String", item.label), *limits],
        "linkId": item.id,
        "code": [*coded, {"system": f"{SCALES}{instrument.id}", "code": scale.id}],
        "text": words.item(item.id),
        "type": _type(item),
        "required": item.required or when is not None,
    }
    if when is not None:
        asked |= {
            "enableWhen": [_condition(words, when.item, code) for code in when.codes],
            "enableBehavior": "any",
        }
    if scale.kind == "coded":
        asked["answerOption"] = list(_options(item, words))
    return asked


def _type(item: Item) -> str:
    if item.scale.kind == "number":
        return "integer" if item.scale.step == 1 else "decimal"
    return "choice" if item.scale.kind == "coded" else "text"


def _limits(item: Item) -> list[Element]:
    whole = _type(item) == "integer"
    ends = [(url, end) for url, end in ((LOW, item.scale.low), (HIGH, item.scale.high))]
    found = [
        _extension(url, "Integer" if whole else "Decimal", int(end or 0) if whole else end)
        for url, end in ends
    ]
    decimals = len(f"{item.scale.step:g}".partition(".")[2])
    return found if whole else [*found, _extension(DECIMALS, "Integer", decimals)]


def _condition(words: Wording, asked: str, code: int | str) -> Element:
    return {
        "question": asked,
        "operator": "=",
        "answerCoding": {"system": f"{CODES}{words.instrument.id}", "code": str(code)},
    }


def _options(item: Item, words: Wording) -> Iterator[Element]:
    """Give the answers of an item, with what each counts in the item's own direction."""
    scale = item.scale
    weights = [AskedOption(str(option.code), value=option.value) for option in scale.options]
    turned = turn(tuple(weights)) if item.reversed else weights
    for option, weight in zip(scale.options, turned, strict=True):
        coding = {
            "system": f"{CODES}{words.instrument.id}",
            "code": str(option.code),
            "display": words.option(scale.id, option.code),
        }
        given = item.counts and weight.value is not None
        extensions = [
            _extension(url, "Decimal", weight.value) for url in (ITEM_WEIGHT, ORDINAL_VALUE)
        ]
        yield {**({"extension": extensions} if given else {}), "valueCoding": coding}


def _sum(score: Score, instrument: Instrument) -> Element:
    coded = instrument.item(score.items[0]).scale.kind == "coded"
    expression = {
        "language": "text/fhirpath",
        "expression": sum_expression(score.items, weights=coded),
    }
    return {
        "extension": [_extension(CALCULATED, "Expression", expression)],
        "linkId": score.id,
        "text": score.name,
        "type": "decimal",
        "readOnly": True,
    }


def _extension(url: str, kind: str, value: Any) -> Element:
    return {"url": url, f"value{kind}": value}
