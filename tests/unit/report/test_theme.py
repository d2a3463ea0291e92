"""The colours of pages and charts, against WCAG 2.2."""

import re
from importlib.resources import files
from itertools import combinations

import pytest
from romframe_report import theme


PACKAGE = files("romframe_report")
HEX = re.compile(r"(?<!&)#[0-9a-fA-F]{3,8}\b")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # the greyest that pass


@pytest.mark.parametrize("paper", [theme.PAPER, theme.PALE])
@pytest.mark.parametrize("text", [theme.INK, theme.SOFT, theme.BLUE, theme.ALARM])
def test_text_can_be_read_on_every_ground(text: str, paper: str) -> None:
    assert contrast(text, paper) >= 4.5


@pytest.mark.parametrize("edge", [theme.INK, theme.DARK, theme.SOFT, theme.GREY])
def test_edges_and_lines_that_mean_something_stand_out(edge: str) -> None:
    assert contrast(edge, theme.PAPER) >= 3


@pytest.mark.parametrize(
    "looks",
    [theme.CLASS_BARS, theme.CLASS_MARKERS, theme.RATING_MARKS],
    ids=["bars", "marks", "ratings"],
)
def test_what_means_something_else_looks_different_without_colour(looks) -> None:
    meaning_alike = {("improved", "maintained"), ("deteriorated", "relapsed")}
    for (name, look), (other, another) in combinations(looks.items(), 2):
        shapes = [(each.get("marker"), each.get("hatch")) for each in (look, another)]
        fills = [
            each.get("facecolor", each.get("markerfacecolor", theme.INK))
            for each in (look, another)
        ]
        if (name, other) not in meaning_alike:
            assert shapes[0] != shapes[1] or contrast(*fills) >= 3, (name, other)


def test_sides_look_different_without_colour() -> None:
    hatches = [look.get("hatch") for look in (theme.FAVOURABLE, theme.NEITHER, theme.UNFAVOURABLE)]
    assert len(set(hatches)) == 3


def test_no_colour_stands_outside_the_theme() -> None:
    found = {
        (path.name, colour)
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".css", ".html"} and path.name != "theme.py"
        for colour in HEX.findall(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_style_sheets_use_the_colours_that_the_theme_gives_them_and_no_others() -> None:
    sheets = "".join(p.read_text() for p in (PACKAGE / "templates").glob("*.css"))
    assert set(re.findall(r"var\(--(\w+)\)", sheets)) == set(theme.STYLE_SHEET)
    assert "--ink: #231f20;" in theme.style_sheet()
