"""The schema of a pack's YAML file."""

from datetime import date
from typing import Any

from romframe_mhsds.national.model import COUNTS


def _day(name: Any, value: Any, error: Any) -> None:
    try:
        date.fromisoformat(value)
    except ValueError:
        error(name, f"{value!r} is not a day.|Write year, month and day, as in 2023-04-01.")


_NAME = {"type": "string", "empty": False}
_NEEDED = {**_NAME, "required": True}
_DAY = {**_NAME, "check_with": _day}
_FLAG = {"type": "boolean"}
_CODES = {"type": "list", "empty": False, "schema": _NAME}
_NUMBER = {"type": "integer", "min": 0}
_LENGTH = {"type": "dict", "schema": {"more_than": _NUMBER, "at_least": _NUMBER}}


def _one_of(*allowed: str, required: bool = True) -> dict[str, Any]:
    return {"type": "string", "allowed": list(allowed), "required": required}


def _mapping(schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"type": "dict", "schema": schema, "required": required}


def _list(schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"type": "list", "empty": False, "schema": _mapping(schema), "required": required}


_MECHANISMS = _list({"codes": {**_CODES, "required": True}, "from": _DAY, "until": _DAY})
_CONTACTS = _mapping(
    {
        "kinds": _list(
            {
                "kind": _one_of("direct", "indirect"),
                "mechanisms": _MECHANISMS,
                "mechanisms_by": _NAME,
            },
            required=True,
        ),
        "count": _one_of("all_kinds", "larger_kind"),
        "period": _one_of("financial_year", "to_month_end", "to_discharge"),
        "more_than": _NUMBER,
        "at_least": _NUMBER,
    },
    required=True,
)
_SCORES = _mapping(
    {
        "first_per": _one_of("term", "code"),
        "last_per": _one_of("term", "code"),
        "until": _one_of("month_end", "discharge"),
        "same_moment": {**_FLAG, "required": True},
        "after_contacts": _FLAG,
    },
    required=True,
)
_SERVICE = {
    "id": _NEEDED,
    "label": _NEEDED,
    "age": _mapping({"from": _NUMBER, "below": _NUMBER, "unknown": _FLAG}, required=True),
    "teams": _mapping({"in": _CODES, "not_in": _CODES, "blank": _FLAG}, required=True),
    "contacts": _CONTACTS,
    "scores": _SCORES,
}
_FIGURE = {
    "id": _NEEDED,
    "label": _NEEDED,
    "family": _NEEDED,
    "count": _one_of(*COUNTS),
    "of": _one_of("eligible", "paired", "below_cut_off"),
    "unit": _one_of("referrals", "pairs", required=False),
    "cohorts": {**_CODES, "required": True},
    "targets": {
        "type": "dict",
        "keysrules": _NAME,
        "valuesrules": {"type": "number", "min": 0, "max": 100},
    },
}
_READING = {
    "id": _NEEDED,
    "question": _NEEDED,
    "default": _NEEDED,
    "choices": _list(
        {
            "id": _NEEDED,
            "says": _NEEDED,
            "source": _NEEDED,
            "mechanisms": _MECHANISMS,
            "better": _one_of("better", "published_better", required=False),
        },
        required=True,
    ),
}
PACK: dict[str, Any] = {
    "romframe_national": {"type": "integer", "allowed": [1], "required": True},
    "id": _NEEDED,
    "title": _NEEDED,
    "covers": _mapping({"from": {**_DAY, "required": True}, "until": _DAY}, required=True),
    "sources": _list({"name": _NEEDED, "where": _NEEDED, "dated": _NEEDED}, required=True),
    "eligible": _mapping(
        {
            "not_rejected": {"type": "boolean", "allowed": [True]},
            "residence": _mapping({"starts_with": _NEEDED, "blank": {**_FLAG, "required": True}}),
            "no_inpatient_spell": {"type": "boolean", "allowed": [True]},
            "received_from": _DAY,
            "not_referral_reason": _CODES,
        },
        required=True,
    ),
    "services": _list(_SERVICE, required=True),
    "groups": _list({"id": _NEEDED, "label": _NEEDED, "services": {**_CODES, "required": True}}),
    "cohorts": _list(
        {
            "id": _one_of("closed", "open"),
            "label": _NEEDED,
            "length": _LENGTH,
            "months": {"type": "integer", "min": 1, "max": 12},
        },
        required=True,
    ),
    "scales": _one_of("listed", "with_threshold"),
    "families": _list(
        {
            "id": _NEEDED,
            "label": _NEEDED,
            "categories": _CODES,
            "raters": _CODES,
            "tools": _CODES,
        },
        required=True,
    ),
    "change": _mapping(
        {
            "thresholds": _NEEDED,
            "better": _one_of("better", "published_better", required=False),
            "better_by": _NAME,
            "norms": _mapping(
                {
                    "table": _NEEDED,
                    "genders": {
                        "type": "dict",
                        "required": True,
                        "keysrules": _NAME,
                        "valuesrules": _NAME,
                    },
                }
            ),
        }
    ),
    "figures": _list(_FIGURE, required=True),
    "percent_decimals": {"type": "integer", "min": 0, "max": 4, "required": True},
    "publication": _mapping(
        {"disclosure": _NEEDED, "verified": {**_FLAG, "required": True}, "note": _NEEDED},
        required=True,
    ),
    "readings": _list(_READING),
    "quirks": _list({"says": _NEEDED, "reproduced": {**_FLAG, "required": True}}),
}
