"""The NHS facts in `data/`: which codes are accepted when, and what is said of what is sent."""

import functools
from collections.abc import Mapping
from datetime import date

from attrs import frozen

from romframe_mhsds.facts import read_facts
from romframe_mhsds.layout import Field, table


TABLE = "MHS606CodedScoreAssessmentRefer"


@frozen
class Scale:
    """A SNOMED CT observable and the scores that are valid for it: a range, or a set of texts."""

    concept_id: str
    tool: str
    label: str
    kind: str
    low: float | None
    high: float | None
    members: tuple[str, ...]
    valid_from: str
    valid_to: str
    replaced_by: str

    def in_force(self, day: date) -> bool:
        """Say whether the code is accepted on `day`."""
        return in_force(self.valid_from, self.valid_to, day)


@frozen
class CodeList:
    """The codes accepted on one day, and the others that are known."""

    accepted: Mapping[str, Scale]
    ended: Mapping[str, Scale]


def in_force(valid_from: str, valid_to: str, day: date) -> bool:
    """Say whether a stretch of ISO dates holds `day`; an empty end is open."""
    return valid_from <= day.isoformat() and (not valid_to or day.isoformat() <= valid_to)


def code_list(day: date) -> CodeList:
    """Give the codes that are accepted on `day`."""
    scales = {scale.concept_id: scale for scale in _scales()}
    accepted = {key: scale for key, scale in scales.items() if scale.in_force(day)}
    ended = {key: scale for key, scale in scales.items() if key not in accepted}
    return CodeList(accepted, ended)


def columns() -> tuple[Field, ...]:
    """Give the columns of the table in the order of the IDB."""
    return table(TABLE).fields


def first_day() -> date:
    """Give the first day that this layout of the table serves."""
    return date.fromisoformat(table(TABLE).valid_from)


@functools.cache
def notices() -> Mapping[str, str]:
    """Give what may be said about an assessment that was sent, in a sentence by code."""
    return {
        row["code"]: sentence(row["condition"], row["mend"]) for row in read_facts("notices.csv")
    }


@functools.cache
def reasons() -> Mapping[str, str]:
    """Give why an assessment may not be sent, in a sentence by reason."""
    return {row["reason"]: row["explanation"] for row in read_facts("reasons.csv")}


def sentence(condition: str, mend: str) -> str:
    """Join what was found and its mend into text."""
    return f"{condition[0].upper()}{condition[1:]}. {mend}"


@functools.cache
def _scales() -> tuple[Scale, ...]:
    return tuple(
        Scale(
            concept_id=row["concept_id"],
            tool=row["tool"],
            label=row["label"],
            kind=row["kind"],
            low=float(row["low"]) if row["low"] else None,
            high=float(row["high"]) if row["high"] else None,
            members=tuple(row["members"].split()),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            replaced_by=row["replaced_by"],
        )
        for row in read_facts("codes.csv")
    )
