"""The one visual language of pages and charts: colours, patterns and marks, by what they mean.

The colours are those of the NHS identity guidelines
(https://www.england.nhs.uk/nhsidentity/identity-guidelines/colours/), except the thin lines of
tables, which carry no meaning. No meaning rests on colour: a pattern or a shape says the same, so
that a page read in grey, or by someone who sees few colours, loses nothing.
"""

from collections.abc import Mapping
from typing import Any


Look = Mapping[str, Any]

INK = "#231f20"  # NHS Black
SOFT = "#425563"  # NHS Dark Grey
GREY = "#768692"  # NHS Mid Grey
PALE = "#e8edee"  # NHS Pale Grey
BLUE = "#005eb8"  # NHS Blue
DARK = "#003087"  # NHS Dark Blue
LIGHT = "#41b6e6"  # NHS Light Blue
WARM = "#ffb81c"  # NHS Warm Yellow
STRONG = "#ed8b00"  # NHS Orange
ALARM = "#8a1538"  # NHS Dark Red
PAPER = "#ffffff"
LINE = "#c9d1da"

# What the style sheets know of them, by the name of the custom property.
STYLE_SHEET: Mapping[str, str] = {
    "ink": INK,
    "soft": SOFT,
    "line": LINE,
    "wash": PALE,
    "blue": BLUE,
    "alarm": ALARM,
    "paper": PAPER,
}

HATCH = "////"
FIRST: Look = {"facecolor": PALE, "edgecolor": DARK, "hatch": HATCH, "linewidth": 0.9}
LAST: Look = {"facecolor": DARK, "edgecolor": DARK, "linewidth": 0.9}
HIDDEN: Look = {"facecolor": "none", "edgecolor": GREY, "linestyle": (0, (2, 2)), "linewidth": 0.9}
PLAIN: Look = {"facecolor": PALE, "edgecolor": DARK, "hatch": HATCH}

FAVOURABLE: Look = {"facecolor": DARK, "edgecolor": INK, "linewidth": 0.8}
NEITHER: Look = {"facecolor": PAPER, "edgecolor": INK, "hatch": "..."}
UNFAVOURABLE: Look = {"facecolor": WARM, "edgecolor": INK, "hatch": "xxxx", "linewidth": 0.8}

CLASS_BARS: Mapping[str, Look] = {
    "recovered": {"facecolor": DARK},
    "improved": {"facecolor": LIGHT, "hatch": "\\\\\\\\"},
    "unchanged": {"facecolor": PALE},
    "deteriorated": {"facecolor": WARM, "hatch": "xxxx"},
    "harmed": {"facecolor": STRONG, "hatch": "++++"},
    "maintained": {"facecolor": LIGHT, "hatch": "\\\\\\\\"},
    "relapsed": {"facecolor": WARM, "hatch": "xxxx"},
}
CLASS_MARKERS: Mapping[str, Look] = {
    "recovered": {"marker": "D", "facecolor": DARK, "edgecolor": PAPER},
    "improved": {"marker": "o", "facecolor": LIGHT, "edgecolor": INK},
    "unchanged": {"marker": "s", "facecolor": PAPER, "edgecolor": SOFT},
    "deteriorated": {"marker": "^", "facecolor": WARM, "edgecolor": INK},
    "harmed": {"marker": "X", "facecolor": STRONG, "edgecolor": INK},
    "not_classified": {"marker": "+", "color": INK},
}

ABOVE: Look = {"marker": "^", "color": LIGHT}
BELOW: Look = {"marker": "v", "color": STRONG}

RATING_MARKS: Mapping[str, Look] = {
    "": {"marker": "o", "markerfacecolor": PAPER, "markeredgecolor": DARK, "markersize": 5},
    "better": {"marker": "D", "markerfacecolor": DARK, "markeredgecolor": PAPER, "markersize": 7},
    "worse": {"marker": "X", "markerfacecolor": STRONG, "markeredgecolor": INK, "markersize": 8},
}


def style_sheet() -> str:
    """Give the rule that lets style sheets name the colours."""
    names = " ".join(f"--{name}: {colour};" for name, colour in STYLE_SHEET.items())
    return f":root {{ {names} }}"
