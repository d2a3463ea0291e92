"""The one place that reads the clock; everything else is given the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give the present moment, with its time zone."""
    return datetime.now(UTC)
