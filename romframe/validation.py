"""Cerberus, made strict about numbers and turned into Problems with places.

Cerberus takes True for the integer 1; an answer of `true` would score. Here it does not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cerberus import TypeDefinition, Validator, errors

from romframe.errors import did_you_mean
from romframe.yaml_source import Document, Path


Schema = Mapping[str, Any]

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "float": "a number",
    "string": "text",
    "boolean": "true or false",
    "list": "a list",
    "dict": "a mapping of names to values",
}


class StrictValidator(Validator):  # type: ignore[misc]
    """A Cerberus validator in which true and false are not numbers."""

    types_mapping = Validator.types_mapping | {
        "integer": TypeDefinition("integer", (int,), (bool,)),
        "float": TypeDefinition("float", (float, int), (bool,)),
        "number": TypeDefinition("number", (int, float), (bool,)),
    }


def validate(document: Document, schema: Schema, data: Any, path: Path = ()) -> bool:
    """Check `data`, which stands at `path`, against `schema`; report each fault; say whether all is well."""
    before = len(document.problems)
    if not isinstance(data, Mapping):
        what = f"Here should be {_KINDS['dict']}, not {_show(data)}."
        document.report(path, "wrong-type", what, f"Write it with these keys: {', '.join(schema)}.")
        return False
    validator = StrictValidator(dict(schema), require_all=False)
    validator.validate(data)
    for error, owner in _leaves(validator._errors, schema):
        code, what, mend = _describe(error, owner)
        document.report((*path, *error.document_path), code, what, mend)
    return len(document.problems) == before


def _leaves(found: Iterable[Any], schema: Schema) -> Iterator[tuple[Any, Schema]]:
    for error in found:
        if error.is_group_error:
            yield from _leaves(error.info[0], _inner(schema, error))
        else:
            yield error, schema


def _inner(schema: Schema, error: Any) -> Schema:
    """Give the keys allowed at the place of a group error, for did-you-mean."""
    rules = error.constraint if isinstance(error.constraint, Mapping) else {}
    if error.rule == "schema" and "schema" in rules and isinstance(rules["schema"], Mapping):
        return rules["schema"]
    return rules or schema


def _describe(error: Any, schema: Schema) -> tuple[str, str, str]:
    describe = _MESSAGES.get(error.code)
    if describe is None:
        return "wrong-value", f"{_show(error.value)} does not fit here: {error.info}.", "Correct it."
    return describe(error, schema)


def _unknown(error: Any, schema: Schema) -> tuple[str, str, str]:
    key = error.document_path[-1]
    return "unknown-key", f"The key {key!r} is not known here.", did_you_mean(key, schema)


def _required(error: Any, _: Schema) -> tuple[str, str, str]:
    key = error.document_path[-1]
    return "missing-key", f"The key {key!r} is missing here.", f"Add a line `{key}: ...`."


def _type(error: Any, _: Schema) -> tuple[str, str, str]:
    kinds = error.constraint if isinstance(error.constraint, list) else [error.constraint]
    wanted = " or ".join(_KINDS.get(kind, kind) for kind in kinds)
    return "wrong-type", f"Here should be {wanted}, not {_show(error.value)}.", f"Write {wanted}."


def _allowed(error: Any, _: Schema) -> tuple[str, str, str]:
    value = error.info[0] if error.info else error.value
    return (
        "not-allowed",
        f"{_show(value)} is not one of the values allowed here.",
        did_you_mean(value if not isinstance(value, tuple | list) else value[0], error.constraint),
    )


def _null(error: Any, _: Schema) -> tuple[str, str, str]:
    return "empty-value", "Nothing stands after the colon.", "Write the value, or delete the line."


def _empty(error: Any, _: Schema) -> tuple[str, str, str]:
    return "empty-value", "This is empty.", "Write at least one entry, or delete the line."


def _bound(word: str) -> Callable[[Any, Schema], tuple[str, str, str]]:
    def describe(error: Any, _: Schema) -> tuple[str, str, str]:
        what = f"{_show(error.value)} is out of range."
        return "out-of-range", what, f"It must be {word} {error.constraint}."

    return describe


def _length(error: Any, _: Schema) -> tuple[str, str, str]:
    word = "at least" if error.code == errors.MIN_LENGTH.code else "at most"
    what = f"This has {len(error.value)} entries or characters."
    return "wrong-length", what, f"It must have {word} {error.constraint}."


def _pattern(error: Any, _: Schema) -> tuple[str, str, str]:
    what = f"{_show(error.value)} is not written as it should be."
    return "wrong-form", what, f"It must match {error.constraint}"


def _custom(error: Any, _: Schema) -> tuple[str, str, str]:
    what, mend = error.info[0].split("|", 1)
    return "wrong-value", what, mend


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return repr(value) if not isinstance(value, bool) else str(value).lower()


_MESSAGES: dict[int, Callable[[Any, Schema], tuple[str, str, str]]] = {
    errors.UNKNOWN_FIELD.code: _unknown,
    errors.REQUIRED_FIELD.code: _required,
    errors.BAD_TYPE.code: _type,
    errors.UNALLOWED_VALUE.code: _allowed,
    errors.UNALLOWED_VALUES.code: _allowed,
    errors.NOT_NULLABLE.code: _null,
    errors.EMPTY_NOT_ALLOWED.code: _empty,
    errors.MIN_VALUE.code: _bound("at least"),
    errors.MAX_VALUE.code: _bound("at most"),
    errors.MIN_LENGTH.code: _length,
    errors.MAX_LENGTH.code: _length,
    errors.REGEX_MISMATCH.code: _pattern,
    errors.CUSTOM.code: _custom,
}
