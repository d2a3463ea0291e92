"""A rating is on one day, whoever asks: that of the clock on the wall."""

from datetime import date

import pytest
from romframe_indicators import wait

from romframe.auditing.run import findings_in, judged_by
from romframe.auditing.sample import draw_sample
from romframe.timing.due import due_items


# Moments of ratings and their days. London is an hour ahead of UTC from 31 March to 27 October.
RATINGS = {
    "R1": ("2024-06-30T23:30:00Z", "2024-07-01"),  # half past midnight
    "R2": ("2024-07-01T00:30:00+01:00", "2024-07-01"),
    "R3": ("2024-03-30T23:30:00Z", "2024-03-30"),  # the evening before the clocks go forward
    "R4": ("2024-03-31T23:30:00Z", "2024-04-01"),
    "R5": ("2024-10-26T23:30:00Z", "2024-10-27"),
    "R6": ("2024-10-27T23:30:00Z", "2024-10-27"),  # the clocks have gone back
    "R7": ("2024-02-29T23:59:59", "2024-02-29"),
}


@pytest.fixture(scope="module")
def service(new_service):
    """Each referral is received and closed on the day of its one rating, the last a day before."""
    made = new_service()
    made.bring("service_user", [{"service_user_id": "P"}])
    days = {name: (day, day) for name, (_, day) in RATINGS.items()}
    days["late"] = ("2024-06-30", "2024-06-30")
    made.bring(
        "referral",
        [
            {"referral_id": n, "service_user_id": "P", "received_on": first, "closed_on": last}
            for n, (first, last) in days.items()
        ],
    )
    made.rate(
        "core_10",
        [(name, at, "assessment", "completed", None) for name, (at, _) in RATINGS.items()]
        + [("late", "2024-06-30T23:30:00Z", "assessment", "completed", None)],
    )
    return made


def test_a_due_list_dates_a_rating_by_the_clock_on_the_wall(service):
    found = due_items(service.workspace, service.framework, date(2024, 11, 1))
    dated = found.filter(schedule="start", instrument="core_10").drop_nulls("answered_on")
    told = {row["referral_id"]: str(row["answered_on"]) for row in dated.iter_rows(named=True)}
    assert told == {name: day for name, (_, day) in RATINGS.items()}


def test_only_a_rating_of_another_day_is_outside_its_referral(service):
    found = findings_in(judged_by(service.workspace, ["outside_referral"]))
    (row,) = found.to_dicts()
    assert row["referral_id"] == "late"
    assert row["what"] == "It is dated 2024-07-01, after its referral was closed on 2024-06-30."


def test_nobody_waited_for_a_rating_of_the_same_day(service):
    params = {"from": "referral", "to": "assessment", "within": 14}
    found = wait.measure(service.workspace, params)
    waited = dict(found.select("referral_id", "value").iter_rows())
    assert waited == {**dict.fromkeys(RATINGS, 0), "late": 1}


def test_a_sample_is_drawn_between_days_of_the_clock_on_the_wall(service):
    first = date(2024, 7, 1)
    drawn = draw_sample(service.workspace, "core_10", 9, 1, between=(first, first))
    assert sorted(drawn["referral_id"]) == ["R1", "R2", "late"]
