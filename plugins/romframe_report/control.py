"""A monthly figure as it may be shown, with the limits and signals of its run.

Which months are shown may not depend on how well they went, or the run would tell a wrong tale. So
a month is left out only where it has too few referrals. Where another one has a share that must be
hidden, the run begins after it. If that takes more than half of the run, months are put together by
threes; where that does not help, nothing is shown.
"""

from collections.abc import Iterator, Sequence

from attrs import frozen

from romframe import (
    CONTROL_SIGNALS,
    ENOUGH_POINTS,
    ControlLimits,
    ControlRun,
    DisclosurePolicy,
    Share,
    control_run,
    share,
)


Point = tuple[str, Share]

_STRETCHES = ((1, "months"), (3, "stretches of three months"))


@frozen
class ShownRun:
    """Points in their order in time, the places of those large enough to show, and their run."""

    points: tuple[Point, ...]
    places: tuple[int, ...]
    run: ControlRun
    stretch: str

    @property
    def limits(self) -> ControlLimits:
        """The limits of the points that are shown."""
        return self.run.limits

    @property
    def signals(self) -> dict[int, str]:
        """What each point that is a signal is a sign of, by its place."""
        return {
            place: "; ".join(words for name, words in CONTROL_SIGNALS.items() if name in names)
            for place, names in zip(self.places, self.run.signals, strict=True)
            if names
        }

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the run tells, in words."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        limits = self.limits
        yield (
            f"The mean of the {len(self.places)} {self.stretch} shown is {limits.mean:.0f}%; from"
            f" {within(limits.low):.0f}% to {within(limits.high):.0f}% is usual."
        )
        if limits.trial:
            yield f"These are trial limits: there are fewer than {ENOUGH_POINTS} points."
        if self.signals:
            named = "; ".join(self.points[place][0] for place in self.signals)
            yield f"Signals that something has changed: {named}."
        else:
            yield "There is no signal: nothing here is more than the usual ups and downs."


def shown_run(points: Sequence[Point], policy: DisclosurePolicy) -> ShownRun | None:
    """Give the run of months, or of threes of months; None where neither may be shown."""
    for length, stretch in _STRETCHES:
        found = _shown(_together(points, length), policy, stretch)
        if found is not None:
            return found
    return None


def within(percentage: float) -> float:
    """Keep a limit between 0 and 100, as a percentage can be no more."""
    return min(max(percentage, 0.0), 100.0)


def _together(points: Sequence[Point], length: int) -> tuple[Point, ...]:
    parts = [points[start : start + length] for start in range(0, len(points), length)]
    return tuple(
        (
            part[0][0] if len(part) == 1 else f"{part[0][0]} to {part[-1][0]}",
            share(sum(each.count for _, each in part), sum(each.of for _, each in part)),
        )
        for part in parts
    )


def _shown(points: tuple[Point, ...], policy: DisclosurePolicy, stretch: str) -> ShownRun | None:
    large = {
        place: each
        for place, (_, each) in enumerate(points)
        if each.of and not policy.hides(each.of)
    }
    hidden = [place for place, each in large.items() if policy.hides_share(each.count, each.of)]
    kept = {place: each for place, each in large.items() if place > max(hidden, default=-1)}
    if 2 * len(kept) < len(large):
        return None
    run = control_run([100 * each.count / each.of for each in kept.values()])
    return None if run is None else ShownRun(points, tuple(kept), run, stretch)
