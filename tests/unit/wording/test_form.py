"""A measure as a form: its items in order, the boxes to tick, and whose words it says."""

import re
import sys
from html.parser import HTMLParser

import pytest
from attrs import evolve

from romframe.errors import PluginError
from romframe.form import form
from romframe.wording import Wording


class Page(HTMLParser):
    """Collects each tag with its attributes, and the text with single blanks."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.parts = [], []
        self.feed(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
        self.text = " ".join(" ".join(self.parts).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.parts.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    def boxes(self):
        """The codes of the boxes to tick, by the name of what they answer."""
        found = {}
        for each in self.all("input"):
            if each.get("type") == "radio":
                found.setdefault(each["name"], []).append(each["value"])
        return found


@pytest.fixture
def page(mood):
    return lambda words=None, **fields: Page(form(words or Wording(evolve(mood, **fields), "en")))


def test_every_item_has_its_boxes_in_order(page):
    found = page()
    assert found.boxes() == {
        "q1": ["0", "1", "2", "9"],
        "q2": [*map(str, range(11)), "99"],
        "q3": ["A", "B"],
    }
    assert [each["name"] for each in found.all("textarea")] == ["q4"]
    at = [found.text.index(f"{n} {label}") for n, label in enumerate(("one", "two", "three"), 1)]
    assert at == sorted(at)
    assert "9 not known" in found.text
    assert "10 99 declined" in found.text


def test_it_asks_for_each_item_in_a_group_with_a_name(page):
    found = page()
    assert len(found.all("fieldset")) == len(found.all("legend")) == 4
    assert [each["lang"] for each in found.all("html")] == ["en"]


def test_it_needs_nothing_and_sends_nothing(page):
    found = page()
    assert not [tag for tag, _ in found.tags if tag in ("script", "link", "img", "iframe")]
    assert not any(
        "src" in attrs or "href" in attrs or "action" in attrs for _, attrs in found.tags
    )


def test_a_pack_is_shown_escaped_with_its_permission(pack, mood, page):
    text = "{q1: '<script>alert(1)</script>', q2: 'b & {{ c }}', q3: c, q4: d}"
    given = re.sub(r"items: .*", f"items: {text}", PACK_TEXT)
    words = Wording(mood, "cy", pack(given, "mood.cy.yaml"))
    source, found = form(words), page(words)
    assert "<script>" not in source
    assert "<script>alert(1)</script>" in found.text
    assert "b & {{ c }}" in found.text
    assert "Permission: The Owner said so" in found.text
    assert "Read every line. Then answer." in found.text
    assert "How are you?" in found.text


PACK_TEXT = """
romframe_wording: 1
instrument: mood
version: "1"
locale: cy
permission: The Owner said so
title: How are you?
instructions: |
  Read every line.

  Then answer.
items: {}
"""


def test_a_form_says_whose_words_it_has(mood, page, pack):
    assert "They are not the questionnaire's wording." in page().text
    free = evolve(mood.licence, wording="ships")
    assert "whose licence lets wording ship" in page(licence=free).text
    assert "Owner: The Owner. Licence: ask first." in page().text


def test_labels_among_the_wording_of_a_pack_are_marked(mood, page, pack):
    partly = page(Wording(mood, "en", pack()))
    assert "What is marked * is a short label" in partly.text
    assert "2 often*" in partly.text
    assert "Not once*" not in partly.text
    short = evolve(mood, items=mood.items[3:])
    assert "What is marked *" not in page(Wording(short, "en", pack())).text


def test_text_in_another_language_says_which(mood, page, pack):
    text = re.sub(r"items: .*", "items: {q1: y cyntaf}", PACK_TEXT)
    found = page(Wording(mood, "cy", pack(text, "mood.cy.yaml")))
    assert {each.get("lang") for each in found.all("h1")} == {"cy"}
    assert {each["lang"] for each in found.all("span") if "lang" in each} == {"cy"}
    assert {each.get("lang") for each in found.all("p")} == {"cy", None}


def test_a_short_name_stands_where_the_pack_has_no_title_or_instructions(mood, page, pack):
    text = re.sub(r"title: .*|instructions: \|\n.*\n\n.*\n", "", PACK_TEXT)
    text = text.replace("{}", "{q1: x}").replace("locale: cy", "locale: en")
    found = page(Wording(evolve(mood, recall="past week"), "en", pack(text)))
    assert "Mood" in found.text
    assert "Time that is asked about: past week." in found.text


def test_conditions_and_gaps_are_said_at_the_item(spec, page):
    text = SPEC.replace("MORE", "required_when: {item: q1, codes: [1, 2, 3]}")
    assert "Needed if the answer to item 1 is 1, 2 or 3." in page(Wording(spec(text), "en")).text
    text = SPEC.replace("MORE", "required_when: {item: q1, codes: [3]}")
    assert "Needed if the answer to item 1 is 3." in page(Wording(spec(text), "en")).text
    text = SPEC.replace("MORE", "required: false")
    found = page(Wording(spec(text), "en"))
    assert "May be left out." in found.text
    (hinted,) = [each for each in found.all("fieldset") if each]
    assert hinted["aria-describedby"] in [each.get("id") for each in found.all("p")]


SPEC = """
romframe: 1
id: mood
version: "1"
name: Mood
type: goal
raters: [service_user]
licence: {owner: us, terms: none, wording: ships}
response_scales:
  amount: {codes: {1: a, 2: b, 3: c}}
  long: {range: [0, 100], step: 0.5, missing: {999: declined}}
items:
  - {id: q1, label: one, scale: amount, section: first}
  - {id: q2, label: two, scale: amount, section: second, MORE}
  - {id: q3, label: three, scale: long, section: second}
scores: []
"""


def plain(spec, text=""):
    return Wording(spec(SPEC.replace(", MORE", "") + text), "en")


def test_sections_are_headings(spec, page):
    assert len(page(plain(spec)).all("h2")) == 2
    assert "Second 2 two" in page(plain(spec)).text


def test_sections_that_take_turns_are_not(spec, page):
    words = plain(spec)
    one, two, three = words.instrument.items
    turns = evolve(words.instrument, items=(two, one, three))
    found = page(Wording(turns, "en"))
    assert found.all("h2") == []
    assert "1 two" in found.text


def test_a_long_scale_of_numbers_has_a_field_to_write_into(spec, page):
    found = page(plain(spec))
    (field,) = [each for each in found.all("input") if each.get("type") == "number"]
    assert (field["min"], field["max"], field["step"]) == ("0", "100", "0.5")
    assert found.boxes()["q3-missing"] == ["999"]


def test_goals_are_asked_for_one_after_the_other(spec, page):
    found = page(plain(spec, "repeats: {by: goal_id, at_most: 2}\n"))
    assert sorted(found.boxes()) == ["q1-1", "q1-2", "q2-1", "q2-2", "q3-1-missing", "q3-2-missing"]
    assert "Goal 2" in found.text
    names = [each.get("name") for each in found.all("input")]
    assert {"goal_id-1", "goal_id-2"} <= set(names)
    assert "Goal 3" in page(plain(spec, "repeats: {by: goal_id}\n")).text


def test_an_anonymous_form_asks_for_no_reference(page):
    assert "Reference" in page().text
    assert "Reference" not in page(storage="anonymous").text


def test_turned_items_say_how_the_numbers_are_to_be_imported(shipped, page):
    turned = page(Wording(shipped.instrument("core_10"), "en"))
    assert "import the answers with the coding position" in turned.text
    assert turned.boxes()["q2"] == ["0", "1", "2", "3", "4"]
    assert "coding position" not in page().text


def test_every_shipped_instrument_makes_a_form(shipped, page):
    for name in shipped.ids:
        known = shipped.instrument(name)
        assert len(page(Wording(known, "en")).all("fieldset")) >= len(known.items)


def test_without_jinja2_it_is_said_what_to_install(mood, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(PluginError, match="report-library-missing"):
        form(Wording(mood, "en"))
