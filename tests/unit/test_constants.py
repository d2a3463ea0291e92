"""Every number that a spec answers for, and where sources differ."""

import pytest

from romframe.constants import conflicts, constants, in_words


@pytest.fixture(scope="module")
def core_10(shipped):
    return constants(shipped.instrument("core_10"))


def told(found, kind):
    return {each.name: each.value for each in found if each.kind == kind}


def test_rules_are_told_with_their_comparators(core_10):
    assert told(core_10, "reliable change") == {
        "barkham_2013": "at least 6",
        "nhse_cyp": "at least 5",
        "corc_manual": "at least 5",
        "jacobson_truax_2007": "more than 6.749 (sd 7.7, reliability 0.9, z 1.96)",
    }
    assert told(core_10, "cut-off of change")["barkham_2013"] == "clinical at least 11"
    assert told(core_10, "cut-off of change")["jacobson_truax_2007"].startswith(
        "clinical at least 10.46 (criterion c: clinical mean 19.7"
    )


def test_bands_alerts_and_missing_rules_are_told_with_their_sources(core_10):
    assert told(core_10, "bands")["default"].startswith("healthy from 0, low level from 6")
    assert told(core_10, "alert")["alert"].startswith("at least 1: Risk item")
    assert told(core_10, "missing answers") == {
        "default": "at least 9 of 10 answered, mean of answered",
        "unlimited": "at least 1 of 10 answered, mean of answered",
    }
    rule = next(each for each in core_10 if each.name == "barkham_2013")
    assert (rule.status, rule.population) == (
        "verified",
        "general population n 535; primary-care counselling n 1,835",
    )


def test_where_sources_differ_they_stand_side_by_side(core_10):
    found = {(each.subject, each.kind): each.constants for each in conflicts(core_10)}
    values = [each.value for each in found["total", "reliable change"]]
    assert values[:2] == ["at least 6", "at least 5"]
    assert len(found["total", "cut-off of change"]) == 3


def test_every_shipped_instrument_can_be_told(shipped):
    for name in shipped.ids:
        for each in constants(shipped.instrument(name)):
            assert each.value
            assert each.kind


def test_parameters_of_any_shape_are_one_line():
    assert in_words({"a_b": [1, 2.50], "c": {"d": "e"}}) == "a b 1, 2.5, c d e"


LOCAL = """
romframe: 1
id: local
version: "1"
name: Local
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
response_scales: {level: {range: [0, 10]}}
items: [{id: q1, label: one, scale: level}]
scores:
  - {id: plain, name: Plain, items: all, method: sum, range: [0, 10], better: lower}
  - id: keyed
    name: Keyed
    items: all
    method: sum
    range: [0, 10]
    better: lower
    source: us
    alert: {at_most: 2, text: look, source: us}
    bands:
      by: [gender, age]
      rows:
        - {gender: female, age: [0, 17], bands: [{from: 0, label: low}, {from: 5, label: high}]}
        - {gender: male, age: [0, 17], bands: [{from: 0, label: low}]}
sources: {us: {cite: decided here, status: local}}
"""


@pytest.fixture
def local(shipped, tmp_path):
    path = tmp_path / "local.yaml"
    path.write_text(LOCAL)
    return path


def test_bands_by_person_and_alerts_are_told_too(shipped, local):
    found = constants(shipped.read(local))
    assert told(found, "bands") == {
        "age 0 to 17 gender female": "low from 0, high from 5",
        "age 0 to 17 gender male": "low from 0",
    }
    assert told(found, "alert")["alert"] == "at most 2: look"
