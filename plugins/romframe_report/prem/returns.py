"""The anonymous returns of one instrument that a report is about, and those of all teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import field, frozen

from romframe import Instrument, Problem, UsageError, did_you_mean, message


if TYPE_CHECKING:
    from collections.abc import Sequence

    from romframe import Workspace

NO_TEAM = message("No team named")


@frozen
class Span:
    """The months that a report is about, both included, and the team if it is about one."""

    start: str
    end: str
    team: str | None = None

    @property
    def months(self) -> tuple[str, ...]:
        """Every month of the span, in order."""
        first, last = (12 * int(text[:4]) + int(text[5:]) - 1 for text in (self.start, self.end))
        return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1))


@frozen
class Returns:
    """The returns of one instrument in a span, and those about every team in the same months."""

    name: str
    instrument: Instrument
    span: Span
    within: pl.DataFrame = field(eq=False, repr=False)
    every: pl.DataFrame = field(eq=False, repr=False)

    def by_month(self) -> dict[str, int]:
        """Count the returns of every month of the span."""
        return dict.fromkeys(self.span.months, 0) | _sizes(self.within, "month")

    def by_team(self, month: str | None = None) -> dict[str, int]:
        """Count the returns about every team, or those of a month, in the order of the alphabet."""
        chosen = self.every if month is None else self.every.filter(pl.col("month") == month)
        return _sizes(chosen, "team")


def returns_in(workspace: Workspace, names: Sequence[str], span: Span) -> tuple[Returns, ...]:
    """Give the anonymous returns of the named instruments, or of all that have any in the span.

    Raises UsageError for a name that is unknown, or of what cannot be returned anonymously, for
    months that run backwards, and for a team of which no return speaks.
    """
    if span.start > span.end:
        what = f"The period starts in {span.start} and ends before that, in {span.end}."
        raise UsageError(Problem("period-backwards", what, "Give the earlier month first."))
    wanted = [(name, _experience(workspace.instrument(name), name)) for name in names]
    if not names:
        every = [(name, workspace.instrument(name)) for name in workspace.instrument_ids]
        wanted = [(name, known) for name, known in every if _anonymous(known)]
    read = [(name, known, workspace.returns(name).collect()) for name, known in wanted]
    _check_team(span, [frame for _, _, frame in read])
    found = [_split(name, known, frame, span) for name, known, frame in read]
    return tuple(each for each in found if names or each.within.height)


def _anonymous(instrument: Instrument) -> bool:
    return instrument.type == "prem" and instrument.storage != "identified"


def _experience(instrument: Instrument, name: str) -> Instrument:
    if not _anonymous(instrument):
        what = f"{name} is no measure of experience (type prem) with anonymous returns."
        mend = "Name one that is, or none: `romframe measures list` tells their types."
        raise UsageError(Problem("no-anonymous-returns", what, mend))
    return instrument


def _check_team(span: Span, frames: Sequence[pl.DataFrame]) -> None:
    teams = sorted({team for frame in frames for team in frame.get_column("team").drop_nulls()})
    if span.team is not None and span.team not in teams:
        what = f"No return is about a team called {span.team!r}."
        raise UsageError(Problem("unknown-team", what, did_you_mean(span.team, teams)))


def _split(name: str, instrument: Instrument, frame: pl.DataFrame, span: Span) -> Returns:
    dated = frame.filter(pl.col("month").is_between(pl.lit(span.start), pl.lit(span.end)))
    within = dated if span.team is None else dated.filter(pl.col("team") == span.team)
    return Returns(name, instrument, span, within, dated)


def _sizes(frame: pl.DataFrame, column: str) -> dict[str, int]:
    named = frame.lazy().select(pl.col(column).fill_null(NO_TEAM))
    return dict(named.group_by(column).len().sort(column).collect().iter_rows())
