"""Which days belong to what a schedule asks for."""

from datetime import date

import polars as pl
import pytest
from attrs import evolve

from romframe.days import local_day
from romframe.frameworks.schedules import Schedule, Span
from romframe.timing.due import asked_for, judged
from romframe.timing.items import items
from romframe.timing.matching import answers
from romframe.timing.records import Records


AS_OF = date(2024, 7, 1)
DEFERRALS = {
    "referral_id": pl.String,
    "instrument": pl.String,
    "schedule": pl.String,
    "deferred_on": pl.Date,
    "until": pl.Date,
    "reason": pl.String,
}


def records(*anchors, received=None, ended=None):
    """One referral with these anchors (kind and day)."""
    rows = [("R1", kind, date.fromisoformat(day)) for kind, day in anchors]
    named = pl.DataFrame(
        rows, {"referral_id": pl.String, "kind": pl.String, "day": pl.Date}, orient="row"
    )
    numbered = named.sort("kind", "day").with_columns(
        occurrence=pl.int_range(1, pl.len() + 1).over("kind")
    )
    days = {"received_on": received, "ended_on": ended}
    ends = {name: [date.fromisoformat(day) if day else None] for name, day in days.items()}
    referrals = pl.DataFrame(
        {"referral_id": ["R1"], **ends},
        {"referral_id": pl.String, "received_on": pl.Date, "ended_on": pl.Date},
    )
    return Records(referrals, numbered, pl.DataFrame(), pl.DataFrame())


def schedule(anchor, *offset, **given):
    return Schedule("s", ("a",), anchor, *offset, **given)


def due(asked, known):
    return [str(day) for day in items(asked, known, AS_OF, 0)["due_on"]]


MONTHLY = {"every": Span(1)}


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        (schedule("birth", Span(-1)), ["2024-02-29"]),
        (schedule("birth", Span(1)), ["2024-04-30"]),
        (schedule("birth", Span(-1, -3)), ["2024-02-26"]),
        (schedule("birth", Span(1), at_most=2, **MONTHLY), ["2024-04-30", "2024-05-31"]),
        (
            schedule("birth", until="transfer", **MONTHLY),
            ["2024-03-31", "2024-04-30", "2024-05-31"],
        ),
        (schedule("referral", until="birth", every=Span(0, 14)), ["2024-03-10", "2024-03-24"]),
        (schedule("referral", until="admission", every=Span(0, 14)), []),
    ],
)
def test_months_are_counted_from_the_anchor_and_repeats_end(asked, days):
    known = records(
        ("referral", "2024-03-10"),
        ("birth", "2024-03-31"),
        ("transfer", "2024-06-15"),
        ("admission", "2024-03-01"),
    )
    assert due(asked, known) == days


def test_repeats_go_on_until_one_time_after_the_day_that_is_looked_at():
    found = due(schedule("birth", every=Span(0, 30)), records(("birth", "2024-05-01")))
    assert found == ["2024-05-01", "2024-05-31", "2024-06-30", "2024-07-30"]


def test_nothing_is_due_after_the_end_but_what_counts_from_it():
    known = records(("birth", "2024-05-01"), ("discharge", "2024-05-20"), ended="2024-05-20")
    assert due(schedule("birth", every=Span(0, 14)), known) == ["2024-05-01", "2024-05-15"]
    assert due(schedule("discharge", Span(0, 30)), known) == ["2024-06-19"]


@pytest.mark.parametrize(
    ("offset", "repeat", "days"),
    [
        (Span(12), None, ["2025-02-28"]),
        (Span(48), None, ["2028-02-29"]),
        (Span(-12), None, ["2023-02-28"]),
        (Span(), Span(12), ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        (Span(1), Span(1), ["2024-03-29", "2024-04-29", "2024-05-29", "2024-06-29", "2024-07-29"]),
        (Span(12, 1), None, ["2025-03-01"]),
    ],
)
def test_what_counts_from_a_leap_day_falls_on_the_last_of_a_shorter_february(offset, repeat, days):
    asked = schedule("birth", offset, every=repeat, at_most=5 if repeat else None)
    found = items(asked, records(("birth", "2024-02-29")), date(2028, 6, 1), 0)
    assert [str(day) for day in found["due_on"]] == days


def test_what_is_repeated_after_a_discharge_comes_as_often_as_is_said():
    known = records(("discharge", "2024-02-29"), ended="2024-02-29")
    asked = schedule("discharge", Span(1), at_most=3, every=Span(1))
    assert due(asked, known) == ["2024-03-29", "2024-04-29", "2024-05-29"]


def test_what_closed_before_the_referral_was_received_is_not_asked_for():
    known = records(("birth", "2024-05-01"), received="2024-05-20")
    assert due(schedule("birth", Span(0, 12), late=6), known) == []
    assert due(schedule("birth", Span(0, 12), late=7), known) == ["2024-05-13"]
    repeated = schedule("birth", every=Span(0, 14), at_most=3)
    assert due(repeated, known) == ["2024-05-29"]


def test_two_events_with_one_due_day_ask_once():
    known = records(("visit", "2024-01-30"), ("visit", "2024-01-31"))
    assert due(schedule("visit", Span(1)), known) == ["2024-02-29"]


def days(asked, known):
    found = items(asked, known, AS_OF, 0)
    return [tuple(map(str, row)) for row in found.select("starts", "ends").rows()]


@pytest.mark.parametrize(
    ("asked", "anchors", "expected"),
    [
        # due on the 15th, open from the 12th; nearer to it than to the anchor from the 9th on
        (schedule("birth", Span(0, 14), early=3), ["2024-06-01"], [("2024-06-09", "None")]),
        # an anchor that is the due day itself: from the first day of the window
        (schedule("birth", early=3), ["2024-06-10"], [("2024-06-07", "None")]),
        # ahead of the anchor: from the first day of the window
        (schedule("birth", Span(0, -5), early=3), ["2024-06-10"], [("2024-06-02", "None")]),
        # ten days apart: the fifth day between them still belongs to the earlier one
        (
            schedule("birth", early=1, late=1, every=Span(0, 10), at_most=2),
            ["2024-06-01"],
            [("2024-05-31", "2024-06-06"), ("2024-06-07", "None")],
        ),
        # the same days, but the second is due on its anchor's day: not ahead of its window
        (
            schedule("visit", early=1, late=1),
            ["2024-06-01", "2024-06-11"],
            [("2024-05-31", "2024-06-09"), ("2024-06-10", "None")],
        ),
        # a long window is not cut where it meets no other
        (
            schedule("visit", early=8, late=1),
            ["2024-06-01", "2024-06-11"],
            [("2024-05-24", "2024-06-02"), ("2024-06-03", "None")],
        ),
        # windows that overlap part where the due days are equally far
        (
            schedule("visit", early=4, late=4),
            ["2024-06-01", "2024-06-05"],
            [("2024-05-28", "2024-06-03"), ("2024-06-04", "None")],
        ),
    ],
)
def test_a_day_belongs_to_the_nearer_due_day_and_a_window_is_whole(asked, anchors, expected):
    known = records(*((asked.anchor, day) for day in anchors))
    assert days(asked, known) == expected


def rated(*ratings):
    return pl.DataFrame(
        [
            ("R1", "a", date.fromisoformat(day), said, "completed", number)
            for number, (day, said) in enumerate(ratings, 1)
        ],
        {
            "referral_id": pl.String,
            "instrument": pl.String,
            "day": pl.Date,
            "timepoint": pl.String,
            "outcome": pl.String,
            "assessment_id": pl.Int64,
        },
        orient="row",
    )


def test_a_rating_that_finds_its_item_taken_answers_another_to_whose_days_it_belongs():
    known = records(("visit", "2024-06-01"), ("birth", "2024-05-01"))
    asked = [
        items(each, known, AS_OF, 0).with_columns(timepoint=pl.lit(""), order=pl.lit(order))
        for order, each in enumerate(
            (Schedule("late", ("a",), "birth", late=7), Schedule("now", ("a",), "visit", late=7))
        )
    ]
    found = answers(pl.concat(asked), rated(("2024-06-02", None), ("2024-06-03", None)))
    assert found.sort("assessment_id")["schedule"].to_list() == ["now", "late"]


REVIEW = schedule("birth", Span(0, 14), early=5, late=5)
WEEKLY = schedule("birth", early=3, late=3, every=Span(0, 7))


@pytest.mark.parametrize(
    ("asked", "ended", "rating", "statuses"),
    [
        # due on the 15th, open from the 10th, and the referral ends on the 12th
        (REVIEW, "2024-06-12", "2024-06-10", {"2024-06-15": "done"}),
        (REVIEW, "2024-06-12", "2024-06-12", {"2024-06-15": "done"}),
        (REVIEW, "2024-06-12", "2024-06-09", {}),
        (REVIEW, "2024-06-12", "2024-06-13", {}),
        (REVIEW, "2024-06-12", None, {}),
        (REVIEW, "2024-06-09", "2024-06-10", {}),
        # what is due on the last day itself is asked for
        (REVIEW, "2024-06-15", None, {"2024-06-15": "missed"}),
        # a repeat does not come again on the last day, and its last time may be answered ahead
        (WEEKLY, "2024-06-08", None, {"2024-06-01": "missed"}),
        (WEEKLY, "2024-06-08", "2024-06-06", {"2024-06-01": "missed", "2024-06-08": "done"}),
        (WEEKLY, "2024-06-06", "2024-06-04", {"2024-06-01": "done"}),
        (WEEKLY, "2024-06-06", "2024-06-05", {"2024-06-01": "missed", "2024-06-08": "done"}),
    ],
)
def test_what_was_answered_in_its_window_stays_done_when_the_referral_ends_before_the_due_day(
    asked, ended, rating, statuses
):
    known = evolve(
        records(("birth", "2024-06-01"), ("discharge", ended), ended=ended),
        ratings=rated(*([(rating, None)] if rating else [])),
        deferrals=pl.DataFrame(schema=DEFERRALS),
    )
    found = judged(asked_for([(asked, known)], AS_OF, 0), known, AS_OF)
    assert dict(found.select(pl.col("due_on").cast(pl.String), "status").iter_rows()) == statuses


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-10-26T23:30:00+00:00", "2024-10-27"),
        ("2024-10-27T23:30:00+00:00", "2024-10-27"),
        ("2024-03-31T00:59:00+00:00", "2024-03-31"),
        ("2024-06-30T23:30:00+00:00", "2024-07-01"),
        ("2024-06-30T23:30:00", "2024-06-30"),
        ("2024-06-30", "2024-06-30"),
        ("2024-06-30T22:30:00-05:00", "2024-07-01"),
        ("last June", None),
    ],
)
def test_a_moment_is_on_the_day_that_the_clock_on_the_wall_says(written, day):
    frame = pl.DataFrame({"at": [written]})
    found = frame.select(local_day("at", "Europe/London")).item()
    assert (str(found) if found else None) == day
