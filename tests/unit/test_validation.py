"""Checking data against a schema: one message a fault, in words, at its place."""

import pytest

from romframe.errors import DataError, Place
from romframe.validation import read_checked_yaml, validate
from romframe.yaml_source import Document, read_yaml


def faults(text, schema):
    document = read_yaml(text, "f.yaml")
    sound = validate(document, schema, document.data)
    assert sound == (not document.problems)
    return [(each.code, each.place.line, each.what, each.mend) for each in document.problems]


@pytest.mark.parametrize("kind", ["integer", "number", "float"])
@pytest.mark.parametrize("value", ["true", "false"])
def test_true_and_false_are_not_numbers(kind, value):
    assert faults(f"a: {value}", {"a": {"type": kind}})[0][0] == "wrong-type"
    assert faults("a: 1", {"a": {"type": kind}}) == []


@pytest.mark.parametrize(
    ("text", "rules", "code", "what", "mend"),
    [
        ("a: x", {"type": "integer"}, "wrong-type", "a whole number, not 'x'", "a whole number"),
        ("a: 1", {"type": "string"}, "wrong-type", "text, not 1", "quotes"),
        ("a: 1", {"type": ["list", "string"]}, "wrong-type", "a list or text", "quotes"),
        ("a: [1]", {"type": "string"}, "wrong-type", "text, not a list", "Write text."),
        ("a: x", {"type": "list"}, "wrong-type", "a list, not 'x'", "[a, b]"),
        ("a: x", {"type": "list", "schema": {"type": "string"}}, "wrong-type", "'x'", ": [x]."),
        ("a: x", {"type": "list", "schema": {"type": "dict"}}, "wrong-type", "'x'", "[a, b]"),
        ("a: x", {"type": "dict"}, "wrong-type", "not 'x'", "{name: value}"),
        ("a: x", {"type": "dict", "schema": {"b": {}, "c": {}}}, "wrong-type", "x", "(b, c): {b:"),
        ("a: [x]", {"type": "dict", "schema": {"b": {}}}, "wrong-type", "list", "{name: value}"),
        ("a: 50%", {"type": "number"}, "wrong-type", "'50%'", "Write the number alone: 50."),
        ("a: 2.5 days", {"type": "number"}, "wrong-type", "days'", "alone, in the unit that"),
        ("{}", {"required": True}, "missing-key", "'a' is missing", "Add a line `a: ...`."),
        ("{}", {"required": True, "allowed": ["x", "y"]}, "missing-key", "a", "one of x, y."),
        ("a: {b: 1}", {"type": "boolean"}, "wrong-type", "not a mapping", "true or false"),
        ("a: " + "x" * 99, {"type": "list"}, "wrong-type", "xxx...", "a list"),
        ("a: x", {"type": "binary"}, "wrong-type", "binary", "binary"),
        ("a:", {"type": "string"}, "empty-value", "Nothing", "delete the line"),
        ("a: ''", {"type": "string", "empty": False}, "empty-value", "empty", "delete the line"),
        ("a: -1", {"min": 0}, "out-of-range", "-1", "at least 0"),
        ("a: 9", {"max": 3}, "out-of-range", "9", "at most 3"),
        ("a: [1]", {"minlength": 2}, "wrong-length", "entries here is 1", "at least 2"),
        ("a: xyz", {"maxlength": 2}, "wrong-length", "characters here is 3", "at most 2"),
        ("a: xyz", {"regex": "[0-9]+"}, "wrong-form", "'xyz'", "[0-9]+"),
        ("a: xyz", {"regex": "[0-9]+", "meta": {"help": "A day."}}, "wrong-form", "", "]+ (A day)"),
        ("a: prmo", {"allowed": ["prom"]}, "not-allowed", "'prmo'", "Did you mean 'prom'?"),
        ("a: [x, z]", {"allowed": ["x", "y"]}, "not-allowed", "'z'", "Known: x, y."),
        ("a: 1", {"forbidden": [1]}, "wrong-value", "1 does not fit", "Correct it."),
        ("a: 1", {"anyof": [{"type": "list"}, {"type": "string"}]}, "wrong-value", "fit", "Corr"),
        ("{a: {1: x}}", {"keysrules": {"type": "string"}}, "wrong-type", "A key here", "quotes"),
    ],
)
def test_each_rule_has_its_words(text, rules, code, what, mend):
    ((found, line, said, advised),) = faults(text, {"a": rules})
    assert (found, line) == (code, 1)
    assert what in said
    assert mend in advised


@pytest.mark.parametrize("text", ["[a]", "word", "7"])
def test_what_is_no_mapping_is_told_with_the_keys_it_needs(text):
    ((code, _, _, mend),) = faults(text, {"name": {}, "kind": {}})
    assert code == "wrong-type"
    assert mend == "Write it with these keys: name, kind."


NESTED = {
    "entries": {
        "type": "list",
        "schema": {"type": "dict", "schema": {"id": {"required": True}, "label": {}}},
    },
    "named": {
        "type": "dict",
        "valuesrules": {"type": "dict", "schema": {"cite": {"required": True}}},
    },
    "open": {"type": "dict", "schema": {"value": {}}, "allow_unknown": {"type": "string"}},
}


def test_unknown_keys_are_compared_with_the_keys_of_their_own_level():
    text = "entries: [{id: 1, lable: x}]\nnamed: {n: {cite: x, named: y}}\nentrys: []\n"
    mends = {mend for _, _, _, mend in faults(text, NESTED)}
    assert mends == {"Did you mean 'label'?", "Known: cite.", "Did you mean 'entries'?"}


def test_a_colon_without_a_space_after_it_is_told():
    (_, (code, _, what, mend)) = faults("entries: [{id:q1, label: x}]", NESTED)
    assert (code, "'id:q1'" in what) == ("unknown-key", True)
    assert mend == "Put a space after the colon: `id: ...`."


def test_a_misspelt_key_is_not_missing_as_well():
    text = "entries:\n- {ID: 1}\nnamed:\n  n: {cyte: x}\n"
    assert [(code, line) for code, line, _, _ in faults(text, NESTED)] == [
        ("unknown-key", 2),
        ("unknown-key", 4),
    ]


def test_a_key_that_could_not_be_read_is_not_missing_as_well():
    assert [code for code, *_ in faults("entries: [{? [id] : 1}]", NESTED)] == ["yaml-key"]
    codes = [code for code, *_ in faults("entries: [{label: 012}]", NESTED)]
    assert codes == ["yaml-number", "missing-key"]


def test_nothing_is_no_mapping():
    document = Document("options")
    assert not validate(document, {"n": {}}, None)
    assert document.problems[0].what.endswith("not nothing.")


def test_keys_that_are_open_are_checked_too():
    assert faults("open: {value: 1, other: x}", NESTED) == []
    assert faults("open: {value: 1, other: 2}", NESTED)[0][0] == "wrong-type"


def test_checks_run_only_on_values_whose_shape_is_sound():
    seen = []

    def look(field, value, error):
        seen.append((field, value))
        error(field, f"{value['n']}|{value['n']} is odd.|Write 2.")
        error(field, "A second word.|About the same value.")

    schema = {"a": {"type": "dict", "check_with": look, "schema": {"n": {"type": "integer"}}}}
    assert faults("a: {n: x}", schema)[0][0] == "wrong-type"
    assert seen == []
    assert faults("a: {n: 1}", schema) == [("wrong-value", 1, "1|1 is odd.", "Write 2.")]
    assert seen == [("a", {"n": 1})]


def test_a_check_without_a_mend_still_gives_one():
    schema = {"a": {"check_with": lambda field, value, error: error(field, "It is odd.")}}
    assert faults("a: 1", schema) == [("wrong-value", 1, "It is odd.", "Correct it.")]


def test_checks_of_keys_and_of_inner_values_have_their_places():
    def look(field, value, error):
        error(field, f"{value} is odd.|Change it.")

    schema = {"a": {"keysrules": {"check_with": look}, "valuesrules": {"check_with": look}}}
    text = "a:\n  b: 1\n  c: 2\n"
    assert {(line, what) for _, line, what, _ in faults(text, schema)} == {
        (2, "b is odd."),
        (3, "c is odd."),
    }


def test_part_of_a_document_can_be_checked_by_itself():
    document = read_yaml("top: 1\nparts:\n- {n: x}\n", "f.yaml")
    document.report(("top",), "other", "Another fault.", "Mend it.")
    assert validate(document, {"n": {"type": "string"}}, document.data["parts"][0], ("parts", 0))
    assert not validate(document, {"n": {"type": "list"}}, document.data["parts"][0], ("parts", 0))
    assert document.problems[-1].place == Place("f.yaml", 3, 4)


def test_data_without_a_file_can_be_checked():
    document = Document("options", {"n": True})
    assert not validate(document, {"n": {"type": "integer"}}, document.data)
    assert document.problems[0].place == Place("options", 1, 1)


def test_a_checked_file_tells_every_fault_and_is_looked_at_further_only_when_it_is_sound(tmp_path):
    asked = []

    def check(document):
        asked.append(document.data)
        document.report(("n",), "wrong-value", "This is not it.", "Mend it.")

    path = tmp_path / "file.yaml"
    path.write_text("n: 1\n", encoding="utf-8")
    schema = {"n": {"type": "integer"}}
    assert read_checked_yaml(path, schema).data == {"n": 1}
    with pytest.raises(DataError, match=f"{path}:1:1: This is not it"):
        read_checked_yaml(path, schema, check)
    path.write_text("n: one\nm: 2\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_checked_yaml(path, schema, check)
    assert [each.code for each in caught.value.problems] == ["wrong-type", "unknown-key"]
    assert asked == [{"n": 1}]
    with pytest.raises(DataError, match="cannot be read"):
        read_checked_yaml(tmp_path / "none.yaml", schema, check)
