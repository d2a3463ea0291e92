import re
from functools import partial

import pytest
from attrs import evolve
from romframe_report.bins import bins_of
from romframe_report.charts import bars
from romframe_report.charts.canvas import Words
from romframe_report.charts.described import drawn
from romframe_report.charts.scatter import Point, scatter
from romframe_report.rules import RuleLines

from romframe import (
    NHS_MONTHLY,
    SERVICE,
    CountTable,
    PairedBars,
    RangeBars,
    RangeRow,
    Sum,
    share,
)
from romframe.disclosure import SHOWN


REFERRALS = CountTable("all", {"referrals": 12})
WORDS = Words("chart", "A <title>", 'A "description"')
ITEMS = [("costs $5 & <more> than a line can hold", share(7, 20), share(2, 20))]


def _distributions(bins, counts, *, add_up=False):
    names = [[f"{end} {n}" for n in range(len(counts))] for end in ("first", "last")]
    values = dict(zip((*names[0], *names[1]), (*counts, *reversed(counts)), strict=True))
    sums = [Sum("pairs", tuple(each)) for each in names] if add_up else []
    table = CountTable("moves", {**values, "pairs": sum(counts)}, tuple(sums), known={"pairs"})
    return partial(bars.distributions, WORDS, bins, table, names)


@pytest.fixture
def pictures(service):
    score = service.instrument("core_10").score("total")
    bins = bins_of(score)
    points = [Point(20, 8, "recovered", 2), Point(8, 20, "harmed", 1)]
    lines = RuleLines(6, (("cut-off 11", 11),))
    rows = [("improved", "Improved", share(3, 20)), ("unchanged", "Unchanged", share(17, 20))]
    counts = (0, 1, 4, 5, 6, 7)
    return {
        "distributions": _distributions(bins, counts),
        "completeness": partial(
            bars.completeness, WORDS, [("CORE-10", share(9, 12), share(3, 12))], REFERRALS
        ),
        "classes": partial(bars.classes, WORDS, rows),
        "items": partial(bars.high_items, WORDS, ITEMS),
        "scatter": lambda _: scatter(WORDS, points, score, lines),
    }


NAMES = ["distributions", "completeness", "classes", "items", "scatter"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("policy", [SHOWN, SERVICE, NHS_MONTHLY])
def test_a_chart_is_an_svg_with_its_words(pictures, name, policy):
    svg = pictures[name](policy).svg

    assert svg.startswith("<svg ")
    assert 'role="img" aria-labelledby="chart-title chart-desc"' in svg
    assert '<title id="chart-title">A &lt;title&gt;</title>' in svg
    assert '<desc id="chart-desc">A &#34;description&#34;</desc>' in svg
    assert "<script" not in svg
    assert "<style" not in svg
    assert "<metadata" not in svg


@pytest.mark.parametrize("name", NAMES)
def test_the_same_figures_give_the_same_bytes(pictures, name):
    assert pictures[name](SERVICE).svg == pictures[name](SERVICE).svg


@pytest.mark.parametrize("name", NAMES)
def test_every_id_is_the_charts_own_and_every_reference_finds_one(pictures, name):
    svg = pictures[name](SHOWN).svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    wanted = re.findall(r'(?:url\(#|xlink:href="#)([^")]+)', svg)

    assert len(ids) == len(set(ids))
    assert all(each.startswith("chart-") for each in ids)
    assert set(wanted) <= set(ids)
    assert wanted


def test_a_hidden_count_has_no_bar_of_its_own_length(pictures):
    """Two hidden counts, 1 and 4, must look alike; so must the hidden ones and their mirror."""
    four = pictures["distributions"](SERVICE).svg
    one = _distributions(pictures["distributions"].args[1], (0, 4, 1, 5, 6, 7))(SERVICE).svg

    assert four == one
    assert four.count("&lt;5") == 4


def test_a_count_hidden_for_others_decides_neither_its_bar_nor_the_scale(pictures):
    bins = pictures["distributions"].args[1]

    one, other = (
        _distributions(bins, (few, 33 - few, 0, 0, 0, 0), add_up=True)(SERVICE).svg
        for few in (2, 3)
    )

    assert one == other
    assert one.count("29\N{EN DASH}32") == 2


def test_a_described_count_has_a_bar_or_is_dashed_at_the_threshold():
    counts = [{"few": few, "nine": 9, "none": 0, "twelve": 12} for few in (1, 4)]
    names = (("few", "nine"), ("none", "twelve"))

    one, other = (
        bars.paired_bars(
            PairedBars(WORDS, ("Yes", "No"), CountTable("t", each), *names), SERVICE
        ).svg
        for each in counts
    )

    assert one == other
    assert one.count("&lt;5") == 1
    assert ">12<" in one


def test_words_are_escaped_and_no_dollar_starts_a_formula(pictures):
    svg = pictures["items"](SHOWN).svg

    assert ">costs $5 &amp; &lt;more&gt; than a<" in svg
    assert ">line can hold<" in svg


def test_a_percentage_that_rests_on_a_small_count_is_not_drawn(pictures):
    svg = pictures["items"](SERVICE).svg

    assert "35%" in svg
    assert "10%" not in re.findall(r">([^<]+)</text>", svg)[-2:]
    assert "&lt;5" in svg


def test_a_share_of_too_few_says_that_it_is_not_shown():
    rows = [("improved", "Improved", share(0, 3))]

    assert "not shown" in bars.classes(WORDS, rows, SERVICE).svg
    assert "not shown" in bars.high_items(WORDS, [("item", *[share(0, 3)] * 2)], SERVICE).svg


def test_the_scatter_says_which_side_is_better(service):
    score = service.instrument("core_10").score("total")
    points = [Point(20, 8, "improved", 1)]

    lower = scatter(WORDS, points, score, RuleLines()).svg
    higher = scatter(WORDS, points, evolve(score, better="higher"), RuleLines()).svg

    assert lower.index(">Worse<") < lower.index(">Better<")
    assert higher.index(">Better<") < higher.index(">Worse<")


def test_the_scatter_draws_the_diagonal_the_band_and_both_cut_offs(service):
    score = service.instrument("core_10").score("total")
    points = [Point(20, 8, "improved", 1)]

    plain = scatter(WORDS, points, score, RuleLines()).svg
    ruled = scatter(WORDS, points, score, RuleLines(6, (("cut-off 11", 11),))).svg

    assert ruled.count('<g id="chart-line2d') - plain.count('<g id="chart-line2d') == 4
    assert "FillBetween" in ruled or "PolyCollection" in ruled
    assert "cut-off 11" in ruled


def test_letters_that_the_font_of_the_layout_lacks_are_drawn_without_a_warning():
    svg = bars.high_items(WORDS, [("\u60a3\u8005", share(7, 20), share(2, 20))], SHOWN).svg

    assert "\u60a3\u8005" in svg


@pytest.mark.parametrize("middle", [None, 3.0])
def test_the_key_of_ranges_names_only_what_is_drawn(middle):
    chart = RangeBars(WORDS, (RangeRow("all", (1, 5), None, middle),), "points", ("Median", "Now"))

    svg = drawn(chart, SERVICE).svg

    assert (">Median<" in svg, ">Now<" in svg) == (middle is not None, False)
