"""XLSForms read and written: their sheets, what they calculate, and what is listed."""

import zipfile

import openpyxl
import pytest
from pyxform.xls2xform import convert
from romframe_forms import read_xlsform, write_xlsform
from romframe_forms.xlsform import workbook
from unit.definitions.conftest import places, said

from romframe import DataError, PluginError
from romframe.instruments.loader import parse_instrument
from romframe.wording import Wording, load_pack


SURVEY = ("type", "name", "label", "required", "relevant", "constraint", "calculation")
CHOICES = [("list_name", "name", "label"), ("yn", 1, "Yes"), ("yn", 0, "No")]


@pytest.fixture
def book(tmp_path):
    """Write a workbook with these sheets, each a list of rows, and give the file."""

    def book(**sheets):
        path = tmp_path / "made_up.xlsx"
        whole = openpyxl.Workbook()
        whole.remove(whole.active)
        for name, rows in sheets.items():
            sheet = whole.create_sheet(name)
            for row in rows:
                sheet.append(row)
        whole.save(path)
        return path

    return book


@pytest.fixture
def survey(book):
    """Write an XLSForm with these rows of a survey and the list of answers `yn`."""
    return lambda *rows, **sheets: book(survey=[SURVEY, *rows], **{"choices": CHOICES, **sheets})


def test_questions_lists_and_settings_become_a_draft(survey, loads):
    settings = [
        ("form_title", "form_id", "version", "default_language", "style"),
        ("Sleep", "sleep", 2, "Welsh (cy)", "pages"),
    ]
    draft = read_xlsform(
        survey(
            ("begin_group", "nights", "Your nights"),
            ("select_one yn", "a", "Did you sleep?", "yes"),
            ("end_group",),
            (None,),
            ("select one yn", "b", "And rest?", "no"),
            ("integer", "n", "Hours", "", "", ". >= 0 and . <= 24"),
            ("text", "t", "More?", True),
            settings=settings,
        )
    )
    instrument = loads(draft)
    assert (instrument.id, instrument.name, instrument.version) == ("sleep", "Sleep", "2")
    assert instrument.locale == "cy"
    assert [(item.id, item.section) for item in instrument.items] == [
        ("a", "nights"),
        ("b", ""),
        ("n", ""),
        ("t", ""),
    ]
    assert [item.required for item in instrument.items] == [True, False, True, True]
    assert [each.code for each in instrument.item("a").scale.options] == [1, 0]
    assert instrument.item("a").scale is instrument.item("b").scale
    assert not instrument.item("a").scale.scored
    assert (instrument.item("n").scale.low, instrument.item("n").scale.high) == (0, 24)
    assert draft.wording["items"]["a"] == "Did you sleep?"
    assert draft.wording["response_scales"]["yn"] == {1: "Yes", 0: "No"}
    assert "sleep?" not in str(draft.spec)
    assert ("settings", "Nothing is made of the column style.") in said(draft, "not-read")


@pytest.mark.parametrize("column", ["weight", "score", "points"])
def test_a_column_of_values_is_what_answers_count(book, loads, column):
    rows = [
        ("list_name", "name", "label::English (en)", column),
        ("l", "a", "A", 2.5),
        ("l", "b", "B", 0),
    ]
    draft = read_xlsform(book(survey=[SURVEY, ("select_one l", "q")], choices=rows))
    values = {each.code: each.value for each in loads(draft).item("q").scale.options}
    assert values == {"a": 2.5, "b": 0}


def test_codes_count_what_they_are_where_a_calculation_adds_them_up(survey, loads):
    draft = read_xlsform(
        survey(
            ("select_one yn", "a"),
            ("select_one yn", "b"),
            ("integer", "n", "", "", "", ". >= 0 and . <= 3"),
            ("select_one other", "c"),
            ("calculate", "total", "", "", "", "", "${a} + ${n}"),
            choices=[*CHOICES, ("other", 1, "x"), ("other", 2, "y")],
        )
    )
    instrument = loads(draft)
    (score,) = instrument.scores
    assert (score.items, score.low, score.high) == (("a", "n"), 0, 4)
    assert [item.id for item in instrument.items if item.counts] == ["a", "n"]
    assert not instrument.item("c").scale.scored


@pytest.mark.parametrize(
    "formula",
    ["${a} * 2", "sum(${a})", "${a} + ${a}", "${a} + ${nobody}", "", "${a} + ${w}", "${a} + ${v}"],
)
def test_any_other_calculation_is_listed(survey, loads, formula):
    rows = [("list_name", "name", "label", "weight"), ("yn", 1, "Yes"), ("yn", 0, "No")]
    rows += [("v", 0, "low", 1), ("v", 1, "high", 5), ("w", "x", "X"), ("w", "y", "Y")]
    asked = [(f"select_one {name}", name[0]) for name in ("v", "w")]
    total = ("calculate", "total", "", "", "", "", formula)
    draft = read_xlsform(survey(("select_one yn", "a"), *asked, total, choices=rows))
    assert loads(draft).scores == ()
    assert "survey, total" in places(draft, "not-read")


@pytest.mark.parametrize(
    ("relevant", "codes"),
    [
        ("${a} = '1'", (1,)),
        ('${a} = 1 or ${a}="0"', (1, 0)),
        ("selected(${a}, '0')", (0,)),
    ],
)
def test_a_plain_condition_is_kept(survey, loads, relevant, codes):
    draft = read_xlsform(survey(("select_one yn", "a"), ("text", "b", "", "yes", relevant)))
    when = loads(draft).item("b").required_when
    assert (when.item, when.codes) == ("a", codes)


@pytest.mark.parametrize(
    ("required", "relevant"),
    [
        ("", "${a} = '1'"),
        ("yes", "${a} = '1' and ${c} = '1'"),
        ("yes", "${a} = '1' or ${c} = '1'"),
        ("${a} = 1", "${a} = '1'"),
    ],
)
def test_any_other_condition_is_listed(survey, loads, required, relevant):
    draft = read_xlsform(
        survey(
            ("select_one yn", "a"), ("select_one yn", "c"), ("text", "b", "", required, relevant)
        )
    )
    assert loads(draft).item("b").required_when is None
    assert "survey, row 4" in places(draft, "not-read")


def test_what_a_spec_cannot_ask_is_listed_row_by_row(book, loads):
    header = (*SURVEY, "choice_filter", "parameters", "hint")
    rows = [
        ("begin repeat", "r", "", "", "${a} = 1"),
        ("select_one yn or_other", "a"),
        ("end repeat",),
        ("end group",),
        ("select_multiple yn", "m"),
        ("select_multiple", "x"),
        ("geopoint", "g"),
        ("start", "s"),
        ("end", "e"),
        ("note", "w", "Words"),
        ("date", "d"),
        ("select_one yn", "f", "", "", "", "", "", "region=${a}"),
        ("integer", "i", "", "", "", ". > 0"),
        ("decimal", "j", "", "", "", ". >= 0 and . <= 1"),
        ("range", "k", "", "", "", "", "", "", "start=0 end=5 step=0.5"),
        ("range", "l"),
    ]
    draft = read_xlsform(
        book(
            survey=[header, *rows],
            choices=[(*CHOICES[0], "region"), ("yn", 1, "Yes", "n")],
            other=[],
        )
    )
    instrument = loads(draft)
    assert [item.id for item in instrument.items] == ["a", "m", "x", "d", "f", "i", "j", "k", "l"]
    rows_listed = {where for where in places(draft, "not-read") if where.startswith("survey, row")}
    assert rows_listed == {f"survey, row {n}" for n in (2, 3, 6, 7, 8, 9, 10, 11, 13, 14)}
    assert {"choices", "other"} <= set(places(draft, "not-read"))
    assert "survey, row 12" in places(draft, "said-otherwise")
    assert "survey, row 15" in places(draft, "not-said")
    scales = {
        item.id: (item.scale.low, item.scale.high, item.scale.step) for item in instrument.items
    }
    assert (scales["j"], scales["k"], scales["l"]) == ((0, 1, 0.01), (0, 5, 0.5), (1, 10, 1))


def fault(path):
    with pytest.raises(DataError) as refused:
        read_xlsform(path)
    return refused.value.problems[0].code


def test_files_that_are_no_xlsform_are_refused(book, survey, tmp_path):
    assert fault(book(other=[("a",)])) == "definition-sheets"
    assert fault(book(survey=[])) == "definition-empty"
    assert fault(survey(("text", "a"), ("text", "a"))) == "definition-ids"
    assert fault(survey(("text", ""))) == "definition-ids"
    assert fault(tmp_path) == "file-unreadable"
    path = tmp_path / "text.xlsx"
    path.write_text("words")
    assert fault(path) == "definition-workbook"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a", "b")
    assert fault(path) == "definition-workbook"


def test_workbooks_larger_than_a_form_are_refused(survey, monkeypatch):
    path = survey(("text", "a"), ("text", "b"))
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    assert fault(path) == "definition-too-large"
    monkeypatch.setattr(workbook, "MOST_BYTES", 10)
    assert fault(path) == "definition-too-large"


def test_the_extra_is_named_where_the_library_is_missing(survey, monkeypatch):
    import sys

    path = survey(("text", "a"))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(PluginError, match=r"romframe\[forms\]"):
        read_xlsform(path)


def test_cells_are_read_as_they_are_written():
    from datetime import date

    cells = [None, True, 3.0, 2.5, date(2026, 1, 2), " x "]
    assert [workbook.text_of(cell) for cell in cells] == ["", "true", "3", "2.5", "2026-01-02", "x"]


SPEC = """\
romframe: 1
id: sleep_diary
version: "1"
name: Sleep
type: prom
raters: [service_user]
licence: {owner: us, terms: own work, wording: ships}
response_scales:
  often: {codes: {0: "=never", 1: often}}
  letters: {codes: {A: {label: much, value: 2}, B: {label: none, value: 0}}}
items:
  - {id: q1, label: slept, scale: often}
  - {id: q2, label: rested, scale: letters, required_when: {item: q1, codes: [1, 0]}}
scores:
  - {id: total, name: Nights, items: [q1], method: sum, range: [0, 1], better: higher}
  - {id: valued, name: Valued, items: [q2], method: sum, range: [0, 2], better: higher}
"""


@pytest.fixture(scope="module")
def sleep(shipped):
    return parse_instrument(SPEC, "sleep_diary.yaml", shipped.vocabulary)


def test_a_measure_is_a_form_that_its_makers_library_takes(sleep, tmp_path):
    path = tmp_path / "sleep.xlsx"
    lost = list(write_xlsform(sleep, Wording(sleep, "en"), path))
    form = convert(str(path)).xform
    assert "<label>=never</label>" in form
    assert 'calculate=" /data/q1 "' in form or "q1" in form
    sheet = openpyxl.load_workbook(path)["survey"]
    rows = [
        dict(zip([c.value for c in sheet[1]], [c.value for c in row], strict=True))
        for row in sheet.iter_rows(min_row=2)
    ]
    assert rows[1]["relevant"] == "${q1} = '1' or ${q1} = '0'"
    assert [row["calculation"] for row in rows] == [None, None, "${q1}"]
    assert {"scores.valued", "licence", "scores.total.items"} <= {each.where for each in lost}


def test_the_words_are_those_of_the_sites_pack(sleep, tmp_path):
    pack = tmp_path / "sleep_diary.en.yaml"
    pack.write_text(
        'romframe_wording: 1\ninstrument: sleep_diary\nversion: "1"\nlocale: en\n'
        "permission: made up\ntitle: Of the site\nitems: {q1: Words of the site}\n"
    )
    words = Wording(sleep, "en", load_pack(pack, lambda _: sleep))
    path = tmp_path / "sleep.xlsx"
    assert "name" in {each.where for each in write_xlsform(sleep, words, path)}
    draft = read_xlsform(path)
    assert draft.spec["items"][0]["label"] == "slept"
    assert draft.wording["items"] == {"q1": "Words of the site"}


def test_a_pack_without_a_title_leaves_the_name(sleep, tmp_path):
    pack = tmp_path / "sleep_diary.en.yaml"
    pack.write_text(
        'romframe_wording: 1\ninstrument: sleep_diary\nversion: "1"\nlocale: en\n'
        "permission: made up\nitems: {q1: Words of the site}\n"
    )
    words = Wording(sleep, "en", load_pack(pack, lambda _: sleep))
    lost = write_xlsform(sleep, words, tmp_path / "sleep.xlsx")
    assert "name" not in {each.where for each in lost}


def test_a_folder_that_is_not_there_is_refused(sleep, tmp_path):
    with pytest.raises(DataError, match="file-unwritable"):
        write_xlsform(sleep, Wording(sleep, "en"), tmp_path / "gone" / "sleep.xlsx")
