"""From a spec into a format and back: every difference is listed, by the writer or the reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import made_up
from oracles.lost import differences, not_listed, order
from pyxform.xls2xform import convert
from romframe_fhir import read_questionnaire, write_questionnaire
from romframe_forms import read_xlsform, write_xlsform

from romframe import Unsaid
from romframe.api import catalogue
from romframe.definitions.text import draft_text
from romframe.instruments.loader import parse_instrument
from romframe.wording import Wording


WAYS = {
    "fhir": (write_questionnaire, read_questionnaire),
    "xlsform": (write_xlsform, read_xlsform),
}
NAMES = catalogue().ids


def there_and_back(instrument, way, folder):
    write, read = WAYS[way]
    out = folder / f"{instrument.id}.{way}"
    lost = tuple(write(instrument, Wording(instrument, instrument.locale), out))
    draft = read(out)
    return draft, (*lost, *draft.unsaid)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_no_difference_is_silent(name, way, shipped, loads, tmp_path):
    instrument = shipped.instrument(name)
    draft, unsaid = there_and_back(instrument, way, tmp_path)
    found = differences(instrument.document, draft.spec)
    assert not_listed(found, unsaid) == []
    back = loads(draft)
    assert (back.id, back.version, back.name) == (
        instrument.id,
        instrument.version,
        instrument.name,
    )
    assert order(draft.spec, "items") == order(instrument.document, "items")
    kept = order(draft.spec, "scores")
    assert kept == [each for each in order(instrument.document, "scores") if each in kept]
    if way == "fhir":
        _counts_the_same(instrument, back)


def values(instrument):
    """Give what every answer to every item that counts counts, turned where the item is."""
    found = {}
    for item in instrument.items:
        if item.counts and item.scale.kind == "coded":
            known = sorted({option.value for option in item.scale.options})
            turned = dict(zip(known, reversed(known), strict=True)) if item.reversed else {}
            found[item.id] = {
                str(each.code): turned.get(each.value, each.value) for each in item.scale.options
            }
    return found


def _counts_the_same(instrument, back):
    """Say that every answer counts what it did, turned or not, of every item that still counts."""
    ours, theirs = values(instrument), values(back)
    assert {item: ours[item] for item in theirs} == theirs
    assert back.scores or theirs.keys() == ours.keys()


def test_the_list_is_what_makes_the_test_above_pass(shipped, tmp_path):
    instrument = shipped.instrument("phq_9")
    draft, unsaid = there_and_back(instrument, "fhir", tmp_path)
    found = differences(instrument.document, draft.spec)
    without = [each for each in unsaid if each.where != "scores.total.bands"]
    assert {path.rsplit(".", 2)[0] for path in not_listed(found, without)} == {"scores.total.bands"}
    assert not_listed(["items.q9.alert.text"], [Unsaid("not-said", "items", "all")]) != []


@pytest.mark.parametrize("name", ["phq_9", "honos", "ors", "poem", "mohost"])
def test_xlsforms_are_sound_by_the_library_of_their_makers(name, shipped, tmp_path):
    instrument = shipped.instrument(name)
    out = tmp_path / f"{name}.xlsx"
    write_xlsform(instrument, Wording(instrument, instrument.locale), out)
    made = convert(str(out))
    assert made.warnings == []
    assert all(f"/{item.id}" in made.xform for item in instrument.items)


@settings(max_examples=15)
@given(spec=made_up.specs(), way=st.sampled_from(sorted(WAYS)))
def test_no_difference_is_silent_for_any_measure(shipped, tmp_path_factory, spec, way):
    instrument = parse_instrument(made_up.dump(spec), "made_up.yaml", shipped.vocabulary)
    draft, unsaid = there_and_back(instrument, way, tmp_path_factory.mktemp("made_up"))
    assert not_listed(differences(instrument.document, draft.spec), unsaid) == []
    back = parse_instrument(draft_text(draft, "made up"), "made_up.yaml", shipped.vocabulary)
    if way == "fhir":
        _counts_the_same(instrument, back)
