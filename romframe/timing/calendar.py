"""A due list as an iCalendar file, which any calendar program takes in and takes in again."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl

from romframe.errors import PluginError, Problem


_IDENTITY = (
    "framework",
    "schedule",
    "referral_id",
    "instrument",
    "anchor",
    "anchor_event",
    "number",
)


def calendar(found: pl.DataFrame, service: str, as_of: date) -> bytes:
    """Give the items of a due list as all-day entries on the days on which they are due.

    An entry names the measure and the referral, and holds no answer, no reason and nobody's name.
    Its identity is that of the item, so that an entry moves where a date has moved. Raises
    PluginError where the library icalendar is not installed.
    """
    try:
        from icalendar import Calendar, Event  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        what = "Calendars need icalendar, which is not installed."
        mend = "Install it with: pip install 'romframe[calendar]'."
        raise PluginError(Problem("calendar-library-missing", what, mend)) from error
    whole = Calendar()
    whole.add("prodid", "-//romframe//due//EN")
    whole.add("version", "2.0")
    for row in found.iter_rows(named=True):
        entry = Event()
        for name, value in _entry(row, service, as_of).items():
            entry.add(name, value)
        whole.add_component(entry)
    text: bytes = whole.to_ical()
    return text


def _entry(row: dict[str, Any], service: str, as_of: date) -> dict[str, Any]:
    day = row["deferred_until"] if row["status"] == "deferred" else row["due_on"]
    identity = "|".join([service, *(str(row[name]) for name in _IDENTITY)])
    return {
        "uid": f"{uuid.uuid5(uuid.NAMESPACE_URL, f'romframe:{identity}')}@romframe",
        "dtstamp": datetime.combine(as_of, time(), UTC),
        "dtstart": day,
        "dtend": day + timedelta(days=1),
        "summary": _shown(f"{row['instrument']} ({row['schedule']}): {row['referral_id']}"),
        "description": (
            f"Status on {as_of}: {row['status']}. On time from {row['opens_on']}"
            f" to {row['closes_on']}."
        ),
        "class": "PRIVATE",
        "transp": "TRANSPARENT",
    }


def _shown(text: str) -> str:
    """Drop what cannot be shown; the library escapes what has a meaning in a calendar."""
    return "".join(each for each in text if each.isprintable())
