"""Whether two groups of a framework can hold for one and the same referral."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import Any

import polars as pl

from romframe.conditions import compared, holds, tested_fields
from romframe.frameworks.groups import GROUP_FIELDS
from romframe.frameworks.model import FrameworkGroup


MOST_ROWS = 50_000

_OTHER = "(another)"  # stands for every value that no condition names


def overlap(one: FrameworkGroup, other: FrameworkGroup) -> dict[str, Any] | None:
    """Give what is known of a referral for which both groups hold; None if there can be none.

    Conditions compare a field with constants only, so that it is enough to try each of these, what
    lies beside it, some other value and none. Where that makes too many rows, none is found.
    """
    tests = tested_fields({"all": [one.where, other.where]})
    values = {name: list(dict.fromkeys(_values(name, each))) for name, each in tests.items()}
    if prod(map(len, values.values())) > MOST_ROWS:
        return None
    rows = [dict(zip(values, row, strict=True)) for row in product(*values.values())]
    schema = {name: _type(each) for name, each in values.items()}
    frame = pl.DataFrame(rows, schema=schema) if values else pl.DataFrame({"any": [None]})
    both = holds(one.where, GROUP_FIELDS) & holds(other.where, GROUP_FIELDS)
    return next(frame.filter(both).head(1).iter_rows(named=True), None)


def _values(name: str, tests: list[Any]) -> Iterator[Any]:
    """Give values of a field that between them can do to its tests all that any value can."""
    allowed = GROUP_FIELDS[name].allowed if name in GROUP_FIELDS else ()
    near = [value for test in tests for each in _constants(test) for value in _beside(each, name)]
    yield from allowed or near
    if not allowed and name != "age":
        yield _OTHER
    yield None


def _constants(test: Any) -> Iterator[Any]:
    for word, value in compared(test):
        if word != "known":
            yield from value if isinstance(value, list) else [value]


def _beside(constant: Any, name: str) -> Iterator[Any]:
    if isinstance(constant, str):
        yield constant
        yield from _days_beside(constant)
    else:
        near = (constant - 1, constant, constant + 1)
        yield from near if name == "age" else map(str, near)


def _days_beside(text: str) -> Iterator[str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return
    yield from ((day + timedelta(days=step)).isoformat() for step in (-1, 1))


def _type(values: list[Any]) -> type[pl.DataType]:
    return pl.Float64 if any(isinstance(each, int | float) for each in values) else pl.String
