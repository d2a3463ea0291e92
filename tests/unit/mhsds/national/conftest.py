"""A made-up service of a few referrals, and packs applied to it."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from attrs import define, field
from romframe_mhsds.national.frames import CONTACTS, REFERRALS, SCORES, Frames
from romframe_mhsds.national.packs import load_pack
from romframe_mhsds.national.preview import preview


CORE_10 = "718583008"
CORE_OM = "865876006"
HONOS_1 = "979641000000103"


@define
class Caseload:
    """Referrals, contacts and scores, added one at a time; days are counted from the referral."""

    referrals: list = field(factory=list)
    contacts: list = field(factory=list)
    scores: list = field(factory=list)

    def referral(self, received, days=None, *, contacts=(5, 20, 40), mechanism="01", **facts):
        """Add a referral that lasts `days` days (None: open), with attended contacts."""
        name = facts.pop("referral_id", f"R{len(self.referrals):03}")
        begun = date.fromisoformat(received)
        row = dict.fromkeys(REFERRALS) | {
            "referral_id": name,
            "service_user_id": f"P{name}",
            "birth_date": date(1990, 1, 1),
            "team_types": ["C02"],
            "received_on": begun,
            "closed_on": None if days is None else begun + timedelta(days),
            "inpatient": False,
        }
        self.referrals.append(row | facts)
        for day in contacts:
            self.contact(name, begun + timedelta(day), mechanism)
        return name

    def contact(self, referral_id, day, mechanism="01", *, attended=True, direct=True):
        self.contacts.append(
            {
                "referral_id": referral_id,
                "contact_on": day,
                "mechanism": mechanism,
                "attended": attended,
                "direct": direct,
            }
        )

    def score(self, referral_id, day, value, concept_id=CORE_10):
        """Add a score on a day of the referral (a number), at noon, or at a moment."""
        received = next(
            each["received_on"] for each in self.referrals if each["referral_id"] == referral_id
        )
        noon = datetime.combine(received, datetime.min.time()) + timedelta(hours=12)
        self.scores.append(
            {
                "referral_id": referral_id,
                "concept_id": concept_id,
                "value": str(value),
                "moment": noon + timedelta(day) if isinstance(day, int) else day,
                "assessment_id": len(self.scores) + 1,
            }
        )

    def frames(self):
        return Frames(
            pl.DataFrame(self.referrals, schema=REFERRALS, orient="row"),
            pl.DataFrame(self.contacts, schema=CONTACTS, orient="row"),
            pl.DataFrame(self.scores, schema=SCORES, orient="row"),
        )

    def preview(self, pack, as_of, **readings):
        ready = load_pack(pack, readings) if isinstance(pack, str) else pack
        return preview(self.frames(), ready, date.fromisoformat(as_of))


@pytest.fixture
def caseload():
    return Caseload()


@pytest.fixture
def row_of():
    """Give the row of one referral of a preview."""

    def find(found, referral_id):
        return found.referrals.row(by_predicate=pl.col("referral_id") == referral_id, named=True)

    return find


@pytest.fixture
def figure_of():
    """Give numerator and denominator of a figure of a preview."""

    def find(found, figure, group, cohort="closed"):
        row = found.figures.row(
            by_predicate=(pl.col("figure") == figure)
            & (pl.col("group") == group)
            & (pl.col("cohort") == cohort),
            named=True,
        )
        return row["numerator"], row["denominator"]

    return find
