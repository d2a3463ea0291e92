"""Two charts of returns: how many a month, and the good and the bad side of each item."""

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from romframe import DisclosurePolicy, gettext, word
from romframe_report.charts.canvas import Chart, Words, draw, label_row
from romframe_report.prem.answers import SIDES, ItemTold
from romframe_report.theme import DARK, FAVOURABLE, HIDDEN, NEITHER, UNFAVOURABLE, Look


_LOOKS: Mapping[str, Look] = {
    "favourable": FAVOURABLE,
    "neither": NEITHER,
    "unfavourable": UNFAVOURABLE,
}
_LABEL, _LINES = 24, 3  # letters of a label on a line, and lines; a table gives the whole text
_ITEM, _MONTH = 0.46, 0.27  # inches that a row takes


def sides(words: Words, items: Sequence[ItemTold], policy: DisclosurePolicy) -> Chart:
    """Draw a bar an item: its favourable share from the left, its unfavourable from the right.

    The bars are as long as the percentages that are shown, so that none can be measured closer.
    """
    height = _ITEM * len(items) + 0.4

    def paint(figure: Figure) -> None:
        space = 1 - 0.38 / height
        names = figure.add_axes((0.41, 0.01, 0.01, space))
        axes = figure.add_axes((0.5, 0.01, 0.4, space))
        for row, item in enumerate(items):
            lines = textwrap.wrap(item.label, _LABEL, max_lines=_LINES, placeholder=" ...")
            label_row(names, len(items) - 1 - row, lines)
            _bar(axes, len(items) - 1 - row, item, policy)
        axes.set_xlim(0, 100)
        for each in (names, axes):
            each.set_ylim(-0.5, len(items) - 0.5)
            each.set_axis_off()
        shown = [side for side in SIDES if any(side in item.sides for item in items)]
        key = [Patch(label=word(side).capitalize(), **_LOOKS[side]) for side in shown]
        figure.legend(handles=key, loc="upper right", ncols=3, fontsize=9, columnspacing=1)

    return draw(words, height, paint)


def _bar(axes: Axes, y: int, item: ItemTold, policy: DisclosurePolicy) -> None:
    percent = {
        side: int(policy.percentage(each.count, each.of)) for side, each in item.sides.items()
    }
    good, bad = percent["favourable"], percent.get("unfavourable", 0)
    if "neither" in percent:
        axes.barh(y, max(0, 100 - good - bad), left=good, height=0.56, **_LOOKS["neither"])
    axes.barh(y, bad, left=100 - bad, height=0.56, **_LOOKS["unfavourable"])
    axes.barh(y, good, height=0.56, **_LOOKS["favourable"])
    ends = [(f"{good}%", 0, -4, "right"), (f"{bad}%", 100, 4, "left")]
    for text, x, step, ha in ends[: 1 + ("unfavourable" in percent)]:
        axes.annotate(
            text, (x, y), (step, 0), textcoords="offset points", ha=ha, va="center", fontsize=9
        )


def months(words: Words, rows: Sequence[tuple[str, int | None]], policy: DisclosurePolicy) -> Chart:
    """Draw how many returns came each month; one that is held back (None) has a dashed outline."""
    height = _MONTH * len(rows) + 0.1
    shown = [None if size is None else int(policy.count(size)) for _, size in rows]
    top = max([1, *(size for size in shown if size is not None)])

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.3, 0.02, 0.66, 0.96))
        for row, (label, _) in enumerate(rows):
            y, size = len(rows) - 1 - row, shown[row]
            label_row(axes, y, [label])
            if size is None:
                axes.barh(y, top / 8, height=0.6, **HIDDEN)
            else:
                axes.barh(y, size, height=0.6, facecolor=DARK)
            end, text = (top / 8, gettext("held back")) if size is None else (size, str(size))
            axes.annotate(
                text, (end, y), (4, 0), textcoords="offset points", va="center", fontsize=9
            )
        axes.set_xlim(0, top * 1.2)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines["bottom"].set_visible(False)

    return draw(words, height, paint)
