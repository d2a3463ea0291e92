"""Ranges in words: where earlier people began, where they came to, and what norms say."""

from __future__ import annotations

from collections.abc import Mapping

from romframe import DisclosurePolicy, NormRange, Score, Spread, Start, gettext, message, word
from romframe_report.bins import Bins
from romframe_report.figures import number


HEADINGS = (
    message("n"),
    message("10th to 90th percentile"),
    message("Middle half"),
    message("Median"),
)
MOMENTS: Mapping[str, str] = {
    "any": message("the score"),
    "first": message("first scores"),
    "last": message("last scores"),
    "improvement": message("improvement"),
}
_STATUS: Mapping[str, str] = {
    "verified": message("read in the source"),
    "secondary": message("quoted from another text, not read in the original"),
    "local": message("set by the service or by romframe, not published"),
    "unverified": message("unverified"),
}


def began(score: Score, start: Start) -> str:
    """Say where people began, such as `moderate (15 to 19)`; empty if that is the whole."""
    if start.stop is None and start.low <= score.low:
        return ""
    ends = (start.low,) if start.stop is None else (start.low, start.stop)
    held = Bins(ends, score.high, ("",) * len(ends), score.decimals == 0).ranges[0]
    return f"{bands(start)} ({held})" if start.bands else held


def bands(start: Start) -> str:
    """Name the band of a stretch, or the first and the last of several; empty where it has none."""
    return gettext(" up to ").join(dict.fromkeys((*start.bands[:1], *start.bands[-1:])))


def whole(spread: Spread | None, policy: DisclosurePolicy) -> tuple[str, ...]:
    """Give the cells of a range in the order of `HEADINGS`: never a median by itself."""
    if spread is None:
        return (policy.no_percentage,) * len(HEADINGS)
    return (
        policy.count(spread.n),
        between(spread.low, spread.high),
        between(spread.lower_quartile, spread.upper_quartile),
        number(spread.median),
    )


def between(low: float, high: float) -> str:
    """Give the two ends of a range."""
    return gettext("%(low)s to %(high)s", low=number(low), high=number(high))


def norm_label(norm: NormRange) -> str:
    """Say of whom a norm is, and of what where it is not the score at any time."""
    return (
        norm.population
        if norm.moment == "any"
        else f"{norm.population}: {word(MOMENTS[norm.moment])}"
    )


def norm_cells(norm: NormRange) -> tuple[str, ...]:
    """Give what a norm is of, its range with what that covers, its n, and who says so."""
    n = gettext("not given") if norm.n is None else str(norm.n)
    source = f"{norm.source} ({word(_STATUS[norm.status])})"
    more = f" {norm.note}." if norm.note else ""
    covers = f"{between(norm.low, norm.high)}: {word(norm.covers)}"
    return norm.population, word(MOMENTS[norm.moment]), covers, n, f"{source}.{more}"
