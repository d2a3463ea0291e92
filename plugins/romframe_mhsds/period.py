"""The month that a submission is about."""

import calendar
import re
from datetime import date

from attrs import frozen

from romframe import ExportRefused, Problem, UsageError
from romframe_mhsds.reference import first_day


@frozen
class Period:
    """One calendar month, from its first day to its last."""

    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2026-11`.

        Raises UsageError for anything that is not a month, and ExportRefused for a month before the
        layout of the table that is written here.
        """
        found = re.fullmatch(r"([0-2][0-9]{3})-(0[1-9]|1[0-2])", text)
        if found is None:
            what = f"{text!r} is not a month."
            raise UsageError(Problem("mhsds-period", what, "Write year and month, as in 2026-11."))
        year, month = int(found[1]), int(found[2])
        if (year, month) < (first_day().year, first_day().month):
            what = f"{text} is before {first_day():%Y-%m}, when MHSDS v6.0 began."
            mend = "Earlier months have another layout and closed long ago; choose a later month."
            raise ExportRefused(Problem("mhsds-period-too-early", what, mend))
        last = calendar.monthrange(year, month)[1]
        return cls(date(year, month, 1), date(year, month, last))

    @property
    def name(self) -> str:
        """The month as year and month."""
        return f"{self.start:%Y-%m}"
