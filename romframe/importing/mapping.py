"""Mapping files: how one source's columns and codes become ours."""

import re
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen

from romframe.errors import DataError, Place, Problem
from romframe.importing.kinds import RECORD_KINDS
from romframe.instruments.model import AnswerState, Coding
from romframe.validation import validate
from romframe.yaml_source import Document, read_yaml, read_yaml_file
from romframe.yaml_source import Path as Keys


_DAY = ({"d"}, {"m", "b", "B"}, {"Y", "y"})
_CLOCKS = ({"H", "M"}, {"I", "M", "p"})
_KNOWN = {"date": ("d", "m", "b", "B", "Y", "y"), "time": ("H", "I", "M", "S", "p")}


def _date_format(field: str, value: Any, error: Any) -> None:
    found = _directives(value)
    if not _says_day(found) or set(found) - set(_KNOWN["date"]):
        known = " ".join(f"%{each}" for each in _KNOWN["date"])
        what = f"{value!r} does not say how a date is written."
        error(field, f'{what}|Give day, month and year, as "%d/%m/%Y"; known: {known}.')


def _datetime_format(field: str, value: Any, error: Any) -> None:
    found = _directives(value)
    known = [*_KNOWN["date"], *_KNOWN["time"]]
    says_time = any(clock <= set(found) for clock in _CLOCKS)
    if not (_says_day(found) and says_time) or set(found) - set(known):
        listed = " ".join(f"%{each}" for each in known)
        what = f"{value!r} does not say how a date with a time is written."
        error(field, f'{what}|Give day and time, as "%d/%m/%Y %H:%M"; known: {listed}.')


def _directives(value: Any) -> list[str]:
    return re.findall(r"%(.?)", str(value))


def _says_day(found: list[str]) -> bool:
    return all(len(group & set(found)) == 1 for group in _DAY) and len(set(found)) == len(found)


_NAME = {"type": "string", "empty": False}
_THEIRS = {"type": ["integer", "float", "string"]}
_OURS = {"type": ["integer", "float", "string"], "empty": False}
_STATES = [state.value for state in AnswerState if state is not AnswerState.ANSWERED]

SCHEMA: dict[str, Any] = {
    "instrument": _NAME,
    "kind": {"type": "string", "allowed": list(RECORD_KINDS)},
    "form": _NAME,
    "sheet": _NAME,
    "shape": {"type": "string", "allowed": ["wide", "long"]},
    "long": {
        "type": "dict",
        "schema": dict.fromkeys(("item", "value", "measure", "named"), _NAME),
    },
    "coding": _NAME,
    "columns": {"type": "dict", "keysrules": _NAME, "valuesrules": _NAME},
    "constants": {"type": "dict", "keysrules": _NAME, "valuesrules": _OURS},
    "codes": {
        "type": "dict",
        "keysrules": _NAME,
        "valuesrules": {
            "type": "dict",
            "empty": False,
            "keysrules": _THEIRS,
            "valuesrules": _OURS,
        },
    },
    "missing_codes": {
        "type": "dict",
        "keysrules": _THEIRS,
        "valuesrules": {"type": "string", "allowed": _STATES},
    },
    "date_format": {"type": "string", "check_with": _date_format},
    "datetime_format": {"type": "string", "check_with": _datetime_format},
    "unknown_referrals": {"type": "string", "allowed": ["reject", "create"]},
    "corrections": {"type": "string", "allowed": ["refuse", "accept"]},
    "delimiter": {"type": "string", "allowed": [",", ";", "\t", "|"]},
    "apostrophes": {"type": "boolean"},
    "anonymous": {"type": "boolean"},
    "blank_forms": {"type": "string", "allowed": ["reject", "declined", "missed"]},
    "details": {
        "type": "dict",
        "empty": False,
        "keysrules": _NAME,
        "valuesrules": {"type": "string", "allowed": ["text", "date"]},
    },
    "contact_offers": {
        "type": "dict",
        "schema": {
            "columns": {"type": "list", "empty": False, "required": True, "schema": _NAME},
            "willing": {**_NAME, "required": True},
            "codes": {"type": "list", "empty": False, "required": True, "schema": _THEIRS},
        },
    },
}


@frozen
class ContactOffers:
    """Which columns say how somebody can be reached, and what stands where they are willing.

    Only rows in which the column `willing` holds one of `codes` count.
    """

    columns: tuple[str, ...]
    willing: str
    codes: tuple[str, ...]


@frozen
class Long:
    """Of a table with a row an answer: the columns of the item's name and of the answer.

    Where the table is of several measures, `measure` is the column that says of which, and `named`
    is what stands there for this one; empty: its id.
    """

    item: str = "item"
    value: str = "value"
    measure: str = ""
    named: str = ""


@frozen
class Mapping:
    """What a mapping file says; the values given here hold where there is none.

    A name of ours that `columns` does not list is read from the column of the same name. Codes and
    missing codes are kept as text, as they stand in a cell. `details` declares fields that we have
    no column for, with their types; `columns`, `constants` and `codes` hold for them too. `form` is
    what an outside format calls the instrument; `sheet` is that of a workbook. In a file of the
    `shape` long, the names of its items stand where the names of columns would. `apostrophes` says
    that the file has one before every text that a spreadsheet would take for a formula.
    """

    instrument: str = ""
    kind: str = ""
    form: str = ""
    sheet: str = ""
    shape: Literal["wide", "long"] = "wide"
    long: Long = Long()
    apostrophes: bool = False
    coding: Coding | None = None
    columns: Dict[str, str] = field(factory=dict)
    constants: Dict[str, str] = field(factory=dict)
    codes: Dict[str, Dict[str, str]] = field(factory=dict)
    missing_codes: Dict[str, AnswerState] = field(factory=dict)
    date_format: str = ""
    datetime_format: str = ""
    unknown_referrals: Literal["reject", "create"] = "reject"
    corrections: Literal["refuse", "accept"] = "refuse"
    delimiter: str = ","
    anonymous: bool | None = None
    blank_forms: Literal["reject", "declined", "missed"] = "reject"
    contact_offers: ContactOffers | None = None
    details: Dict[str, Literal["text", "date"]] = field(factory=dict)
    document: Document = field(factory=lambda: Document(""), eq=False, repr=False)

    def problem(self, keys: Keys, code: str, what: str, mend: str) -> Problem:
        """Give a problem with what stands at `keys` in the mapping file."""
        place = self.document.place(keys) if self.document.file else Place()
        return Problem(code, what, mend, place)


def load_mapping(path: Path) -> Mapping:
    """Load the mapping file at `path`.

    Raises DataError with every problem of the file, each with line, column and mend.
    """
    return _mapping(read_yaml_file(path))


def parse_mapping(text: str, file: str) -> Mapping:
    """Read a mapping from text; `file` is what its problems name. Raises DataError."""
    return _mapping(read_yaml(text, file))


def _mapping(document: Document) -> Mapping:
    if document.data is not None and validate(document, SCHEMA, document.data):
        _check(document, document.data)
    if document.problems:
        raise DataError(document.problems)
    return _build(document)


def _check(document: Document, data: Dict[str, Any]) -> None:
    if "instrument" in data and "kind" in data:
        what = "The file cannot hold both an instrument and another kind of record."
        document.report(("kind",), "mapping-target", what, "Keep `instrument` or `kind`.")
    for name in data.get("constants", {}):
        if name in data.get("columns", {}):
            what = f"{name!r} has both a column and a constant."
            document.report(("constants", name), "mapping-twice", what, "Keep one of the two.")
    if "long" in data and data.get("shape") != "long":
        what = "Only a file of the shape long has a row an answer."
        document.report(("long",), "mapping-shape", what, "Say `shape: long`, or delete it.")
    if "kind" in data:
        for key in (
            "shape",
            "coding",
            "missing_codes",
            "anonymous",
            "blank_forms",
            "contact_offers",
        ):
            if key in data:
                what = f"A {data['kind']} has no answers, so {key!r} means nothing here."
                document.report((key,), "mapping-answers", what, "Delete the line.")


def _build(document: Document) -> Mapping:
    data = dict(document.data)
    return Mapping(
        **{
            **data,
            "constants": _texts(data.get("constants", {})),
            "codes": {name: _texts(codes) for name, codes in data.get("codes", {}).items()},
            "missing_codes": {
                _text(code): AnswerState(state)
                for code, state in data.get("missing_codes", {}).items()
            },
            "long": Long(**data.get("long", {})),
            "contact_offers": _contact_offers(data.get("contact_offers")),
            "document": document,
        }
    )


def _contact_offers(data: Dict[str, Any] | None) -> ContactOffers | None:
    if data is None:
        return None
    codes = tuple(_text(code) for code in data["codes"])
    return ContactOffers(tuple(data["columns"]), data["willing"], codes)


def _texts(codes: Dict[Any, Any]) -> dict[str, str]:
    return {_text(theirs): _text(ours) for theirs, ours in codes.items()}


def _text(value: object) -> str:
    """Give a code as text; 7 and 7.0 are one code."""
    text = str(value).strip()
    return text.removesuffix(".0") if isinstance(value, float) else text
