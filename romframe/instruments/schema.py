"""The spec language, version 1, as Cerberus schemas: which keys exist and what may stand there.

`Vocabulary` adds the parameters of scoring and change methods, which come from plugins.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from attrs import frozen

from romframe.instruments.model import AnswerState, ResponseScale
from romframe.validation import Schema


LANGUAGE = 1

Bounds = Callable[[Sequence[ResponseScale], Mapping[str, Any]], tuple[float, float]]

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_NOT_IN_WORDS = re.compile(r"[^a-z0-9]+")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@frozen
class MethodTerms:
    """What a spec may say of a method: the schema of its parameters and, where known, its limits.

    `bounds` gives the lowest and highest value that items of some scales allow, before `times`.
    `takes` says whether a scoring method works on items or on scores, `inputs` on how many.
    """

    params: Schema
    bounds: Bounds | None = None
    takes: Literal["items", "scores"] | None = None
    inputs: int | None = None


@frozen
class Vocabulary:
    """The methods that specs may name."""

    scoring: Mapping[str, MethodTerms]
    change: Mapping[str, MethodTerms]


def _word(field: str, value: str, error: Any) -> None:
    if not _WORD.fullmatch(value):
        mend = "Use small letters, digits and underscores, and begin with a letter"
        near = _NOT_IN_WORDS.sub("_", value.lower()).strip("_")
        example = f": {near}" if _WORD.fullmatch(near) else ""
        error(field, f"{value!r} cannot be an id.|{mend}{example}.")


def _text(field: str, value: str, error: Any) -> None:
    if not value.strip():
        error(field, "This text is blank.|Write it, or delete the line.")


def _locale(field: str, value: str, error: Any) -> None:
    if not LOCALE.fullmatch(value):
        error(field, f"{value!r} is not a language.|Write its code, such as en, cy or pt-BR.")


def _date(field: str, value: str, error: Any) -> None:
    try:
        fine = datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        fine = False
    if not fine:
        error(field, f"{value!r} is not a date.|Write year, month and day: 2024-04-01.")


def _language(field: str, value: int, error: Any) -> None:
    if value != LANGUAGE:
        what = f"This is version {value} of the spec language, and this romframe reads {LANGUAGE}."
        error(field, f"{what}|Write `romframe: {LANGUAGE}`, or update romframe.")


_ID = {"type": "string", "check_with": _word}
_TEXT = {"type": "string", "empty": False, "check_with": _text}
_TEXTS = {"type": "dict", "empty": False, "keysrules": {"type": "string", "check_with": _locale}}
_TEXTS["valuesrules"] = _TEXT
_CODE = {"type": ["integer", "string"]}


def _fields(*required: str, **fields: Any) -> dict[str, Any]:
    return {
        key: {**rules, "required": True} if key in required else rules
        for key, rules in fields.items()
    }


def _list(rules: Schema) -> dict[str, Any]:
    return {"type": "list", "empty": False, "schema": rules}


def _dict(schema: Schema) -> dict[str, Any]:
    return {"type": "dict", "schema": schema}


def _one_of(*words: str) -> dict[str, Any]:
    return {"type": "string", "allowed": list(words)}


def _pair(rules: Schema) -> dict[str, Any]:
    return {**_list(rules), "minlength": 2, "maxlength": 2}


def _terminology(field: str, value: Any, error: Any) -> None:
    for entry in value if isinstance(value, list) else [value]:
        dated = entry if isinstance(entry, Mapping) else {"id": entry}
        if "id" not in dated or set(dated) - {"id", "from", "to"}:
            error(field, "A dated code has id, from and to.|Write {id: ..., from: 2024-04-01}.")
        elif not all(map(_is_text, dated.values())):
            error(field, "A code must be text, so that no digit is lost.|Put quotes around it.")
        else:
            for key in ("from", "to"):
                _date(field, dated.get(key, "2000-01-01"), error)


def _items_wanted(field: str, value: Any, error: Any) -> None:
    listed = value.get("all_except") if isinstance(value, Mapping) and len(value) == 1 else value
    if value != "all" and not (isinstance(listed, list) and listed and all(map(_is_text, listed))):
        error(field, "These are not items.|Write `all`, [item ids], or {all_except: [item ids]}.")


def _one_side(field: str, value: Any, error: Any) -> None:
    if ("at_least" in value) == ("at_most" in value):
        error(field, "It is not clear where this alert begins.|Give one of at_least and at_most.")


def _good_answers(field: str, value: Any, error: Any) -> None:
    listed = isinstance(value, list) and value and all(map(_is_code, value))
    if value not in ("low", "high") and not listed:
        what = "This does not say which answers are good."
        error(field, f"{what}|Write low, high, or a list of codes.")


def _is_code(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def keyed(content: Schema) -> dict[str, Any]:
    """Give the schema of a table keyed by attributes of the person; rows hold `content`."""
    attribute = {"type": ["string", "list"]}
    return _fields(
        "by",
        "rows",
        by=_list(_TEXT),
        rows=_list({**_dict(content), "allow_unknown": attribute}),
    )


CODES = {
    "type": "dict",
    "empty": False,
    "keysrules": _ID,
    "valuesrules": {"empty": False, "check_with": _terminology},
}
_SLOTS = {"type": "dict", "empty": False, "keysrules": _ID, "valuesrules": _list(_TEXT)}
ALERT = {
    **_dict(
        _fields(
            "text", at_least={"type": "number"}, at_most={"type": "number"}, text=_TEXT, source=_ID
        )
    ),
    "check_with": _one_side,
}
MISSING_OPTION = _fields(
    at_least={"type": "integer", "min": 1},
    at_most={"type": "integer", "min": 0},
    then=_one_of("mean_of_answered", "prorate", "sum_of_known"),
    source=_ID,
)
MISSING = {**MISSING_OPTION, "policy": _ID}
BAND = _fields("from", "label", **{"from": {"type": "number"}, "label": _TEXT})
OPTION = _fields("label", label=_TEXT, value={"type": "number"}, labels=_TEXTS)
_GAPS = [state for state in AnswerState if state != AnswerState.ANSWERED]
SCALE = _fields(
    codes={
        "type": "dict",
        "empty": False,
        "keysrules": _CODE,
        "valuesrules": {"type": ["string", "dict"], "empty": False, "schema": OPTION},
    },
    range=_pair({"type": "number"}),
    step={"type": "number", "min": 0.001},
    kind=_one_of("coded", "number", "text"),
    scored={"type": "boolean"},
    missing={
        "type": "dict",
        "empty": False,
        "keysrules": _CODE,
        "valuesrules": _one_of(*_GAPS),
    },
    counts_as={
        "type": "dict",
        "empty": False,
        "keysrules": _one_of(*_GAPS),
        "valuesrules": {"type": "number"},
    },
    bands=_list(_dict(BAND)),
    bands_source=_ID,
    source=_ID,
    sent_as={"type": "dict", "empty": False, "keysrules": _CODE, "valuesrules": _CODE},
    not_sent=_TEXT,
)
ITEM = _fields(
    "id",
    "label",
    "scale",
    id=_ID,
    label={**_TEXT, "maxlength": 60},
    scale=_ID,
    reversed={"type": "boolean"},
    scored={"type": "boolean"},
    required={"type": "boolean"},
    required_when=_dict(_fields("item", "codes", item=_ID, codes=_list(_CODE))),
    favourable={"check_with": _good_answers},
    unfavourable=_list(_CODE),
    alert=ALERT,
    section=_TEXT,
    note=_TEXT,
    source=_ID,
    labels=_TEXTS,
    notes=_TEXTS,
    codes=CODES,
    slot_codes=_SLOTS,
)
SCORE = _fields(
    "id",
    "name",
    "method",
    "range",
    "better",
    id=_ID,
    name=_TEXT,
    method=_ID,
    range=_pair({"type": "number"}),
    better=_one_of("lower", "higher", "neither"),
    items={"check_with": _items_wanted},
    of=_list(_ID),
    across=_ID,
    times={"type": "number", "min": 0.000001},
    divided_by={"type": "number", "min": 0.000001},
    missing=_dict(MISSING),
    missing_options={"type": "dict", "keysrules": _ID, "valuesrules": _dict(MISSING_OPTION)},
    bands={"type": ["list", "dict"], "empty": False},
    bands_source=_ID,
    band_options={
        "type": "dict",
        "empty": False,
        "keysrules": _ID,
        "valuesrules": _dict(
            _fields("bands", "source", bands=_list(_dict(BAND)), source=_ID),
        ),
    },
    alert=ALERT,
    codes=CODES,
    decimals={"type": "integer", "min": 0, "max": 3},
    on_request={"type": "boolean"},
    source=_ID,
    note=_TEXT,
)
BANDS = {"bands": _list(_dict(BAND))}
KEYED_BANDS = keyed(_fields("bands", bands=_list(_dict(BAND))))
CHANGE_RULE = _fields(
    "id",
    "method",
    "source",
    id=_ID,
    method=_ID,
    source=_ID,
    score=_ID,
    items={"check_with": _items_wanted},
    default={"type": "boolean"},
    population=_TEXT,
    note=_TEXT,
)
CODING = _fields(
    like=_one_of("position", "scored"), add={"type": "integer"}, note=_TEXT, source=_ID
)
_SIDE = {"type": "number"}
CUT_OFF = _fields(
    "id",
    "score",
    "means",
    "source",
    id=_ID,
    score=_ID,
    at_least=_SIDE,
    more_than=_SIDE,
    at_most=_SIDE,
    less_than=_SIDE,
    means=_TEXT,
    population=_TEXT,
    source=_ID,
    note=_TEXT,
)
NORM = _fields(
    "id",
    "score",
    "population",
    "source",
    id=_ID,
    score=_ID,
    population=_TEXT,
    source=_ID,
    n={"type": "integer", "min": 1},
    mean={"type": "number"},
    sd={"type": "number", "min": 0},
    reliability={"type": "number", "min": 0, "max": 1},
    note=_TEXT,
)
SOURCE = _fields(
    "cite",
    "status",
    cite=_TEXT,
    status=_one_of("verified", "secondary", "unverified", "local"),
    url=_TEXT,
    note=_TEXT,
)
INSTRUMENT = _fields(
    "romframe",
    "id",
    "version",
    "name",
    "type",
    "raters",
    "licence",
    "response_scales",
    "items",
    "scores",
    romframe={"type": "integer", "check_with": _language},
    id=_ID,
    version=_TEXT,
    name=_TEXT,
    type=_one_of("crom", "prom", "prem", "goal"),
    raters=_list(_one_of("service_user", "clinician", "team", "carer", "partner", "observer")),
    recall=_TEXT,
    locale={"type": "string", "check_with": _locale},
    storage=_one_of("identified", "anonymous", "either"),
    totals=_dict(_fields("forbidden", forbidden=_TEXT)),
    minutes={"type": "number", "min": 0},
    note=_TEXT,
    source=_ID,
    codings={"type": "dict", "empty": False, "keysrules": _ID, "valuesrules": _dict(CODING)},
    licence=_dict(
        _fields(
            "owner",
            "terms",
            "wording",
            owner=_TEXT,
            terms=_TEXT,
            wording=_one_of("ships", "site_supplied"),
            evidence=_TEXT,
        )
    ),
    response_scales={"type": "dict", "empty": False, "keysrules": _ID, "valuesrules": _dict(SCALE)},
    items=_list(_dict(ITEM)),
    repeats=_dict(
        _fields("by", by=_ID, at_most={"type": "integer", "min": 1}, states=_list(_ID), source=_ID)
    ),
    scores={"type": "list", "schema": {"type": "dict"}},
    change_rules={"type": "list", "schema": {"type": "dict"}},
    cut_offs=_list(_dict(CUT_OFF)),
    norms=_list(_dict(NORM)),
    derivations=_list(
        _dict(
            _fields(
                "from",
                "items",
                "source",
                **{"from": _ID, "source": _ID},
                items={"type": "dict", "empty": False, "keysrules": _ID, "valuesrules": _ID},
            )
        )
    ),
    sources={"type": "dict", "keysrules": _ID, "valuesrules": _dict(SOURCE)},
)
