"""Which keys the YAML files have, from the schemas that check them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pages.markdown import code, page, table
from romframe import config
from romframe.frameworks.schema import FRAMEWORK
from romframe.importing import mapping
from romframe.instruments import schema
from romframe.yaml_source import read_yaml_file


Schema = Mapping[str, Any]

SPEC: Schema = {
    **schema.INSTRUMENT,
    "scores": {"type": "list", "schema": {"type": "dict", "schema": schema.SCORE}},
    "change_rules": {"type": "list", "schema": {"type": "dict", "schema": schema.CHANGE_RULE}},
}
MEANINGS = Path(__file__).parent / "meanings.yaml"


class Language(NamedTuple):
    """The keys of one kind of file, and what the page says of them."""

    title: str
    about: str
    schema: Schema


LANGUAGES = {
    "spec": Language(
        "Every key of a spec",
        "The keys of the [spec language](../spec.md). Scoring and change methods add keys of their"
        " own to `scores[]` and `change_rules[]`: the same page says which.",
        SPEC,
    ),
    "framework": Language(
        "Every key of an outcome framework",
        "The keys of the [framework language](../frameworks.md), with those of"
        " [timing](../timing.md).",
        FRAMEWORK,
    ),
    "mapping": Language(
        "Every key of a mapping file",
        "The keys of the files that say [how a file is imported](../importing.md).",
        mapping.SCHEMA,
    ),
    "config": Language(
        "Every key of romframe.yaml",
        "The keys of a workspace's own config.",
        config.SCHEMA,
    ),
}
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "list": "a list",
    "dict": "a mapping",
}


def pages() -> dict[str, str]:
    """Give a page for each language."""
    meanings = read_yaml_file(MEANINGS).data
    return {
        f"{name}_keys.md": page(each.title, each.about, _keys(each.schema, meanings[name]))
        for name, each in LANGUAGES.items()
    }


def paths(known: Schema, above: str = "") -> Iterator[tuple[str, Schema]]:
    """Give every key with what may stand there; `[]` is each entry of a list, `.*` any name."""
    for name, rules in known.items():
        path = f"{above}{name}"
        yield path, rules
        yield from _below(path, rules)


def _below(path: str, rules: Schema) -> Iterator[tuple[str, Schema]]:
    inner = rules.get("schema", {})
    if rules.get("type") == "list":
        yield from _below(f"{path}[]", inner)
    elif inner:
        yield from paths(inner, f"{path}.")
    elif "valuesrules" in rules:
        yield from _below(f"{path}.*", rules["valuesrules"])


def line_for(path: str, meanings: Mapping[str, str]) -> str:
    """Give which line of the meanings a key has: its own, or that of every key of its name."""
    return path if path in meanings else "..." + path.rpartition(".")[2]


def _keys(known: Schema, meanings: Mapping[str, str]) -> str:
    rows = []
    for path, rules in paths(known):
        needed = "yes" if rules.get("required") else ""
        rows.append((code(path), needed, _what(rules), meanings[line_for(path, meanings)]))
    return table(("Key", "Needed", "What stands there", "Meaning"), rows)


def _what(rules: Schema) -> str:
    if "allowed" in rules:
        return ", ".join(
            code(repr(each)[1:-1] if each == "\t" else each) for each in rules["allowed"]
        )
    types = rules.get("type", "see the meaning")
    each_type = [types] if isinstance(types, str) else types
    told = " or ".join(_TYPES.get(each, each) for each in each_type)
    if types == "list" and "allowed" in rules["schema"]:
        told += " of " + ", ".join(map(code, rules["schema"]["allowed"]))
    return told + "".join(
        f", {word} {rules[key]}"
        for key, word in (("min", "at least"), ("max", "at most"), ("maxlength", "at most"))
        if key in rules
    )
