"""Ranges as bars: from end to end, the middle half thick, and another group's middle beside."""

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from romframe import DisclosurePolicy, RangeBars, RangeRow
from romframe_report.charts.canvas import Chart, draw, label_row
from romframe_report.theme import DARK, HATCH, INK, PALE, WARM, Look


_LABEL = 24
_LINES = 3
_ENDS: Look = {"facecolor": PALE, "edgecolor": DARK, "linewidth": 0.9}
_HALF: Look = {"facecolor": PALE, "edgecolor": DARK, "linewidth": 0.9, "hatch": HATCH}
_MIDDLE: Look = {"color": INK, "linewidth": 2.4, "solid_capstyle": "butt"}
_BESIDE: Look = {
    "marker": "D",
    "markersize": 7,
    "markerfacecolor": WARM,
    "markeredgecolor": INK,
    "linestyle": "none",
}


def range_bars(chart: RangeBars, policy: DisclosurePolicy) -> Chart:
    """Draw each row's range; the policy has been applied to which rows there are."""
    height = 0.5 * len(chart.rows) + 1.0

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.35, 0.5 / height, 0.61, 1 - 0.85 / height))
        for row, each in enumerate(chart.rows):
            y = len(chart.rows) - 1 - row
            lines = textwrap.wrap(each.label, _LABEL, max_lines=_LINES, placeholder=" ...")
            label_row(axes, y, lines)
            _range(axes, y, each)
        if chart.zero:
            axes.axvline(0, color=INK, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0.5)
        axes.use_sticky_edges = False
        axes.margins(x=0.04)
        axes.set_ylim(-0.6, len(chart.rows) - 0.4)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(labelsize=9)
        axes.set_xlabel(chart.axis, fontsize=9)
        _key(figure, axes, chart)

    return draw(chart.words, height, paint)


def _range(axes: Axes, y: int, row: RangeRow) -> None:
    low, high = row.ends
    axes.barh(y, high - low, left=low, height=0.22, **_ENDS)
    if row.half is not None:
        start, end = row.half
        axes.barh(y, end - start, left=start, height=0.5, **_HALF)
    if row.middle is not None:
        axes.plot([row.middle, row.middle], [y - 0.3, y + 0.3], **_MIDDLE)
    if row.beside is not None:
        axes.plot([row.beside], [y], **_BESIDE)


def _key(figure: Figure, axes: Axes, chart: RangeBars) -> None:
    middle, beside = chart.names
    handles = []
    if any(row.middle is not None for row in chart.rows):
        handles += axes.plot([], [], label=middle, **_MIDDLE)
    if any(row.beside is not None for row in chart.rows):
        handles += axes.plot([], [], label=beside, **_BESIDE)
    figure.legend(handles=handles, loc="upper right", ncols=2, fontsize=9)
