"""Group figures that can only be shown whole: n, mean, SD, median, quartiles and change classes."""

import polars as pl
from attrs import field, frozen

from romframe import (
    CountTable,
    DisclosurePolicy,
    EffectSize,
    Score,
    Summary,
    effect_size,
    gettext,
    message,
    shown_table,
    summarise,
)
from romframe_report.outcomes import Outcomes


EFFECT_SIZE = "glass_pre"
HEADINGS = (
    "",
    message("n"),
    message("Mean"),
    message("SD"),
    message("Median"),
    message("Middle half"),
)


@frozen
class Figures:
    """First score, last score and improvement of a group of pairs, with its change classes.

    A mean is not to be had from here by itself: `rows` gives whole rows, and `outcomes` stands
    beside them (None only where the score has no change rule). Where the table of the same pairs is
    held back, so are they.
    """

    outcomes: Outcomes | None
    effect: EffectSize | None
    table: CountTable
    _summaries: tuple[tuple[str, Summary], ...] = field(repr=False)

    def shown(self, policy: DisclosurePolicy) -> tuple[tuple[str, Summary], ...]:
        """Give each summary by name; none at all where the group is too small to show."""
        return () if self._hidden(policy) else self._summaries

    def rows(self, policy: DisclosurePolicy) -> tuple[tuple[str, ...], ...]:
        """Give a row of text for each summary that is shown."""
        return tuple((name, *_cells(each, policy)) for name, each in self.shown(policy))

    def medians(self, policy: DisclosurePolicy) -> tuple[str, str] | None:
        """Give the middle first and last score; None where the group is too small to show."""
        if self._hidden(policy):
            return None
        first, last, _ = (number(summary.median) for _, summary in self._summaries)
        return first, last

    def _hidden(self, policy: DisclosurePolicy) -> bool:
        return shown_table(self.table, policy).hides("pairs")


def figures(
    pairs: pl.DataFrame, score: Score, outcomes: Outcomes | None, table: CountTable
) -> Figures:
    """Summarise a group of at least one pair of one score; `table` has the moves of the same."""
    first, last = pairs.get_column("first").to_list(), pairs.get_column("last").to_list()
    change = message("Change") if score.better == "neither" else message("Improvement")
    columns = (
        (message("First"), first),
        (message("Last"), last),
        (change, pairs.get_column("improvement")),
    )
    named = tuple((name, found) for name, each in columns if (found := summarise(each)) is not None)
    effect = effect_size(first, last, definition=EFFECT_SIZE, better=score.better)
    return Figures(outcomes, effect, table, named)


def middle(summary: Summary | None, policy: DisclosurePolicy) -> str:
    """Give the median with its middle half, for a group large enough to show."""
    if summary is None or policy.hides(summary.n):
        return policy.no_percentage
    low, high = number(summary.lower_quartile), number(summary.upper_quartile)
    median = number(summary.median)
    return gettext("%(median)s (%(low)s to %(high)s)", median=median, low=low, high=high)


def number(value: float | None) -> str:
    """Give a number with one decimal, a real minus sign, and a dash where there is none."""
    if value is None:
        return "\u2013"
    text = f"{value:.1f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "\u2212")


def _cells(summary: Summary, policy: DisclosurePolicy) -> tuple[str, ...]:
    low, high = number(summary.lower_quartile), number(summary.upper_quartile)
    return (
        policy.count(summary.n),
        number(summary.mean),
        number(summary.sd),
        number(summary.median),
        gettext("%(low)s to %(high)s", low=low, high=high),
    )
