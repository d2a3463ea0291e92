"""Everything that the spec language can say lands in the model."""

import pytest

from romframe.instruments.model import (
    Alert,
    AnswerState,
    Band,
    Condition,
    Derivation,
    Keyed,
    KeyedRow,
    MissingPolicy,
    Option,
    Repeats,
    TerminologyCode,
)


SPEC = """\
romframe: 1
id: everything
version: "2"
name: Everything
type: goal
raters: [service_user, clinician]
recall: past week
locale: cy
storage: either
minutes: 2.5
note: A note.
licence: {owner: us, terms: own work, wording: site_supplied, evidence: a letter}
response_scales:
  amount:
    codes: {0: none, 1: {label: some, labels: {cy: rhai}}, 2: much}
    missing: {9: not_known, 8: not_applicable, "R": declined, B: blank}
  facilitation:
    codes: {F: {label: facilitates, value: 4}, A: {label: allows, value: 3}}
  agreement:
    codes: {SA: strongly agree, A: agree, D: disagree}
  filed: {codes: {1: one, 2: two}, scored: false}
  ruler: {range: [0, 10], step: 0.1, missing: {99: declined}}
  words: {kind: text}
items:
  - id: q1
    label: one
    scale: amount
    section: first
    note: Ask gently.
    notes: {cy: Gofynnwch.}
    labels: {cy: un, pt-BR: um}
    alert: {at_least: 2, text: ask, source: us}
    codes: {snomed: ["718583008", {id: "979641000000103", from: 2023-04-01, to: 2024-03-31}]}
  - {id: q2, label: two, scale: amount, reversed: true, favourable: high, codes: {loinc: 44250-9}}
  - {id: q3, label: three, scale: facilitation}
  - {id: q4, label: four, scale: agreement, required: false}
  - {id: q5, label: five, scale: amount, scored: false}
  - {id: q6, label: six, scale: words, required_when: {item: q1, codes: [1, 2]}}
  - {id: q7, label: seven, scale: filed}
  - {id: q8, label: eight, scale: ruler}
  - {id: q9, label: nine, scale: words, required_when: {item: q8, codes: [3]}}
  - {id: q10, label: ten, scale: words, required_when: {item: q6, codes: [yes]}}
repeats: {by: goal_id, at_most: 10, states: [active, met]}
scores:
  - id: total
    name: Total
    items: {all_except: [q3, q8]}
    method: sum
    missing: {policy: usual, at_most: 1, then: prorate, source: them}
    missing_options:
      lax: {at_least: 1, then: sum_of_known}
    range: [0, 4]
    better: lower
    decimals: 1
    source: us
    note: Added up.
    alert: {at_least: 3, text: look}
    codes: {snomed: {id: "718583008", from: 2024-04-01}}
    bands_source: them
    bands:
      by: [age]
      rows:
        - {age: [0, 17], bands: [{from: 0, label: low}, {from: 2.5, label: high}]}
        - {age: [18, 120], bands: [{from: 0, label: low}]}
  - id: clinical
    name: Clinical
    items: [q1, q2]
    method: mean
    times: 10
    missing: {at_least: 1, source: us}
    range: [0, 20]
    better: lower
    on_request: true
    source: guess
  - id: facilitated
    name: Facilitated
    items: [q3]
    method: highest
    range: [3, 4]
    better: higher
    source: us
    bands: [{from: 3, label: some}]
  - {id: line, name: Line, items: [q8], method: sum, range: [0, 10], better: neither}
  - id: gap
    name: Gap
    of: [total, facilitated]
    method: difference
    range: [-4, 1]
    better: lower
  - id: metric
    name: Metric
    of: [total]
    method: lookup
    table: {0: 7, 1: 9.51, 4: 35}
    round: half_up
    range: [7, 35]
    better: lower
change_rules:
  - id: by_person
    default: true
    score: total
    method: clinical
    cut_off:
      clinical: at_least
      by: [gender, age]
      rows:
        - {age: [0, 17], gender: female, value: 2}
        - {gender: male, age: [0, 17], value: 3}
    source: us
    population: everybody
    note: Hm.
  - {id: fixed, score: total, method: reliable, reliable: {more_than: 2}, source: guess}
  - {id: by_item, items: all, method: categorical, high: {at_least: 2}, source: us, default: true}
  - {id: by_some, items: [q8], method: categorical, high: {more_than: 5}, source: us, default: true}
derivations:
  - {from: larger, items: {q1: q7, q2: q9}, source: us}
sources:
  us: {cite: we say so, status: local}
  them: {cite: they say so, status: verified, url: "https://example.org", note: read}
  guess: {cite: somebody may say so, status: unverified}
"""


@pytest.fixture(scope="module")
def everything(load):
    text = SPEC.replace("{id: by_item, items: all,", "{id: by_item, items: {all_except: [q8]},")
    return load(text)


def test_the_form_as_a_whole(everything):
    assert everything.type == "goal"
    assert everything.raters == ("service_user", "clinician")
    assert (everything.locale, everything.storage, everything.minutes) == ("cy", "either", 2.5)
    assert everything.licence.evidence == "a letter"
    assert everything.repeats == Repeats("goal_id", 10, ("active", "met"))
    assert everything.derivations == (Derivation("larger", {"q1": "q7", "q2": "q9"}, "us"),)
    assert everything.totals == "allowed"
    assert everything.has_codings
    assert everything.unverified == ("guess",)
    assert everything.sources["them"].url == "https://example.org"


def test_response_scales(everything):
    scales = {item.id: item.scale for item in everything.items}
    amount, letters, ordered, ruler = (scales[name] for name in ("q1", "q3", "q4", "q8"))
    assert amount.options[1] == Option(1, "some", 1, {"cy": "rhai"})
    assert (amount.low, amount.high, amount.lettered) == (0, 2, False)
    assert dict(amount.missing) == {
        9: AnswerState.NOT_KNOWN,
        8: AnswerState.NOT_APPLICABLE,
        "R": AnswerState.DECLINED,
        "B": AnswerState.BLANK,
    }
    assert [(option.code, option.value) for option in letters.options] == [("F", 4), ("A", 3)]
    assert letters.lettered
    assert [option.code for option in ordered.options] == ["SA", "A", "D"]
    assert not ordered.scored
    assert not scales["q7"].scored
    assert (ruler.kind, ruler.low, ruler.high, ruler.step, ruler.units) == (
        "number",
        0,
        10,
        0.1,
        10,
    )
    assert (scales["q6"].kind, scales["q6"].scored) == ("text", False)


def test_items(everything):
    one, two = everything.item("q1"), everything.item("q2")
    assert one.alert == Alert("ask", "us", 2)
    assert (one.labels, one.notes) == ({"cy": "un", "pt-BR": "um"}, {"cy": "Gofynnwch."})
    assert one.codes == (
        TerminologyCode("snomed", "718583008"),
        TerminologyCode("snomed", "979641000000103", "2023-04-01", "2024-03-31"),
    )
    assert (two.reversed, two.favourable, two.required) == (True, "high", True)
    assert two.codes == (TerminologyCode("loinc", "44250-9"),)
    assert not everything.item("q4").required
    assert [item.id for item in everything.items if item.counts] == ["q1", "q2", "q3", "q8"]
    assert everything.item("q6").required_when == Condition("q1", (1, 2))
    assert not everything.item("q6").required


def test_scores(everything):
    total = everything.score("total")
    assert total.items == ("q1", "q2")
    assert total.missing == MissingPolicy("usual", 1, "prorate", "them")
    assert total.missing_options == (MissingPolicy("lax", 1, "sum_of_known", "us"),)
    assert total.policy("lax") == total.missing_options[0]
    assert total.policy(None) == total.policy("other") == total.missing
    assert total.alert == Alert("look", "", 3)
    assert total.codes == (TerminologyCode("snomed", "718583008", "2024-04-01"),)
    young = KeyedRow((("age", (0, 17)),), (Band(0, "low"), Band(2.5, "high")))
    old = KeyedRow((("age", (18, 120)),), (Band(0, "low"),))
    assert total.bands == Keyed(("age",), (young, old))
    assert (total.bands_source, total.decimals, total.note) == ("them", 1, "Added up.")
    clinical = everything.score("clinical")
    assert clinical.missing == MissingPolicy("default", 1, "mean_of_answered", "us")
    assert (clinical.times, clinical.on_request) == (10, True)
    assert everything.score("facilitated").bands == (Band(3, "some"),)
    assert everything.score("facilitated").bands_source == "us"
    assert everything.score("facilitated").missing.at_least == 1
    gap, metric = everything.score("gap"), everything.score("metric")
    assert (gap.of, gap.missing) == (("total", "facilitated"), None)
    assert metric.params == {"table": {0: 7, 1: 9.51, 4: 35}, "round": "half_up"}


def test_change_rules_stand_side_by_side(everything):
    by_person, fixed, by_item, by_some = everything.change_rules
    assert by_person.default
    assert by_person.population == "everybody"
    assert by_person.params["cut_off"]["by"] == ["gender", "age"]
    assert (fixed.score, fixed.params) == ("total", {"reliable": {"more_than": 2}})
    assert by_item.items == ("q1", "q2", "q3")
    assert by_some.items == ("q8",)
    assert by_item.default
    assert by_some.default


def test_totals_may_be_forbidden(load):
    text = SPEC.partition("scores:")[0] + "scores: []\ntotals: {forbidden: the owner says so}\n"
    text += "sources: {us: {cite: we say so, status: local}}\n"
    instrument = load(text)
    assert (instrument.totals, instrument.totals_reason) == ("forbidden", "the owner says so")
    assert instrument.scores == ()


def test_the_order_in_which_a_rows_attributes_are_written_does_not_matter(load):
    text = SPEC.replace("{id: by_item, items: all,", "{id: by_item, items: {all_except: [q8]},")
    turned = text.replace("{age: [0, 17], bands:", "{bands:").replace(
        "{from: 2.5, label: high}]}", "{from: 2.5, label: high}], age: [0, 17]}"
    )
    assert turned != text
    assert load(turned) == load(text)


def test_unknown_items_and_scores_are_key_errors(everything):
    with pytest.raises(KeyError):
        everything.item("q99")
    with pytest.raises(KeyError):
        everything.score("q1")
