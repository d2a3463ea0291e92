"""A small provider in a real store: people, referrals, teams, staff, contacts and activities."""

from datetime import UTC, date, datetime

import polars as pl
from attrs import define

from romframe import Workspace
from romframe.exporting import run_export
from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping
from romframe.importing.prepare import prepare
from romframe.store import Batch


TODAY = date(2026, 12, 5)
NOW = datetime(2026, 12, 5, 9, tzinfo=UTC)
PERSON = {
    "service_user_id": "P1",
    "birth_date": "1990-02-03",
    "ethnic_category": "A",
    "NHSNumber": "9434765919",
    "NHSNumberStatus": "01",
    "Postcode": "CB1 2AB",
    "GenderIDCode": "2",
    "GMPReg": "A12345",
    "StartDateGMPRegistration": "2020-01-01",
}
REFERRAL = {
    "referral_id": "R1",
    "service_user_id": "P1",
    "team": "T1",
    "received_on": "2026-09-01",
    "SourceOfReferralMH": "A1",
    "PrimReasonReferralMH": "13",
}
CONTACT = {
    "care_contact_id": "C1",
    "referral_id": "R1",
    "contact_on": "2026-11-03",
    "mechanism": "11",
    "attended": "1",
    "AttendStatus": "5",
}
TEAM = {
    "team_id": "T1",
    "name": "North",
    "team_type": "C02",
    "ServTeamIntAgeGroup": "03",
}
STAFF = {"care_professional_id": "CP1", "CareProfStaffGpMH": "02"}
ACTIVITY = {"care_activity_id": "A1", "care_contact_id": "C1"}
ACTIVE = {"care_activity_id": "A1", "care_professional_id": "CP1"}
CORE_10 = {f"q{n}": "2" for n in range(1, 11)}
FULL = {"full": True, "provider": "RXX", "commissioner": "15E"}


@define
class Service:
    """A workspace, and short ways to put things into it and to export it."""

    workspace: Workspace

    def bring(self, target, *rows, coding=None, now=NOW):
        """Import rows; whatever is no column of the record becomes a detail."""
        known = RECORD_KINDS.get(target) or self.workspace.instrument(target)
        names = {name for row in rows for name in row}
        details = sorted(names - set(known.names)) if target in RECORD_KINDS else []
        mapping = Mapping(details=dict.fromkeys(details, "text"))
        frame = pl.DataFrame([dict.fromkeys(sorted(names)) | row for row in rows])
        prepared = prepare(frame, known, mapping, today=TODAY, coding=coding)
        assert prepared.rejected.is_empty(), prepared.rejected.to_dicts()
        batch = Batch(
            file_name="rows.csv",
            file_digest=f"{target}{rows}",
            mapping_digest="",
            actor="test",
            now=now,
            coding=coding,
            corrections="accept",
        )
        done = self.workspace.store.import_rows(prepared, frame, target=known, batch=batch)
        assert done.rejected == 0
        return self

    def everything(self):
        """Bring one of every record, and a CORE-10 of the contact."""
        for kind, row in (
            ("service_user", PERSON),
            ("team", TEAM),
            ("care_professional", STAFF),
            ("referral", REFERRAL),
            ("care_contact", CONTACT),
            ("care_activity", ACTIVITY),
            ("care_activity_staff", ACTIVE),
        ):
            self.bring(kind, row)
        return self.core_10()

    def core_10(self, now=NOW, **facts):
        """Bring a CORE-10 of ten answers of 2."""
        row = {
            "referral_id": "R1",
            "completed_at": "2026-11-03T10:15:00",
            "care_professional_id": "CP1",
            "care_activity_id": "A1",
        }
        return self.bring("core_10", row | CORE_10 | facts, coding="scored", now=now)

    def export(self, out, period="2026-11", **options):
        """Export a month; give the result with its tables by the first six letters."""
        result = run_export(self.workspace, "mhsds", out, {"period": period, **options})
        read = {
            name[:6]: pl.read_csv(out / name, infer_schema=False).fill_null("")
            for name in result.files
            if name.startswith("MHS")
        }
        return result, read
