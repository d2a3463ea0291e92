"""A run chart: months along the bottom, limits across, signals marked by shape and colour."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from romframe import ControlLimits, DisclosurePolicy, RunChart, gettext, message, word
from romframe_report.charts.canvas import Chart, draw
from romframe_report.control import ShownRun, shown_run, within
from romframe_report.theme import ABOVE, BELOW, DARK, GREY, INK, Look


_HEIGHT = 2.75
_TICKS = 6  # month names that fit along the bottom
_HIGH: Look = {**ABOVE, "label": message("Signal above the mean")}
_LOW: Look = {**BELOW, "label": message("Signal below the mean")}


def run_chart(chart: RunChart, policy: DisclosurePolicy) -> Chart:
    """Draw the points that are large enough to show; a gap stands for one that is not.

    Nothing but the axes is drawn where the whole run has to be held back.
    """
    shown = shown_run(chart, policy)

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0.11, 0.31, 0.76, 0.65))
        _scales(axes, [label for label, _ in (shown.points if shown else chart.points)])
        if shown is None:
            return
        heights = _heights(shown, policy)
        _limits(axes, shown.limits)
        _line(axes, heights, len(shown.points))
        _marks(axes, heights, shown)
        figure.legend(*axes.get_legend_handles_labels(), loc="lower center", ncols=2, fontsize=8)

    return draw(chart.words, _HEIGHT, paint)


def _heights(shown: ShownRun, policy: DisclosurePolicy) -> dict[int, int]:
    """Give the percentages that may be shown, by their place."""
    shares = {place: shown.points[place][1] for place in shown.places}
    return {place: int(policy.percentage(s.count, s.of)) for place, s in shares.items()}


def _limits(axes: Axes, limits: ControlLimits) -> None:
    axes.axhline(limits.mean, color=INK, linewidth=1, label=gettext("Mean of those shown"))
    label = gettext("Trial limits") if limits.trial else gettext("Limits")
    for name, value in ((label, limits.low), ("_", limits.high)):
        axes.axhline(within(value), color=INK, linewidth=0.9, linestyle=(0, (5, 3)), label=name)
    for name, value in ((gettext("Near limits"), limits.near_low), ("_", limits.near_high)):
        axes.axhline(within(value), color=GREY, linewidth=0.8, linestyle=(0, (1, 2)), label=name)
    for value in (limits.mean, within(limits.low), within(limits.high)):
        axes.annotate(
            f"{value:.0f}%",
            (1, value),
            (4, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )


def _line(axes: Axes, heights: dict[int, int], months: int) -> None:
    along = [heights.get(place, float("nan")) for place in range(months)]
    axes.plot(range(months), along, color=GREY, linewidth=1, zorder=2)


def _marks(axes: Axes, heights: dict[int, int], shown: ShownRun) -> None:
    plain = [place for place in heights if place not in shown.signals]
    axes.scatter(plain, [heights[place] for place in plain], s=22, color=DARK, zorder=3)
    high = [place for place in shown.signals if heights[place] >= shown.limits.mean]
    low = [place for place in shown.signals if heights[place] < shown.limits.mean]
    for places, look in ((high, _HIGH), (low, _LOW)):
        if places:
            at = [heights[place] for place in places]
            axes.scatter(
                places,
                at,
                s=58,
                edgecolor=INK,
                linewidth=0.7,
                zorder=4,
                **{**look, "label": word(look["label"])},
            )


def _scales(axes: Axes, labels: list[str]) -> None:
    step = max(1, -(-len(labels) // _TICKS))
    axes.set_xlim(-0.6, len(labels) - 0.4)
    names = [label.partition(" to ")[0] for label in labels]
    axes.set_xticks(range(0, len(labels), step), names[::step])
    axes.set_ylim(-4, 104)
    axes.set_yticks(range(0, 101, 25), [f"{percent}%" for percent in range(0, 101, 25)])
    axes.tick_params(labelsize=8)
