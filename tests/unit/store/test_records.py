import json

import pytest

from romframe.importing.kinds import RECORD_KINDS


USER = {
    "service_user_id": "P1",
    "birth_date": "1990-01-02",
    "gender": "2",
    "ethnic_category": "A",
}
REFERRAL = {
    "referral_id": "R1",
    "service_user_id": "P1",
    "team": "north",
    "pathway": "treatment",
    "received_on": "2025-01-10",
}
CONTACT = {
    "care_contact_id": "C1",
    "referral_id": "R1",
    "contact_on": "2025-01-20",
    "mechanism": "01",
    "attended": 1,
}
ACTIVITY = {"care_activity_id": "A1", "care_contact_id": "C1"}
STAFF = {"care_activity_id": "A1", "care_professional_id": "CP1"}
PROFESSIONAL = {"care_professional_id": "CP1", "details": '{"CareProfStaffGpMH":"02"}'}
TEAM = {"team_id": "north", "name": "North", "team_type": "C02"}
OTHER_TEAM = {"referral_id": "R1", "team_id": "south", "closed_on": "2025-03-01"}
EVENT = {"referral_id": "R1", "kind": "birth", "happened_on": "2025-02-14"}


@pytest.fixture
def bring(store, kit):
    """Import rows of one kind of record and give what became of them."""

    def bring(kind, *rows, **given):
        target = RECORD_KINDS[kind]
        result = kit.put(store, kit.records(target, rows), target, **given)
        return result.accepted, result.unchanged, result.corrected, result.rejected

    return bring


@pytest.fixture
def service(bring):
    """One person with a referral, a contact with an activity, and a birth."""
    bring("service_user", USER)
    bring("referral", REFERRAL)
    bring("care_contact", CONTACT)
    bring("event", EVENT)
    bring("care_activity", ACTIVITY)
    bring("care_activity_staff", STAFF)
    bring("care_professional", PROFESSIONAL)
    bring("team", TEAM)
    bring("referral_team", OTHER_TEAM)


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("service_user", USER),
        ("referral", REFERRAL),
        ("care_contact", CONTACT),
        ("event", EVENT),
        ("care_activity", ACTIVITY),
        ("care_activity_staff", STAFF),
        ("care_professional", PROFESSIONAL),
        ("team", TEAM),
        ("referral_team", OTHER_TEAM),
    ],
)
def test_a_record_is_kept_as_it_is_and_only_once(store, service, bring, kind, record):
    (kept,) = store.table(kind).iter_rows(named=True)
    assert {name: value for name, value in kept.items() if value is not None} == record
    assert bring(kind, record) == (0, 1, 0, 0)
    assert store.table(kind).height == 1
    assert store.table("record_history").is_empty()


def test_a_referral_can_be_closed_without_correcting_anything(store, service, bring):
    assert bring("referral", REFERRAL | {"closed_on": "2025-06-01"}) == (0, 0, 1, 0)
    (kept,) = store.table("referral").iter_rows(named=True)
    assert kept["closed_on"] == "2025-06-01"
    (old,) = store.table("record_history").iter_rows(named=True)
    assert (old["kind"], old["record"]) == ("referral", "R1")
    assert json.loads(old["content"])["closed_on"] is None


def test_a_blank_says_nothing_unless_corrections_are_accepted(store, service, bring):
    blank = REFERRAL | {"team": None}
    assert bring("referral", blank) == (0, 1, 0, 0)
    assert store.table("referral")["team"].to_list() == ["north"]
    assert bring("referral", blank, corrections="accept") == (0, 0, 1, 0)
    assert store.table("referral")["team"].to_list() == [None]


def test_other_content_is_refused_unless_corrections_are_accepted(store, service, bring):
    moved = REFERRAL | {"team": "south", "closed_on": "2025-06-01"}
    assert bring("referral", moved) == (0, 0, 0, 1)
    assert store.table("referral").select("team", "closed_on").rows() == [("north", None)]
    (line,) = store.rejected().iter_rows(named=True)
    assert line["code"] == "correction-refused"
    assert line["what"] == "The store has other content for the referral 'R1'."
    assert bring("referral", moved, corrections="accept") == (0, 0, 1, 0)
    assert store.table("referral").select("team", "closed_on").rows() == [("south", "2025-06-01")]
    (old,) = store.table("record_history").iter_rows(named=True)
    assert json.loads(old["content"])["team"] == "north"
    assert old["replaced_by"] == store.table("import_batch")["import_batch_id"].max()


@pytest.mark.parametrize(
    ("kind", "record", "code", "told"),
    [
        (
            "referral",
            REFERRAL,
            "unknown-service-user",
            "The service user 'P1' is not in the store.",
        ),
        ("care_contact", CONTACT, "unknown-referral", "The referral 'R1' is not in the store."),
        ("event", EVENT, "unknown-referral", "The referral 'R1' is not in the store."),
    ],
)
def test_a_record_that_belongs_to_nothing_is_refused_or_its_parent_made(
    store, bring, kind, record, code, told
):
    assert bring(kind, record) == (0, 0, 0, 1)
    (line,) = store.rejected().iter_rows(named=True)
    assert (line["code"], line["what"]) == (code, told)
    assert bring(kind, record, unknown_referrals="create") == (1, 0, 0, 0)
    assert store.rejected()["resolved_by"].null_count() == 0


def test_a_referral_that_was_made_for_a_row_takes_its_content_later(store, bring):
    bring("care_contact", CONTACT, unknown_referrals="create")
    bring("service_user", USER)
    assert bring("referral", REFERRAL) == (0, 0, 1, 0)
    assert store.table("referral")["received_on"].to_list() == ["2025-01-10"]


def test_events_of_one_referral_are_told_apart_by_kind_and_day(store, service, bring):
    later = EVENT | {"happened_on": "2025-02-15"}
    other = EVENT | {"kind": "discharge"}
    assert bring("event", EVENT, later, other) == (2, 1, 0, 0)


def test_an_import_of_nothing_is_an_import_all_the_same(store, bring):
    assert bring("service_user") == (0, 0, 0, 0)
    assert store.table("import_batch").height == 1


def test_an_event_with_an_id_of_its_own_can_be_moved_by_a_correction(store, service, bring):
    birth = EVENT | {"kind": "birth", "event_id": "B1"}
    assert bring("event", birth) == (1, 0, 0, 0)
    moved = birth | {"happened_on": "2025-02-20"}
    assert bring("event", moved) == (0, 0, 0, 1)
    assert bring("event", moved, corrections="accept") == (0, 0, 1, 0)
    kept = store.table("event").sort("event_id").rows()
    assert kept == [("R1", "birth", "2025-02-14", None), ("R1", "birth", "2025-02-20", "B1")]
    (old,) = store.table("record_history").iter_rows(named=True)
    assert (old["record"], json.loads(old["content"])["happened_on"]) == ("B1", "2025-02-14")


def test_events_with_ids_and_without_come_again_as_themselves(store, service, bring):
    twin = EVENT | {"event_id": "B2"}
    assert bring("event", EVENT, twin) == (1, 1, 0, 0)
    assert bring("event", EVENT, twin) == (0, 2, 0, 0)


def test_a_plan_moves_and_is_withdrawn_without_being_a_correction(store, service, bring):
    plan = {"referral_id": "R1", "kind": "cpa_review", "planned_on": "2025-06-01"}
    assert bring("planned_event", plan) == (1, 0, 0, 0)
    assert bring("planned_event", plan | {"planned_on": "2025-06-09"}) == (0, 0, 1, 0)
    assert bring("planned_event", plan | {"planned_on": None}) == (0, 0, 1, 0)
    assert store.table("planned_event").rows() == [("R1", "cpa_review", None, None)]
    assert store.table("record_history").height == 2


def test_a_deferral_is_kept_and_not_overwritten(store, service, bring):
    deferral = {
        "referral_id": "R1",
        "instrument": "mood",
        "deferred_on": "2025-03-01",
        "until": "2025-03-15",
        "reason": "acute distress",
    }
    assert bring("deferral", deferral) == (1, 0, 0, 0)
    assert bring("deferral", deferral | {"until": "2025-04-01"}) == (0, 0, 0, 1)
    assert bring("deferral", deferral | {"deferred_on": "2025-03-15"}) == (1, 0, 0, 0)
