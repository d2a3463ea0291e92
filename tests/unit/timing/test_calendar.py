"""A calendar of twenty referrals, worked by hand, gives exactly its due list."""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from romframe.timing.due import due_items


CALENDAR = YAML(typ="safe").load(Path(__file__).with_name("calendar.yaml").read_text())
REFERRALS = CALENDAR["referrals"]
AS_OF = date.fromisoformat(CALENDAR["as_of"])


def of(key):
    return [(name, *each) for name, told in REFERRALS.items() for each in told.get(key, ())]


@pytest.fixture(scope="module")
def calendar(new_service):
    """The twenty referrals, brought in as a service would, in no order."""
    service = new_service()
    people = [{"service_user_id": f"P{name}"} for name in REFERRALS]
    service.bring("service_user", people)
    service.bring(
        "referral",
        [
            {"referral_id": name, "service_user_id": f"P{name}", **told["record"]}
            for name, told in reversed(REFERRALS.items())
        ],
    )
    service.bring(
        "care_contact",
        [
            {"care_contact_id": f"C{name}", "referral_id": name, "contact_on": day, "attended": "1"}
            for name, told in REFERRALS.items()
            for day in told.get("contacts", ())
        ],
    )
    events = [
        {"referral_id": name, "kind": kind, "happened_on": day} for name, kind, day in of("events")
    ]
    service.bring("event", events)
    for number in (1, 2):
        moves = [
            {"event_id": name, "referral_id": name, "kind": each[0], "happened_on": each[number]}
            for name, *each in of("moves")
        ]
        service.bring("event", moves, "corrections: accept\n")
    for name, kind, day in of("plans"):
        plan = {"referral_id": name, "kind": kind, "planned_on": day}
        service.bring("planned_event", [plan])
    ratings = of("ratings")
    for instrument in sorted({rating[1] for rating in ratings}):
        service.rate(instrument, [(r[0], *r[2:], None) for r in ratings if r[1] == instrument])
    deferrals = [
        {
            "referral_id": name,
            "instrument": instrument,
            "deferred_on": made,
            "until": until,
            "reason": "acute distress",
        }
        for name, instrument, made, until in of("deferrals")
    ]
    service.bring("deferral", deferrals)
    return service


@pytest.fixture(scope="module")
def found(calendar):
    return due_items(calendar.workspace, calendar.framework, AS_OF)


def line(row):
    parts = ["schedule", "instrument", "due_on", "status", "deferred_until", "punctual", "outcome"]
    told = [row[name] for name in (*parts, "answered_on")]
    return " ".join(str(each) for each in told if each is not None)


@pytest.mark.parametrize("referral", REFERRALS)
def test_a_referral_of_the_calendar_has_exactly_its_items(found, referral):
    rows = found.filter(referral_id=referral).iter_rows(named=True)
    assert sorted(map(line, rows)) == sorted(REFERRALS[referral]["due"])
