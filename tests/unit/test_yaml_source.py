"""Reading YAML: what it gives, what it refuses, and where each thing stood."""

import time

import pytest

from romframe.errors import Place
from romframe.yaml_source import MOST_LEVELS, read_yaml, read_yaml_file


def only(text):
    document = read_yaml(text, "f.yaml")
    (problem,) = document.problems
    return problem


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2024-04-01", "2024-04-01"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("7", 7),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1,5", "1,5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ('"012"', "012"),
        ("'true'", "true"),
        ("|\n  two\n  lines", "two\nlines"),
        ("123456789012345", 123456789012345),
        ("[1, {b: 2}]", [1, {"b": 2}]),
        ("<<", "<<"),
        ("café 😀", "café 😀"),
    ],
)
def test_plain_values(written, value):
    document = read_yaml(f"a: {written}", "f.yaml")
    assert document.problems == []
    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


@pytest.mark.parametrize(
    "written",
    ["012", "-01", "1_000", "1_0.5", "0x1F", "0o17", "1e999", "1234567890123456", "1" * 5000],
)
def test_numbers_that_are_not_plain_are_refused_and_kept_as_text(written):
    document = read_yaml(f"a: {written}", "f.yaml")
    assert [problem.code for problem in document.problems] == ["yaml-number"]
    assert document.data == {"a": written}
    assert len(document.problems[0].what) < 200


@pytest.mark.parametrize("key", ["true", "~", "[a]", "{a: b}"])
def test_keys_that_are_no_names_are_refused(key):
    assert only(f"? {key}\n: 1\n").code == "yaml-key"


def test_keys_may_be_numbers_and_differ_from_text():
    document = read_yaml('{1: a, "1": b, 0.5: c}', "f.yaml")
    assert document.problems == []
    assert document.data == {1: "a", "1": "b", 0.5: "c"}


def test_a_repeated_key_is_refused_at_its_second_place():
    problem = only("a: 1\nb: {c: 1, c: 2}\n")
    assert problem.code == "yaml-repeated-key"
    assert problem.place == Place("f.yaml", 2, 11)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null\n", "~"])
def test_a_file_without_content_is_empty(text):
    assert only(text).code == "yaml-empty"


def test_a_bomb_of_aliases_does_not_grow():
    lines = ["l0: &l0 [ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 40)]
    start = time.monotonic()
    assert only("\n".join(lines)).code == "yaml-alias"
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("text", ["a: &a [*a]", "*x : 1", "*x", "a: *b* c", "- &a b", "a: &x"])
def test_anchors_and_aliases_are_refused_once(text):
    assert only(text).code == "yaml-alias"


def test_nesting_without_end_is_refused_quickly():
    start = time.monotonic()
    assert only("[" * 100_000).code == "yaml-depth"
    assert time.monotonic() - start < 5
    deep = "[" * MOST_LEVELS + "]" * MOST_LEVELS
    assert read_yaml(deep, "f.yaml").problems == []


@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.system [ls]", "!!int 5", "! x", "!x {}"]
)
def test_tags_are_refused_and_build_nothing(value):
    assert only(f"a: {value}").code == "yaml-tag"


def test_only_one_document_stands_in_a_file():
    document = read_yaml("a: 1\n---\nb: 2\n", "f.yaml")
    assert [problem.code for problem in document.problems] == ["yaml-documents"]
    assert document.problems[0].place == Place("f.yaml", 2, 1)
    assert document.data is None
    assert read_yaml("---\na: 1\n...\n", "f.yaml").data == {"a": 1}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a:\n\tb: 1\n", "yaml-tab", 2, 1),
        ("a: @x\n", "yaml-syntax", 1, 4),
        ("a: b: c\n", "yaml-colon", 1, 5),
        ("a: 1\nb\nc: 2\n", "yaml-colon", 2, 1),
        ("a: 1\nb: {x: 1\nc: 3\n", "yaml-bracket", 2, 4),
        ("a: {b: 1 c: 2}\n", "yaml-bracket", 1, 11),
        ("a: [1, 2]]\n", "yaml-indentation", 1, 10),
        ("a: - b\n", "yaml-indentation", 1, 4),
        ('a: 1\nb: "abc\nc: 3\n', "yaml-quotes", 2, 4),
        ('a: 1\nb: "abc\nc: 3\nd: "x"\n', "yaml-quotes", 2, 4),
        ("a: 'don't'\n", "yaml-quotes", 1, 4),
        ('a: "\\q"\n', "yaml-quotes", 1, 6),
        ("a: & b\n", "yaml-alias", 1, 5),
        ("%a: x\n", "yaml-syntax", 2, 1),
        ("a: |x\n", "yaml-syntax", 1, 5),
        ("a: 1\nb: \x07\n", "yaml-character", 2, 4),
        ("a: 1\r\nb: x\x85y\r\n", "yaml-character", 2, 5),
        ('a: "\\ud83d"\n', "yaml-character", 1, 4),
        ('a: "\\0"\n', "yaml-character", 1, 4),
    ],
)
def test_faults_of_syntax_are_told_where_they_begin(text, code, line, column):
    problem = only(text)
    assert problem.code == code
    assert problem.place == Place("f.yaml", line, column)
    assert problem.mend


def test_values_are_placed_at_their_keys_and_entries_where_they_stand():
    document = read_yaml("a:\n  - b: 1\n    c: [x, y]\n", "f.yaml")
    assert document.place(("a",)) == Place("f.yaml", 1, 1)
    assert document.place(("a", 0)) == Place("f.yaml", 2, 5)
    assert document.place(("a", 0, "c")) == Place("f.yaml", 3, 5)
    assert document.place(("a", 0, "c", 1)) == Place("f.yaml", 3, 12)
    assert document.place(("a", 0, "d", 5)) == document.place(("a", 0))
    assert document.place(("z",)) == Place("f.yaml", 1, 1)


def test_what_could_not_be_read_is_not_reported_again():
    document = read_yaml("a: {b: 012, c: 1}\n", "f.yaml")
    document.report(("a", "b"), "wrong-type", "Not text.", "Write a number.")
    document.report(("a",), "wrong-type", "Not a list.", "Write a list.")
    document.report(("a", "b", "x"), "wrong-type", "Not text.", "Write a number.")
    assert [problem.code for problem in document.problems] == ["yaml-number"]
    document.report(("a", "c"), "wrong-type", "Not text.", "Put quotes around it.")
    assert [problem.code for problem in document.problems] == ["yaml-number", "wrong-type"]
    assert not document.sound(("a", "b"))
    assert not document.legible(("a",))
    assert document.legible(("a", "c"))


def test_files_are_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "f.yaml"
    for start in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(start + "a: caf\u00e9\r\nb: 1\r\n".encode())
        assert read_yaml_file(path).data == {"a": "café", "b": 1}


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"a: 1\nb: caf\xe9\n", 2, 7),
        ("a: 1\n".encode("utf-16"), 1, 1),
        ("a: café\rb: ".encode() + b"\x96", 2, 4),
        (b"\x89PNG\r\n\x1a\n\x00", 1, 1),
    ],
)
def test_other_encodings_are_refused_at_the_first_odd_byte(tmp_path, content, line, column):
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    (problem,) = read_yaml_file(path).problems
    assert problem.code == "file-encoding"
    assert problem.place == Place(str(path), line, column)


def test_files_that_cannot_be_read_are_problems(tmp_path):
    for path in (tmp_path, tmp_path / "none.yaml", tmp_path / ("x" * 300)):
        document = read_yaml_file(path)
        (problem,) = document.problems
        assert problem.code == "file-unreadable"
        assert problem.place == Place(str(path))
        assert document.data is None
