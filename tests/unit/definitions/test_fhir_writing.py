"""A measure as a FHIR Questionnaire: weights, words, conditions, sums, and what cannot be said."""

import json

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from romframe_fhir import read_questionnaire, write_questionnaire
from unit.definitions.conftest import ITEM_WEIGHT, ORDINAL_VALUE

from romframe import DataError
from romframe.instruments.loader import parse_instrument
from romframe.wording import Wording, load_pack


SPEC = """\
romframe: 1
id: sleep_diary
version: "1"
name: Sleep
type: prom
raters: [service_user]
note: For adults.
licence: {owner: us, terms: own work, wording: ships}
response_scales:
  often: {codes: {0: never, 1: sometimes, 2: always}}
  letters: {codes: {A: {label: much, value: 2}, B: {label: none, value: 0}}}
  line: {range: [0, 10], step: 0.1}
  fives: {range: [0, 100], step: 5}
items:
  - {id: q1, label: slept, scale: often, section: nights, codes: {loinc: 44250-9, local: x}}
  - {id: q2, label: worried, scale: often, reversed: true, section: nights}
  - {id: q3, label: kind of worry, scale: letters, required_when: {item: q2, codes: [1, 2]}}
  - {id: q4, label: rested, scale: line, scored: false, required: false}
  - {id: q5, label: share of the night, scale: fives, scored: false, reversed: true}
  - {id: q6, label: turned letters, scale: letters, reversed: true}
  - id: q7
    label: dated
    scale: line
    scored: false
    codes: {snomed: [{id: "718583008", from: 2024-04-01}]}
  - {id: q8, label: dreamt, scale: often, scored: false}
scores:
  - {id: total, name: Nights, items: [q1, q2, q3, q6], method: sum, range: [0, 8], better: higher}
  - id: asked
    name: Asked
    items: [q1]
    method: sum
    range: [0, 2]
    better: higher
    on_request: true
"""
PACK = """\
romframe_wording: 1
instrument: sleep_diary
version: "1"
locale: cy
permission: made up
title: Title of the site
items: {q1: Words of the site}
response_scales: {often: {0: Words for never}}
"""


@pytest.fixture(scope="module")
def sleep(shipped):
    return parse_instrument(SPEC, "sleep_diary.yaml", shipped.vocabulary)


@pytest.fixture
def written(sleep, tmp_path):
    def written(wording=None):
        path = tmp_path / "sleep.json"
        lost = write_questionnaire(sleep, wording or Wording(sleep, "en"), path)
        return json.loads(path.read_text(encoding="utf-8")), list(lost), path

    return written


def items(resource):
    found = {}
    for item in resource["item"]:
        inside = item.get("item", [item])
        found |= {each["linkId"]: each for each in inside}
    return found


def weights(item):
    return {
        option["valueCoding"]["code"]: {
            each["url"]: each["valueDecimal"] for each in option.get("extension", ())
        }
        for option in item["answerOption"]
    }


def test_it_is_a_sound_questionnaire_under_our_names(written):
    resource, _, _ = written()
    Questionnaire.model_validate(resource)
    assert resource["url"] == "urn:romframe:questionnaire:sleep_diary"
    assert (resource["version"], resource["title"]) == ("1", "Sleep")
    assert resource["copyright"] == "us: own work"
    assert resource["description"] == "For adults."
    group = resource["item"][0]
    assert (group["type"], group["text"]) == ("group", "nights")
    coding = items(resource)["q1"]["answerOption"][1]["valueCoding"]
    assert coding == {
        "system": "urn:romframe:codes:sleep_diary",
        "code": "1",
        "display": "sometimes",
    }


def test_weights_stand_there_in_both_manners_and_turned_where_the_item_is(written):
    found = items(written()[0])
    both = (ITEM_WEIGHT, ORDINAL_VALUE)
    expected = {
        "q1": {"0": 0, "1": 1, "2": 2},
        "q2": {"0": 2, "1": 1, "2": 0},
        "q3": {"A": 2, "B": 0},
        "q6": {"A": 0, "B": 2},
    }
    for name, counted in expected.items():
        assert weights(found[name]) == {
            code: dict.fromkeys(both, value) for code, value in counted.items()
        }


def test_numbers_have_limits_and_conditions_their_answers(written):
    found = items(written()[0])
    assert [found[name]["type"] for name in ("q3", "q4", "q5")] == ["choice", "decimal", "decimal"]
    assert {str(each.get("valueDecimal", "")) for each in found["q4"]["extension"]} >= {"0", "10"}
    assert found["q4"]["required"] is False
    conditions = [each["answerCoding"]["code"] for each in found["q3"]["enableWhen"]]
    assert (conditions, found["q3"]["enableBehavior"]) == (["1", "2"], "any")
    assert found["q3"]["required"] is True


def test_a_sum_is_calculated_only_if_every_answer_is_there(written):
    total = items(written()[0])["total"]
    (said,) = total["extension"]
    answers = "%resource.repeat(item).where(linkId in ('q1' | 'q2' | 'q3' | 'q6')).answer.value"
    assert said["valueExpression"]["expression"] == (
        f"iif({answers}.count() = 4, {answers}.weight().sum(), {{}})"
    )
    assert total["readOnly"] is True
    assert "asked" not in items(written()[0])


def test_what_it_cannot_say_is_listed_with_its_path(written):
    _, lost, _ = written()
    assert {
        ("not-carried", "type"),
        ("said-otherwise", "licence"),
        ("not-carried", "items.q1.codes.local"),
        ("said-otherwise", "items.q4.scored"),
        ("said-otherwise", "items.q3.reversed"),
        ("said-otherwise", "items.q5.reversed"),
        ("said-otherwise", "items.q6.reversed"),
        ("said-otherwise", "items.q7.codes.snomed"),
        ("said-otherwise", "response_scales.letters"),
        ("said-otherwise", "response_scales.fives.step"),
        ("said-otherwise", "scores.total.items"),
        ("not-carried", "scores.asked"),
    } <= {(each.code, each.where) for each in lost}
    assert "response_scales.line.step" not in {each.where for each in lost}


def test_the_words_are_those_of_the_sites_pack_and_never_come_back_as_labels(
    written, sleep, tmp_path
):
    pack = tmp_path / "sleep_diary.cy.yaml"
    pack.write_text(PACK)
    words = Wording(sleep, "cy", load_pack(pack, lambda _: sleep))
    resource, lost, path = written(words)
    assert (resource["language"], resource["title"]) == ("cy", "Title of the site")
    assert items(resource)["q1"]["text"] == "Words of the site"
    assert {"locale", "name", "response_scales.often.codes"} <= {each.where for each in lost}
    draft = read_questionnaire(path)
    assert draft.spec["items"][0]["label"] == "slept"
    assert "Words" not in str({**draft.spec, "name": ""})
    assert draft.wording["items"]["q1"] == "Words of the site"
    assert draft.wording["response_scales"]["often"][0] == "Words for never"
    assert draft.wording["locale"] == "cy"


def test_a_pack_without_a_title_in_the_same_language_leaves_name_and_locale(
    written, sleep, tmp_path
):
    pack = tmp_path / "sleep_diary.en.yaml"
    pack.write_text(PACK.replace("title: Title of the site\n", "").replace("cy", "en"))
    words = Wording(sleep, "en", load_pack(pack, lambda _: sleep))
    _, lost, _ = written(words)
    assert {"name", "locale"}.isdisjoint({each.where for each in lost})


def test_a_code_that_fhir_does_not_take_and_a_folder_that_is_not_there_are_refused(
    shipped, tmp_path, sleep
):
    spec = SPEC.replace("A: {label", '"A  A": {label')
    odd = parse_instrument(spec, "odd.yaml", shipped.vocabulary)
    with pytest.raises(DataError, match="definition-invalid"):
        write_questionnaire(odd, Wording(odd, "en"), tmp_path / "odd.json")
    assert not (tmp_path / "odd.json").exists()
    with pytest.raises(DataError, match="file-unwritable"):
        write_questionnaire(sleep, Wording(sleep, "en"), tmp_path / "gone" / "sleep.json")


def test_a_sum_of_numbers_is_one_of_the_answers_themselves(shipped, tmp_path):
    ors = shipped.instrument("ors")
    path = tmp_path / "ors.json"
    write_questionnaire(ors, Wording(ors, "en"), path)
    resource = json.loads(path.read_text(encoding="utf-8"))
    (total,) = (item for item in resource["item"] if item["linkId"] == "total")
    assert ".weight()" not in total["extension"][0]["valueExpression"]["expression"]
    (score,) = read_questionnaire(path).spec["scores"]
    assert score["range"] == [0, 40]


def test_an_item_without_weights_on_a_scale_with_weights_is_in_no_score(written, loads):
    resource, _, path = written()
    assert weights(items(resource)["q8"]) == {"0": {}, "1": {}, "2": {}}
    back = loads(read_questionnaire(path))
    assert back.item("q8").scale == back.item("q1").scale
    assert [item.id for item in back.items if item.counts] == ["q1", "q2", "q3", "q6"]
    assert [item.id for item in back.items if item.reversed] == ["q2", "q6"]
