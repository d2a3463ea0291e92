"""Many pairs at once: squares of first and last score, the darker the more pairs there are."""

from collections import Counter
from collections.abc import Sequence
from math import ceil

from matplotlib.axes import Axes

from romframe import DisclosurePolicy, gettext, message
from romframe_report.charts.scatter import Point
from romframe_report.theme import DARK


CROWD = 1_000  # from so many pairs on, marks would cover one another
_SIDE = 24  # squares along an axis
_SHADES = ((0.1, 0.15), (0.25, 0.35), (0.5, 0.65), (1.0, 1.0))  # of the fullest square; opacity
SAID = message(
    "There are too many pairs to mark each: a square stands for those near it, darker for more"
    " pairs, and squares with few pairs are left white."
)


def squares(
    axes: Axes, points: Sequence[Point], ends: tuple[float, float], policy: DisclosurePolicy
) -> None:
    """Draw the squares whose count may be shown, in four shades with what each stands for."""
    low, side = ends[0], max(1, ceil((ends[1] - ends[0]) / _SIDE))  # whole scores, for even squares
    counts: Counter[tuple[int, int]] = Counter()
    for point in points:
        place = (int((point.first - low) / side), int((point.last - low) / side))
        counts[place] += point.pairs
    shown = {place: count for place, count in counts.items() if not policy.hides(count)}
    fullest, least = max(shown.values(), default=0), 0.0
    for part, opacity in _SHADES:
        most = part * fullest
        here = sorted(place for place, count in shown.items() if least < count <= most)
        axes.scatter(
            [low + (column + 0.5) * side for column, _ in here],
            [low + (row + 0.5) * side for _, row in here],
            s=52,
            marker="s",
            color=DARK,
            alpha=opacity,
            linewidth=0,
            label=gettext("up to %(part)s of the fullest", part=f"{part:.0%}"),
            zorder=2,
        )
        least = most
