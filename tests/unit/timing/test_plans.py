"""A plan gives way to the event that was planned, and to no other."""

from datetime import date

import icalendar
import pytest

from romframe.timing.calendar import calendar
from romframe.timing.due import due_items
from romframe.timing.lists import Wanted
from romframe.timing.reviews import review_briefs


AS_OF = date(2024, 6, 1)
MOVES = "corrections: accept\n"

# what a referral has: plans (kind, day, id) and events (kind, day, id), and the days of its anchors
CASES = {
    "expected": ([("birth", "2024-07-10", "")], [], ["2024-07-10"]),
    "early": ([("birth", "2024-07-10", "")], [("birth", "2024-05-20", "")], ["2024-05-20"]),
    "late": ([("birth", "2024-05-10", "")], [("birth", "2024-05-20", "")], ["2024-05-20"]),
    "very early": ([("birth", "2024-07-10", "")], [("birth", "2023-10-05", "")], ["2023-10-05"]),
    "second": (
        [("birth", "2024-07-10", "")],
        [("birth", "2023-10-04", "")],
        ["2023-10-04", "2024-07-10"],
    ),
    "twins": (
        [("birth", "2024-07-10", "B2")],
        [("birth", "2024-05-20", "B1"), ("birth", "2024-05-20", "B2")],
        ["2024-05-20"],
    ),
    "other id": (
        [("birth", "2024-07-10", "B2")],
        [("birth", "2024-05-20", "B3")],
        ["2024-05-20", "2024-07-10"],
    ),
    "no id": ([("birth", "2024-07-10", "B4")], [("birth", "2024-05-20", "")], ["2024-05-20"]),
    "review": ([("cpa_review", "2024-06-10", "")], [("cpa_review", "2024-06-04", "")], ["06-04"]),
    "next review": (
        [("cpa_review", "2024-06-10", "")],
        [("cpa_review", "2024-06-03", "")],
        ["06-03", "06-10"],
    ),
    "named review": (
        [("cpa_review", "2024-06-10", "V1")],
        [("cpa_review", "2024-05-01", "V1")],
        ["05-01"],
    ),
    "seen": ([("assessment", "2024-06-20", "")], [], ["2024-05-02"]),
    "withdrawn": ([("birth", "2024-07-10", ""), ("birth", "", "")], [], []),
}


def bring_events(service, name, plans, events):
    for kind, day, id_ in plans:
        row = {
            "referral_id": name,
            "kind": kind,
            "planned_on": day or None,
            "event_id": id_ or None,
        }
        service.bring("planned_event", [row])
    service.bring(
        "event",
        [
            {"referral_id": name, "kind": kind, "happened_on": day, "event_id": id_ or None}
            for kind, day, id_ in events
        ],
    )


@pytest.fixture(scope="module")
def service(new_service):
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P"}])
    made.bring(
        "referral",
        [
            {"referral_id": name, "service_user_id": "P", "received_on": "2023-09-01"}
            for name in [*CASES, "moves", "grows"]
        ],
    )
    made.bring(
        "care_contact",
        [
            {
                "care_contact_id": "C",
                "referral_id": "seen",
                "contact_on": "2024-05-02",
                "attended": "1",
            }
        ],
    )
    for name, (plans, events, _) in CASES.items():
        bring_events(made, name, plans, events)
    return made


def listed(service, name):
    found = due_items(service.workspace, service.framework, AS_OF, 366)
    return found.filter(referral_id=name)


@pytest.mark.parametrize("name", CASES)
def test_an_event_takes_the_place_of_its_plan(service, name):
    days = [str(day) for day in listed(service, name)["anchor_on"].unique().sort()]
    expected = CASES[name][2]
    assert [day[-len(each) :] for day, each in zip(days, expected, strict=True)] == expected


def uids(service, name):
    text = calendar(listed(service, name), "w", AS_OF)
    return {
        str(e["uid"]): e["dtstart"].dt for e in icalendar.Calendar.from_ical(text).walk("VEVENT")
    }


def test_a_birth_that_moves_takes_its_plan_and_its_entry_in_the_calendar_along(service):
    bring_events(service, "moves", [("birth", "2024-07-10", "B9")], [])
    planned = uids(service, "moves")
    assert list(planned.values()) == [date(2024, 7, 24)]
    told = {"referral_id": "moves", "kind": "birth", "event_id": "B9"}
    for day, due in (("2024-06-20", date(2024, 7, 4)), ("2024-06-18", date(2024, 7, 2))):
        service.bring("event", [{**told, "happened_on": day}], MOVES)
        assert uids(service, "moves") == dict.fromkeys(planned, due)


def test_an_entry_in_the_calendar_stays_itself_when_an_earlier_event_becomes_known(service):
    bring_events(service, "grows", [("birth", "2026-01-10", "")], [("birth", "2024-05-25", "")])
    before = uids(service, "grows")
    bring_events(service, "grows", [], [("birth", "2023-09-02", "")])
    after = uids(service, "grows")
    assert before.items() < after.items()


def test_a_review_that_was_held_early_has_no_brief_before_it(service):
    every = review_briefs(service.workspace, [service.framework], date(2024, 6, 5), Wanted(), 30)
    assert [each["referral_id"] for each in every if each["kind"] == "cpa_review"] == [
        "next review"
    ]
    same_day = date(2024, 6, 3)
    every = review_briefs(service.workspace, [service.framework], same_day, Wanted(), 30)
    assert {each["referral_id"] for each in every if each["kind"] == "cpa_review"} == {
        "review",
        "next review",
    }
