"""The day on which something was: every rule that asks for a day asks here.

A moment that is written with its offset is put on the clock on the wall, which is that of the
workspace's time zone: half past midnight in summer London is 23:30 of the day before in UTC, and
is on the later day. A moment without an offset, and a date, are taken as they are written.
"""

import polars as pl


_DAY = len("2024-04-01")


def day(column: str) -> pl.Expr:
    """Read the day of a stored date, and of a moment as it is written."""
    return pl.col(column).cast(pl.String).str.head(_DAY).str.to_date("%Y-%m-%d", strict=False)


def local_day(column: str, timezone: str) -> pl.Expr:
    """Read the day of a stored moment as the clock on the wall says it."""
    moment = (
        pl.col(column)
        .cast(pl.String)
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", time_zone="UTC", strict=False)
    )
    return pl.coalesce(moment.dt.convert_time_zone(timezone).dt.date(), day(column))
