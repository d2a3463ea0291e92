"""The words of an instrument: a site's pack where it has them, our own labels where not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from romframe.errors import SpecError
from romframe.wording import (
    Wording,
    check_folder,
    choose_wording,
    is_pack,
    load_pack,
    packs_in,
)


SMALL = 'romframe_wording: 1\ninstrument: mood\nversion: "1"\nlocale: en\npermission: yes, all\n'
CODES = [("often", 0), ("often", 2), ("often", 9), ("ruler", 5), ("ruler", 99), ("letters", "A")]


def test_a_pack_is_used_wherever_it_says_something(mood, pack):
    words = Wording(mood, "en", pack())
    assert words.title == "How are you?"
    assert words.pack.instructions == ("Read every line.", "Then answer.")
    assert [words.item(item.id) for item in mood.items] == [
        "The first line",
        "The second line",
        "The third line",
        "The last line",
    ]
    said = [words.option(*each) for each in CODES]
    assert said == ["Not once", "often", "No idea", "Middle", "No answer", "The first"]


def test_a_code_is_the_same_however_it_is_written(mood, pack):
    words = Wording(mood, "en", pack())
    assert words.option("often", 1) == words.option("often", "1") == "Once"
    assert words.option("ruler", 10) == words.option("ruler", 10.0) == "Best"


def test_without_a_pack_our_labels_stand(mood):
    words = Wording(mood, "en")
    assert (words.title, words.item("q1"), words.pack) == ("Mood", "one", None)
    said = [words.option(*each) for each in CODES]
    assert said == ["never", "often", "not known", "5", "declined", "first"]


@pytest.mark.parametrize("locale", ["cy", "cy-GB"])
def test_labels_in_the_language_asked_for_come_before_the_others(mood, locale):
    words = Wording(mood, locale)
    assert (words.item("q1"), words.say_item("q1").locale) == ("un", "cy")
    assert (words.item("q2"), words.say_item("q2").locale) == ("two", "en")
    assert [words.option("often", code) for code in (0, 1)] == ["byth", "seldom"]


def test_every_text_says_whose_it_is(mood, pack):
    words = Wording(mood, "en", pack(SMALL + "items: {q1: Theirs}\n"))
    assert (words.say_item("q1").ours, words.say_item("q2").ours) == (False, True)
    assert words.say_title().ours
    assert words.say_option("often", 0).ours


def test_what_is_not_there_is_a_key_error(mood):
    words = Wording(mood, "en")
    for ask in (
        lambda: words.item("q9"),
        lambda: words.option("nothing", 0),
        lambda: words.option("often", 3),
        lambda: words.option("ruler", 11),
        lambda: words.option("ruler", "x"),
    ):
        with pytest.raises(KeyError):
            ask()


def test_items_without_wording_are_told_as_a_warning(pack):
    (warning,) = pack(SMALL + "items: {q1: Theirs}\n").warnings
    assert (warning.code, warning.severity) == ("wording-incomplete", "warning")
    assert "q2, q3, q4" in warning.what
    assert warning.place.line == 6
    assert pack().warnings == ()


def test_a_hyphenated_name_is_the_name_of_the_spec(pack):
    text = SMALL.replace("instrument: mood", "instrument: mood-2001")
    assert pack(text, "mood-2001.en.yaml").instrument.id == "mood"
    assert pack(SMALL, "mood-2001.en.yaml").instrument.id == "mood"


def test_every_fault_of_a_pack_is_told_at_once(pack):
    text = SMALL.replace("permission", "permision") + (
        "items: {q1: '', q7: x, 5: y}\nresponse_scales: {offen: {0: a}, often: {0: '', 7: b}}\n"
    )
    with pytest.raises(SpecError) as found:
        pack(text)
    codes = [problem.code for problem in found.value.problems]
    assert sorted(codes) == [
        "empty-value",
        "empty-value",
        "unknown-code",
        "unknown-item",
        "unknown-key",
        "unknown-scale",
        "wrong-type",
    ]


def test_what_follows_from_the_wrong_version_is_not_told(pack):
    with pytest.raises(SpecError) as found:
        pack(SMALL.replace('"1"', '"0"') + "items: {q77: x}\n")
    assert [problem.code for problem in found.value.problems] == ["wording-version"]


def test_the_pack_of_the_region_comes_before_that_of_the_language(mood, write, find, tmp_path):
    for locale in ("en", "en-GB", "fr"):
        text = SMALL.replace("locale: en", f"locale: {locale}") + f"title: In {locale}\n"
        write(text, f"mood.{locale}.yaml")
    titles = [
        choose_wording(mood, locale, tmp_path, find).title for locale in ("en-GB", "en-US", "de")
    ]
    assert titles == ["In en-GB", "In en", "Mood"]


def test_a_faulty_pack_is_not_used_and_says_why(mood, write, find, tmp_path):
    write(SMALL.replace("mood", "mod"))
    words = choose_wording(mood, "en", tmp_path, find)
    assert (words.item("q1"), words.pack) == ("one", None)
    assert [problem.code for problem in words.problems] == ["wording-instrument"]


def test_a_pack_of_another_version_of_the_instrument_is_not_meant(
    spec, mood, write, find, tmp_path
):
    from attrs import evolve

    write(SMALL + "title: Theirs\n", "mood-1999.en.yaml")
    other = evolve(mood, version="2")
    words = choose_wording(other, "en", tmp_path, find)
    assert (words.title, words.problems) == ("Mood", ())
    assert choose_wording(mood, "en", tmp_path, find).title == "Theirs"


def test_a_folder_is_checked_whole(write, find, tmp_path):
    write()
    write(SMALL, "mood-2.en.yaml")
    write(SMALL, "mood-3.en.yml")
    write(SMALL, "other.en.yaml")
    write("not a pack", "README.md")
    found = check_folder(tmp_path, find)
    assert [problem.code for problem in found] == [
        "wording-incomplete",
        "wording-file-name",
        "wording-instrument",
    ]
    assert check_folder(tmp_path / "nowhere", find) == []


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("mood.en.yaml", "", True),
        ("mood-2001.pt-BR.yml", "", True),
        ("mood.yaml", "romframe_wording: 1\n", True),
        ("mood.yaml", '# words\n{"romframe_wording" : 1}\n', True),
        ("mood.yaml", "\ufeffromframe_wording: 1\n", True),
        ("mood.yaml", "note: no romframe_wording: here\n", False),
        ("mood.yaml", "# romframe_wording: 1\n", False),
        ("mood-2001.yaml", "romframe: 1\n", False),
    ],
)
def test_a_pack_is_known_by_its_name_or_its_key(write, name, text, wanted):
    assert is_pack(write(text, name)) is wanted


def test_packs_are_found_however_deep_they_lie(write, tmp_path):
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "folder.yaml").mkdir()
    write("romframe: 1\n", "data/spec.yaml")
    found = write("romframe_wording: 1\n", "data/deep/some.YAML")
    assert packs_in(tmp_path) == (found,)


def test_a_file_that_is_not_there_is_a_problem(tmp_path, find):
    with pytest.raises(SpecError) as found:
        load_pack(tmp_path / "mood.en.yaml", find)
    assert [problem.code for problem in found.value.problems] == ["file-unreadable"]


@given(text=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_wording_comes_back_as_it_was_written(shipped, tmp_path_factory, text):
    quoted = text.replace("'", "''")
    path = tmp_path_factory.mktemp("packs") / "core_10.en.yaml"
    known = shipped.instrument("core_10")
    head = SMALL.replace("mood", "core_10").replace('"1"', f'"{known.version}"')
    path.write_text(f"{head}items: {{q1: '{quoted}'}}\n", encoding="utf-8")
    words = choose_wording(known, "en", path.parent, shipped.instrument)
    assert words.item("q1") == text
