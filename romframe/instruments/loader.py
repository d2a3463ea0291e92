"""From the text of a spec file to an Instrument, with every problem of the file at once."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from romframe.errors import Problem, SpecError, Place, did_you_mean
from romframe.instruments import build, checks, schema
from romframe.instruments.model import Instrument
from romframe.instruments.schema import MethodTerms, Vocabulary
from romframe.validation import validate
from romframe.yaml_source import Document, read_yaml


def load_instrument(path: Path, vocabulary: Vocabulary) -> Instrument:
    """Load the spec file at `path`.

    Raises SpecError with every problem of the file, each with line, column and mend.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"The spec file cannot be read: {error}."
        mend = "Check that it exists, that you may read it, and that it is saved as UTF-8."
        raise SpecError(Problem("spec-unreadable", what, mend, Place(str(path)))) from error
    return parse_instrument(text, str(path), vocabulary)


def parse_instrument(text: str, file: str, vocabulary: Vocabulary) -> Instrument:
    """Read one spec from text; `file` is what its problems name. Raises SpecError."""
    document = read_yaml(text, file)
    if document.data is not None:
        _validate(document, vocabulary)
        checks.check(document, vocabulary)
    if document.problems:
        raise SpecError(document.problems)
    return build.instrument(document.data, digest(document.data))


def dump_instrument(instrument: Instrument) -> str:
    """Write the instrument's spec as YAML that loads to an equal instrument."""
    return _dump(instrument.document)


def digest(data: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a spec's content; layout and comments do not count."""
    return hashlib.sha256(_dump(data).encode()).hexdigest()


def _dump(data: Mapping[str, Any]) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


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
    entry_schema: Mapping[str, Any],
    methods: Mapping[str, MethodTerms],
    kind: str,
) -> None:
    entry = document.data[path[0]][path[1]]
    method = entry.get("method")
    terms = methods.get(method) if isinstance(method, str) else None
    if isinstance(method, str) and terms is None:
        what = f"There is no {kind} method called {method!r}."
        mend = f"{did_you_mean(method, methods)} A plugin may be missing: see `romframe plugins`."
        document.report((*path, "method"), "unknown-method", what, mend)
        common = {key: each for key, each in entry.items() if key in entry_schema}
        validate(document, entry_schema, common, path)
        return
    validate(document, {**entry_schema, **(terms.params if terms else {})}, entry, path)
    bands = entry.get("bands")
    if isinstance(bands, list):
        validate(document, schema.BANDS, {"bands": bands}, path)
    elif isinstance(bands, Mapping):
        validate(document, schema.KEYED_BANDS, bands, (*path, "bands"))
