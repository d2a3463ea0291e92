"""When a framework asks for measures: schedules, and the days that they name."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import frozen


REFERRAL, ASSESSMENT, DISCHARGE = "referral", "assessment", "discharge"
BIRTH = "birth"
STAGES = (REFERRAL, ASSESSMENT, "admission", BIRTH, "cpa_review", "transfer", DISCHARGE)

_WEEK = 7
_YEAR = 12
_SHORTEST = date(2025, 2, 1)  # from here on, any number of months has its fewest days
_LOOKED_AT = 3 * 365  # days in which schedules are compared


@frozen
class Span:
    """A length of time: calendar months, then days. Either may be below nought."""

    months: int = 0
    days: int = 0

    @property
    def fewest_days(self) -> int:
        """How many days this is where its months are the shortest."""
        return (self.after(_SHORTEST) - _SHORTEST).days

    def after(self, day: date) -> date:
        """Give the day so long after a first day of a month."""
        years, month = divmod(day.month - 1 + self.months, _YEAR)
        return day.replace(year=day.year + years, month=month + 1) + timedelta(days=self.days)


@frozen
class Schedule:
    """Measures that are asked for at a distance from an event of each referral.

    `anchor` is that event and `offset` the distance, below nought ahead of it. An answer counts as
    on time from `early` days before the due day to `late` days after it. `every` repeats this to
    the first event called `until`, at most `at_most` times in all. `group` or `where` say for whom
    it is; without either it is for everybody. `put_off` is by how many days after the due day a
    clinician may put it off at most; None: as long as need be.
    """

    id: str
    instruments: tuple[str, ...]
    anchor: str
    offset: Span = Span()
    early: int = 0
    late: int = 0
    timepoint: str = ""
    name: str = ""
    every: Span | None = None
    until: str = DISCHARGE
    at_most: int | None = None
    group: str = ""
    where: Mapping[str, Any] | None = None
    put_off: int | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of its instruments, whatever their versions."""
        return tuple(name.partition("-")[0] for name in self.instruments)

    def windows(self) -> Iterator[tuple[int, int]]:
        """Give the windows of about three years as days from the anchor, where months are short."""
        step, number = self.every, 0
        while number < (self.at_most or _LOOKED_AT if step else 1):
            months = self.offset.months + number * (step.months if step else 0)
            days = self.offset.days + number * (step.days if step else 0)
            due = Span(months, days).fewest_days
            if due > _LOOKED_AT:
                return
            yield due - self.early, due + self.late
            number += 1


def schedule(data: Mapping[str, Any]) -> Schedule:
    """Build the schedule that a validated entry of a framework's `timing` describes."""
    window, repeat = data["window"], data.get("repeat", {})
    ahead = "before" in data
    return Schedule(
        id=data["id"],
        instruments=tuple(data["instruments"]),
        anchor=data["anchor"],
        offset=_span(data["before"], -1) if ahead else _span(data.get("after", {})),
        early=window.get("before", 0),
        late=window.get("after", 0),
        timepoint=data.get("timepoint", ""),
        name=data.get("name", ""),
        every=_span(repeat["every"]) if repeat else None,
        until=repeat.get("until", DISCHARGE),
        at_most=repeat.get("at_most"),
        group=data.get("group", ""),
        where=data.get("where"),
        put_off=data.get("defer", {}).get("at_most"),
    )


def _span(data: Mapping[str, int], sign: int = 1) -> Span:
    days = data.get("days", 0) + _WEEK * data.get("weeks", 0)
    return Span(sign * data.get("months", 0), sign * days)
