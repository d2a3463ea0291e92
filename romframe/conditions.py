"""Conditions on fields, written as data: checked when a file is read, compiled to an expression.

A condition maps fields to tests, all of which must hold. A test is a value (the field equals it), a
list (it is one of them), or a mapping of `not`, `at_least`, `at_most`, `more_than`, `less_than` and
`known`. `any`, `all` and `none` combine conditions.

Every test is true or false. On a field whose value is not known it is false, but for `not`, which
is true (what is unknown is not that value), and `known: false`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

import polars as pl
from attrs import frozen

from romframe.validation import Schema, validate
from romframe.yaml_source import Document, Path


Condition = Mapping[str, Any]
Leaf = Callable[[str, Any, bool], pl.Expr]

COMBINING = ("any", "all", "none")
OPEN = ".NAME"  # how the name of a field ends that stands for many

_DAY = len("2024-04-01")
_NOT = "not "
_BOUNDS: Mapping[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "at_least": pl.Expr.ge,
    "at_most": pl.Expr.le,
    "more_than": pl.Expr.gt,
    "less_than": pl.Expr.lt,
}


@frozen
class Field:
    """A field that conditions may test: what kind of value it holds, and which, where that is set.

    A date is text, as 2024-04-01. What an `open` field holds is text, and counts as a number where
    it is compared with one. A number may have a `low` and a `high` end, beyond which none is.
    """

    kind: Literal["text", "date", "number", "open"] = "text"
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


Fields = Mapping[str, Field]


def check_condition(document: Document, path: Path, condition: Condition, fields: Fields) -> None:
    """Report to the document everything that is wrong with the condition that stands at `path`.

    A field called `details.NAME` stands for every field whose name begins with `details.`.
    """
    tests = {name: _rules(field, condition.get(name)) for name, field in fields.items()}
    for name in (key for key in condition if isinstance(key, str)):
        field = _find(fields, name)
        if field is not None:
            tests[name] = _rules(field, condition[name])
    combining = {"type": "list", "empty": False, "schema": {"type": "dict", "empty": False}}
    validate(document, {**tests, **dict.fromkeys(COMBINING, combining)}, condition, path)
    for inner_path, inner in _combined(condition, path):
        check_condition(document, inner_path, inner, fields)


def holds(condition: Condition, fields: Fields) -> pl.Expr:
    """Give the expression that says of each row of a frame whether the condition holds for it.

    The frame has a column for every field that the condition tests.
    """
    return _all(condition, lambda name, test, _: _passes(name, test, _field(fields, name)), True)


def may_hold(condition: Condition, fields: Fields, name: str, value: Any) -> bool:
    """Say whether a row in which one field has this value could fulfil the condition.

    Nothing is known of the other fields, so that each of their tests could come out either way.
    """

    def leaf(field: str, test: Any, wanted: bool) -> pl.Expr:
        return _passes(field, test, _field(fields, field)) if field == name else pl.lit(wanted)

    row = pl.DataFrame({name: [value]})
    return bool(row.select(_all(condition, leaf, True)).item())


def tested_fields(condition: Condition) -> dict[str, list[Any]]:
    """Give the fields that a condition tests, with the tests of each."""
    found: dict[str, list[Any]] = {}
    for name, test in condition.items():
        if name not in COMBINING:
            found.setdefault(name, []).append(test)
    for _, inner in _combined(condition, ()):
        for name, tests in tested_fields(inner).items():
            found.setdefault(name, []).extend(tests)
    return found


def compared(test: Any) -> Iterator[tuple[str, Any]]:
    """Give what a test compares its field with: pairs of a word and a value.

    The words are `one_of` and `not`, each with a list, the four bounds, and `known`.
    """
    comparisons = test if isinstance(test, Mapping) else {"one_of": test}
    for word, value in comparisons.items():
        listed = word in ("one_of", "not") and not isinstance(value, list)
        yield word, [value] if listed else value


def condition_in_words(condition: Condition) -> str:
    """Say a condition as part of a sentence; of an empty one there is nothing to say."""
    said = []
    for name, value in condition.items():
        if name in COMBINING:
            inner = "; ".join(condition_in_words(each) for each in value)
            said.append(f"{_COMBINED[name]} ({inner})")
        else:
            tests = " and ".join(_SAID[word](each) for word, each in compared(value))
            said.append(f"{name} {tests}")
    return " and ".join(said)


def _combined(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    for word in COMBINING:
        inner = condition.get(word)
        for index, each in enumerate(inner if isinstance(inner, list) else ()):
            if isinstance(each, Mapping):
                yield (*path, word, index), each


def _find(fields: Fields, name: str) -> Field | None:
    """Give the field of this name, or the one that stands for its kind; None if there is none."""
    kind = f"{name.partition('.')[0]}{OPEN}"
    return fields.get(name, fields.get(kind))


def _field(fields: Fields, name: str) -> Field:
    return _find(fields, name) or Field("open")


def _rules(field: Field, test: Any) -> dict[str, Any]:
    """Give the schema of one test, by the shape that it has."""
    if isinstance(test, Mapping):
        return {
            "type": "dict",
            "empty": False,
            "schema": _comparisons(field, test),
            "check_with": _possible,
        }
    return _values(field, test)


def _values(field: Field, given: Any) -> dict[str, Any]:
    """Give the schema of a value, or of a list of them where a list is given."""
    if isinstance(given, str) and given.lower().startswith(_NOT):
        return {"check_with": _negated}
    value = {**_kind(field), **({"allowed": list(field.allowed)} if field.allowed else {})}
    return {"type": "list", "empty": False, "schema": value} if isinstance(given, list) else value


def _comparisons(field: Field, test: Mapping[str, Any]) -> Schema:
    bounds = () if field.kind == "text" else _BOUNDS
    return {
        "not": _values(field, test.get("not")),
        "known": {"type": "boolean"},
        **dict.fromkeys(bounds, _kind(field)),
    }


def _kind(field: Field) -> dict[str, Any]:
    """Give the schema of what is compared with a field: a number beyond its ends meets none."""
    ends = {"min": field.low, "max": field.high}
    return {**_KINDS[field.kind], **{name: end for name, end in ends.items() if end is not None}}


def _a_day(field: str, value: str, error: Any) -> None:
    try:
        fine = date.fromisoformat(value).isoformat() == value
    except ValueError:
        fine = False
    if not fine:
        error(field, f"{value!r} is not a date.|Write year, month and day: 2024-04-01.")


def _negated(field: str, value: str, error: Any) -> None:
    what = f"{value!r} is a value, and not a test."
    error(field, f"{what}|To leave somebody out, write {{not: {value[len(_NOT) :]}}}.")


def _possible(field: str, value: Mapping[str, Any], error: Any) -> None:
    for low in (value[word] for word in ("at_least", "more_than") if word in value):
        for high in (value[word] for word in ("at_most", "less_than") if word in value):
            strict = low in (value.get("more_than"),) or high in (value.get("less_than"),)
            comparable = isinstance(low, str) == isinstance(high, str)
            if comparable and (low > high or (low == high and strict)):
                error(field, "No value passes both bounds.|Correct one of them.")


_KINDS: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string", "empty": False},
    "date": {"type": "string", "check_with": _a_day},
    "number": {"type": "number"},
    "open": {"type": ["string", "number"], "empty": False},
}


def _all(condition: Condition, leaf: Leaf, wanted: bool) -> pl.Expr:
    """Put the tests of a condition together; `wanted` is turned under `none`."""
    parts = [pl.lit(True)]
    for name, value in condition.items():
        if name == "any":
            parts.append(pl.any_horizontal(_all(each, leaf, wanted) for each in value))
        elif name == "all":
            parts.append(pl.all_horizontal(_all(each, leaf, wanted) for each in value))
        elif name == "none":
            parts.append(~pl.any_horizontal(_all(each, leaf, not wanted) for each in value))
        else:
            parts.append(leaf(name, value, wanted))
    return pl.all_horizontal(parts)


def _passes(name: str, test: Any, field: Field) -> pl.Expr:
    return pl.all_horizontal(_compare(name, field, *each) for each in compared(test))


def _compare(name: str, field: Field, word: str, value: Any) -> pl.Expr:
    if word == "known":
        return pl.col(name).is_not_null() == pl.lit(value)
    if word in _BOUNDS:
        return _BOUNDS[word](_typed(name, field, value), pl.lit(value)).fill_null(False)
    equal = pl.any_horizontal(_typed(name, field, each) == pl.lit(each) for each in value)
    is_one = equal.fill_null(False)
    return ~is_one if word == "not" else is_one


def _typed(name: str, field: Field, value: Any) -> pl.Expr:
    """Give a field as what it is compared with; null where it cannot be read as that."""
    if isinstance(value, str):
        text = pl.col(name).cast(pl.String)
        return text.str.head(_DAY) if field.kind == "date" else text
    number = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


_COMBINED = {"any": "at least one of", "all": "all of", "none": "none of"}
_SAID: Mapping[str, Callable[[Any], str]] = {
    "one_of": lambda values: f"is {' or '.join(map(str, values))}",
    "not": lambda values: f"is not {' or '.join(map(str, values))} (or is not known)",
    "at_least": lambda value: f"is at least {value}",
    "at_most": lambda value: f"is at most {value}",
    "more_than": lambda value: f"is more than {value}",
    "less_than": lambda value: f"is less than {value}",
    "known": lambda value: "is known" if value else "is not known",
}
