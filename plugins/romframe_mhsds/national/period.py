"""The month that a preview is about."""

import calendar
from datetime import date

from attrs import frozen

from romframe import Problem, UsageError


_EARLIEST = 1900


@frozen
class Month:
    """A calendar month, and how many months up to it the figures of closed referrals add up."""

    start: date
    end: date
    window_start: date

    @classmethod
    def of(cls, day: date, months: int = 1) -> "Month":
        """Give the month of a day; raises UsageError for a day before 1900."""
        if day.year < _EARLIEST:
            what, mend = f"There are no data of {day}.", f"Give a day from {_EARLIEST} on."
            raise UsageError(Problem("national-day", what, mend))
        first = day.replace(day=1)
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        back = first.year * 12 + first.month - months
        return cls(first, last, date(back // 12, back % 12 + 1, 1))

    @property
    def name(self) -> str:
        """The month as year and month."""
        return f"{self.start:%Y-%m}"
