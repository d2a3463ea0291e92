"""Shares of groups, one bar each, with a line for the whole."""

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from romframe import DisclosurePolicy, ShareBars, shown_share
from romframe_report.charts.bars import class_bar, percent_axis
from romframe_report.charts.canvas import Chart, draw, label_row
from romframe_report.theme import INK


_LABEL = 24
_LINES = 2


def share_bars(chart: ShareBars, policy: DisclosurePolicy) -> Chart:
    """Draw the share of each row with its 95 % interval as a whisker."""
    height = 0.42 * len(chart.rows) + 0.42

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.35, 0.4 / height, 0.61, 1 - 0.42 / height))
        for row, each in enumerate(chart.rows):
            y = len(chart.rows) - 1 - row
            lines = textwrap.wrap(each.label, _LABEL, max_lines=_LINES, placeholder=" ...")
            label_row(axes, y, lines)
            class_bar(axes, y, each.look, each.share, policy)
        axes.set_ylim(-0.6, len(chart.rows) - 0.4)
        percent_axis(axes, 100)
        _whole(axes, chart, policy)

    return draw(chart.words, height, paint)


def _whole(axes: Axes, chart: ShareBars, policy: DisclosurePolicy) -> None:
    whole = chart.whole
    if whole is not None and not shown_share(whole, policy).hidden:
        at = int(policy.percentage(whole.count, whole.of))
        axes.axvline(at, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1.5)
