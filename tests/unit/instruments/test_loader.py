"""From a file to an instrument and back."""

import re

import pytest

from romframe.errors import Place, SpecError
from romframe.instruments.checks.answers import RESERVED
from romframe.instruments.loader import dump_instrument, load_instrument, parse_instrument
from romframe.instruments.schema import MethodTerms, Vocabulary
from romframe.scoring import VERDICT
from romframe.store import Store


GOOD = [
    "instrument_specs/honos/honos.yaml",
    "instrument_specs/core_om/core_om.yaml",
    "instrument_specs/core_om/core_10.yaml",
    "instrument_specs/general/phq_9.yaml",
]


def problems(action, *arguments):
    with pytest.raises(SpecError) as caught:
        action(*arguments)
    return caught.value.problems


@pytest.mark.parametrize("name", GOOD)
def test_shipped_specs_load_and_writing_loses_nothing(name, root, vocabulary, load):
    instrument = load_instrument(root / name, vocabulary)
    assert load(dump_instrument(instrument)) == instrument


def test_the_template_of_a_new_measure_loads_as_it_is(root, load):
    text = (root / "romframe/templates/measure.yaml").read_text(encoding="utf-8")
    instrument = load(text.replace("ID_OF_MEASURE", "sleep_diary"))
    assert instrument.id == "sleep_diary"
    assert instrument.scores[0].bands
    assert instrument.change_rules[0].default


def test_comments_quotes_and_order_of_keys_do_not_change_the_digest(root, load):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text(encoding="utf-8")
    instrument = load(text)
    name, identity = "name: PHQ-9\n", "id: phq_9\n"
    other = text.replace(name, "").replace(identity, f"# moved\n{name}{identity}")
    other = other.replace("recall: past two weeks", "recall:  'past two weeks'  # as printed")
    other = other.replace("{at_most: 0, source: camcops}", '{"source": "camcops", "at_most": 0}')
    other = other.replace("range: [0, 27]", "range:\n      - 0\n      - 27.0")
    assert load(other) == instrument
    assert load(other).digest == instrument.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("label: mood", "label: moods"),
        ("{from: 5, label: mild}", "{from: 6, label: mild}"),
        ("{0: not at all, 1: several days,", "{1: several days, 0: not at all,"),
        ('cite: "CamCOPS', 'cite: "The CamCOPS'),
    ],
)
def test_changed_content_changes_the_digest(old, new, root, load):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text(encoding="utf-8")
    assert old in text
    assert load(text.replace(old, new)).digest != load(text).digest


def test_text_and_numbers_are_different_codes(load, root):
    text = (root / "romframe/templates/measure.yaml").read_text(encoding="utf-8")
    text = text.replace("ID_OF_MEASURE", "sleep_diary")
    other = text.replace("missing: {9:", 'missing: {"9":')
    assert load(text).digest != load(other).digest


def test_a_file_may_be_held_to_the_id_that_its_name_promises(root, vocabulary):
    path = root / "instrument_specs/general/phq_9.yaml"
    assert load_instrument(path, vocabulary, "phq_9").id == "phq_9"
    (problem,) = problems(load_instrument, path, vocabulary, "phq_8")
    assert problem.code == "spec-file-name"
    assert problem.place == Place(str(path), 2, 1)
    assert "phq_9.yaml" in problem.mend


def test_a_file_without_an_id_is_told_only_that(tmp_path, root, vocabulary):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text(encoding="utf-8")
    path = tmp_path / "phq_9.yaml"
    path.write_text(text.replace("id: phq_9\n", ""), encoding="utf-8")
    (problem,) = problems(load_instrument, path, vocabulary, "phq_9")
    assert problem.code == "missing-key"


def test_files_that_cannot_be_read_are_told_without_a_line(tmp_path, vocabulary):
    for path in (tmp_path, tmp_path / "none.yaml"):
        (problem,) = problems(load_instrument, path, vocabulary)
        assert problem.code == "file-unreadable"
        assert problem.place == Place(str(path))


def test_every_fault_of_a_file_is_told_at_once_in_order(root, load):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text(encoding="utf-8")
    text = text.replace("type: prom", "type: porm").replace("scale: difficulty", "scale: dificulty")
    text = text.replace("from: 20", "from: 200").replace("status: local", "status: sure")
    found = problems(load, text)
    assert [each.code for each in found] == [
        "not-allowed",
        "unknown-scale",
        "band-outside",
        "not-allowed",
    ]
    assert [each.place.line for each in found] == sorted(each.place.line for each in found)


SPEC = """\
romframe: 1
id: small
version: "1"
name: Small
type: prom
raters: [service_user]
licence: {owner: us, terms: own work, wording: ships}
response_scales:
  amount: {codes: {0: none, 1: some}}
items:
  - {id: q1, label: one, scale: amount}
  - {id: q2, label: two, scale: amount}
scores:
  - {id: total, name: Total, items: all, method: sum, range: [0, 2], better: lower}
"""


def spoilt(*changes):
    text = SPEC
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def codes(load, *changes):
    return [each.code for each in problems(load, spoilt(*changes))]


ONE_FAULT_IN_MANY_PLACES = {
    "a scale that is gone": [("amount: {codes", "amonut: {codes")],
    "an unreadable scale": [("amount: {codes: {0", "amount: {codes: {01")],
    "a broken scale": [("1: some}}", "1: some}, step: 1}")],
    "a scale with an unknown key": [("1: some}}", "1: some}, kinds: coded}")],
    "an item without a scale": [("two, scale: amount", "two")],
    "items that are no list": [
        ("items:\n  - {id: q1", "items: {id: q1"),
        ("amount}\n  - {id: q2, label: two, scale: amount}", "amount}"),
    ],
    "an item without an id": [("{id: q2,", "{"), ("items: all", "items: [q1, q2]")],
    "an item with an unreadable id": [("id: q2", "id: 02"), ("items: all", "items: [q1, q2]")],
    "an item twice": [("id: q2", "id: q1")],
    "all items twice": [("scores:\n", "items: []\nscores:\n")],
    "no items at all": [
        ("items:\n  - {id: q1, label: one, scale: amount}\n", ""),
        ("  - {id: q2, label: two, scale: amount}\n", ""),
        ("items: all", "items: [q1, q2]"),
    ],
    "a score that is no mapping": [("scores:\n", "scores:\n  - total\n")],
    "a method in a list": [("method: sum", "method: [sum]")],
}


@pytest.mark.parametrize("changes", ONE_FAULT_IN_MANY_PLACES.values(), ids=ONE_FAULT_IN_MANY_PLACES)
def test_one_fault_that_shows_in_many_places_is_told_once(changes, load):
    more = "  - {id: more, name: More, items: [q1], method: sum, range: [0, 1], better: lower}\n"
    rule = "change_rules:\n  - {id: r, score: total, method: reliable, source: us, "
    rule += "reliable: {at_least: 1}}\n"
    source = "sources: {us: {cite: us, status: local}}\n"
    spec = spoilt(*changes) + more + rule + source
    found = problems(load, spec)
    assert len(found) == 1, [str(each) for each in found]


def test_names_that_columns_would_lose_are_refused(load):
    beside = ("id: q2", "id: total_band")
    assert codes(load, beside) == ["id-twice"]
    assert codes(load, ("id: q2", "id: status")) == ["id-twice"]


def test_no_item_can_have_the_name_of_a_column_of_the_store(tmp_path, root, vocabulary):
    store = Store.create(tmp_path / "rom.sqlite")
    instrument = load_instrument(root / "instrument_specs/general/phq_9.yaml", vocabulary)
    answers = {item.id for item in instrument.items}
    assert set(store.assessments().columns) <= RESERVED
    assert set(store.responses(instrument).collect_schema()) - answers <= RESERVED
    assert {"score", *VERDICT} <= RESERVED
    store.close()


def test_methods_of_plugins_bring_their_own_keys(root):
    own = Vocabulary(
        {"median": MethodTerms({"ties": {"type": "string", "required": True}})},
        {"judge": MethodTerms({"limits": {"type": "dict"}})},
    )
    text = spoilt(("method: sum", "method: median, ties: lowest"))
    text += "change_rules: [{id: r, score: total, method: judge, limits: {low: 1}, source: us}]\n"
    text += "sources: {us: {cite: us, status: local}}\n"
    instrument = parse_instrument(text, "f.yaml", own)
    assert instrument.scores[0].params == {"ties": "lowest"}
    assert instrument.change_rules[0].params == {"limits": {"low": 1}}
    wrong = text.replace("ties: lowest", "tie: lowest").replace("limits:", "limit:")
    found = problems(parse_instrument, wrong, "f.yaml", own)
    assert [(each.code, each.mend) for each in found] == [
        ("unknown-key", "Did you mean 'ties'?"),
        ("unknown-key", "Did you mean 'limits'?"),
    ]


def test_a_plugins_method_may_fill_gaps_and_say_what_scores_give():
    def bounds(scales, params):
        return scales[0].low - scales[1].high, scales[0].high - scales[1].low

    own = Vocabulary(
        {
            "median": MethodTerms({}),
            "gap": MethodTerms({}, bounds, "scores", 2),
        },
        {},
    )
    text = spoilt(
        ("method: sum", "method: median, source: us, missing: {at_most: 1, then: prorate}")
    )
    text += (
        "  - {id: low, name: Low, items: [q1], method: median, range: [0, 1], better: lower}\n"
        "  - {id: gap, name: Gap, of: [total, low], method: gap, range: [-1, 2], better: lower}\n"
        "sources: {us: {cite: us, status: local}}\n"
    )
    assert parse_instrument(text, "f.yaml", own).score("gap").of == ("total", "low")
    (problem,) = problems(parse_instrument, text.replace("[-1, 2]", "[0, 2]"), "f.yaml", own)
    assert problem.code == "range-wrong"
    assert "-1 to 2" in problem.what
    (problem,) = problems(parse_instrument, text.replace("[total, low]", "[total, lo]"), "f", own)
    assert problem.code == "unknown-score"


def test_messages_are_sentences_without_the_words_of_programmers(load):
    found = problems(load, spoilt(("range: [0, 2]", "range: none"), ("label: one", "label:")))
    for problem in found:
        assert re.match(r"[A-Z`'].*\.$", problem.what)
        assert not re.search(r"\b(dict|str|int|NoneType|None|object)\b", problem.what)
