"""Which two assessments are compared, and one verdict for every referral, by example."""

from datetime import date, datetime

import polars as pl
import pytest

from romframe.across import NEAREST_LAST
from romframe.explain_change import WHY_NOT
from romframe.pairing import (
    BASELINE_AND_DISCHARGE,
    FIRST_AND_LAST,
    POLICIES,
    VERDICTS,
    PairingPolicy,
    pair,
)


SCHEMA = {
    "assessment_id": pl.Int64,
    "referral_id": pl.String,
    "completed_at": pl.Datetime("ms"),
    "value": pl.Float64,
    "outcome": pl.String,
    "timepoint": pl.String,
    "rater": pl.String,
    "version": pl.String,
    "setting": pl.String,
}


def done(day, value=10.0, **changes):
    """One completed assessment on a day of January."""
    usual = {
        "referral_id": "R1",
        "completed_at": datetime(2025, 1, day),  # noqa: DTZ001  (wall time of the service)
        "value": value,
        "outcome": "completed",
        "timepoint": "review",
        "rater": "clinician",
        "version": "1",
        "setting": "community",
    }
    return {**usual, **changes}


def paired(*rows, policy=FIRST_AND_LAST, closed_on=None):
    numbered = [{"assessment_id": n, **row} for n, row in enumerate(rows, 1)]
    referrals = pl.DataFrame(
        {"referral_id": ["R1"], "closed_on": [closed_on]}, schema_overrides={"closed_on": pl.Date}
    )
    frame = pl.DataFrame(numbered, schema=SCHEMA).lazy()
    (row,) = pair(frame, referrals.lazy(), policy).collect().to_dicts()
    return row


def ids(row):
    return row["verdict"], row["first_id"], row["last_id"]


CLOSED = date(2025, 2, 1)
WEEK_APART = PairingPolicy("week_apart", minimum_gap_days=7)
BY_EXAMPLE = {
    "no_assessment": paired(),
    "declined": paired(done(1, outcome="declined"), done(2, outcome="missed")),
    "still_open": paired(done(1), done(20), policy=BASELINE_AND_DISCHARGE),
    "single_assessment": paired(done(1), done(2, outcome="declined")),
    "first_refused": paired(done(1, None), done(20)),
    "last_refused": paired(done(1), done(20, None)),
    "no_first": paired(done(1), done(20), policy=BASELINE_AND_DISCHARGE, closed_on=CLOSED),
    "no_last": paired(
        done(1, timepoint="assessment"),
        done(20),
        policy=BASELINE_AND_DISCHARGE,
        closed_on=CLOSED,
    ),
    "rater_differs": paired(done(1), done(20, rater="service_user")),
    "version_differs": paired(done(1), done(20, version="2")),
    "setting_differs": paired(done(1), done(20, setting="inpatient")),
    "gap_too_short": paired(done(1), done(7), policy=WEEK_APART),
    "paired": paired(done(1), done(8), policy=WEEK_APART),
}


@pytest.mark.parametrize("verdict", BY_EXAMPLE)
def test_verdict(verdict):
    assert BY_EXAMPLE[verdict]["verdict"] == verdict
    parts = {BY_EXAMPLE[verdict][name] for name in ("first_id", "last_id", "first", "last")}
    assert (parts == {None}) == (verdict != "paired")


def test_every_verdict_has_an_example():
    assert set(BY_EXAMPLE) == set(VERDICTS.categories)


def test_the_first_is_the_earliest_usable_and_the_last_the_latest():
    row = paired(done(9, 3), done(1, None), done(2, 20), done(20, 8), done(25, None))
    assert ids(row) == ("paired", 3, 4)
    assert (row["first"], row["last"]) == (20.0, 8.0)
    assert row["first_at"] == datetime(2025, 1, 2)  # noqa: DTZ001
    assert row["last_at"] == datetime(2025, 1, 20)  # noqa: DTZ001


def test_of_two_at_the_same_moment_the_one_recorded_first_is_the_earlier():
    any_day = PairingPolicy("any_day")
    assert ids(paired(done(5, 7), done(5, 9), policy=any_day)) == ("paired", 1, 2)
    assert ids(paired(done(5, 7), done(5, 9), done(8), done(8))) == ("paired", 1, 4)


def test_two_assessments_of_one_day_are_no_change_over_time():
    assert paired(done(5, 7), done(5, 9))["verdict"] == "gap_too_short"


def test_the_last_is_the_latest_that_agrees_with_the_first():
    row = paired(done(1), done(10), done(20, rater="service_user"))
    assert ids(row) == ("paired", 1, 2)
    unknown = paired(done(1, setting=None), done(10, setting=None), done(20))
    assert ids(unknown) == ("paired", 1, 2)


def test_what_is_not_compared_does_not_matter():
    policy = PairingPolicy("anyone", same=())
    assert ids(paired(done(1), done(20, rater="carer"), policy=policy)) == ("paired", 1, 2)


def test_baseline_and_discharge_of_a_closed_referral():
    rows = [done(1), done(2, timepoint="assessment"), done(9), done(20, timepoint="discharge")]
    row = paired(*rows, done(25), policy=BASELINE_AND_DISCHARGE, closed_on=CLOSED)
    assert ids(row) == ("paired", 2, 4)
    assert POLICIES["baseline_and_discharge"] == BASELINE_AND_DISCHARGE


def test_a_gap_is_counted_in_calendar_days():
    first = done(1, completed_at=datetime(2025, 1, 1, 23, 59))  # noqa: DTZ001
    short = done(1, completed_at=datetime(2025, 1, 7, 23, 59))  # noqa: DTZ001
    long = done(1, completed_at=datetime(2025, 1, 8, 0, 1))  # noqa: DTZ001
    assert paired(first, short, policy=WEEK_APART)["verdict"] == "gap_too_short"
    assert paired(first, long, policy=WEEK_APART)["verdict"] == "paired"


@pytest.mark.parametrize(
    "dtype", [pl.Date, pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("ns")]
)
def test_moments_of_any_type_without_attributes_or_referrals(dtype):
    frame = pl.LazyFrame(
        {
            "referral_id": ["R1", "R1", "R2"],
            "assessment_id": [1, 2, 3],
            "completed_at": [date(1960, 5, 1), date(2025, 1, 8), date(2025, 1, 1)],
            "value": [20.0, 8.0, 3.0],
        }
    ).with_columns(pl.col("completed_at").cast(dtype))
    found = pair(frame, None).collect().sort("referral_id")
    assert found["verdict"].to_list() == ["paired", "single_assessment"]
    assert found["first_at"].to_list()[0] == datetime(1960, 5, 1)  # noqa: DTZ001
    assert found.columns == [
        "referral_id",
        "verdict",
        "first_id",
        "last_id",
        "first_at",
        "last_at",
        "first",
        "last",
    ]


def test_timepoints_that_are_not_recorded_do_not_restrict():
    frame = pl.LazyFrame(
        {
            "referral_id": ["R1", "R1"],
            "assessment_id": [1, 2],
            "completed_at": [date(2025, 1, 1), date(2025, 1, 8)],
            "value": [20.0, 8.0],
        }
    )
    policy = PairingPolicy("discharge", last_timepoints=("discharge",))
    assert pair(frame, None, policy).collect()["verdict"].to_list() == ["paired"]


def test_columns_of_referrals_are_kept():
    referrals = pl.LazyFrame({"referral_id": ["R1", "R2"], "team": ["A", "B"]})
    frame = pl.DataFrame([{"assessment_id": 1, **done(1)}], schema=SCHEMA).lazy()
    found = pair(frame, referrals).collect().sort("referral_id")
    assert found.select("team", "verdict").rows() == [
        ("A", "single_assessment"),
        ("B", "no_assessment"),
    ]


GOALS = {**SCHEMA, "goal": pl.String}


def test_with_goals_there_is_one_verdict_a_goal():
    rows = [
        done(1, 2.0, goal="a"),
        done(1, 0.0, goal="b"),
        done(20, 6.0, goal="a"),
        done(25, None, goal=None, referral_id="R2", outcome="declined"),
    ]
    numbered = [{"assessment_id": n, **row} for n, row in enumerate(rows, 1)]
    frame = pl.DataFrame(numbered, schema=GOALS).lazy()
    known = pl.LazyFrame(
        {"referral_id": ["R1", "R1", "R1", "R2", "R3"], "goal": ["a", "b", "c", None, None]}
    )
    found = pair(frame, known, goal="goal").collect().sort("referral_id", "goal")
    assert found.select("goal", "verdict", "first", "last").rows() == [
        ("a", "paired", 2.0, 6.0),
        ("b", "single_assessment", None, None),
        ("c", "no_assessment", None, None),
        (None, "declined", None, None),
        (None, "no_assessment", None, None),
    ]
    alone = pair(frame.drop_nulls("goal"), None, goal="goal").collect().sort("goal")
    assert alone.select("referral_id", "goal", "verdict").rows() == [
        ("R1", "a", "paired"),
        ("R1", "b", "single_assessment"),
    ]


def test_the_goals_of_two_referrals_are_told_apart_though_they_have_the_same_name():
    rows = [done(1, goal="1"), done(20, goal="1", referral_id="R2")]
    numbered = [{"assessment_id": n, **row} for n, row in enumerate(rows, 1)]
    found = pair(pl.DataFrame(numbered, schema=GOALS).lazy(), None, goal="goal").collect()
    assert found["verdict"].to_list() == ["single_assessment"] * 2


def test_every_verdict_has_a_place_among_goals_and_words_of_its_own():
    verdicts = set(VERDICTS.categories)
    assert set(NEAREST_LAST.categories) == verdicts
    assert set(WHY_NOT) == verdicts - {"paired"}
