"""Which referral an assessment belongs to, where it does not name one itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe_fhir.records import about, reasons
from romframe_fhir.records.reasons import Fault


if TYPE_CHECKING:
    from romframe import Workspace


@frozen
class Referrals:
    """What is known of referrals: by episode of care, by care contact, by service user and day.

    An episode of care has the id of the referral; an encounter is a care contact.
    """

    episodes: Mapping[str, str]  # by encounter, as resources of the file say
    contacts: Mapping[str, str]
    spells: Mapping[str, list[tuple[str, str, str]]]  # referral, first and last day

    def of(self, resource: Mapping[str, Any], day: str) -> str:
        """Give the referral of a resource that names none; Fault where it is not certain."""
        kind, key = about.reference_of(resource.get("encounter"))
        if kind == "Encounter":
            found = self.episodes.get(key) or self.contacts.get(key)
            if found:
                return found
        person = about.service_user(resource) or ""
        spells = self.spells.get(person, [])
        that_day = [referral for referral, first, last in spells if first <= day <= last]
        if not that_day:
            raise Fault(reasons.NO_REFERRAL, person or "nobody")
        if len(that_day) > 1:
            raise Fault(reasons.SEVERAL_REFERRALS, person)
        return that_day[0]


def known_referrals(workspace: Workspace, encounters: Iterable[Mapping[str, Any]]) -> Referrals:
    """Read the referrals and contacts of the store, and the encounters of a file."""
    episodes = {}
    for encounter in encounters:
        named = encounter.get("episodeOfCare")
        first = named[0] if isinstance(named, list) and named else None
        kind, key = about.reference_of(first)
        if kind == "EpisodeOfCare":
            episodes[str(encounter.get("id", ""))] = key
    contacts = workspace.table("care_contact").select("care_contact_id", "referral_id")
    referrals = workspace.table("referral").select(
        pl.col("service_user_id").fill_null(""),
        "referral_id",
        pl.col("received_on").fill_null(""),
        pl.col("closed_on").fill_null("9999"),
    )
    spells: dict[str, list[tuple[str, str, str]]] = {}
    for person, *spell in referrals.sort("referral_id").iter_rows():
        spells.setdefault(person, []).append((spell[0], spell[1], spell[2]))
    return Referrals(episodes, dict(contacts.iter_rows()), spells)
