"""What a FHIR Questionnaire says comes into the draft, and what else it says is listed.

The made-up files have the shapes of public ones: value sets that are brought along (Argonaut),
ordinal values on answers (LHC-Forms), value sets that are not there (HL7 SDC). The LOINC codes of
items and answers and what these count are as in those files.
"""

import json
import sys

import pytest
from romframe_fhir import read_questionnaire as read
from romframe_fhir.questionnaire import opening, validity
from unit.definitions.conftest import (
    ITEM_WEIGHT,
    ORDINAL_VALUE,
    choice,
    extension,
    places,
    said,
    weighed,
)

from romframe import DataError, UsageError


LOINC = "http://loinc.org"
STU3_ORDINAL = "http://hl7.org/fhir/StructureDefinition/valueset-ordinalValue"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
LOW = "http://hl7.org/fhir/StructureDefinition/minValue"
HIGH = "http://hl7.org/fhir/StructureDefinition/maxValue"
DECIMALS = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces"
PHQ_9 = [
    "44250-9",
    "44255-8",
    "44259-0",
    "44254-1",
    "44251-7",
    "44258-2",
    "44252-5",
    "44253-3",
    "44260-8",
]
PHQ_DAYS = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
AUDIT_C = {
    "68518-0": ["LA6270-8", "LA18926-8", "LA18927-6", "LA18928-4", "LA18929-2"],
    "68519-8": ["LA15694-5", "LA15695-2", "LA18930-0", "LA18931-8", "LA18932-6"],
    "68520-6": ["LA6270-8", "LA18933-4", "LA18876-5", "LA18891-4", "LA18934-2"],
}


def coded(code):
    return {"code": [{"system": LOINC, "code": code}]}


def concepts(codes):
    return [
        {"system": LOINC, "code": code, "extension": [extension(STU3_ORDINAL, valueDecimal=n)]}
        for n, code in enumerate(codes)
    ]


def value_set(name, codes):
    expansion = {"timestamp": "2020-01-01", "contains": concepts(codes)}
    return {"resourceType": "ValueSet", "id": name, "status": "active", "expansion": expansion}


def calculated(name, expression, **more):
    said = {"language": "text/fhirpath", "expression": expression}
    extensions = [extension(CALCULATED, valueExpression=said)]
    return {"linkId": name, "type": "decimal", "extension": extensions, **more}


def answers(spec, item):
    """Give what the answers to an item of a draft count, by code."""
    (scale,) = (each["scale"] for each in spec["items"] if each["id"] == item)
    codes = spec["response_scales"][scale]["codes"]
    return {code: each["value"] if isinstance(each, dict) else code for code, each in codes.items()}


def counted(instrument, item):
    return [option.value for option in instrument.item(item).scale.options]


def test_an_audit_c_in_the_manner_of_argonaut_counts_as_the_shipped_one(
    questionnaire, loads, shipped
):
    items = [
        {"linkId": f"q{n}", "type": "choice", "options": {"reference": f"#L{n}"}, **coded(code)}
        for n, code in enumerate(AUDIT_C, 1)
    ]
    sets = [value_set(f"L{n}", codes) for n, codes in enumerate(AUDIT_C.values(), 1)]
    draft = read(questionnaire(*items, contained=sets, title="AUDIT-C"))
    instrument = loads(draft)
    for (code, listed), item in zip(AUDIT_C.items(), instrument.items, strict=True):
        assert answers(draft.spec, item.id) == dict(zip(listed, range(5), strict=True))
        assert counted(instrument, item.id) == counted(shipped.instrument("audit_c"), item.id)
        assert item.codes[0].id == code
    assert any("STU3" in what for _, what in said(draft, "said-otherwise"))


def test_a_phq_9_in_the_manner_of_lhc_forms_counts_as_the_shipped_one(
    questionnaire, loads, shipped
):
    options = [weighed(code, n, ORDINAL_VALUE) for n, code in enumerate(PHQ_DAYS)]
    items = [choice(f"/{code}", *options, **coded(code), required=True) for code in PHQ_9]
    total = calculated("/44261-6", "(expression removed)")
    draft = read(questionnaire(*items, total, name="phq", title="PHQ-9"))
    instrument = loads(draft)
    known = shipped.instrument("phq_9")
    assert [item.id for item in instrument.items] == ["q" + c.replace("-", "_") for c in PHQ_9]
    for ours, item in zip(known.items, instrument.items, strict=False):
        assert item.codes == ours.codes
        assert counted(instrument, item.id) == counted(known, ours.id)
    assert instrument.scores == ()
    assert ("item '/44261-6'", "How it is calculated is not understood: it is left out.") in said(
        draft, "not-read"
    )


def test_a_value_set_that_is_not_there_leaves_free_text_and_says_so(questionnaire, loads):
    inside = [{"linkId": f"H1/Q{n}", "type": "choice", "answerValueSet": "#VS"} for n in (1, 2)]
    group = {"linkId": "H1", "type": "group", "item": inside, "text": "In the last weeks"}
    draft = read(questionnaire(group, contained="VS", meta={"profile": "http://x"}))
    instrument = loads(draft)
    assert [item.scale.kind for item in instrument.items] == ["text", "text"]
    assert [item.section for item in instrument.items] == ["H1", "H1"]
    assert ("item 'H1/Q1'", "The value set #VS is not spelled out in this file.") in said(
        draft, "not-read"
    )
    assert set(places(draft, "not-valid")) == {"contained", "meta.profile"}


def test_answers_that_are_named_nowhere_leave_free_text(questionnaire, loads):
    older = {"linkId": "b", "type": "choice", "options": {"reference": 3}}
    draft = read(questionnaire({"linkId": "a", "type": "choice"}, older))
    assert [item.scale.kind for item in loads(draft).items] == ["text", "text"]
    assert "response_scales.text" in places(draft, "not-read")


def test_a_value_set_may_list_its_codes_and_nest_its_expansion(questionnaire):
    listed = {"include": [{"system": LOINC, "concept": [{"code": "A"}, {"code": "B"}]}]}
    nested = {
        "timestamp": "2020-01-01",
        "contains": [{"abstract": True, "code": "all", "contains": [{"code": "C"}]}],
    }
    sets = [
        {"resourceType": "ValueSet", "id": "one", "status": "draft", "compose": listed},
        {
            "resourceType": "ValueSet",
            "url": "http://made.up/two",
            "status": "draft",
            "expansion": nested,
        },
        {"resourceType": "Patient", "id": "three"},
    ]
    asked = [
        {"linkId": "a", "type": "choice", "answerValueSet": "#one"},
        {"linkId": "b", "type": "choice", "answerValueSet": "http://made.up/two|1"},
    ]
    spec = read(questionnaire(*asked, contained=sets)).spec
    assert [list(scale["codes"]) for scale in spec["response_scales"].values()] == [
        ["A", "B"],
        ["C"],
    ]


@pytest.mark.parametrize("url", [ITEM_WEIGHT, ORDINAL_VALUE, STU3_ORDINAL])
def test_weights_are_read_from_the_answer_and_from_its_coding(questionnaire, url):
    there = weighed("a", 2, url)
    within = weighed("b", extension=[extension(url, valueDecimal=0.5)])
    draft = read(questionnaire(choice("q", there, within)))
    assert answers(draft.spec, "q") == {"a": 2, "b": 0.5}


def test_two_weights_of_one_answer_are_no_weight(questionnaire):
    option = weighed("1", 1)
    option["extension"].append(extension(ORDINAL_VALUE, valueDecimal=2))
    draft = read(questionnaire(choice("q", option, weighed("2", 2))))
    assert draft.spec["response_scales"]["answers"] == {"codes": {1: "1", 2: "2"}, "scored": False}
    assert ("item 'q'", "An answer has more than one weight: 1, 2.") in said(draft, "not-read")


def test_answers_may_be_whole_numbers_texts_or_true(questionnaire, loads):
    draft = read(
        questionnaire(
            choice("n", {"valueInteger": 0}, {"valueInteger": 5}),
            choice("t", {"valueString": "Never"}, {"valueString": "Often"}),
            {"linkId": "b", "type": "boolean"},
            {"linkId": "d", "type": "date"},
            {"linkId": "s", "type": "string"},
        )
    )
    assert [item.scale.kind for item in loads(draft).items] == ["coded"] * 3 + ["text"] * 2
    assert answers(draft.spec, "n") == {0: 0, 5: 5}
    assert list(answers(draft.spec, "t")) == ["option_1", "option_2"]
    assert list(answers(draft.spec, "b")) == ["true", "false"]
    assert {"item 't'", "item 'd'"} <= set(places(draft, "said-otherwise"))


def test_numbers_have_their_limits_and_decimals(questionnaire, loads):
    def asked(name, kind, *more):
        ends = [extension(LOW, valueInteger=0), extension(HIGH, valueInteger=10)]
        return {"linkId": name, "type": kind, "extension": [*ends, *more]}

    draft = read(
        questionnaire(
            asked("whole", "integer"),
            asked("fine", "decimal", extension(DECIMALS, valueInteger=1)),
            asked("unsaid", "quantity"),
            asked("even", "decimal", extension(DECIMALS, valueInteger=0)),
            {"linkId": "endless", "type": "integer"},
        )
    )
    steps = {item.id: item.scale.step for item in loads(draft).items if item.scale.kind == "number"}
    assert steps == {"whole": 1, "fine": 0.1, "unsaid": 0.01, "even": 1}
    assert loads(draft).item("endless").scale.kind == "text"
    assert "item 'unsaid'" in places(draft, "not-said")


def when(question, **answer):
    return {"question": question, "operator": "=", **answer}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"answerCoding": {"code": "yes"}}, "yes"),
        ({"answerInteger": 1}, 1),
        ({"answerBoolean": True}, "true"),
    ],
)
def test_a_plain_condition_with_a_required_answer_is_kept(questionnaire, loads, answer, code):
    first = {
        "yes": choice("first", weighed("yes"), weighed("no")),
        1: choice("first", {"valueInteger": 0}, {"valueInteger": 1}),
        "true": {"linkId": "first", "type": "boolean"},
    }[code]
    then = {"linkId": "then", "type": "text", "required": True}
    draft = read(questionnaire(first, then | {"enableWhen": [when("first", **answer)]}))
    condition = loads(draft).item("then").required_when
    assert (condition.item, condition.codes) == ("first", (code,))
    assert "item 'then'" in places(draft, "said-otherwise")


@pytest.mark.parametrize(
    ("conditions", "more"),
    [
        ([when("first", answerCoding={"code": "yes"})], {}),
        ([when("first", answerCoding={"code": "yes"})] * 2, {"required": True}),
        ([when("first", answerString="yes")], {"required": True}),
        ([{**when("first", answerBoolean=True), "operator": "!="}], {"required": True}),
    ],
)
def test_any_other_condition_is_listed(questionnaire, loads, conditions, more):
    first = choice("first", weighed("yes"), weighed("no"))
    draft = read(
        questionnaire(first, {"linkId": "then", "type": "text", "enableWhen": conditions, **more})
    )
    assert loads(draft).item("then").required_when is None
    assert any("enableWhen" in what for _, what in said(draft, "not-read"))


def test_what_a_spec_cannot_ask_is_listed(questionnaire, loads):
    within = {
        "linkId": "in",
        "type": "text",
        "repeats": True,
        "code": [{"system": "x", "code": "y"}],
    }
    draft = read(
        questionnaire(
            {"linkId": "words", "type": "display"},
            {"linkId": "file", "type": "attachment"},
            {
                "linkId": "group",
                "type": "group",
                "enableWhen": [when("in", answerBoolean=True)],
                "item": [choice("open", weighed("a"), item=[within], type="open-choice")],
            },
            date="2020-01-01",
        )
    )
    assert [item.id for item in loads(draft).items] == ["open", "in"]
    told = said(draft, "not-read")
    assert {where for where, _ in told} >= {
        "item 'words'",
        "item 'file'",
        "item 'group'",
        "item 'open'",
        "item 'in'",
        "form",
    }
    assert ("form", "Nothing is made of these elements: date.") in told
    assert ("item 'in'", "The code 'y' of x.") in told


def test_elements_and_extensions_of_which_nothing_is_made_are_counted(questionnaire):
    shown = [extension("http://made.up/colour", valueString="red")]
    draft = read(
        questionnaire(
            choice("a", weighed("x") | {"extension": shown}, extension=shown, prefix="1"),
            extension=shown,
        )
    )
    assert {
        ("form", "Nothing is made of http://made.up/colour (3 times)."),
        ("form", "Nothing is made of prefix (1 times)."),
    } <= said(draft, "not-read")


LISTED = "%resource.repeat(item).where(linkId in ('a' | 'b')).answer.value"
CHOSEN = "%resource.repeat(item).where(linkId = 'a' or linkId='b').answer.value"


@pytest.mark.parametrize("answers", [LISTED, CHOSEN])
@pytest.mark.parametrize("weight", ["weight", "ordinal"])
@pytest.mark.parametrize("strict", [True, False])
def test_a_sum_of_weights_is_a_score(questionnaire, loads, answers, weight, strict):
    options = [weighed(str(n), n) for n in range(4)]
    added = f"{answers}.{weight}().sum()"
    whole = f"iif({answers}.count() = 2, {added}, {{}})" if strict else added
    total = calculated("total", whole, text="The words for it")
    draft = read(questionnaire(choice("a", *options), choice("b", *options), total))
    (score,) = loads(draft).scores
    assert (score.items, score.method, score.low, score.high) == (("a", "b"), "sum", 0, 6)
    assert (score.name, score.on_request) == ("total", True)
    told = said(draft, "said-otherwise")
    assert any(where == "item 'total'" for where, _ in told) is not strict


@pytest.mark.parametrize(
    "expression",
    [
        f"iif({LISTED}.count() = 1, {LISTED}.weight().sum(), {{}})",
        f"iif({CHOSEN}.count() = 2, {LISTED}.weight().sum(), {{}})",
        f"{LISTED}.weight().sum() * 2",
        f"{LISTED}.sum()",
        LISTED.replace("'b'", "'c'") + ".weight().sum()",
        LISTED.replace("repeat(item)", "item") + ".weight().sum()",
    ],
)
def test_anything_else_that_is_calculated_is_listed(questionnaire, loads, expression):
    options = [weighed(str(n), n) for n in range(4)]
    total = calculated("total", expression)
    draft = read(questionnaire(choice("a", *options), choice("b", *options), total))
    assert loads(draft).scores == ()
    assert "item 'total'" in places(draft, "not-read")


def test_a_calculation_without_an_expression_is_listed(questionnaire):
    empty = {"linkId": "total", "type": "decimal"}
    empty["extension"] = [extension(CALCULATED, valueString="a + b")]
    draft = read(questionnaire(choice("a", weighed("x")), empty))
    assert "item 'total'" in places(draft, "not-read")


def fault(path):
    with pytest.raises(DataError) as refused:
        read(path)
    (problem,) = refused.value.problems
    assert problem.place.file
    return problem.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a":', "definition-json"),
        (b"[" * 100_000, "definition-json"),
        (b'{"a": NaN}', "definition-json"),
        (b'{"a": 1, "a": 2}', "definition-json"),
        (b"\xff\xfe{", "definition-json"),
        (b"[1]", "definition-resource"),
        (b'{"resourceType": "Bundle"}', "definition-resource"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused(tmp_path, content, code):
    path = tmp_path / "made_up.json"
    path.write_bytes(content)
    assert fault(path) == code


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path, monkeypatch):
    assert fault(tmp_path) == "file-unreadable"
    path = tmp_path / "made_up.json"
    path.write_text("{}      ")
    monkeypatch.setattr(opening, "MOST_BYTES", 5)
    assert fault(path) == "definition-json"


def deep(levels):
    item = {"linkId": "last", "type": "text"}
    for n in range(levels):
        item = {"linkId": f"g{n}", "type": "group", "item": [item]}
    return item


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([], "definition-empty"),
        ([{"linkId": "a", "type": "display"}], "definition-empty"),
        ([{"type": "text"}], "definition-ids"),
        ([{"linkId": 3, "type": "text"}], "definition-ids"),
        ([{"linkId": "a", "type": "text"}] * 2, "definition-ids"),
        ([{"linkId": f"q{n}", "type": "text"} for n in range(10_000)], "definition-too-large"),
        ([deep(40)], "definition-too-large"),
    ],
)
def test_items_that_cannot_be_a_measure_are_refused(questionnaire, items, code):
    assert fault(questionnaire(*items)) == code


def test_extensions_and_answers_without_end_are_refused(questionnaire, tmp_path):
    answers = choice("a", *({"valueInteger": n} for n in range(20_001)))
    assert fault(questionnaire(answers)) == "definition-too-large"
    path = tmp_path / "nested.json"
    nested = '{"url": "x", "extension": [' * 450 + "]}" * 450
    item = '{"linkId": "a", "type": "text", "extension": [' + nested + "]}"
    path.write_text('{"resourceType": "Questionnaire", "status": "draft", "item": [' + item + "]}")
    assert fault(path) == "definition-too-large"


def test_a_questionnaire_that_is_not_sound_is_refused(tmp_path, questionnaire, monkeypatch):
    path = tmp_path / "no_status.json"
    whole = {"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "text"}]}
    path.write_text(json.dumps(whole))
    assert fault(path) == "definition-invalid"
    monkeypatch.setattr("romframe_fhir.questionnaire.validity._ROUNDS", 1)
    unsound = questionnaire({"linkId": "a", "type": "text"}, colour="red")
    assert fault(unsound) == "definition-invalid"


def test_what_the_standard_does_not_allow_is_left_out_and_listed(questionnaire, loads):
    draft = read(
        questionnaire(
            choice("a", weighed("x"), colour="red", code=["one", {"code": "two"}]),
            {"linkId": "b", "type": "text", "code": ["one"]},
            3,
        )
    )
    assert [item.id for item in loads(draft).items] == ["a", "b"]
    assert set(places(draft, "not-valid")) == {
        "item 'a', item.0.colour",
        "item 'a', item.0.code.0",
        "item 'b', item.1.code.0",
        "item.2",
    }


def test_a_fault_around_another_one_is_left_to_the_next_round(monkeypatch):
    rounds = [[(("item", 0, "code"), "odd"), (("item", 0, "code", 0), "odd too")], []]
    monkeypatch.setattr(validity, "faults", lambda _: rounds.pop(0))
    whole = {"item": [{"linkId": "a", "code": [1]}, {"linkId": "b"}]}
    kept, unsaid = validity.sound(whole, "made up")
    assert kept == {"item": [{"linkId": "a"}, {"linkId": "b"}]}
    assert [each.where for each in unsaid] == ["item 'a', item.0.code.0"]


def test_a_thousand_items_are_read(questionnaire):
    items = [choice(f"q{n}", {"valueInteger": 0}, {"valueInteger": 1}) for n in range(1000)]
    assert len(read(questionnaire(*items)).spec["items"]) == 1000


def test_the_extra_is_named_where_the_library_is_missing(questionnaire, monkeypatch):
    monkeypatch.setitem(sys.modules, "fhir.resources", None)
    with pytest.raises(UsageError, match=r"romframe\[fhir\]"):
        read(questionnaire({"linkId": "a", "type": "text"}))
