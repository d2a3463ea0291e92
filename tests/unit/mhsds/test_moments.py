from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from romframe_mhsds.moments import check_zone, with_moments

from romframe import ExportRefused


LONDON = "Europe/London"
WALL_TIMES = st.datetimes(
    datetime(2024, 4, 1),  # noqa: DTZ001  (wall times have no zone)
    datetime(2032, 12, 31),  # noqa: DTZ001
).map(lambda wall: wall.replace(microsecond=0))


def moments(*texts, zone=LONDON):
    frame = with_moments(
        pl.DataFrame({"completed_at": texts}, schema={"completed_at": pl.String}), zone
    )
    return list(frame.select("local_date", "timestamp", "time_note").iter_rows())


@pytest.mark.parametrize(
    ("completed_at", "day", "timestamp", "note"),
    [
        ("2026-11-03T10:15:00", date(2026, 11, 3), "2026-11-03T10:15:00Z", None),
        ("2026-07-01T10:15:00", date(2026, 7, 1), "2026-07-01T10:15:00+01:00", None),
        ("2026-07-01T00:00:00", date(2026, 7, 1), "2026-07-01T00:00:00+01:00", None),
        ("2026-07-31T23:59:59", date(2026, 7, 31), "2026-07-31T23:59:59+01:00", None),
        ("2028-02-29T23:30:00", date(2028, 2, 29), "2028-02-29T23:30:00Z", None),
        ("2026-12-31T23:59:59", date(2026, 12, 31), "2026-12-31T23:59:59Z", None),
        # a day only: its midnight, with the offset of that day
        ("2026-11-03", date(2026, 11, 3), "2026-11-03T00:00:00Z", "date_only"),
        ("2026-07-01", date(2026, 7, 1), "2026-07-01T00:00:00+01:00", "date_only"),
        ("2026-03-29", date(2026, 3, 29), "2026-03-29T00:00:00Z", "date_only"),
        ("2026-10-25", date(2026, 10, 25), "2026-10-25T00:00:00+01:00", "date_only"),
        # the clocks go forward at 01:00 on 29 March 2026 and back at 02:00 on 25 October 2026
        ("2026-03-29T00:59:59", date(2026, 3, 29), "2026-03-29T00:59:59Z", None),
        ("2026-03-29T01:30:00", date(2026, 3, 29), "2026-03-29T02:30:00+01:00", "clock_forward"),
        ("2026-03-29T02:00:00", date(2026, 3, 29), "2026-03-29T02:00:00+01:00", None),
        ("2026-10-25T00:59:59", date(2026, 10, 25), "2026-10-25T00:59:59+01:00", None),
        ("2026-10-25T01:30:00", date(2026, 10, 25), "2026-10-25T01:30:00+01:00", "clock_back"),
        ("2026-10-25T02:00:00", date(2026, 10, 25), "2026-10-25T02:00:00Z", None),
        # an explicit offset is one moment, written as local time
        ("2026-06-30T23:00:00Z", date(2026, 7, 1), "2026-07-01T00:00:00+01:00", None),
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 25), "2026-10-25T01:30:00Z", None),
        ("2026-10-25T01:30:00+01:00", date(2026, 10, 25), "2026-10-25T01:30:00+01:00", None),
        ("2026-12-31T20:00:00-05:00", date(2027, 1, 1), "2027-01-01T01:00:00Z", None),
    ],
)
def test_local_times_get_the_offset_of_their_moment(completed_at, day, timestamp, note):
    assert [(day, timestamp, note)] == moments(completed_at)


@pytest.mark.parametrize(
    "completed_at",
    [
        None,
        "",
        "3 November 2026",
        "2026-02-29",
        "2026-02-30T10:00:00",
        "2026-11-03T24:00:00",
        "2026-11-03T10:15",
        "2026-11-03T10:15:00+99:00",
        "2026-11-03T10:15:00.5",
        "2026-11-03T10:15:00Z ",
        "\u0662\u0660\u0662\u0666-11-03",
    ],
)
def test_a_time_that_cannot_be_read_has_no_moment(completed_at):
    assert moments(completed_at) == [(None, None, None)]


def test_offsets_west_of_greenwich_and_of_half_hours_are_written():
    assert (
        moments("2026-11-03T10:15:00", zone="America/New_York")[0][1] == "2026-11-03T10:15:00-05:00"
    )
    assert moments("2026-11-03T10:15:00", zone="Asia/Kolkata")[0][1] == "2026-11-03T10:15:00+05:30"


def test_an_unknown_time_zone_is_refused():
    assert check_zone(LONDON) == LONDON
    with pytest.raises(ExportRefused, match="Mars/Olympus") as caught:
        check_zone("Mars/Olympus")
    assert caught.value.problems[0].code == "unknown-time-zone"


@given(
    WALL_TIMES,
    st.sampled_from(["Europe/London", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"]),
)
def test_moments_are_those_of_the_standard_library(wall, zone):
    """The oracle: zoneinfo with fold 0, which reads both odd kinds of wall time as we say we do."""
    utc = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    local = utc.astimezone(ZoneInfo(zone))
    expected = local.isoformat()
    if local.utcoffset() == timedelta(0):
        expected = expected.removesuffix("+00:00") + "Z"
    assert (local.date(), expected) == moments(wall.isoformat(), zone=zone)[0][:2]
    assert (local.date(), expected) == moments(utc.isoformat(), zone=zone)[0][:2]
