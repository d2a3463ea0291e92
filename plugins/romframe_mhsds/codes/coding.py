"""What of an instrument flows: its spec's SNOMED CT ids, held against a code list.

Nothing here knows an instrument. An instrument that is rated goal by goal flows by the ids of its
slots only: several ratings of one moment under one id could not be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import field, frozen

from romframe import Instrument, Item
from romframe_mhsds.codes.codelist import CodeList
from romframe_mhsds.codes.scale import Scale, in_force


NO_CODE, NO_ORIENTATION = "no_accepted_code", "orientation_unknown"

SentAs = Mapping[str, Mapping[str, str]]  # response scale -> code of an option -> text that is sent


@frozen
class Uncoded:
    """An item or score whose ids cannot be sent, and why."""

    kind: str
    part: str
    why: str


@frozen
class Coded:
    """What flows of an instrument, by id of item or score, with the accepted id it flows under.

    `slots` has the items with an id for each slot of a goal; `unsent` the parts of which no id is
    accepted; `sent_as` the texts that the service has said stand for answers.
    """

    items: Mapping[str, Scale]
    scores: Mapping[str, Scale]
    slots: Mapping[str, Mapping[str, Scale]] = field(factory=dict)
    unsent: tuple[Uncoded, ...] = ()
    sent_as: SentAs = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.items or self.scores or self.slots)


@frozen
class _Given:
    """A SNOMED CT id of a part in a spec.

    `used`: the spec has it in force; `withheld`: why the spec says that answers must not be sent.
    """

    kind: str
    part: str
    concept_id: str
    used: bool = True
    withheld: str = ""
    slot: str = ""


def coded(
    instrument: Instrument, codes: CodeList, day: date, sent_as: SentAs | None = None
) -> Coded:
    """Give what has an accepted id in force on `day`; of several on one part, the first.

    `sent_as` overrides what the spec says of how answers are sent.
    """
    said = sent_as or {}
    single: dict[str, dict[str, Scale]] = {"item": {}, "score": {}}
    slots: dict[str, dict[str, Scale]] = {}
    refused: dict[tuple[str, str], str] = {}
    for given in _given(instrument, day, said):
        refusal = _refusal(given, codes, day)
        if refusal:
            reason, text = refusal
            why = text.removesuffix(".") if reason == NO_CODE else reason
            refused.setdefault((given.kind, given.part), why)
        elif given.slot:
            slots.setdefault(given.part, {})[given.slot] = codes.accepted[given.concept_id]
        else:
            single[given.kind].setdefault(given.part, codes.accepted[given.concept_id])
    unsent = tuple(
        Uncoded(kind, part, why)
        for (kind, part), why in refused.items()
        if part not in single[kind] and part not in slots
    )
    return Coded(single["item"], single["score"], slots, unsent, said)


def refused_codes(
    instrument: Instrument, codes: CodeList, day: date, sent_as: SentAs | None = None
) -> tuple[str, str]:
    """Say why nothing of an instrument flows: the reason, and what became of the ids it has."""
    given = _given(instrument, day, sent_as or {})
    told = [refusal for each in given if (refusal := _refusal(each, codes, day))]
    reason = min((reason for reason, _ in told), key=(NO_ORIENTATION, NO_CODE).index, default="")
    texts = dict.fromkeys(text for each, text in told if each == reason)
    if texts:
        return reason, " ".join(texts)
    each = " for a slot of a goal" if instrument.repeats else ""
    return NO_CODE, f"The spec has no SNOMED CT code{each}."


def _given(instrument: Instrument, day: date, said: SentAs) -> list[_Given]:
    if instrument.repeats:
        return list(_slot_codes(instrument.items, said))
    items = [("item", each.id, each.codes, _withheld(each, said)) for each in instrument.items]
    scores = [("score", each.id, each.codes, "") for each in instrument.scores]
    return [
        _Given(kind, part, code.id, in_force(code.valid_from, code.valid_to, day), withheld)
        for kind, part, codes, withheld in (*items, *scores)
        for code in codes
        if code.system == "snomed"
    ]


def _slot_codes(items: Iterable[Item], said: SentAs) -> Iterable[_Given]:
    for item in items:
        for slot, concept_id in enumerate(item.slot_codes.get("snomed", ()), start=1):
            yield _Given(
                "item", item.id, concept_id, withheld=_withheld(item, said), slot=str(slot)
            )


def _withheld(item: Item, said: SentAs) -> str:
    return "" if item.scale.id in said else item.scale.not_sent


def _refusal(given: _Given, codes: CodeList, day: date) -> tuple[str, str] | None:
    """Give the reason why an id is not sent, and a sentence about it; None where it is."""
    instead = codes.instead(given.concept_id)
    if not given.used:
        return NO_CODE, f"The spec does not use {given.concept_id} on {day}{instead}."
    if given.concept_id in codes.accepted:
        return (NO_ORIENTATION, given.withheld) if given.withheld else None
    if given.concept_id in codes.ended:
        return NO_CODE, f"{given.concept_id} is not accepted on {day}{instead}."
    return NO_CODE, f"{given.concept_id} is not in the code list."
