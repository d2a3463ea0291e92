"""Group figures that can only be shown whole: n, mean, SD, median, quartiles and change classes."""

import polars as pl
from attrs import field, frozen

from romframe import (
    DisclosurePolicy,
    EffectSize,
    Score,
    Summary,
    effect_size,
    summarise,
)
from romframe_report.outcomes import Outcomes


EFFECT_SIZE = "glass_pre"
HEADINGS = ("", "n", "Mean", "SD", "Median", "Middle half")


@frozen
class Figures:
    """First score, last score and improvement of a group of pairs, with its change classes.

    A mean is not to be had from here by itself: `rows` gives whole rows, and `outcomes` stands
    beside them (None only where the score has no change rule).
    """

    outcomes: Outcomes | None
    effect: EffectSize | None
    pairs: int
    _summaries: tuple[tuple[str, Summary], ...] = field(repr=False)

    def rows(self, policy: DisclosurePolicy) -> tuple[tuple[str, ...], ...]:
        """Give a row of text for each summary; none at all where the group is too small to show."""
        if policy.hides(self.pairs):
            return ()
        return tuple((name, *_cells(each, policy)) for name, each in self._summaries)

    def medians(self, policy: DisclosurePolicy) -> tuple[str, str] | None:
        """Give the middle first and last score; None where the group is too small to show."""
        if policy.hides(self.pairs):
            return None
        first, last, _ = (number(summary.median) for _, summary in self._summaries)
        return first, last


def figures(pairs: pl.DataFrame, score: Score, outcomes: Outcomes | None) -> Figures:
    """Summarise a group of at least one pair of one score."""
    first, last = pairs.get_column("first").to_list(), pairs.get_column("last").to_list()
    change = "Change" if score.better == "neither" else "Improvement"
    columns = (("First", first), ("Last", last), (change, pairs.get_column("improvement")))
    named = tuple((name, found) for name, each in columns if (found := summarise(each)) is not None)
    effect = effect_size(first, last, definition=EFFECT_SIZE, better=score.better)
    return Figures(outcomes, effect, pairs.height, named)


def middle(summary: Summary | None, policy: DisclosurePolicy) -> str:
    """Give the median with its middle half, for a group large enough to show."""
    if summary is None or policy.hides(summary.n):
        return policy.no_percentage
    low, high = number(summary.lower_quartile), number(summary.upper_quartile)
    return f"{number(summary.median)} ({low} to {high})"


def number(value: float | None) -> str:
    """Give a number with one decimal, a real minus sign, and a dash where there is none."""
    if value is None:
        return "\u2013"
    text = f"{value:.1f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "\u2212")


def _cells(summary: Summary, policy: DisclosurePolicy) -> tuple[str, ...]:
    quartiles = f"{number(summary.lower_quartile)} to {number(summary.upper_quartile)}"
    return (
        policy.count(summary.n),
        number(summary.mean),
        number(summary.sd),
        number(summary.median),
        quartiles,
    )
