"""Specs of version 1 of the language load for ever, and give the numbers that they gave."""

import json

import pytest
from compatibility import outcomes

from romframe.instruments import schema


FROZEN = json.loads(outcomes.FROZEN.read_text(encoding="utf-8"))
METHODS = [
    "sum",
    "mean",
    "weighted_sum",
    "count_at_least",
    "highest",
    "lowest",
    "difference",
    "sum_of_scores",
    "lookup",
    "criteria",
    "reliable",
    "clinical",
    "reliable_and_clinical",
    "percentage",
    "anchor",
    "jacobson_truax",
    "gulliksen_lord_novick",
    "edwards_nunnally",
    "hsu_linn_lord",
    "nunnally_kotsch",
    "hageman_arrindell",
    "two_measures",
    "categorical",
    "per_goal",
]  # of the first release; later ones have specs of their own


@pytest.mark.parametrize("path", outcomes.SPECS, ids=lambda path: path.stem)
def test_an_old_spec_gives_what_it_gave(path, shipped):
    assert outcomes.outcomes(path, shipped) == FROZEN[path.stem]


def keys_in(rules):
    """Give the names of a schema's keys, those of schemas inside it too."""
    found = set()
    for name, rule in rules.items():
        found.add(name)
        for inner in (rule, rule.get("valuesrules", {}), rule.get("schema", {})):
            nested = inner.get("schema", {}) if isinstance(inner, dict) else {}
            entries = all(isinstance(each, dict) for each in nested.values())
            found |= keys_in(nested) if nested and entries and "type" not in nested else set()
    return found


def keys_of(data):
    if isinstance(data, dict):
        return {*data, *(key for each in data.values() for key in keys_of(each))}
    return {key for each in data for key in keys_of(each)} if isinstance(data, list) else set()


@pytest.fixture(scope="module")
def old(shipped):
    return [shipped.read(path) for path in outcomes.SPECS]


def test_every_key_of_the_language_stands_in_an_old_spec(old):
    parts = (schema.INSTRUMENT, schema.SCORE, schema.CHANGE_RULE, schema.BANDS, schema.KEYED_BANDS)
    known = {key for part in parts for key in keys_in(part)}
    assert len(known) > 80
    assert known - {key for spec in old for key in keys_of(spec.document)} == set()


def test_every_method_of_the_first_release_stands_in_an_old_spec(old):
    used = {each.method for spec in old for each in (*spec.scores, *spec.change_rules)}
    assert used == set(METHODS)
