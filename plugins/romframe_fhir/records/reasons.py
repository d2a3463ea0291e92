"""Why a resource cannot be read as an assessment or a score, in words."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from attrs import frozen


JSON = "fhir-json"
NO_RESOURCE = "fhir-no-resource"
DELETED = "fhir-deleted"
INVALID = "fhir-invalid"
STATUS = "fhir-status"
UNKNOWN_FORM = "fhir-form-unknown"
OTHER_VERSION = "fhir-other-version"
UNKNOWN_ITEM = "fhir-item-unknown"
ITEM_TWICE = "fhir-item-twice"
SEVERAL_ANSWERS = "fhir-several-answers"
ODD_ANSWER = "fhir-answer-odd"
OTHER_CODES = "fhir-other-codes"
NO_DATE = "fhir-no-date"
NO_REFERRAL = "fhir-no-referral"
SEVERAL_REFERRALS = "fhir-several-referrals"
UNKNOWN_SCORE = "fhir-score-unknown"
NO_VALUE = "fhir-no-value"
OTHER_VALUE = "fhir-other-value"
MODIFIED = "fhir-modified"
UNKNOWN_PART = "fhir-part-unknown"

_MAP = "Say what it is in a mapping file (--map), then import the file again."
_AGAIN = "then import the file again."
_SAID: Mapping[str, tuple[str, str, str]] = {  # element, what ({} is the detail), mend
    JSON: ("", "This is not JSON: {}.", f"Export the line again, {_AGAIN}"),
    NO_RESOURCE: ("resourceType", "This is no FHIR resource.", "Leave it out, or export it again."),
    DELETED: (
        "request",
        "The bundle says that it was deleted.",
        "Leave it out.",
    ),
    INVALID: ("", "This is no valid resource: {}.", f"Correct it where it comes from, {_AGAIN}"),
    STATUS: (
        "status",
        "The status is {!r}, so it does not count as completed.",
        "Import it when it is completed; one that was entered in error stays out.",
    ),
    UNKNOWN_FORM: ("questionnaire", "{!r} is no questionnaire that is known here.", _MAP),
    OTHER_VERSION: (
        "questionnaire",
        "This version is not known here: {}.",
        f"Add the spec of that version, {_AGAIN}",
    ),
    UNKNOWN_ITEM: (
        "item",
        "The measure has no item {!r}.",
        f"Correct the linkId where it comes from, {_AGAIN}",
    ),
    ITEM_TWICE: ("item", "The item {!r} is answered twice.", "Correct it where it comes from."),
    SEVERAL_ANSWERS: ("item", "The item {!r} has several answers.", "Correct it where it is from."),
    ODD_ANSWER: (
        "item",
        "The answer to {!r} has no code, exact number or other value that an item takes.",
        "Leave it out, or correct it where it comes from.",
    ),
    OTHER_CODES: ("item", "The answers are codes of {!r}, not of the measure.", _MAP),
    NO_DATE: ("authored", "It is not said when it was completed.", "Fill it in where it is from."),
    NO_REFERRAL: (
        "subject",
        "It names no referral, and {} had none that day.",
        f"Import the referral, {_AGAIN}",
    ),
    SEVERAL_REFERRALS: (
        "subject",
        "It names no referral, and {} had several that day.",
        "Name the referral in `basedOn`.",
    ),
    UNKNOWN_SCORE: (
        "code",
        "{!r} is no score of a measure here.",
        f"Add the code to the measure's spec, {_AGAIN}",
    ),
    NO_VALUE: ("valueQuantity", "It has no exact number as its value.", "Leave it out."),
    OTHER_VALUE: (
        "valueQuantity",
        "The score of one assessment has different values: {}.",
        f"Leave out the wrong one, {_AGAIN}",
    ),
    MODIFIED: (
        "modifierExtension",
        "{!r} changes what it means, and is not known here.",
        "Leave it out, or have it sent without that extension.",
    ),
    UNKNOWN_PART: (
        "extension",
        "The part {!r} of our extension is not known here, is no text, or comes twice.",
        "Leave that part out, or correct it where it comes from.",
    ),
}


@frozen
class Fault(Exception):  # noqa: N818  (it is never raised past this package)
    """Why a resource cannot be read: a code of this module, and what is said of this one."""

    code: str
    detail: Any = ""


@frozen
class Unread:
    """A resource that could not be read, with its number in the file and what is kept of it."""

    row: int
    file: str
    fault: Fault
    raw: str


def unread(found: list[Unread]) -> pl.DataFrame | None:
    """Give what an importer gives of what it could make nothing of."""
    rows = []
    for each in sorted(found, key=lambda each: each.row):
        element, what, mend = _SAID[each.fault.code]
        where = f"{each.file}: " if each.file else ""
        said = where + what.format(each.fault.detail)
        rows.append((each.row, each.fault.code, element, said, mend, each.raw))
    names = ("row", "code", "column", "what", "mend", "raw")
    return pl.DataFrame(rows, schema=list(names), orient="row") if rows else None
