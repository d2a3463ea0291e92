"""Which days a report of a framework is about where nobody names them."""

import calendar
from datetime import date, timedelta

from romframe.frameworks.model import Framework, Rhythm


# The month in which a stretch begins, and how many months it has. A year is the NHS's financial
# one, from April to March.
_STRETCHES: dict[Rhythm, tuple[int, int]] = {"month": (1, 1), "quarter": (1, 3), "year": (4, 12)}


def reporting_period(
    framework: Framework, today: date, start: date | None = None, end: date | None = None
) -> tuple[date, date]:
    """Give the first and the last day that a report is about.

    The last is that of the last whole month, quarter or year before today, by the framework's
    rhythm; the first is as many months before as the framework looks back. Days that are given
    stand.
    """
    last = end or _end_of_last(framework.every, today)
    return start or _earlier(last + timedelta(days=1), framework.over), last


def period_in_words(framework: Framework, start: date, end: date) -> str:
    """Say which days a report is about whose days nobody named, and how to name others."""
    over = "month" if framework.over == 1 else f"{framework.over} months"
    usual = f"the {over} up to the end of the last whole {framework.every}, unless --from and --to"
    return f"The report is of {start} to {end} ({usual} say otherwise)."


def _end_of_last(every: Rhythm, today: date) -> date:
    begins, length = _STRETCHES[every]
    inside = (today.month - begins) % length
    return _earlier(today.replace(day=1), inside) - timedelta(days=1)


def _earlier(day: date, months: int) -> date:
    """Give the day so many months earlier, or the last of its month where that is shorter."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
