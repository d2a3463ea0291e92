"""What could be expected: this period beside earlier people who began alike, and beside norms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import evolve, field, frozen

from romframe import (
    ENOUGH_PAIRS,
    ChartWords,
    CountTable,
    DisclosurePolicy,
    Expected,
    NormRange,
    RangeBars,
    RangeRow,
    Spread,
    Sum,
    TableShare,
    earlier_pairs,
    expected_changes,
    gettext,
    message,
    pairs_in_groups,
    read_norms,
    share_of,
    shown_table,
    spread,
    word,
)
from romframe_report.charts.canvas import Chart, Picture
from romframe_report.charts.described import drawn
from romframe_report.measures import PREVENTION, Measured, instruments_in_use
from romframe_report.ranges import began, norm_label


if TYPE_CHECKING:
    from romframe import Norms, Window, Workspace

_ALL = message("all")
_NAMES = (message("Earlier median"), message("This period\u2019s median"))
_UNIT = message("points better (below 0: worse)")


@frozen
class History:
    """What is known of earlier referrals, to be set beside those of a window."""

    changes: pl.DataFrame = field(repr=False)
    referrals: pl.DataFrame = field(repr=False)
    norms: Norms
    window: Window

    def rows(self, measured: Measured) -> Iterator[Row]:
        """Give a row for each stretch of first scores of earlier treated people."""
        score, before = measured.score, self.window.start
        pairs = earlier_pairs(self.changes, score, before, self.norms.since(before))
        treated = pairs.filter(pl.col("pathway").ne_missing(PREVENTION))
        now = self._grouped(measured.pairs)
        for each in expected_changes(self._grouped(treated), score):
            alike = now.filter(pl.col("group") == each.group, each.start.holding("first"))
            told = filter(None, (each.group, began(score, each.start)))
            label = ", ".join(told) or _ALL
            better = _share(_table_of(measured, each), each)
            yield Row(label, each, better, spread(alike.get_column("improvement")))

    def _grouped(self, pairs: pl.DataFrame) -> pl.DataFrame:
        return pairs_in_groups(pairs, self.referrals, self.norms.alike)


@frozen
class Row:
    """Earlier people who began alike, and those of this period who began there too.

    `now` is None where these are fewer than a range can be given of, or are held back.
    """

    label: str
    earlier: Expected
    better: TableShare
    now: Spread | None


@frozen
class Block:
    """One score: what became of earlier people, and the norms there are.

    `gains` are norms of improvement, `levels` those of scores, and `bare` counts the others, which
    are a mean without a spread. `now` are this period's first and last scores.
    """

    measured: Measured
    rows: tuple[Row, ...]
    gains: tuple[NormRange, ...]
    levels: tuple[NormRange, ...]
    now: tuple[tuple[str, Spread], ...]
    bare: int

    @property
    def changes(self) -> Picture:
        """The picture of how people changed."""
        return partial(_changes, self)

    @property
    def scores(self) -> Picture:
        """The picture of where people were."""
        return partial(_levels, self)

    def unheld(self, policy: DisclosurePolicy) -> Block:
        """Leave out the ranges of people whose own table a release has held back."""
        now_held = bool(self.now) and shown_table(self.measured.moves, policy).held
        return evolve(
            self,
            rows=tuple(
                evolve(row, now=None if now_held else row.now)
                for row in self.rows
                if not shown_table(row.better.table, policy).held
            ),
            now=() if now_held else self.now,
        )

    @property
    def largest(self) -> Row:
        """The row of the most earlier people."""
        return max(self.rows, key=lambda row: row.earlier.gain.n)


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give a block for each score of which something could be expected, and name the others."""
    norms, referrals = read_norms(workspace), workspace.table("referral")
    found = []
    for used in instruments_in_use(workspace, window):
        changes = workspace.changes(used.name)
        for measured in used.scores:
            if measured.score.better != "neither":
                history = History(changes, referrals, norms, window)
                found.append(_block(measured, history))
    blocks = [each for each in found if each.rows or each.gains or each.levels]
    without = [each.measured.title for each in found if each.measured.rule and not each.rows]
    if not (blocks or without):
        return None
    return {
        "alike": [each.rpartition(".")[2] for each in norms.alike],
        "blocks": blocks,
        "enough": ENOUGH_PAIRS,
        "window": window,
        "without": without,
        "years": norms.years,
    }


def _block(measured: Measured, history: History) -> Block:
    score = measured.score
    norms = history.norms.of(measured.instrument, score)
    ends = ((message("This period, first"), "first"), (message("This period, last"), "last"))
    found = ((label, spread(measured.pairs.get_column(column))) for label, column in ends)
    bare = [each for each in measured.instrument.norms if each.score == score.id and not each.sd]
    return Block(
        measured,
        tuple(history.rows(measured)) if measured.rule is not None else (),
        tuple(each for each in norms if each.moment == "improvement"),
        tuple(each for each in norms if each.moment != "improvement"),
        tuple((label, each) for label, each in found if each is not None),
        sum(each.mean is not None for each in bare),
    )


def _changes(block: Block, policy: DisclosurePolicy) -> Chart:
    words = ChartWords(
        f"expected-{block.measured.key}",
        gettext(
            "%(title)s: improvement of earlier people who began alike", title=block.measured.title
        ),
        gettext(
            "For each stretch of first scores a thin bar from the 10th to the 90th percentile of"
            " the improvement of earlier people, a hatched bar for their middle half, a line for"
            " their median, and a diamond for the median of this period. For each norm a thin bar."
        ),
    )
    bars = [_bar(row.label, row.earlier.gain, row.now) for row in block.unheld(policy).rows]
    bars += map(_of_norm, block.gains)
    return drawn(
        RangeBars(words, tuple(bars), word(_UNIT), (word(_NAMES[0]), word(_NAMES[1])), zero=True),
        policy,
    )


def _levels(block: Block, policy: DisclosurePolicy) -> Chart:
    words = ChartWords(
        f"norms-{block.measured.key}",
        gettext("%(title)s: this period beside norms", title=block.measured.title),
        gettext(
            "A thin bar for the range of each norm, with a line for its mean or median. For the"
            " first and the last scores of this period a thin bar from the 10th to the 90th"
            " percentile, a hatched bar for the middle half, and a line for the median."
        ),
    )
    bars = [_bar(label, found) for label, found in block.unheld(policy).now]
    bars += map(_of_norm, block.levels)
    return drawn(
        RangeBars(words, tuple(bars), gettext("score"), (gettext("Mean or median"), "")), policy
    )


def _table_of(measured: Measured, earlier: Expected) -> str:
    """Name the table of a row, in every language the same: releases are compared by it."""
    group, start = earlier.group or _ALL, earlier.start
    return f"expected of {measured.key}: {group}, from {start.low:g} to {start.stop}"


def _of_norm(norm: NormRange) -> RangeRow:
    return RangeRow(norm_label(norm), (norm.low, norm.high), None, norm.middle)


def _share(name: str, earlier: Expected) -> TableShare:
    """Give the share that got better, by a table of its own: no other shows these people."""
    pairs, better = earlier.gain.n, earlier.better
    counts = {"better": better.count, "others": better.of - better.count, "judged": better.of}
    counts |= {"unjudged": pairs - better.of, "pairs": pairs}
    table = CountTable(
        name,
        counts,
        (Sum("judged", ("better", "others")), Sum("pairs", ("judged", "unjudged"))),
        shares={"judged": ("better",)},
        known=frozenset({"pairs"}),
        percentages=True,
    )
    return share_of(table, "better", "judged")


def _bar(label: str, found: Spread, now: Spread | None = None) -> RangeRow:
    half = (found.lower_quartile, found.upper_quartile)
    beside = None if now is None else now.median
    return RangeRow(word(label), (found.low, found.high), half, found.median, beside)
