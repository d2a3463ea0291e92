"""Cerberus, made strict about numbers and turned into Problems with places.

Cerberus takes True for the integer 1; an answer of `true` would score. Here it does not.

Schemas say what is wrong in their own words with `check_with`: a function of (field, value, error)
that calls error(field, "What is wrong.|How to mend it."). It is called only with values whose own
shape is sound, so that it need not look at types again and nothing is reported twice.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from cerberus import TypeDefinition, Validator, errors

from romframe.errors import DataError, Problem, did_you_mean
from romframe.yaml_source import Document, Path, read_yaml_file


Schema = Mapping[str, Any]
CheckWith = Callable[[Any, Any, Callable[[Any, str], None]], None]

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "float": "a number",
    "string": "text",
    "boolean": "true or false",
    "list": "a list",
    "dict": "a mapping of names to values",
}
_WAYS = {
    "list": "Write a list: [a, b], or one `- entry` to a line.",
    "dict": "Write a mapping: {name: value}, or one `name: value` to a line.",
}
_AMOUNT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(%|[a-z]+)?\s*", re.IGNORECASE)


class StrictValidator(Validator):  # type: ignore[misc]
    """A Cerberus validator in which true and false are not numbers.

    What `check_with` asks for is put off: `checks`, a list given at construction, collects the
    path, the function and the value of each.
    """

    types_mapping = Validator.types_mapping | {
        "integer": TypeDefinition("integer", (int,), (bool,)),
        "float": TypeDefinition("float", (float, int), (bool,)),
        "number": TypeDefinition("number", (int, float), (bool,)),
    }

    def _validate_check_with(self, check: CheckWith, field: Any, value: Any) -> None:
        self._config["checks"].append(((*self.document_path, field), check, value))

    # Cerberus reads a rule's own schema in the docstring of its method.
    _validate_check_with.__doc__ = Validator._validate_check_with.__doc__


def read_checked_yaml(
    path: FilePath, schema: Schema, check: Callable[[Document], None] | None = None
) -> Document:
    """Read a YAML file, check it against a schema, and where that finds no fault with `check`.

    `check` reports what it finds to the document. Raises DataError with every problem, each with
    its line and column.
    """
    document = read_yaml_file(path)
    found = document.data is not None and validate(document, schema, document.data)
    if found and check is not None:
        check(document)
    if document.problems:
        raise DataError(document.problems)
    return document


def validate(document: Document, schema: Schema, data: Any, path: Path = ()) -> bool:
    """Check `data`, which stands at `path`, against `schema`, and report each fault.

    Says whether everything at and below `path` is sound.
    """
    if not isinstance(data, Mapping):
        what = f"Here should be {_KINDS['dict']}, not {_show(data)}."
        document.report(path, "wrong-type", what, f"Write it with these keys: {', '.join(schema)}.")
        return False
    checks: list[tuple[Path, CheckWith, Any]] = []
    validator = StrictValidator(dict(schema), checks=checks)
    validator.validate(data, normalize=False)
    leaves = list(_leaves(validator._errors, schema))
    misspelt = {name for error, owner in leaves for name in _meant(error, owner)}
    for error, owner in leaves:
        place = (*path, *error.document_path)
        if error.code == errors.REQUIRED_FIELD.code:
            hidden = any(u[:-1] == place[:-1] and u[-1] not in owner for u in document.unread)
            if hidden or error.document_path in misspelt:
                continue
        document.add(place, _describe(error, owner))
    for place, check, value in checks:
        if document.sound((*path, *place)):
            _run(document, (*path, *place), check, value)
    return document.sound(path)


def _run(document: Document, path: Path, check: CheckWith, value: Any) -> None:
    """Let a check look at a value; of what it finds wrong there, the first thing is reported."""
    messages: list[str] = []
    check(path[-1], value, lambda _, message: messages.append(message))
    for message in messages[:1]:
        what, _, mend = message.rpartition("|")
        document.report(path, "wrong-value", what or message, mend if what else "Correct it.")


def _leaves(found: Iterable[Any], schema: Schema) -> Iterator[tuple[Any, Schema]]:
    for error in found:
        if error.is_group_error and not error.is_logic_error:
            yield from _leaves(error.info[0], _inner(schema, error))
        else:
            yield error, schema


def _inner(schema: Schema, error: Any) -> Schema:
    """Give the keys allowed at the place of a group error, for did-you-mean."""
    rules = error.constraint if isinstance(error.constraint, Mapping) else {}
    inner: Schema = rules.get("schema", rules) if error.rule == "schema" else rules
    return inner or schema


def _meant(error: Any, schema: Schema) -> Iterator[Path]:
    """Give the path of the key that an unknown key was probably meant to be."""
    if error.code == errors.UNKNOWN_FIELD.code:
        *above, key = error.document_path
        names = [str(each) for each in schema]
        for name in difflib.get_close_matches(str(key).lower(), names, n=1):
            yield (*above, name)


def _describe(error: Any, schema: Schema) -> Problem:
    describe = _MESSAGES.get(error.code)
    if describe is None:
        why = errors.BasicErrorHandler.messages[error.code].format(
            *error.info, constraint=error.constraint, field=error.field, value="it"
        )
        what = f"{_show(error.value)} does not fit here: {why}."
        return Problem("wrong-value", what, "Correct it.")
    return describe(error, schema)


def _unknown(error: Any, schema: Schema) -> Problem:
    key = error.document_path[-1]
    mend = did_you_mean(str(key).lower(), schema)
    begin, colon, _ = str(key).partition(":")
    if isinstance(key, int):
        mend = f"A decimal is written with a point, not with a comma. {mend}"
    elif colon and begin in schema:
        mend = f"Put a space after the colon: `{begin}: ...`."
    elif error.value is None:
        mend = f"If it is part of a text with a comma in it, put quotes around the text. {mend}"
    return Problem("unknown-key", f"The key {key!a} is not known here.", mend)


def _required(error: Any, schema: Schema) -> Problem:
    key = error.document_path[-1]
    known = [str(each) for each in _rules_of(error, schema).get("allowed", ())]
    values = f", with one of {', '.join(known)}" if known else ""
    mend = f"Add a line `{key}: ...`{values}."
    return Problem("missing-key", f"The key {key!r} is missing here.", mend)


def _type(error: Any, schema: Schema) -> Problem:
    kinds = error.constraint if isinstance(error.constraint, list) else [error.constraint]
    wanted = " or ".join(_KINDS.get(kind, str(kind)) for kind in kinds)
    subject = "A key here" if "keysrules" in error.schema_path else "Here"
    what = f"{subject} should be {wanted}, not {_show(error.value)}."
    mend = _way(kinds, error.value, _rules_of(error, schema)) or f"Write {wanted}."
    return Problem("wrong-type", what, mend)


def _way(kinds: list[str], value: Any, rules: Schema) -> str:
    """Say how a value of another type is written here, as near to what stands here as can be."""
    if "string" in kinds and isinstance(value, int | float):
        return "Put quotes around it."
    if kinds == ["list"] and isinstance(value, str) and _of_words(rules):
        return f"Write a list, in brackets: [{value}]."
    amount = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if amount and kinds[0] in ("number", "integer"):
        alone = f": {amount[1]}" if amount[2] in (None, "%") else ", in the unit that is asked for"
        return f"Write the number alone{alone}."
    keys = rules.get("schema", {}) if kinds == ["dict"] else {}
    if keys and not isinstance(value, Mapping | list):
        return f"Write it with its own keys ({', '.join(keys)}): {{{next(iter(keys))}: ...}}."
    return _WAYS.get(kinds[0], "")


def _of_words(rules: Schema) -> bool:
    """Say whether the entries of a list are words."""
    return bool(rules.get("schema", {}).get("type") == "string")


def _rules_of(error: Any, schema: Schema) -> Schema:
    """Give what the schema says of the key at which an error stands; empty where that is unsaid."""
    rules = schema.get(error.document_path[-1])
    return rules if isinstance(rules, Mapping) else {}


def _allowed(error: Any, _: Schema) -> Problem:
    value = error.info[0] if error.info else error.value
    values = value if isinstance(value, tuple) else (value,)
    what = f"{_show(values[0])} is not one of the values allowed here."
    return Problem("not-allowed", what, did_you_mean(values[0], error.constraint))


def _null(_: Any, __: Schema) -> Problem:
    return Problem("empty-value", "Nothing stands here.", "Write the value, or delete the line.")


def _empty(_: Any, __: Schema) -> Problem:
    return Problem("empty-value", "This is empty.", "Write what belongs here, or delete the line.")


def _bound(word: str) -> Callable[[Any, Schema], Problem]:
    def describe(error: Any, _: Schema) -> Problem:
        what = f"{_show(error.value)} is out of range."
        return Problem("out-of-range", what, f"It must be {word} {error.constraint}.")

    return describe


def _length(error: Any, _: Schema) -> Problem:
    word = "at least" if error.code == errors.MIN_LENGTH.code else "at most"
    unit = "characters" if isinstance(error.value, str) else "entries"
    what = f"The number of {unit} here is {len(error.value)}."
    return Problem("wrong-length", what, f"It must be {word} {error.constraint}.")


def _pattern(error: Any, schema: Schema) -> Problem:
    what = f"{_show(error.value)} is not written as it should be."
    told = _rules_of(error, schema).get("meta", {}).get("help")
    mend = f"It must match {error.constraint}" + (f" ({told.rstrip('.')})" if told else "")
    return Problem("wrong-form", what, mend)


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


_MESSAGES: dict[int, Callable[[Any, Schema], Problem]] = {
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
}
