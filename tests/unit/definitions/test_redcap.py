"""REDCap data dictionaries read: choices, sliders, calculations, branching, and what is listed."""

import csv

import pytest
from romframe_forms import read_redcap, redcap
from unit.definitions.conftest import places, said

from romframe import DataError


HEADER = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Field Annotation",
]


def line(name, kind, choices="", **more):
    given = {"name": name, "form": "sleep", "label": "Words", "kind": kind, "choices": choices}
    given |= more
    keys = "name form section kind label choices note check low high identifier logic required tag"
    return [given.get(key, "") for key in keys.split()]


@pytest.fixture
def dictionary(tmp_path):
    def dictionary(*lines, header=HEADER):
        path = tmp_path / "made_up.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *lines])
        return path

    return dictionary


def test_fields_become_items_with_their_answers(dictionary, loads):
    draft = read_redcap(
        dictionary(
            line("a", "radio", "0, No | 1, Yes, indeed", section="First", required="y"),
            line("b", "yesno", section="Second"),
            line("s", "slider"),
            line("t", "slider", low="1", high="5"),
            line("n", "text", check="integer", low="0", high="24"),
            line("m", "text", check="number_1dp", low="0", high="1"),
            line("f", "text", check="number", low="0", high="1"),
            line("w", "notes"),
            line("d", "text", check="date_dmy"),
            [],
        )
    )
    instrument = loads(draft)
    assert (instrument.id, instrument.name) == ("sleep", "sleep")
    assert [each.code for each in instrument.item("a").scale.options] == [0, 1]
    assert [instrument.item(each).section for each in "ab"] == ["section 1", "section 2"]
    numbers = {item.id: item.scale for item in instrument.items if item.scale.kind == "number"}
    assert {key: (each.low, each.high, each.step) for key, each in numbers.items()} == {
        "s": (0, 100, 1),
        "t": (1, 5, 1),
        "n": (0, 24, 1),
        "m": (0, 1, 0.1),
        "f": (0, 1, 0.01),
    }
    assert draft.wording["response_scales"]["answers"] == {0: "No", 1: "Yes, indeed"}
    assert "line 8, f" in places(draft, "not-said")
    assert "line 10, d" in places(draft, "said-otherwise")
    assert "Words" not in str(draft.spec)


def test_a_sum_of_fields_is_a_score(dictionary, loads):
    asked = [line(name, "radio", "0, No | 3, Yes") for name in "ab"]
    draft = read_redcap(dictionary(*asked, line("total", "calc", "[a] + [b]")))
    (score,) = loads(draft).scores
    assert (score.items, score.low, score.high) == (("a", "b"), 0, 6)


@pytest.mark.parametrize("formula", ["sum([a],[b])", "[a]+[nobody]", "[a]*2", "[a] + [w]", ""])
def test_any_other_calculation_is_listed(dictionary, loads, formula):
    asked = [line(name, "radio", "0, No | 3, Yes") for name in "ab"]
    lines = [*asked, line("w", "notes"), line("total", "calc", formula)]
    draft = read_redcap(dictionary(*lines))
    assert loads(draft).scores == ()
    assert "line 5, total" in places(draft, "not-read")


def test_branching_is_kept_where_it_is_plain_and_the_answer_required(dictionary, loads):
    logic = "[a] = '1'"
    draft = read_redcap(
        dictionary(
            line("a", "truefalse"),
            line("b", "notes", logic=logic, required="y"),
            line("c", "notes", logic=logic),
            line("d", "notes", logic="[a] = '1' and [b] <> ''", required="y"),
        )
    )
    instrument = loads(draft)
    assert instrument.item("b").required_when.codes == (1,)
    assert [instrument.item(each).required_when for each in "cd"] == [None, None]
    assert {"line 4, c", "line 5, d"} <= set(places(draft, "not-read"))
    assert "line 3, b" in places(draft, "said-otherwise")


def test_what_a_spec_cannot_ask_is_listed(dictionary, loads):
    draft = read_redcap(
        dictionary(
            line("a", "checkbox", "1, x | 2, y", tag="@HIDDEN", identifier="y", note="Words"),
            line("b", "descriptive"),
            line("c", "file"),
            line("d", "dropdown"),
            ["e", "sleep", "", "text"],
        )
    )
    assert [item.id for item in loads(draft).items] == ["a", "d", "e"]
    told = said(draft, "not-read")
    assert ("line 2, a", "Nothing is made of field annotation: @HIDDEN.") in told
    assert {"line 2, a", "line 3, b", "line 4, c"} <= {where for where, _ in told}
    assert "Nothing is made of field note: Words." not in {what for _, what in told}


def fault(path):
    with pytest.raises(DataError) as refused:
        read_redcap(path)
    return refused.value.problems[0].code


def test_files_that_are_no_dictionary_of_one_form_are_refused(dictionary, tmp_path, monkeypatch):
    assert fault(dictionary(header=["a", "b"])) == "definition-header"
    assert fault(dictionary()) == "definition-empty"
    assert (
        fault(dictionary(line("a", "text"), line("b", "text", form="other"))) == "definition-forms"
    )
    assert fault(dictionary(line("a", "text"), line("a", "text"))) == "definition-ids"
    assert fault(dictionary(line("", "text"))) == "definition-ids"
    assert fault(tmp_path) == "file-unreadable"
    path = tmp_path / "bytes.csv"
    for content in (b"\xff\x00", b'"abc'):
        path.write_bytes(content)
        assert fault(path) == "definition-csv"
    path.write_bytes(b"")
    assert fault(path) == "definition-header"
    monkeypatch.setattr(redcap, "MOST_ROWS", 2)
    assert fault(dictionary(line("a", "text"), line("b", "text"))) == "definition-too-large"
