"""What holds of due lists whatever the records say."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from romframe.frameworks.schedules import Schedule, Span
from romframe.timing.due import STATUSES, asked_for, judged
from romframe.timing.records import Records


START = date(2024, 1, 1)
SCHEDULES = (
    Schedule("start", ("a", "b"), "referral", early=0, late=10, timepoint="assessment"),
    Schedule("month", ("a",), "referral", Span(1), 5, 5, every=Span(1), put_off=10),
    Schedule("visit", ("a", "b"), "visit", Span(0, 7), 3, 4, timepoint="review"),
    Schedule("ahead", ("b",), "visit", Span(0, -6), 2, 2),
    Schedule("after", ("a",), "discharge", Span(0, 14), 3, 3, every=Span(0, 14), at_most=2),
)
ITEM = ["referral_id", "instrument", "schedule", "due_on"]
DAYS = st.integers(0, 150).map(lambda days: START + timedelta(days=days))
REFERRALS = st.sampled_from(["R1", "R2"])
MEASURES = st.sampled_from(["a", "b"])
RATINGS = st.lists(
    st.tuples(
        REFERRALS,
        MEASURES,
        DAYS,
        st.sampled_from([None, "assessment", "review"]),
        st.sampled_from(["completed", "declined"]),
    ),
    max_size=8,
    unique_by=lambda rating: rating[:4],
)
VISITS = st.lists(st.tuples(REFERRALS, DAYS), max_size=4, unique=True)
DEFERRALS = st.lists(
    st.tuples(REFERRALS, MEASURES, DAYS, st.integers(1, 40)), max_size=3, unique=True
)
ENDS = st.tuples(*[st.none() | DAYS] * 2)


def records(ends, visits, ratings, deferrals):
    anchors = [(name, "referral", START, 1) for name in ("R1", "R2")]
    anchors += [(n, "discharge", e, 1) for n, e in zip(("R1", "R2"), ends, strict=True) if e]
    numbers = {name: sorted(d for n, d in visits if n == name) for name in ("R1", "R2")}
    anchors += [(name, "visit", day, numbers[name].index(day) + 1) for name, day in visits]
    keys = {"referral_id": pl.String, "instrument": pl.String}
    return Records(
        pl.DataFrame(
            {"referral_id": ["R1", "R2"], "received_on": [None, None], "ended_on": list(ends)},
            schema={"referral_id": pl.String, "received_on": pl.Date, "ended_on": pl.Date},
        ),
        pl.DataFrame(
            anchors,
            {"referral_id": pl.String, "kind": pl.String, "day": pl.Date, "occurrence": pl.Int64},
            orient="row",
        ),
        pl.DataFrame(
            [(*rating, number) for number, rating in enumerate(sorted(ratings, key=str))],
            {
                **keys,
                "day": pl.Date,
                "timepoint": pl.String,
                "outcome": pl.String,
                "assessment_id": pl.Int64,
            },
            orient="row",
        ),
        pl.DataFrame(
            [(n, m, None, on, on + timedelta(days=days), "why") for n, m, on, days in deferrals],
            {
                **keys,
                "schedule": pl.String,
                "deferred_on": pl.Date,
                "until": pl.Date,
                "reason": pl.String,
            },
            orient="row",
        ),
    )


def listed(known, as_of, ahead=30):
    asked = asked_for([(each, known) for each in SCHEDULES], as_of, ahead)
    return judged(asked, known, as_of).sort(ITEM)


@settings(max_examples=25, deadline=None)
@given(ENDS, VISITS, RATINGS, DEFERRALS, DAYS)
def test_each_item_has_one_status_and_each_rating_answers_one_item(
    ends, visits, ratings, deferrals, as_of
):
    known = records(ends, visits, ratings, deferrals)
    found = listed(known, as_of)
    assert not found.select(ITEM).is_duplicated().any()
    assert set(found["status"]) <= set(STATUSES)
    used = found["assessment_id"].drop_nulls()
    assert used.is_unique().all()
    said = dict(zip(known.ratings["assessment_id"], known.ratings.iter_rows(), strict=True))
    for row in found.filter(status="done").iter_rows(named=True):
        referral, instrument, day, timepoint, outcome, _ = said[row["assessment_id"]]
        assert (referral, instrument, day, outcome) == (
            row["referral_id"],
            row["instrument"],
            row["answered_on"],
            row["outcome"],
        )
        assert day <= as_of
        assert not (timepoint and row["timepoint"]) or timepoint == row["timepoint"]
    days = found.filter(pl.col("status").is_in(["due", "overdue", "upcoming"]))
    for row in days.iter_rows(named=True):
        window = ("upcoming", "due", "overdue")
        place = (as_of >= row["opens_on"]) + (as_of > row["closes_on"])
        assert row["status"] == window[place]


@settings(max_examples=25, deadline=None)
@given(ENDS, VISITS, RATINGS, DEFERRALS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(ends, visits, ratings, deferrals, as_of, random):
    known = records(ends, visits, ratings, deferrals)
    mixed = [
        frame.sample(fraction=1, shuffle=True, seed=random.randint(0, 9))
        for frame in (known.referrals, known.anchors, known.ratings, known.deferrals)
    ]
    assert listed(known, as_of).equals(listed(Records(*mixed), as_of))


@settings(max_examples=25, deadline=None)
@given(ENDS, VISITS, RATINGS, DEFERRALS, st.tuples(DAYS, DAYS).map(sorted))
def test_what_is_done_is_done_on_every_later_day(ends, visits, ratings, deferrals, days):
    known = records(ends, visits, ratings, deferrals)
    earlier, later = (listed(known, day).filter(status="done") for day in days)
    answer = [*ITEM, "answered_on", "assessment_id"]
    assert earlier.join(later, on=answer, how="anti").is_empty()
