"""The frames of a pack, from a real store."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from romframe_mhsds.national.frames import CONTACTS, REFERRALS, SCORES
from romframe_mhsds.national.source import frames

from romframe import ExportRefused, create_workspace
from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping
from romframe.importing.prepare import prepare
from romframe.store import Batch


TODAY = date(2026, 7, 1)
JUNE = date(2026, 6, 30)
CORE_10 = {f"q{n}": "2" for n in range(1, 11)}
HONOS = {f"q{n}": "1" for n in range(1, 13)}


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "service", "A service", today=TODAY)
    yield made
    made.store.close()


@pytest.fixture
def take(workspace):
    def take(target, *rows, coding=None):
        frame = pl.DataFrame(rows)
        known = RECORD_KINDS.get(target) or workspace.instrument(target)
        mapping = Mapping(details={name: "text" for name in frame.columns if name[0].isupper()})
        prepared = prepare(frame, known, mapping, today=TODAY, coding=coding)
        batch = Batch(
            file_name=f"{target}.csv",
            file_digest=f"{target}{rows}",
            mapping_digest="",
            actor="test",
            now=datetime(2026, 7, 1, 9, tzinfo=UTC),
            coding=coding,
            corrections="accept",
            unknown_referrals="create",
        )
        return workspace.store.import_rows(prepared, frame, target=known, batch=batch)

    return take


def referral(**facts):
    return {
        "referral_id": "R1",
        "service_user_id": "P1",
        "received_on": "2026-01-05",
    } | facts


def test_an_empty_store_gives_empty_frames(workspace):
    found = frames(workspace, JUNE)
    assert dict(found.referrals.schema) == REFERRALS
    assert dict(found.contacts.schema) == CONTACTS
    assert dict(found.scores.schema) == SCORES
    assert found.referrals.height + found.contacts.height + found.scores.height == 0


def test_a_referral_comes_with_its_person_and_details(workspace, take):
    take(
        "service_user",
        {"service_user_id": "P1", "birth_date": "1990-02-03", "gender": "2",
         "LADistrictAuth": " E06000052 "},
    )  # fmt: skip
    details = {"ReferRejectionDate": "2026-01-09", "PrimReasonReferralMH": "13"}
    take("referral", referral(team_type="C02", closed_on="2026-05-01", **details))
    (row,) = frames(workspace, JUNE).referrals.iter_rows(named=True)
    assert row == {
        "referral_id": "R1",
        "service_user_id": "P1",
        "birth_date": date(1990, 2, 3),
        "gender": "2",
        "team_types": ["C02"],
        "received_on": date(2026, 1, 5),
        "closed_on": date(2026, 5, 1),
        "rejected_on": date(2026, 1, 9),
        "reason_code": "13",
        "residence": "E06000052",
        "inpatient": False,
    }


def test_a_rejection_on_a_day_that_cannot_be_read_is_a_rejection(workspace, take):
    take("referral", referral(ReferRejectionDate="09/01/2026"))
    assert frames(workspace, JUNE).referrals["rejected_on"].to_list() == [date(2026, 1, 5)]


def test_a_stay_in_hospital_is_an_admission_or_a_setting(workspace, take):
    take("referral", referral(), referral(referral_id="R2", setting="inpatient"),
         referral(referral_id="R3", setting="community"))  # fmt: skip
    for kind in ("admission", "birth"):
        name = {"admission": "R1", "birth": "R3"}[kind]
        take("event", {"referral_id": name, "kind": kind, "happened_on": "2026-02-01"})
    found = frames(workspace, JUNE).referrals.select("referral_id", "inpatient").rows()
    assert found == [("R1", True), ("R2", True), ("R3", False)]


def test_team_types_come_from_the_referral_its_team_and_its_further_teams(workspace, take):
    take(
        "team",
        {"team_id": "T1", "name": "Perinatal", "team_type": "C02"},
        {"team_id": "T2", "name": "Adults", "team_type": "A06"},
        {"team_id": "T3", "name": "Untyped", "team_type": None},
    )
    take(
        "referral",
        referral(team="Perinatal"),
        referral(referral_id="R2", team="T2", team_type="A08"),
        referral(referral_id="R3", team="T1"),
        referral(referral_id="R4", team="Untyped"),
    )
    take("referral_team", {"referral_id": "R1", "team_id": "T2"},
         {"referral_id": "R4", "team_id": "T3"})  # fmt: skip
    found = dict(frames(workspace, JUNE).referrals.select("referral_id", "team_types").iter_rows())
    assert found == {"R1": ["A06", "C02"], "R2": ["A08"], "R3": ["C02"], "R4": None}


@pytest.mark.parametrize(
    ("status", "flag", "attended"),
    [("5", "0", True), ("6", None, True), ("7", "1", False), ("", "1", True),
     ("", "0", False), ("", None, None)],
)  # fmt: skip
def test_a_contact_is_attended_by_its_status_or_else_its_flag(
    workspace, take, status, flag, attended
):
    take("referral", referral())
    take(
        "care_contact",
        {"care_contact_id": "C1", "referral_id": "R1", "contact_on": "2026-02-01",
         "mechanism": "01", "attended": flag, "AttendStatus": status},
    )  # fmt: skip
    (row,) = frames(workspace, JUNE).contacts.rows()
    assert row == ("R1", date(2026, 2, 1), "01", attended, True)


def test_scores_are_those_that_would_be_exported_whenever_they_were_recorded(workspace, take):
    about = {"referral_id": "R1", "rater": "service_user"}
    take("core_10", about | CORE_10 | {"completed_at": "2023-02-01T09:30:00"}, coding="scored")
    honos = about | {"rater": "clinician", "completed_at": "2026-06-01"}
    take("honos", honos | HONOS | {"q4": "9", "q8_type": "B"})
    take("who_5", about | {f"q{n}": "3" for n in range(1, 6)} | {"completed_at": "2026-06-01"},
         coding="scored")  # fmt: skip
    found = frames(workspace, JUNE).scores
    held = dict(found.select("concept_id", "value").iter_rows())
    assert held["718583008"] == "20"
    assert held["979671000000109"] == "9"
    assert len(held) == 14
    core = found.row(by_predicate=pl.col("concept_id") == "718583008", named=True)
    assert (core["moment"].isoformat(), core["referral_id"]) == ("2023-02-01T09:30:00", "R1")
    earlier = frames(workspace, date(2023, 11, 30)).scores
    assert earlier.height == found.height


def test_a_time_zone_that_is_not_known_is_refused(workspace):
    object.__setattr__(workspace.config, "timezone", "Mars/Base")
    with pytest.raises(ExportRefused):
        frames(workspace, JUNE)
