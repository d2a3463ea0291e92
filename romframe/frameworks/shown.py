"""The figures of a framework as they may be shown: text and whole percentages, targets judged."""

from collections.abc import Iterator
from typing import Literal

from attrs import frozen

from romframe.disclosure import (
    DisclosurePolicy,
    TableShare,
    disclosure_policy,
    protect,
    shown_share,
)
from romframe.frameworks.counted import Counted
from romframe.frameworks.figures import FrameworkFigures
from romframe.frameworks.model import MEDIAN, Outcome, Target
from romframe.summary import Share
from romframe.translation import gettext, message


Status = Literal["met", "not_met", "cannot_be_told"]

STATUS_WORDS: dict[Status, str] = {
    "met": message("met"),
    "not_met": message("not met"),
    "cannot_be_told": message("cannot be told"),
}
_WANTED = {
    False: (message("at least %(n)s%%"), message("at most %(n)s%%")),
    True: (message("at least %(n)s days"), message("at most %(n)s days")),
}
NOBODY = message("there is nobody to count")
HIDDEN = message("small numbers are hidden")
NO_SUCH_FIGURE = message("there is no such figure: nothing judges the score so")


@frozen
class ShownFigure:
    """One figure as it may be shown; what is hidden is None, and its count says what it can.

    `value` is a whole percentage, or for the figure `median` a number of days; `low` and `high` are
    the ends of the 95 % interval of a percentage.
    """

    outcome: str
    part: str
    figure: str
    count: str
    of: str
    value: float | None
    low: int | None
    high: int | None


@frozen
class ShownTarget:
    """A target beside what was found.

    `reason` says why it cannot be told whether it is met. `in_interval` says that the interval of
    the figure holds the target, so that chance alone could have decided.
    """

    outcome: str
    part: str
    target: Target
    found: ShownFigure | None
    status: Status
    reason: str = ""
    in_interval: bool = False

    @property
    def wanted(self) -> str:
        """The target in words."""
        days = self.target.figure == MEDIAN
        ends = zip(_WANTED[days], (self.target.at_least, self.target.at_most), strict=True)
        told = (gettext(asked, n=f"{end:g}") for asked, end in ends if end is not None)
        return gettext(" and ").join(told)


def shown_figures(figures: FrameworkFigures, policy: DisclosurePolicy) -> tuple[ShownFigure, ...]:
    """Give every figure as the policy allows it to be shown, in the framework's order."""
    return tuple(
        _figure(outcome.id, counted, name, policy)
        for outcome, counted, _ in _parts(figures)
        for name in (*counted.shares, *([MEDIAN] if counted.values else []))
    )


def shown_targets(figures: FrameworkFigures, policy: DisclosurePolicy) -> tuple[ShownTarget, ...]:
    """Judge every target by what may be shown, in the framework's order.

    A target is compared with the exact figure, not with the rounded one. Of a hidden figure it is
    told only where every count that a reader must think possible gives the same answer.
    """
    return tuple(
        _target(outcome.id, counted, target, policy)
        for outcome, counted, targets in _parts(figures)
        for target in targets
    )


def _parts(figures: FrameworkFigures) -> Iterator[tuple[Outcome, Counted, tuple[Target, ...]]]:
    for outcome in figures.framework.outcomes:
        for part in outcome.figures:
            yield outcome, figures.counted[part.id], part.targets


def _figure(outcome: str, counted: Counted, name: str, policy: DisclosurePolicy) -> ShownFigure:
    if name == MEDIAN:
        return _median(outcome, counted, policy)
    share = counted.shares[name]
    shown = shown_share(share, policy)
    about = (outcome, counted.id, name, shown.count, shown.of)
    if shown.hidden or share.interval is None:
        return ShownFigure(*about, None, None, None)
    low, high = (round(100 * end) for end in (share.interval.low, share.interval.high))
    return ShownFigure(*about, int(policy.percentage(share.count, share.of)), low, high)


def _median(outcome: str, counted: Counted, policy: DisclosurePolicy) -> ShownFigure:
    """Give the median, which may be shown where so many may be counted."""
    values = counted.values
    n = values.n if values else 0
    value = values.median if values and not policy.hides(n) else None
    return ShownFigure(outcome, counted.id, MEDIAN, "", policy.count(n), value, None, None)


def _target(
    outcome: str, counted: Counted, target: Target, policy: DisclosurePolicy
) -> ShownTarget:
    about = (outcome, counted.id, target)
    share = counted.shares.get(target.figure)
    if target.figure != MEDIAN and share is None:
        return ShownTarget(*about, None, "cannot_be_told", NO_SUCH_FIGURE)
    found = _figure(outcome, counted, target.figure, policy)
    exact = 100 * share.value if share and share.value is not None else found.value
    if exact is None or found.value is None:
        if share is not None and share.of > 0:
            sure = _sure(share, target, policy)
            return ShownTarget(*about, found, sure, HIDDEN if sure == "cannot_be_told" else "")
        nobody = share is not None or counted.values is None
        return ShownTarget(*about, found, "cannot_be_told", NOBODY if nobody else HIDDEN)
    status: Status = "met" if _meets(exact, target) else "not_met"
    return ShownTarget(
        *about, found, status, in_interval=share is not None and _holds(share, target)
    )


def _sure(share: TableShare, target: Target, policy: DisclosurePolicy) -> Status:
    """Judge a hidden figure by what a reader knows of it: the range of its count."""
    safe = protect(share.table, policy)
    cell = safe.cells[share.name]
    if safe.hides(share.whole):
        return "cannot_be_told"
    high = share.of if cell.high is None else min(cell.high, share.of)
    ends = {_meets(100 * count / share.of, target) for count in range(cell.low, high + 1)}
    if len(ends) > 1:
        return "cannot_be_told"
    return "met" if ends == {True} else "not_met"


def _meets(value: float, target: Target) -> bool:
    enough = target.at_least is None or value >= target.at_least
    return enough and (target.at_most is None or value <= target.at_most)


def _holds(share: Share, target: Target) -> bool:
    """Say whether the interval holds an end of the target inside."""
    ends = (end for end in (target.at_least, target.at_most) if end is not None)
    interval = share.interval
    return interval is not None and any(
        100 * interval.low < end < 100 * interval.high for end in ends
    )


def told_by_subtraction(old: FrameworkFigures, new: FrameworkFigures) -> frozenset[str]:
    """Name the measures and indicators whose two figures, subtracted, would tell of a few people.

    Where both count as many, they are taken to count the same people by another rule.
    """
    policies = [disclosure_policy(each.framework.disclosure) for each in (old, new)]
    least = max(policy.threshold for policy in policies)
    return frozenset(
        name
        for name in old.counted.keys() & new.counted.keys()
        if any(_few(*pair, least) for pair in _in_both(old.counted[name], new.counted[name]))
    )


def _in_both(old: Counted, new: Counted) -> Iterator[tuple[Share, Share]]:
    for figure in old.shares.keys() & new.shares.keys():
        yield old.shares[figure], new.shares[figure]


def _few(old: Share, new: Share, least: int) -> bool:
    of, count = new.of - old.of, new.count - old.count
    return of != 0 and any(0 < abs(each) < least for each in (of, count, of - count))
