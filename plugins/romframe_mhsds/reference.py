"""The NHS facts in `data/`: how the table looks, what is checked, and what may be said of it."""

import csv
import functools
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files

from attrs import frozen


TABLE = "MHS606CodedScoreAssessmentRefer"


@frozen
class Column:
    """A column of the table: its name in the IDB, NHS England's id for it, and its width."""

    name: str
    uid: str
    width: int


@frozen
class Rule:
    """A check on a row: its code, the column it looks at, what it does, and when it strikes."""

    code: str
    column: str
    effect: str
    condition: str
    mend: str

    @property
    def rejects(self) -> bool:
        """Whether a row that breaks the rule is not taken."""
        return self.effect != "Warning"


@functools.cache
def columns() -> tuple[Column, ...]:
    """Give the columns of the table in the order of the IDB."""
    rows = sorted(_read("layout.csv"), key=lambda row: int(row["seq"]))
    return tuple(Column(row["column"], row["uid"], int(row["width"])) for row in rows)


@functools.cache
def first_day() -> date:
    """Give the first day that this layout of the table serves."""
    return date.fromisoformat(max(row["valid_from"] for row in _read("layout.csv")))


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Give the checks on a row, in the order in which they are made."""
    return tuple(
        Rule(row["code"], row["column"], row["effect"], row["condition"], row["mend"])
        for row in _read("rules.csv")
    )


@functools.cache
def notices() -> Mapping[str, str]:
    """Give what may be said about an assessment that was sent, in a sentence by code."""
    return {row["code"]: sentence(row["condition"], row["mend"]) for row in _read("notices.csv")}


@functools.cache
def reasons() -> Mapping[str, str]:
    """Give why an assessment may not be sent, in a sentence by reason."""
    return {row["reason"]: row["explanation"] for row in _read("reasons.csv")}


def sentence(condition: str, mend: str) -> str:
    """Join what was found and its mend into text."""
    return f"{condition[0].upper()}{condition[1:]}. {mend}"


def _read(name: str) -> Iterable[dict[str, str]]:
    text = files("romframe_mhsds").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
