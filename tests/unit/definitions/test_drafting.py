"""A draft loads whatever a form says, is in no one's words, and lists what is left open."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.definitions.conftest import places, said

from romframe import (
    AskedForm,
    AskedItem,
    AskedOption,
    AskedScore,
    Condition,
    DataError,
    Unsaid,
    draft_definition,
    not_carried,
)
from romframe.definitions.text import draft_text, wording_text
from romframe.instruments.loader import parse_instrument
from romframe.wording import load_pack


def options(*values, **more):
    return tuple(AskedOption(str(n), value=value, **more) for n, value in enumerate(values))


def form(*items, **more):
    return AskedForm(**{"file": "a.json", "id": "sleep", "title": "Sleep", "items": items, **more})


def coded(name, *answers, **more):
    return AskedItem(name, "coded", options=answers or options(0, 1, 2), **more)


def test_what_no_form_says_stands_there_and_is_listed(loads):
    draft = draft_definition(form(coded("q1")))
    assert loads(draft).licence.owner == "not said"
    assert set(places(draft, "not-said")) == {
        "type",
        "raters",
        "licence",
        "form",
        "version",
        "scores",
    }
    assert draft.wording is None
    with pytest.raises(KeyError):
        wording_text(draft)


def test_names_become_ids_of_their_own(loads):
    names = ["q1", "Q1", "1/2", "__", "team", "a" * 60, "total_band", "total"]
    draft = draft_definition(
        form(
            *(coded(name) for name in names),
            scores=(AskedScore("total", ("q1",)), AskedScore("total", ("Q1",))),
        )
    )
    instrument = loads(draft)
    assert [item.id for item in instrument.items] == [
        "q1",
        "q1_2",
        "q1_2_2",
        "q",
        "team_2",
        "a" * 40,
        "total_band",
        "total",
    ]
    assert [score.id for score in instrument.scores] == ["total_2", "total_3"]
    assert ("items.q1_2", "It is called 'Q1' in the file.") in said(draft, "said-otherwise")


def test_a_score_called_like_a_verdict_is_called_a_score(loads):
    draft = draft_definition(form(coded("q1"), scores=(AskedScore("q1_status", ("q1",)),)))
    assert loads(draft).scores[0].id == "q1_status_score"


def test_scores_are_given_on_request_until_somebody_has_checked_them(loads):
    draft = draft_definition(
        form(
            coded("q1"),
            coded("q2", reversed=True),
            coded("q3", AskedOption("a"), AskedOption("b")),
            coded("q4"),
            coded("q5", counts=False),
            scores=(
                AskedScore("total", ("q1", "q2"), "Our total"),
                AskedScore("odd", ("q1", "q3")),
            ),
        )
    )
    (score,) = loads(draft).scores
    assert (score.name, score.items, score.low, score.high) == ("Our total", ("q1", "q2"), 0, 4)
    assert (score.on_request, score.better) == (True, "neither")
    assert draft.spec["scores"][0]["items"] == "all"
    assert [item.id for item in loads(draft).items if item.reversed] == ["q2"]
    assert "items.q4.scored" in places(draft, "not-said")
    assert "items.q5.scored" not in places(draft, "not-said")
    assert ("scores", "The sum 'odd' is of answers that have no values.") in said(draft, "not-read")


@pytest.mark.parametrize(
    "values",
    [(0, None), (0, 0.0001), (0, 2_000_000), (0, float("inf")), (0.123, 0.25, 1 / 3)],
)
def test_values_that_cannot_be_counted_leave_answers_unscored(loads, values):
    draft = draft_definition(form(coded("q1", *options(*values))))
    assert not loads(draft).item("q1").scale.scored
    assert "response_scales.answers" in places(draft, "not-read")


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [
        (None, 10, 1),
        (0, None, 1),
        (5, 5, 1),
        (0, 10, 0),
        (0, 10, 3),
        (0, float("inf"), 1),
        (float("nan"), 1, 1),
    ],
)
def test_a_number_that_could_be_anything_is_free_text(loads, low, high, step):
    draft = draft_definition(form(AskedItem("n", "number", low=low, high=high, step=step)))
    assert loads(draft).item("n").scale.kind == "text"
    assert "response_scales.text" in places(draft, "not-said")


def test_answers_without_a_code_of_their_own_are_left_out(loads):
    answers = (AskedOption("1"), AskedOption(" 1 "), AskedOption(""), AskedOption("01"))
    draft = draft_definition(form(coded("q1", *answers)))
    assert list(draft.spec["response_scales"]["answers"]["codes"]) == [1, "01"]
    assert len(said(draft, "not-read")) == 2
    assert loads(draft)


def test_the_same_answers_are_one_scale_and_others_have_a_name_of_their_own():
    draft = draft_definition(
        form(
            coded("a"),
            coded("b"),
            coded("c", scale="often"),
            coded("d", *options(1, 2), scale="often"),
        )
    )
    assert [item["scale"] for item in draft.spec["items"]] == [
        "answers",
        "answers",
        "often",
        "often_2",
    ]


@pytest.mark.parametrize(
    "when",
    [
        Condition("a", ("7",)),
        Condition("nobody", ("1",)),
        Condition("b", ("1",)),
        Condition("a", ()),
    ],
)
def test_a_condition_on_what_is_not_there_is_listed(loads, when):
    draft = draft_definition(form(coded("a"), coded("b", when=when)))
    assert loads(draft).item("b").required_when is None
    assert "items.b.required_when" in places(draft, "not-read")


def test_a_condition_that_holds_is_kept(loads):
    draft = draft_definition(form(coded("A"), coded("b", when=Condition("A", ("1", "2")))))
    when = loads(draft).item("b").required_when
    assert (when.item, when.codes) == ("a", (1, 2))


def test_codes_with_a_wrong_check_digit_are_left_out(loads):
    draft = draft_definition(
        form(
            coded("a", codes={"loinc": "44250-9", "snomed": "123"}),
            coded("b", codes={"loinc": "1-1"}),
        )
    )
    assert [code.id for code in loads(draft).item("a").codes] == ["44250-9"]
    assert loads(draft).item("b").codes == ()
    assert places(draft, "not-valid") == ["items.a.codes", "items.b.codes"]


def test_the_language_is_kept_if_it_is_one(loads):
    assert loads(draft_definition(form(coded("a"), locale="cy"))).locale == "cy"
    draft = draft_definition(form(coded("a"), locale="Welsh (Wales)"))
    assert loads(draft).locale == "en"
    assert "locale" in places(draft, "not-valid")


def test_words_go_into_a_pack_of_the_site_and_not_into_the_spec(tmp_path, loads):
    answers = (
        AskedOption("0", "Words A", 0),
        AskedOption("1", "Words B", 1),
        AskedOption("2", "", 2),
    )
    draft = draft_definition(
        form(
            coded("a", *answers, text="Words\n of an\x07 item", required=False, section="one"),
            coded("b", *answers),
            AskedItem("c", "text", text="mine", label="mine"),
            version="2",
            terms="Terms of theirs",
            note="A note of ours",
        )
    )
    assert "Words" not in str(draft.spec)
    instrument = loads(draft)
    assert (instrument.licence.terms, instrument.note) == ("Terms of theirs", "A note of ours")
    path = tmp_path / "sleep.en.yaml"
    path.write_text(wording_text(draft))
    pack = load_pack(path, lambda _: instrument)
    assert pack.items == {"a": "Words of an item"}
    assert pack.options == {"answers": {"0": "Words A", "1": "Words B"}}
    assert "not said in a.json" in pack.permission


def test_words_of_answers_alone_make_a_pack_too():
    draft = draft_definition(form(coded("a", AskedOption("0", "Words", 0))))
    assert "items" not in draft.wording
    assert draft.wording["response_scales"] == {"answers": {0: "Words"}}


def test_a_form_that_asks_nothing_is_refused():
    with pytest.raises(DataError, match="definition-empty"):
        draft_definition(form())


def test_what_is_left_open_stands_above_the_draft():
    text = draft_text(draft_definition(form(coded("a"))), "a\nb.json")
    assert text.startswith(
        "# A draft, read from a b.json. It loads, and it is for you to finish.\n"
    )
    assert "\n# - licence: Who owns it" in text


def test_what_is_listed_stays_on_its_line_whatever_the_file_says(loads):
    odd = Unsaid("not-read", "line 2\nid: x", "Odd\ud800.\nname: y")
    draft = draft_definition(form(coded("a"), unsaid=(odd,)))
    assert "\n# - line 2 id: x: Odd . name: y [not-read]\n" in draft_text(draft, "a.csv")
    assert loads(draft).id == "sleep"


def test_a_format_lists_what_it_does_not_carry_path_by_path():
    spec = {
        "id": "x",
        "licence": {"owner": "us"},
        "items": [{"id": "a", "note": "n"}, {"id": "b", "label": "l"}],
        "norms": [{"mean": 1}],
        "rows": [{"mean": 1}],
    }
    carried = {
        "id": True,
        "licence": "As one text.",
        "items": {"*": {"id": True, "label": True}},
        "rows": {"0": {}},
    }
    assert [(each.code, each.where, each.what) for each in not_carried(spec, carried, "Paper")] == [
        ("said-otherwise", "licence", "As one text."),
        ("not-carried", "items.a.note", "Paper cannot say this."),
        ("not-carried", "norms", "Paper cannot say this."),
        ("not-carried", "rows.0.mean", "Paper cannot say this."),
    ]


TEXTS = st.text(max_size=8)
NUMBERS = st.one_of(st.none(), st.integers(-5, 5), st.floats())
ITEMS = st.builds(
    AskedItem,
    name=TEXTS,
    kind=st.sampled_from(["coded", "number", "text"]),
    text=TEXTS,
    label=TEXTS,
    scale=TEXTS,
    options=st.lists(
        st.builds(AskedOption, code=st.one_of(TEXTS, st.integers(0, 3).map(str)), value=NUMBERS),
        max_size=4,
    ).map(tuple),
    low=NUMBERS,
    high=NUMBERS,
    step=st.sampled_from([1, 0.1, 5, 0.3]),
    section=TEXTS,
    required=st.sampled_from([None, True, False]),
    codes=st.dictionaries(st.sampled_from(["snomed", "loinc"]), TEXTS, max_size=1),
)


@settings(max_examples=25)
@given(
    items=st.lists(ITEMS, min_size=1, max_size=5, unique_by=lambda item: item.name),
    texts=st.lists(TEXTS, min_size=6, max_size=6),
    scores=st.lists(TEXTS, max_size=2),
)
def test_every_draft_loads(shipped, items, texts, scores):
    file, form_id, title, version, locale, terms = texts
    names = tuple(item.name for item in items)
    draft = draft_definition(
        AskedForm(
            file=file,
            id=form_id,
            title=title,
            items=tuple(items),
            scores=tuple(AskedScore(name, names[: n + 1]) for n, name in enumerate(scores)),
            version=version,
            locale=locale,
            terms=terms,
        )
    )
    parse_instrument(draft_text(draft, file), "draft", shipped.vocabulary)
