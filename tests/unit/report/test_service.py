import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from attrs import evolve
from jinja2 import Environment, nodes

from romframe import NHS_MONTHLY, SERVICE, PluginError, summarise
from romframe.pairing import BASELINE_AND_DISCHARGE


VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """The elements of a page with their parents, and the words in each."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.ids = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "words": "", "inside": [*self.open], **dict(attrs)}
        self.found.append(element)
        self.ids.extend([element["id"]] if "id" in element else [])
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["words"] += data

    def all(self, tag, inside=None):
        return [
            each
            for each in self.found
            if each["tag"] == tag and (inside is None or any(p is inside for p in each["inside"]))
        ]


def _text(page):
    """Give what a reader sees, with single spaces."""
    visible = re.sub(r"<style.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", visible)).split())


@pytest.fixture
def full(service):
    """Two measures, both pathways, every class, unpaired referrals, item ratings."""
    ratings = [{f"q{n}": n % 5 for n in range(1, 13)}, {f"q{n}": 1 for n in range(1, 13)}]
    service.several(12, 20, 8)
    service.several(6, 30, 20)
    service.several(20, 15, 14)
    service.several(3, 8, 20)
    service.several(7, 6, 5, pathway="prevention")
    service.several(9, 19, 10, instrument="honos", ratings=ratings)
    service.several(9, 6, 2, instrument="honos", score="social")
    for verdict in ("no_assessment", "declined", "single_assessment", "still_open", "new_reason"):
        service.unpaired(service.refer(f"U-{verdict}"), verdict)
    service.tried("U-declined", outcome="declined")
    service.tried("U-declined", outcome="missed")
    service.tried("U-single_assessment")
    return service


def test_the_page_stands_alone(full):
    text = full.report()
    page = Page(text)

    assert text.startswith("<!doctype html>")
    assert page.all("script") == page.all("link") == page.all("img") == []
    links = [e[key] for e in page.found for key in ("href", "src", "xlink:href") if key in e]
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= set(page.ids)
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert not re.search(r"url\((?!#)", text)


def test_no_two_elements_share_an_id(full):
    counted = Counter(Page(full.report()).ids)

    assert [name for name, times in counted.items() if times > 1] == []


def test_every_chart_has_a_title_a_description_a_sentence_and_a_table(full):
    page = Page(full.report())
    figures = page.all("figure")

    assert len(figures) > 8
    for figure in figures:
        (svg,) = page.all("svg", figure)
        title, description = page.all("title", svg), page.all("desc", svg)
        assert len(title) == len(description) == 1
        assert svg["aria-labelledby"] == f"{title[0]['id']} {description[0]['id']}"
        assert page.all("figcaption", figure)[0]["words"].strip().endswith(".")
        (details,) = page.all("details", figure)
        (table,) = page.all("table", details)
        assert page.all("caption", table)


def test_every_table_has_a_caption_and_heads_for_its_rows_and_columns(full):
    page = Page(full.report())

    for table in page.all("table"):
        assert len(page.all("caption", table)) == 1
        assert {each["scope"] for each in page.all("th", table)} == {"row", "col"}


def test_headings_go_down_one_step_at_a_time(full):
    levels = [int(e["tag"][1]) for e in Page(full.report()).found if re.match(r"h\d$", e["tag"])]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_data_give_the_same_bytes(full):
    first = full.report()
    full.referrals.reverse()
    full.attempts.reverse()
    for rows in full.rows.values():
        rows.reverse()

    assert full.report() == first


def test_a_mean_never_stands_without_n_spread_and_classes(full):
    page = Page(full.report())
    tables = [table for table in page.all("table") if "Mean" in table["words"]]

    assert len(tables) == 4
    for table in tables:
        heads = [each["words"] for each in page.all("th", table) if each["scope"] == "col"]
        assert heads == ["n", "Mean", "SD", "Median", "Middle half"]
        assert all(len(page.all("td", row)) == 5 for row in page.all("tr", table)[1:])
    text = _text(full.report())
    after_each_table = re.findall(r"Improvement [^A-Z]+([A-Z]\w+ \w+)", text)
    assert len(after_each_table) == 4
    assert set(after_each_table) <= {"Change classes", "No change"}


def test_no_template_can_reach_a_mean_by_itself(root):
    """Figures reach a page only as the whole rows that `rows` gives."""
    templates = sorted((root / "plugins").glob("**/templates/**/*.html"))

    assert {"honos_profile.html", "goals.html", "poem.html", "months.html", "macros.html"} <= {
        each.name for each in templates
    }
    for template in templates:
        tree = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(
            template.read_text(encoding="utf-8")
        )
        reached = {each.attr for each in tree.find_all(nodes.Getattr)}
        assert not reached & {"mean", "sd", "_summaries"}, template.name


@pytest.mark.parametrize(
    "template",
    [
        "{{ figures }}",
        "{{ figures.mean }}",
        "{{ figures['mean'] }}",
        "{{ figures|attr('mean') }}",
        "{{ [figures]|map(attribute='mean')|first }}",
        "{% if figures.mean > 1 %}high{% endif %}",
    ],
)
def test_a_section_that_prints_a_mean_alone_makes_no_report(service, template):
    service.offer("bare", lambda *_: {"figures": summarise([1, 2, 4])}, template)

    with pytest.raises(PluginError, match="may show a summary or range only whole"):
        service.report()


def test_a_section_may_show_a_median_with_its_middle_half(service):
    service.offer("fair", lambda *_: {"figures": summarise([1, 2, 4] * 2)}, "{{ figures|middle }}")
    service.offer("few", lambda *_: {"figures": summarise([7] * 4)}, "it is {{ figures|middle }}")
    service.offer("none", lambda *_: {"figures": None}, "is {{ figures|middle }} here")

    text = _text(service.report(disclosure=SERVICE))

    assert "2.0 (1.2 to 3.5)" in text
    assert "it is \u2013" in text
    assert "is \u2013 here" in text


def test_completeness_counts_every_referral_and_gives_every_reason(full):
    text = _text(full.report())

    assert "71 referrals in the period , 7 of them to be kept well" in text
    assert "93% with a pair on at least one score : 66 referrals" in text
    assert "CORE-10 49 of 71 (69%)" in text
    for reason in (
        "No assessment 1",
        "Declined or missed every time 1",
        "Only one assessment 1",
        "Referral still open 1",
        "new reason 1",
    ):
        assert reason in text


def test_the_overview_has_a_line_for_each_score_with_a_rule(full):
    text = _text(full.report())

    assert "CORE-10: Clinical score (lower is better) 41 of 64 (64%)" in text
    assert "44% 30% to 59%" in text
    assert "HoNOS: Total (lower is better) 9 of 64 (14%) 19.0 → 10.0 100%" in text
    assert "HoNOS: Social (lower is better)" not in text


def test_the_rule_is_named_with_its_constants_source_and_status(full):
    text = _text(full.report())

    assert "Rule: barkham_2013. A change of 6 points or more counts as reliable" in text
    assert "Constants: reliable: at_least 6; cut_off: value 11, clinical at_least." in text
    assert "Source: Barkham M et al. (2013)" in text
    assert "Read in the source (verified)." in text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("unverified", "Unverified source: nobody has checked this rule against the original."),
        ("secondary", "Second-hand source: quoted from another text"),
        ("local", "Local rule: set by the service or by romframe, not published."),
    ],
)
def test_a_source_that_was_not_read_is_labelled_so(service, status, words):
    service.several(6, 20, 8)
    sources = service.instrument("core_10").sources
    service.change(
        "core_10",
        sources={**sources, "barkham_2013": evolve(sources["barkham_2013"], status=status)},
    )

    assert words in _text(service.report())


def test_a_rule_without_a_source_says_so(service):
    service.several(6, 20, 8)
    service.change_rule("core_10", source="nowhere")

    assert "Source: none given." in _text(service.report())


def test_kept_well_people_stand_apart(full):
    text = _text(full.report())
    apart = text.split("7 people were well when they were referred")[1]

    assert "Stayed well: 7 of 7 pairs (100%, 95% interval 65% to 100%)." in apart
    assert "Relapsed: 0 of 7 pairs (0%," in apart
    assert "share of pairs that stayed well: CORE-10: Clinical score 7 of 7 (100%)." in text
    assert "Change classes of 41 pairs" in text


def test_without_a_kept_well_pair_the_report_says_so(service):
    service.several(6, 20, 8)

    text = _text(service.report())

    assert "No referral of the prevention pathway has a pair in this period." in text


def test_pairs_that_the_rule_could_not_judge_are_counted_beside_the_classes(service):
    service.several(6, 20, 8)
    service.several(2, 0, 5)
    service.change_rule("core_10", method="percentage", params={"improved": 50})

    text = _text(service.report())

    assert "Pairs that this rule could not judge: 2." in text
    assert "Better by enough to count: 6 of 6 pairs" in text


@pytest.mark.parametrize(
    ("better", "clinical", "words"),
    [
        ("lower", "at_least", "Marks below the diagonal got better"),
        ("higher", "at_most", "Marks above the diagonal got better"),
    ],
)
def test_the_scatter_says_in_words_which_side_is_better(service, better, clinical, words):
    service.several(6, 20, 8)
    cut_off = {"value": 11, "clinical": clinical}
    service.change_rule("core_10", params={"reliable": {"at_least": 6}, "cut_off": cut_off})
    (score,) = service.instrument("core_10").scores
    service.change("core_10", scores=(evolve(score, better=better),))

    text = _text(service.report())

    assert words in text
    assert f"{better.title()} scores are better." in text


def test_a_score_with_no_better_end_is_shown_without_a_side(service):
    service.several(6, 20, 8)
    (score,) = service.instrument("core_10").scores
    service.change("core_10", scores=(evolve(score, better="neither"),), change_rules=())

    text = _text(service.report())

    assert "Neither direction is better." in text
    assert "No change rule is set for this score, so it has no change classes." in text
    assert "No pair can be judged by a change rule yet." in text


def test_the_item_profile_follows_each_item_from_first_to_last(service):
    """Low is 0 to 2 and high 3 to 4; a rating not known at either end is neither (Crawford 2017).

    The first and last ratings are the worked case of the scoring dossier, A7.
    """
    first = dict(zip(_items(), [3, 0, 3, 2, 1, 4, 3, 3, 2, None, 2, 3], strict=True))
    last = dict(zip(_items(), [1, 0, 3, 3, 1, 2, 2, 3, 1, 3, None, 0], strict=True))
    service.several(1, 26, 21, instrument="honos", ratings=[first, last])

    profile = _text(service.report()).split("Item by item")[2]

    rows = re.findall(r"(\d) (\d) \((?:\d+%)\) (\d) \((?:\d+%)\) (\d) (\d) (\d) (\d)", profile)
    moves = [dict(zip(("LL", "LH", "HL", "HH"), row[3:], strict=True)) for row in rows]
    seen = [next(name for name, count in each.items() if count == "1") for each in moves]
    assert seen == ["HL", "LL", "HH", "LH", "LL", "HL", "HL", "HH", "LL", "HL"]
    assert profile.count("0 0 0 0 0 0 0") == 2


def test_the_item_profile_shows_the_wording_that_the_site_supplies(service):
    item = "A rating <of> the first $problem$, in words that are far too many for the picture " * 2
    service.supply("honos", "somebody & co", q1=item.strip())
    name = service.refer("R1")
    ratings = [dict.fromkeys(_items(), 3), dict.fromkeys(_items(), 1)]
    service.paired(name, 30, 10, instrument="honos", ratings=ratings)
    page = service.report()
    assert "<of>" not in page
    profile = _text(page).split("Item by item")[2]
    assert item.strip() in profile
    assert "self-injury" in profile
    assert "Permission: somebody & co" in profile
    assert "overactive" not in profile


def _items():
    return [f"q{n}" for n in range(1, 13)]


def test_no_instrument_with_item_rules_leaves_the_item_section_out(service):
    service.several(6, 20, 8)

    assert 'id="items"' not in service.report()


@pytest.mark.parametrize("disclosure", [SERVICE, NHS_MONTHLY])
def test_an_empty_store_has_a_report(service, disclosure):
    text = _text(service.report(disclosure=disclosure))

    assert "there is no change to report yet" in text
    assert "No assessment has been recorded for these referrals." in text


@pytest.mark.parametrize("disclosure", [SERVICE, NHS_MONTHLY])
def test_one_referral_has_a_report_that_tells_nobodys_score(service, disclosure):
    service.several(1, 23, 7)

    text = _text(service.report(disclosure=disclosure))

    assert "Too few pairs" in text
    assert "23.0" not in text
    assert "Marks for single referrals are not shown" in text


def test_referrals_without_any_pair_have_a_report(service):
    for instrument in ("core_10", "honos"):
        service.unpaired(service.refer(f"R-{instrument}"), "no_last", instrument=instrument)
        service.tried(f"R-{instrument}", instrument)

    text = _text(service.report())

    assert "No later assessment 1 1" in text
    assert "No pair yet: Clinical score." in text
    assert "No pair has item ratings at both ends yet." in text


def test_small_counts_are_hidden_for_a_service(full):
    text = _text(full.report(disclosure=SERVICE))

    assert "reliably worse, and now in the clinical range <5 \u2013 \u2013" in text
    assert "Worse by enough to count: <5 of 41 pairs." in text
    assert "41 of 64 (64%) 15.0 → 14.0" in text


def test_no_class_can_be_had_by_taking_the_others_from_the_pairs(full):
    """12, 6, 20 and 0 of 41 pairs would leave 3."""
    text = _text(full.report(disclosure=SERVICE))

    line = text.split("Change classes: ")[1].split(".")[0]
    assert line == (
        "recovered 12 of 41 (29%), improved 6 of 41 (15%), unchanged 19\u201322 of 41,"
        " deteriorated 0 of 41 (0%), worse and clinical <5 of 41"
    )


def test_a_class_of_everybody_is_not_told(service):
    service.several(30, 20, 8)

    text = _text(service.report(disclosure=SERVICE))

    assert "Better by enough to count: 26\u201330 of 30 pairs." in text
    assert "(100%) Worse" not in text
    assert "recovered 26\u201330 of 30," in text
    assert "30 of 30 referrals (100%" in text


def test_the_reasons_of_a_few_referrals_without_a_pair_do_not_give_each_other_away(service):
    service.several(20, 20, 8)
    for number, reason in enumerate(("no_last", "no_last", "no_last", "still_open", "declined")):
        service.unpaired(service.refer(f"U{number}"), reason)
    service.tried("U4", outcome="declined")

    text = _text(service.report(disclosure=SERVICE))

    reasons = text.split("by its reason Reason CORE-10")[1].split("All without a pair")[0]
    assert re.findall("<5|\\d", reasons) == ["<5"] * 3
    assert "All without a pair 5" in text


def test_published_counts_are_rounded_and_single_people_not_drawn(full):
    text = _text(full.report(disclosure=NHS_MONTHLY))

    assert "40 of 65 (64%)" in text
    assert "this report hides figures about single people" in text


def test_a_report_may_be_of_one_team(full):
    full.refer("B1", team="Team B")

    page = full.report(team="Team B")

    assert "1 January 2025 to 30 June 2026 · Team B" in _text(page)
    assert "1 referrals in the period" in _text(page)


def test_names_from_config_are_escaped(service):
    page = service.report()

    assert "<h1>Riverside &lt;service&gt;</h1>" in page
    assert "made on 6 July 2026" in page


def test_the_pairing_policy_is_said_in_words(service):
    assert (
        "The earliest assessment and the latest assessment of a referral that could be scored, with"
        " the same rater, version and setting, at least 1 day apart (policy first_and_last)."
    ) in _text(service.report())

    policy = evolve(BASELINE_AND_DISCHARGE, same=("rater",), minimum_gap_days=14)
    service.config = evolve(service.config, pairing=policy, organisation="")
    text = _text(service.report())

    assert (
        "The earliest assessment made at assessment and the latest assessment made at discharge of"
        " a referral that could be scored, with the same rater, at least 14 days apart; only"
        " referrals that have been closed (policy baseline_and_discharge)."
    ) in text
    assert text.startswith("Outcomes report: Riverside <service>")

    service.config = evolve(service.config, pairing=evolve(policy, same=()))
    assert "that could be scored, at least 14 days apart" in _text(service.report())

    any_day = evolve(policy, same=(), minimum_gap_days=0, closed_only=False)
    service.config = evolve(service.config, pairing=any_day)
    assert "that could be scored (policy baseline_and_discharge)" in _text(service.report())


def test_other_plugins_sections_stand_in_their_order(service):
    service.offer("zulu", lambda *_: {"who": "<you>"}, "<p>Hello {{ who }}</p>", order=5)
    service.offer("nothing", lambda *_: None, "<p>Never</p>")

    page = service.report()

    assert "<p>Hello &lt;you&gt;</p>" in page
    assert page.index('id="overview"') < page.index('id="zulu"') < page.index('id="completeness"')
    assert "Never" not in page


def test_a_section_that_fails_stops_the_page_unless_it_is_set_aside(service):
    service.offer("broken", lambda *_: {}, "{{ missing }}")

    with pytest.raises(PluginError, match="'test' failed in 'broken'"):
        service.report()


def test_each_table_is_read_once_for_all_sections(full):
    full.asked.clear()
    full.report()

    counted = Counter(full.asked)
    assert counted["core_10"] == counted["honos"] == counted["assessment"] == 1
