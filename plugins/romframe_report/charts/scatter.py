"""The first score against the last one, with the lines that a change rule draws."""

from collections.abc import Callable, Sequence

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from romframe import Score, gettext, word
from romframe_report.bins import bins_of
from romframe_report.charts.canvas import WIDTH, Chart, Words, draw
from romframe_report.outcomes import WORDS
from romframe_report.rules import RuleLines
from romframe_report.theme import CLASS_MARKERS, GREY, INK, PALE, SOFT


@frozen
class Point:
    """How many pairs have this first score, last score and class."""

    first: float
    last: float
    outcome: str
    pairs: int


Marks = Callable[[Axes, tuple[float, float]], None]


def scatter(
    words: Words,
    points: Sequence[Point],
    score: Score,
    lines: RuleLines,
    instead: Marks | None = None,
) -> Chart:
    """Draw the pairs, the no-change diagonal, the reliable-change band and the cut-off lines.

    `instead` draws something else than a mark for each pair, within the ends of the axes.
    """
    groups = {name: [point for point in points if point.outcome == name] for name in CLASS_MARKERS}
    shown = [name for name, group in groups.items() if group]
    highest = max(max(point.first, point.last) for point in points)
    ends = (
        score.low,
        bins_of(score).end_above(max([highest, *(value for _, value in lines.cut_offs)])),
    )
    below = 0.55 + 0.22 * (((len(shown) if instead is None else 4) + 1) // 2)
    height = WIDTH * 0.84 + below + 0.1

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.13, below / height, 0.84, 1 - (below + 0.1) / height))
        _lines(axes, ends, lines)
        if instead is None:
            for name in shown:
                _points(axes, groups[name], name)
        else:
            instead(axes, ends)
        _sides(axes, score)
        figure.legend(*axes.get_legend_handles_labels(), loc="lower center", ncols=2, fontsize=9)
        axes.set_xlabel(gettext("First score"))
        axes.set_ylabel(gettext("Last score"))
        axes.tick_params(labelsize=9)

    return draw(words, height, paint)


def _lines(axes: Axes, shown: tuple[float, float], lines: RuleLines) -> None:
    low, high = shown
    margin = (high - low) * 0.03
    axes.set_xlim(low - margin, high + margin)
    axes.set_ylim(low - margin, high + margin)
    ends = [low - margin, high + margin]
    if lines.reliable is not None:
        lower = [end - lines.reliable for end in ends]
        upper = [end + lines.reliable for end in ends]
        axes.fill_between(ends, lower, upper, color=PALE, zorder=0)
        for edge in (lower, upper):
            axes.plot(ends, edge, color=GREY, linewidth=0.8, linestyle=(0, (5, 3)), zorder=1)
    axes.plot(ends, ends, color=INK, linewidth=1.1, zorder=1)
    for name, value in lines.cut_offs:
        for draw_line in (axes.axvline, axes.axhline):
            draw_line(value, color=INK, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        axes.annotate(
            name, (value, high), (2, 0), textcoords="offset points", fontsize=8, va="center"
        )


def _points(axes: Axes, points: Sequence[Point], name: str) -> None:
    axes.scatter(
        [point.first for point in points],
        [point.last for point in points],
        s=[26 * point.pairs for point in points],
        label=word(WORDS[name][0]),
        linewidth=0.8,
        zorder=3,
        **CLASS_MARKERS[name],
    )


def _sides(axes: Axes, score: Score) -> None:
    better, worse = gettext("Better"), gettext("Worse")
    above, below = (better, worse) if score.better == "higher" else (worse, better)
    for text, x, y, ha, va in (
        (above, 0.02, 0.9, "left", "top"),
        (below, 0.98, 0.04, "right", "bottom"),
    ):
        axes.text(
            x,
            y,
            text,
            transform=axes.transAxes,
            ha=ha,
            va=va,
            fontsize=11,
            fontweight="bold",
            color=SOFT,
        )
