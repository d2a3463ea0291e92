"""Files of translations: what is used of them, and what is wrong with them, line by line."""

from datetime import date
from types import SimpleNamespace

import pytest
from attrs import evolve
from romframe_report.dates import day_in_words, month_in_words, short_month
from romframe_report.render import environment

from romframe import SERVICE, gettext, in_its_language, ngettext, speaking, spoken, word
from romframe.config import Config
from romframe.languages import language_of, read_catalogue, translation_problems
from romframe.translation import Language


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PLURALS = HEAD + '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'


def po(*sentences, head=HEAD):
    """Give a file of pairs of sentences; the first of them begins in line 5."""
    pairs = (f'msgid "{source}"\nmsgstr "{said}"\n' for source, said in sentences)
    return head + "\n" + "\n".join(pairs)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "locales").mkdir()

    def put(text, code="cy"):
        path = tmp_path / "locales" / f"{code}.po"
        path.write_bytes(text.encode("utf-8"))
        return path

    return put


@pytest.fixture
def workspace(tmp_path):
    return SimpleNamespace(path=tmp_path, config=Config("Riverside", locale="cy"))


def test_a_sentence_is_said_in_the_language_of_the_workspace_while_its_page_is_made(
    place, workspace
):
    place(po(("Pairs", "Parau"), ("%(n)s of %(of)s", "%(n)s allan o %(of)s")))

    @in_its_language
    def page(_, of, *, n):
        return spoken(), word("Pairs"), gettext("%(n)s of %(of)s", n=n, of=of)

    assert page(workspace, 5, n=2) == ("cy", "Parau", "2 allan o 5")
    assert (spoken(), word("Pairs")) == ("en-GB", "Pairs")


def test_a_region_speaks_the_language_where_it_has_no_file_of_its_own(place, workspace):
    place(po(("Pairs", "Pares")), "pt")
    workspace.config = evolve(workspace.config, locale="pt-BR")
    assert language_of(workspace).code == "pt"
    place(po(("Pairs", "Pares")), "pt-BR")
    assert language_of(workspace).code == "pt-BR"


def test_without_a_file_everything_is_english(workspace):
    assert language_of(workspace).code == "en-GB"
    assert translation_problems(workspace) == []


def test_what_is_missing_or_fuzzy_is_said_in_english(place):
    path = place(po(("Pairs", ""), ("Share", "Cyfran")) + '\n#, fuzzy\nmsgid "First"\nmsgstr "x"\n')
    found = read_catalogue(path)
    with speaking(found.language):
        assert [word(each) for each in ("Pairs", "Share", "First", "Last")] == [
            *("Pairs", "Cyfran", "First", "Last")
        ]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Of %(n)s people", "O bobl"),
        ("Of %(n)s people", "O %(m)s bobl"),
        ("Of %(n)s people", "O %(n)d bobl"),
        ("Of %(n)s people", "O %(n)s bobl %"),
        ("<strong>Not</strong> so", "<em>Nid</em> felly"),
        ("Not so", "<script>alert(1)</script>"),
        ("Not so", '\\"Nid felly\\"'),
    ],
)
def test_a_translation_that_does_not_fit_its_source_is_a_problem_with_its_line(place, source, said):
    path = place(po(("Pairs", "Parau"), (source, said)))
    found = read_catalogue(path)
    (problem,) = found.problems
    assert (problem.code, problem.place.file, problem.place.line) == (
        *("bad-translation", str(path)),
        8,
    )
    with speaking(found.language):
        assert word("Pairs") == "Parau"
        assert word(source) == source


def test_the_number_may_be_a_word_in_one_of_several_forms(place):
    text = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "{}"\nmsgstr[1] "{}"\n'
    found = read_catalogue(place(PLURALS + "\n" + text.format("un jour", "%(n)s jours"), "fr"))
    assert found.problems == ()
    with speaking(found.language):
        said = [ngettext("%(n)s day", "%(n)s days", n) for n in (0, 1, 2)]
    assert said == ["un jour", "un jour", "2 jours"]
    assert [ngettext("%(n)s day", "%(n)s days", n) for n in (0, 1, 2)] == [
        *("0 days", "1 day", "2 days")
    ]
    wrong = read_catalogue(place(PLURALS + "\n" + text.format("un jour", "%(x)s jours"), "fr"))
    assert [each.code for each in wrong.problems] == ["bad-translation"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('msgid "Pairs"\nmsgstr "Parau\n', 2),
        ('msgid "Pairs"\nParau\n', 2),
        ("\x00", 1),
        (po(("a", "b"), head=HEAD.replace("utf-8", "no-such")), 0),
        (po(("a", "b"), head=HEAD + '"Plural-Forms: nplurals=2; plural=(n @ 1);\\n"\n'), 0),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_and_no_sentence(place, text, line):
    found = read_catalogue(place(text))
    assert [each.code for each in found.problems] == ["bad-translations"]
    assert (found.problems[0].place.line, found.language.code) == (line, "en-GB")


def test_a_folder_that_is_called_like_a_file_is_a_problem(place, workspace):
    (workspace.path / "locales" / "cy.po").mkdir()
    assert [each.code for each in translation_problems(workspace)] == ["bad-translations"]
    assert language_of(workspace).code == "en-GB"


def test_names_are_escaped_within_a_translated_sentence():
    sentence = "{% trans name=name %}<b>For</b> {{ name }}{% endtrans %}"
    counted = "{% trans n=n, name=name %}{{ n }} of {{ name }}{% pluralize n %}{{ n }} x {{ name }}"
    name = '<i>"O\'Neil" & %(n)s 100%'
    told = "&lt;i&gt;&#34;O&#39;Neil&#34; &amp; %(n)s 100%"
    page = environment(SERVICE).from_string(
        f"{sentence}|{counted}{{% endtrans %}}|{{{{ name|said }}}}"
    )
    assert page.render(name=name, n=2) == f"<b>For</b> {told}|2 x {told}|{told}"


def test_an_empty_label_is_not_the_header_of_the_file(place):
    with speaking(read_catalogue(place(po(("Pairs", "Parau")))).language):
        assert word("") == ""


@pytest.mark.parametrize(
    ("code", "day", "month", "short"),
    [
        ("en-GB", "1 September 2026", "September 2026", "Sep 2026"),
        ("pl", "1 września 2026", "wrzesień 2026", "wrz 2026"),
        ("pt-BR", "1 setembro 2026", "setembro 2026", "set. 2026"),
        ("qps", "1 September 2026", "September 2026", "Sep 2026"),
    ],
)
def test_days_are_in_words_of_the_language_that_is_spoken(code, day, month, short):
    with speaking(Language(code)):
        assert day_in_words(date(2026, 9, 1)) == day
        assert month_in_words("2026-09") == month
        assert short_month("2026-09") == short
