"""Bars to two sides of a middle line: the bad side to the left, the good side to the right."""

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from romframe import DisclosurePolicy, Share, SideBars, shown_share, word
from romframe_report.charts.bars import hidden_text
from romframe_report.charts.canvas import Chart, draw, label_row
from romframe_report.theme import FAVOURABLE, INK, UNFAVOURABLE


_LABEL = 24
_LINES = 2


def side_bars(chart: SideBars, policy: DisclosurePolicy) -> Chart:
    """Draw the share of answers on either side of each row."""
    height = 0.46 * len(chart.rows) + 0.75

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.35, 0.3 / height, 0.63, 1 - 0.62 / height))
        for row, each in enumerate(chart.rows):
            y = len(chart.rows) - 1 - row
            lines = textwrap.wrap(each.label, _LABEL, max_lines=_LINES, placeholder=" ...")
            label_row(axes, y, lines)
            for share, way in ((each.unfavourable, -1), (each.favourable, 1)):
                _side(axes, (y, way), share, policy)
        axes.axvline(0, color=INK, linewidth=1.2, zorder=4)
        axes.set_xlim(-135, 135)
        axes.set_ylim(-0.6, len(chart.rows) - 0.4)
        axes.set_xticks([-100, -50, 0, 50, 100], ["100%", "50%", "0", "50%", "100%"])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(labelsize=9)
        key = [
            axes.barh(0, 0, label=word(chart.sides[0]), **UNFAVOURABLE),
            axes.barh(0, 0, label=word(chart.sides[1]), **FAVOURABLE),
        ]
        figure.legend(handles=key, loc="upper right", ncols=2, fontsize=9)

    return draw(chart.words, height, paint)


def _side(axes: Axes, at: tuple[int, int], share: Share, policy: DisclosurePolicy) -> None:
    y, way = at
    hidden = shown_share(share, policy).hidden
    length = 0 if hidden else int(policy.percentage(share.count, share.of))
    axes.barh(y, way * length, height=0.58, **(FAVOURABLE if way > 0 else UNFAVOURABLE))
    axes.annotate(
        hidden_text(share, policy) if hidden else f"{length}%",
        (way * length, y),
        (3 * way, 0),
        textcoords="offset points",
        ha="left" if way > 0 else "right",
        va="center",
        fontsize=8,
    )
