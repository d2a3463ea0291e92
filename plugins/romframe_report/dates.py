"""Days and months in words, in the language of the page; where nobody knows its months, English."""

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from romframe import ENGLISH, spoken


_PLAIN = Locale("en")


def day_in_words(day: date) -> str:
    """Give a date as 30 June 2026, whatever the machine's language."""
    return _in_words(day, "d MMMM y")


def short_day(day: date) -> str:
    """Give a date as 30 Jun 2026."""
    return _in_words(day, "d MMM y")


def month_in_words(month: str) -> str:
    """Give 2026-03 as March 2026."""
    return _in_words(date.fromisoformat(f"{month}-01"), "LLLL y")


def short_month(month: str) -> str:
    """Give 2026-06 as Jun 2026."""
    return _in_words(date.fromisoformat(f"{month}-01"), "LLL y")


def _in_words(day: date, pattern: str) -> str:
    return format_date(day, pattern, _PLAIN if spoken() == ENGLISH else _known(spoken()))


def _known(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return _PLAIN
