"""Bar charts: distributions, completeness, change classes and item profiles."""

import textwrap
from collections.abc import Sequence

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from romframe import (
    Cell,
    CountTable,
    DisclosurePolicy,
    PairedBars,
    Share,
    gettext,
    message,
    shown_share,
    shown_table,
    word,
)
from romframe_report.bins import Bins
from romframe_report.charts.canvas import Chart, Words, draw, label_row
from romframe_report.theme import CLASS_BARS, FIRST, HIDDEN, INK, LAST, PLAIN, SOFT, Look


_LABEL = 24  # letters of an item's label on a line
_LINES = 3  # lines of it that fit beside its bars; a table gives the whole text
_ROW = 0.34  # inches that a row of bars takes
_ENDS = ((message("First"), FIRST), (message("Last"), LAST))


@frozen
class _Bar:
    """A count as it is written beside its bar, and how long that is; a hidden one is dashed."""

    text: str
    length: int
    hidden: bool


def _of_cell(cell: Cell, policy: DisclosurePolicy) -> _Bar:
    """Make the bar of a count of a table; a hidden one reaches as far as it does at least."""
    if cell.reason:
        return _Bar(cell.text, max(policy.threshold, cell.low), hidden=True)
    return _Bar(cell.text, int(cell.text), hidden=False)


def distributions(
    words: Words,
    bins: Bins,
    table: CountTable,
    names: tuple[Sequence[str], Sequence[str]],
    policy: DisclosurePolicy,
) -> Chart:
    """Draw how many pairs are in each stretch of a score, at first and at last, side by side.

    `names` are those of the counts of the table, at first and at last.
    """
    labels = tuple(zip(bins.names, bins.ranges, strict=True))
    return _first_and_last(words, labels, _ends(table, names, policy), policy)


def paired_bars(chart: PairedBars, policy: DisclosurePolicy) -> Chart:
    """Draw the counts of each label at first and at last, side by side."""
    labels = tuple(("", label) for label in chart.labels)
    bars = _ends(chart.table, (chart.first, chart.last), policy)
    return _first_and_last(chart.words, labels, bars, policy)


def _ends(
    table: CountTable, names: tuple[Sequence[str], Sequence[str]], policy: DisclosurePolicy
) -> tuple[Sequence[_Bar], Sequence[_Bar]]:
    safe = shown_table(table, policy)
    first, last = ([_of_cell(safe.cells[each], policy) for each in end] for end in names)
    return first, last


def _first_and_last(
    words: Words,
    labels: Sequence[tuple[str, str]],
    bars: tuple[Sequence[_Bar], Sequence[_Bar]],
    policy: DisclosurePolicy,
) -> Chart:
    top = max(*(each.length for end in bars for each in end), policy.threshold) * 1.3
    height = _ROW * len(labels) + 0.4

    def paint(figure: Figure) -> None:
        for left, (name, look), at in zip((0.36, 0.69), _ENDS, bars, strict=True):
            axes = figure.add_axes((left, 0.03, 0.3, 1 - 0.38 / height))
            axes.set_title(word(name), loc="left", fontsize=10, fontweight="bold")
            for row, bar in enumerate(at):
                _count_bar(axes, row, bar, look)
            axes.set_xlim(0, top)
            axes.set_ylim(-0.6, len(labels) - 0.4)
            axes.set_xticks([])
            axes.set_yticks([])
            axes.spines["bottom"].set_visible(False)
        for row, (label, held) in enumerate(labels):
            lines = [line for line in (label, held) if line]
            label_row(figure.axes[0], row, lines, muted=bool(label))

    return draw(words, height, paint)


def _count_bar(axes: Axes, row: int, bar: _Bar, look: Look) -> None:
    if bar.length:
        axes.barh(row, bar.length, height=0.62, **(HIDDEN if bar.hidden else look))
    beside = (bar.length, row)
    axes.annotate(bar.text, beside, (3, 0), textcoords="offset points", va="center", fontsize=9)


def completeness(
    words: Words,
    rows: Sequence[tuple[str, Share, Share]],
    table: CountTable,
    policy: DisclosurePolicy,
) -> Chart:
    """Draw for each instrument how many referrals have an assessment and how many are paired.

    A bar of a hidden count is as long as it is at least. `table` has the referrals of all.
    """
    height = 0.62 * len(rows) + 0.55
    whole = _of_cell(shown_table(table, policy).cells["referrals"], policy)
    every = 0 if whole.hidden else whole.length

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.03, 0.32 / height, 0.92, 1 - 0.36 / height))
        for row, (name, assessed, paired) in enumerate(rows):
            y = len(rows) - 1 - row
            axes.barh(y, every, height=0.42, facecolor="none", edgecolor=INK, linewidth=0.8)
            for share, look, thick in ((assessed, FIRST, 0.42), (paired, LAST, 0.18)):
                shown = shown_share(share, policy)
                length = shown.low if shown.count_hidden else int(shown.count)
                axes.barh(y, length, height=thick, **look)
            axes.annotate(name, (0, y + 0.3), fontsize=10, fontweight="bold", va="bottom")
        axes.set_xlim(0, max(every, 1) * 1.02)
        axes.set_ylim(-0.4, len(rows) - 0.15)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(labelsize=9)

    return draw(words, height, paint)


def classes(
    words: Words, rows: Sequence[tuple[str, str, Share]], policy: DisclosurePolicy
) -> Chart:
    """Draw the share of each change class, best first, with its 95 % interval as a whisker."""
    height = 0.4 * len(rows) + 0.42

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.35, 0.4 / height, 0.61, 1 - 0.42 / height))
        for row, (name, label, share) in enumerate(rows):
            y = len(rows) - 1 - row
            label_row(axes, y, [label])
            class_bar(axes, y, name, share, policy)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        percent_axis(axes, 100)

    return draw(words, height, paint)


def class_bar(axes: Axes, y: int, name: str, share: Share, policy: DisclosurePolicy) -> None:
    """Draw a share with its 95 % interval, in the look of a change class if `name` is one."""
    if share.interval is None or shown_share(share, policy).hidden:
        axes.annotate(hidden_text(share, policy), (1, y), va="center", fontsize=9, color=SOFT)
        return
    percentage = policy.percentage(share.count, share.of)
    look = {"edgecolor": INK, "linewidth": 0.8, **CLASS_BARS.get(name, PLAIN)}
    axes.barh(y, int(percentage), height=0.58, **look)
    low, high = 100 * share.interval.low, 100 * share.interval.high
    axes.plot([low, high], [y, y], color="white", linewidth=3.2)
    axes.plot([low, high], [y, y], color=INK, linewidth=1.2, marker="|", markersize=6)
    axes.annotate(
        f"{percentage}%",
        (high, y),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )


def percent_axis(axes: Axes, top: int) -> None:
    """Make the axis a percentage from 0 to `top`, with room for a figure beside the longest bar."""
    axes.set_xlim(0, top * 1.14)
    ticks = range(0, top + 1, top // 4)
    axes.set_xticks(ticks, [f"{percent}%" for percent in ticks])
    axes.set_yticks([])
    axes.tick_params(labelsize=9)
    axes.spines["bottom"].set_bounds(0, top)


def high_items(
    words: Words, rows: Sequence[tuple[str, Share, Share]], policy: DisclosurePolicy
) -> Chart:
    """Draw for each item the share that was high at first (hatched) and at last (solid)."""
    height = 0.42 * len(rows) + 0.75
    shares = [share for _, *both in rows for share in both]
    seen = [share.value or 0 for share in shares if not shown_share(share, policy).hidden]
    highest = 100 * max(seen, default=0)
    top = next(limit for limit in (20, 40, 60, 80, 100) if highest <= limit)

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.42, 0.3 / height, 0.56, 1 - 0.62 / height))
        for row, (label, first, last) in enumerate(rows):
            y = len(rows) - 1 - row
            label_row(axes, y, textwrap.wrap(label, _LABEL, max_lines=_LINES, placeholder=" ..."))
            _share_bar(axes, y + 0.19, first, policy, FIRST)
            _share_bar(axes, y - 0.19, last, policy, LAST)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        percent_axis(axes, top)
        key = [axes.barh(0, 0, label=word(name), **look) for name, look in _ENDS]
        figure.legend(handles=key, loc="upper right", ncols=2, fontsize=9)

    return draw(words, height, paint)


def _share_bar(axes: Axes, y: float, share: Share, policy: DisclosurePolicy, look: Look) -> None:
    hidden = shown_share(share, policy).hidden
    percentage = policy.percentage(share.count, share.of)
    length = 0 if hidden else int(percentage)
    axes.barh(y, length, height=0.34, **look)
    text = hidden_text(share, policy) if hidden else f"{percentage}%"
    axes.annotate(text, (length, y), (3, 0), textcoords="offset points", va="center", fontsize=8)


def hidden_text(share: Share, policy: DisclosurePolicy) -> str:
    """Give what stands for a hidden percentage: the hidden count, where that is the reason."""
    shown = shown_share(share, policy)
    return shown.count if shown.count_hidden else gettext("not shown")
