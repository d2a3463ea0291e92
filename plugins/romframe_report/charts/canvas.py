"""From a matplotlib figure to an SVG element that can stand inside a page beside others."""

import io
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
from attrs import frozen
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from romframe import ChartWords, DisclosurePolicy
from romframe_report.theme import DARK, INK, SOFT


Words = ChartWords

WIDTH = 4.6  # inches: on a phone a chart is shown at about its own size, so its text stays readable

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "romframe",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same layout everywhere
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.8,
    "hatch.color": DARK,
    "legend.frameon": False,
}
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_IDS = (re.compile(r'(\bid=")'), re.compile(r"(url\(#)"), re.compile(r'(xlink:href="#)'))
_OWN_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_SIZE = re.compile(r' width="[^"]*" height="[^"]*"', re.DOTALL)


@frozen
class Chart:
    """A chart as an `svg` element."""

    words: Words
    svg: Markup


Picture = Callable[[DisclosurePolicy], Chart]


def draw(words: Words, height: float, paint: Callable[[Figure], None]) -> Chart:
    """Let `paint` draw on an empty figure of this height in inches, and give the chart.

    A letter that the font for the layout lacks is nothing to warn of: the reader's font draws it.
    """
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure = Figure(figsize=(WIDTH, height))
        FigureCanvasSVG(figure)
        paint(figure)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata=_NO_METADATA, transparent=True)
    return Chart(words, _inline(text.getvalue(), words))


def label_row(axes: Axes, y: float, lines: Sequence[str], *, muted: bool = False) -> None:
    """Write the lines of a row's name left of the axes, those after the first in grey if `muted`.

    One text a line: a browser's own font then keeps every line flush with the axes.
    """
    for number, line in enumerate(lines):
        small = muted and number > 0
        axes.annotate(
            line,
            (0, y),
            (-6, 5 * (len(lines) - 1) - 10 * number),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            color=SOFT if small else INK,
            fontsize=8 if small else 9,
        )


def _inline(document: str, words: Words) -> Markup:
    """Give the `svg` element alone, with ids of its own and its title and description."""
    element = _SIZE.sub("", _OWN_STYLE.sub("", document[document.index("<svg") :]), count=1)
    for reference in _IDS:
        element = reference.sub(rf"\g<1>{words.id}-", element)
    opening, rest = element.split(">", 1)
    return Markup(  # noqa: S704  (matplotlib escapes its own text; the words are escaped here)
        f'{opening} role="img" aria-labelledby="{words.id}-title {words.id}-desc">'
        f'<title id="{words.id}-title">{escape(words.title)}</title>'
        f'<desc id="{words.id}-desc">{escape(words.description)}</desc>{rest}'
    )
