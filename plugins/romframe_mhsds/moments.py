"""When an assessment was completed: local wall time in, timestamp with the right offset out.

A time without an offset is the service's wall time. Two kinds of wall time are not one moment, and
both are read with the offset in force before the change (as PEP 495 reads fold 0), and said so:

- in the hour that comes twice when the clocks go back, the first of the two is taken;
- in the hour that is left out when the clocks go forward, 01:30 is half an hour after 01:00, when
  the clocks showed 02:30, and 02:30 is what is written.

A time with an offset is one moment, and is written as the local time of that moment. A day without
a time is written as its midnight. The offset of winter is written Z.
"""

from datetime import datetime
from typing import Any

import polars as pl

from romframe import ExportRefused, Place, Problem


TIME_NOTES = ("date_only", "clock_back", "clock_forward")

_FORM = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?)?$"
)
_SOME_MOMENT = datetime(2024, 4, 1)  # noqa: DTZ001  (polars gives it its zone)
_WALL = "%Y-%m-%dT%H:%M:%S"


def check_zone(zone: str) -> str:
    """Give the time zone back; raises ExportRefused where its name is not known."""
    try:
        pl.select(pl.lit(_SOME_MOMENT).dt.replace_time_zone("UTC").dt.convert_time_zone(zone))
    except pl.exceptions.ComputeError as error:
        what = f"The time zone {zone!r} is not known."
        mend = "Write a name of the IANA time zone database, such as Europe/London."
        problem = Problem("unknown-time-zone", what, mend, Place("romframe.yaml", field="timezone"))
        raise ExportRefused(problem) from error
    return zone


def with_moments(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Add `local_date`, `timestamp` and `time_note`, read from `completed_at`.

    They are null where the time cannot be read.
    """
    text = pl.col("completed_at").cast(pl.String)
    wall = pl.col("__wall")
    first, last = _utc(wall, zone, "earliest"), _utc(wall, zone, "latest")
    earlier = wall.dt.offset_by("-1d")
    before_change = wall - (earlier - _utc(earlier, zone, "latest"))
    given = pl.col("__offset").is_not_null()
    return (
        frame.with_columns(
            text.str.extract(_FORM, 1).alias("__day"),
            text.str.extract(_FORM, 2).alias("__time"),
            text.str.extract(_FORM, 3).alias("__offset"),
        )
        .with_columns(
            pl.concat_str("__day", pl.lit("T"), pl.col("__time").fill_null("00:00:00"))
            .str.to_datetime(_WALL, time_unit="us", strict=False)
            .alias("__wall")
        )
        .with_columns(
            pl.when(given)
            .then(wall - _offset(pl.col("__offset")))
            .otherwise(pl.coalesce(first, before_change))
            .alias("__utc"),
            pl.when(wall.is_null() | given)
            .then(None)
            .when(pl.col("__time").is_null())
            .then(pl.lit("date_only"))
            .when(first.is_null())
            .then(pl.lit("clock_forward"))
            .when(first != last)
            .then(pl.lit("clock_back"))
            .alias("time_note"),
        )
        .with_columns(
            pl.col("__utc")
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone(zone)
            .dt.replace_time_zone(None)
            .alias("__local")
        )
        .with_columns(
            pl.col("__local").dt.date().alias("local_date"),
            pl.concat_str(
                pl.col("__local").dt.strftime(_WALL),
                _offset_text(pl.col("__local") - pl.col("__utc")),
            ).alias("timestamp"),
        )
        .drop("__day", "__time", "__offset", "__wall", "__utc", "__local")
    )


def _utc(wall: pl.Expr, zone: str, twice: Any) -> pl.Expr:
    """Give the UTC of a wall time; null where no clock showed it."""
    in_zone = wall.dt.replace_time_zone(zone, ambiguous=twice, non_existent="null")
    return in_zone.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _offset(text: pl.Expr) -> pl.Expr:
    """Give `+01:00` as a duration."""
    plain = pl.when(text == "Z").then(pl.lit("+00:00")).otherwise(text)
    minutes = plain.str.slice(1, 2).cast(pl.Int64) * 60 + plain.str.slice(4, 2).cast(pl.Int64)
    signed = pl.when(plain.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return pl.duration(minutes=signed)


def _offset_text(offset: pl.Expr) -> pl.Expr:
    minutes = offset.dt.total_minutes()
    hours = (minutes.abs() // 60).cast(pl.String).str.zfill(2)
    rest = (minutes.abs() % 60).cast(pl.String).str.zfill(2)
    sign = pl.when(minutes < 0).then(pl.lit("-")).otherwise(pl.lit("+"))
    written = pl.concat_str(sign, hours, pl.lit(":"), rest)
    return pl.when(minutes == 0).then(pl.lit("Z")).otherwise(written)
