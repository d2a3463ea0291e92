"""A monthly figure as it may be shown, with the limits and signals of its run.

Which months are shown may not depend on how well they went, or the run would tell a wrong tale. So
a month is left out only where it has too few referrals. Where another one has a share that its
table hides, the run begins after it. If that takes more than half of the run, it goes by stretches
of three months; where that does not help, nothing is shown.
"""

from collections.abc import Iterator

from attrs import frozen

from romframe import (
    CONTROL_SIGNALS,
    ENOUGH_POINTS,
    ControlLimits,
    ControlRun,
    DisclosurePolicy,
    RunChart,
    Share,
    control_run,
    gettext,
    message,
    shown_share,
    word,
)


Point = tuple[str, Share]


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
            place: "; ".join(
                word(words) for name, words in CONTROL_SIGNALS.items() if name in names
            )
            for place, names in zip(self.places, self.run.signals, strict=True)
            if names
        }

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the run tells, in words."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        limits = self.limits
        yield gettext(
            "The mean of the %(n)s %(stretch)s shown is %(mean)s%%; from %(low)s%% to %(high)s%% is"
            " usual.",
            n=len(self.places),
            stretch=word(self.stretch),
            mean=f"{limits.mean:.0f}",
            low=f"{within(limits.low):.0f}",
            high=f"{within(limits.high):.0f}",
        )
        if limits.trial:
            yield gettext(
                "These are trial limits: there are fewer than %(n)s points.", n=ENOUGH_POINTS
            )
        if self.signals:
            named = "; ".join(self.points[place][0] for place in self.signals)
            yield gettext("Signals that something has changed: %(named)s.", named=named)
        else:
            yield gettext("There is no signal: nothing here is more than the usual ups and downs.")


def shown_run(chart: RunChart, policy: DisclosurePolicy) -> ShownRun | None:
    """Give the run of months, or of stretches of three; None where neither may be shown."""
    found = _shown(chart.points, policy, message("months"))
    return found or _shown(chart.wider, policy, message("stretches of three months"))


def within(percentage: float) -> float:
    """Keep a limit between 0 and 100, as a percentage can be no more."""
    return min(max(percentage, 0.0), 100.0)


def _shown(points: tuple[Point, ...], policy: DisclosurePolicy, stretch: str) -> ShownRun | None:
    large = {
        place: each
        for place, (_, each) in enumerate(points)
        if each.of and not policy.hides(each.of)
    }
    hidden = [place for place, each in large.items() if shown_share(each, policy).hidden]
    kept = {place: each for place, each in large.items() if place > max(hidden, default=-1)}
    if 2 * len(kept) < len(large):
        return None
    run = control_run([100 * each.count / each.of for each in kept.values()])
    return None if run is None else ShownRun(points, tuple(kept), run, stretch)
