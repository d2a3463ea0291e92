"""From the text of a spec file to an Instrument, with every problem of the file at once."""

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve
from ruamel.yaml import YAML

from romframe.errors import SpecError, did_you_mean
from romframe.instruments import build, checks, schema
from romframe.instruments.model import Instrument
from romframe.instruments.renamed import newest, oldest
from romframe.instruments.schema import MethodTerms, Vocabulary
from romframe.validation import Schema, validate
from romframe.yaml_source import Document, read_yaml, read_yaml_file


_NO_FOLDING = 1_000_000


def load_instrument(
    path: Path,
    vocabulary: Vocabulary,
    named: str | None = None,
    *,
    set_rules_aside: bool = False,
) -> Instrument:
    """Load the spec file at `path`; `named` is the id that its file name promises, if any.

    With `set_rules_aside`, a change rule whose method nobody offers is left out, so that a plugin
    that is missing takes no measure away. Raises SpecError with every problem of the file, each
    with line, column and mend.
    """
    document = read_yaml_file(path)
    try:
        return _instrument(document, vocabulary, named)
    except SpecError as error:
        if not set_rules_aside or any(each.code != "unknown-method" for each in error.problems):
            raise
    return _without_rules(document, vocabulary)


def _without_rules(document: Document, vocabulary: Vocabulary) -> Instrument:
    """Build the instrument of a spec that is sound but for methods that nobody offers.

    Raises SpecError where one of these is a scoring method: a score cannot be left out.
    """
    data = document.data
    if any(score["method"] not in vocabulary.scoring for score in data["scores"]):
        raise SpecError(document.problems)
    whole = build.instrument(data, digest(data))
    rules = (rule for rule in whole.change_rules if rule.method in vocabulary.change)
    return evolve(whole, change_rules=tuple(rules))


def parse_instrument(text: str, file: str, vocabulary: Vocabulary) -> Instrument:
    """Read one spec from text; `file` is what its problems name. Raises SpecError."""
    return _instrument(read_yaml(text, file), vocabulary)


def _instrument(document: Document, vocabulary: Vocabulary, named: str | None = None) -> Instrument:
    written = document.data
    document.data = newest(written)
    if written is not None:
        _validate(document, vocabulary)
        checks.check(document, vocabulary)
        if named is not None and document.sound(("id",)):
            _check_name(document, named)
    if document.problems:
        raise SpecError(document.problems)
    return evolve(build.instrument(document.data, digest(written)), document=written)


def _check_name(document: Document, named: str) -> None:
    found = document.data["id"]
    if found != named:
        what = f"The file name promises the id {named!r}, but the id is {found!r}."
        mend = f"Call the file {found}.yaml, so that it is found by its id, or change the id."
        document.report(("id",), "spec-file-name", what, mend)


def dump_instrument(instrument: Instrument) -> str:
    """Write the instrument's spec as YAML that loads to an equal instrument."""
    return dump_spec(instrument.document)


def dump_spec(data: Mapping[str, Any]) -> str:
    """Write plain data as YAML that reads as the same data."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = _NO_FOLDING
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.representer.ignore_aliases = lambda _: True
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def digest(data: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a spec's content.

    Layout, comments, quotes and the order of keys do not count; the order of response codes does. A
    key that was renamed counts under its first name.
    """
    data = oldest(data)
    scales = {
        name: {**scale, "codes": list(scale.get("codes", {}).items())}
        for name, scale in data["response_scales"].items()
    }
    content = json.dumps(_canonical({**data, "response_scales": scales}), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Give data that JSON writes in one way: the text "1" and the number 1 are different keys."""
    if isinstance(value, Mapping):
        return {json.dumps(_canonical(key)): _canonical(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _validate(document: Document, vocabulary: Vocabulary) -> None:
    validate(document, schema.INSTRUMENT, document.data)
    if not isinstance(document.data, Mapping):
        return
    for key, entry_schema, methods, kind in (
        ("scores", schema.SCORE, vocabulary.scoring, "scoring"),
        ("change_rules", schema.CHANGE_RULE, vocabulary.change, "change"),
    ):
        entries = document.data.get(key)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, Mapping):
                _validate_entry(document, (key, index), entry_schema, methods, kind)


def _validate_entry(
    document: Document,
    path: tuple[str, int],
    entry_schema: Schema,
    methods: Mapping[str, MethodTerms],
    kind: str,
) -> None:
    entry = document.data[path[0]][path[1]]
    method = entry.get("method")
    if isinstance(method, str) and method not in methods:
        what = f"There is no {kind} method called {method!r}."
        mend = f"{did_you_mean(method, methods)} A plugin may be missing: see `romframe plugins`."
        document.report((*path, "method"), "unknown-method", what, mend)
    validate(document, {**entry_schema, **_params(entry, methods)}, entry, path)
    bands = entry.get("bands")
    if isinstance(bands, list):
        validate(document, schema.BANDS, {"bands": bands}, path)
    elif isinstance(bands, Mapping):
        validate(document, schema.KEYED_BANDS, bands, (*path, "bands"))


def _params(entry: Mapping[str, Any], methods: Mapping[str, MethodTerms]) -> Schema:
    """Give the schema of a method's parameters.

    Where it is not known which method is meant, any parameter of any method is let pass, and where
    the method itself is not known, anything.
    """
    method = entry.get("method")
    if not isinstance(method, str):
        return {name: {} for terms in methods.values() for name in terms.params}
    if method not in methods:
        return {name: {} for name in entry if name not in (*schema.SCORE, *schema.CHANGE_RULE)}
    return methods[method].params
