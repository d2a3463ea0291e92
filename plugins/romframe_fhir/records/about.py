"""What stands around the answers and scores of an assessment: whose, when, by whom, and why.

FHIR has elements for most of it. What it has none for goes into one extension of ours. People,
referrals and staff are named by the ids of the workspace and by nothing else.
"""

from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from romframe_fhir.names import ASSESSMENT, ID
from romframe_fhir.records import reasons
from romframe_fhir.records.reasons import Fault


EXTENDED = (
    *("timepoint", "rater", "rater_kind", "setting", "team", "consent", "purpose"),
    *("outcome", "outcome_reason"),
)
_LOCAL = "completed_at"  # part of the extension where the time came without an offset
_ONLY_DAY = len("2026-11-03")
PEOPLE = {
    "service_user": "Patient",
    "clinician": "Practitioner",
    "team": "Practitioner",
    "observer": "Practitioner",
    "carer": "RelatedPerson",
    "partner": "RelatedPerson",
}
RATERS = {"Patient": "service_user", "RelatedPerson": "carer", "Practitioner": "clinician"}
RATERS["PractitionerRole"] = "clinician"

Row = Mapping[str, Any]
Resource = dict[str, Any]


def moment(completed_at: str, zone: str) -> str:
    """Give a moment as FHIR writes it: a day, or a time with an offset, the workspace's if none.

    Raises ValueError for what is no moment.
    """
    if len(completed_at) <= _ONLY_DAY:
        return completed_at
    at = datetime.fromisoformat(completed_at)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).isoformat()


def reference(kind: str, what: str, value: str) -> Resource:
    """Name something by an id of the workspace."""
    return {"type": kind, "identifier": {"system": ID + what, "value": value}}


def shared(row: Row) -> Resource:
    """Give the elements that a response and an observation have alike."""
    found: Resource = {
        "basedOn": [reference("ServiceRequest", "referral", row["referral_id"])],
    }
    if row["service_user_id"] is not None:
        found["subject"] = reference("Patient", "service_user", row["service_user_id"])
    if row["care_activity_id"] is not None:
        found["encounter"] = reference("Encounter", "care_activity", row["care_activity_id"])
    return found


def identifier(row: Row) -> Resource:
    """Give the id in the record system as the identifier of a response; nothing without one."""
    key = row["source_id"]
    return {} if key is None else {"identifier": {"system": f"{ID}source", "value": key}}


def source(row: Row) -> Resource:
    """Give who gave the answers: the service user, or the kind of person that somebody is."""
    rater = row["rater"]
    if rater == "service_user" and row["service_user_id"] is not None:
        return reference("Patient", "service_user", row["service_user_id"])
    return {"type": PEOPLE.get(rater, "RelatedPerson"), "display": rater}


def author(row: Row) -> Resource | None:
    """Give the member of staff that the assessment names, if any."""
    who = row["care_professional_id"]
    return None if who is None else reference("Practitioner", "care_professional", who)


def extension(row: Row, *more: str) -> Resource:
    """Give what FHIR has no element for; `more` are further columns, such as the goal's."""
    said = {name: row[name] for name in (*EXTENDED, *more) if row[name] is not None}
    at = row["completed_at"]
    if len(at) > _ONLY_DAY and datetime.fromisoformat(at).tzinfo is None:
        said[_LOCAL] = at
    parts = [{"url": name, "valueString": str(value)} for name, value in said.items()]
    return {"url": ASSESSMENT, "extension": parts}


def read(resource: Row, at: str, *more: str) -> dict[str, str | None]:
    """Give our columns of a resource whose moment is `at`; the referral where it names one.

    `more` are further columns that the extension may hold, as in `extension`. Raises Fault where it
    holds anything else: what it says must not take the place of what the resource says.
    """
    said = _extended(resource, {*EXTENDED, _LOCAL, *more})
    who = _named(resource.get("author")) or _first(map(_named, resource.get("performer", ())))
    local = said.pop(_LOCAL, "")
    found: dict[str, str | None] = dict.fromkeys(EXTENDED) | {
        "referral_id": _referral(resource),
        "completed_at": local if local and at.startswith(local) else at,
        "care_professional_id": who.get("care_professional"),
        "care_activity_id": _named(resource.get("encounter")).get("care_activity"),
        "source_id": resource.get("identifier", {}).get("value"),
        "rater": _rater(resource),
    }
    return found | said


def reference_of(element: Any) -> tuple[str, str]:
    """Give the kind and id that a literal reference names; two empty texts where there is none."""
    named = element.get("reference", "") if isinstance(element, dict) else ""
    kind, _, key = str(named).rpartition("/")
    return kind.rpartition("/")[2], key


def service_user(resource: Row) -> str | None:
    """Give the id of the service user that a resource is about."""
    subject = resource.get("subject")
    kind, key = reference_of(subject)
    return _named(subject).get("service_user") or (key if kind == "Patient" else None)


def _extended(resource: Row, known: Container[str]) -> dict[str, str]:
    parts = [
        part
        for each in resource.get("extension", ())
        if each["url"] == ASSESSMENT
        for part in each.get("extension", ())
    ]
    said: dict[str, str] = {}
    for part in parts:
        name = part["url"]
        if name not in known or name in said or "valueString" not in part:
            raise Fault(reasons.UNKNOWN_PART, name)
        said[name] = part["valueString"]
    return said


def _named(element: Row | None) -> dict[str, str]:
    """Give the id of ours that a reference names, by what it is the id of."""
    identifier = (element or {}).get("identifier", {})
    system = str(identifier.get("system", ""))
    if not system.startswith(ID) or "value" not in identifier:
        return {}
    return {system.removeprefix(ID): identifier["value"]}


def _first(found: Iterator[dict[str, str]]) -> dict[str, str]:
    return next((each for each in found if each), {})


def _referral(resource: Row) -> str | None:
    for element in resource.get("basedOn", ()):
        kind, key = reference_of(element)
        named = _named(element).get("referral") or (key if kind == "ServiceRequest" else None)
        if named:
            return named
    return None


def _rater(resource: Row) -> str | None:
    """Give who gave the answers, by the kind of person that is named."""
    people = [resource.get("source"), resource.get("author"), *resource.get("performer", ())]
    kinds = [str(each.get("type") or reference_of(each)[0]) for each in people if each]
    return next((RATERS[kind] for kind in kinds if kind in RATERS), None)
