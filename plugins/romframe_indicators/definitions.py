"""What each indicator counts, of whom, and when it cannot be told; and its parameters."""

from collections.abc import Mapping
from typing import Any

from romframe import message


SUMMARIES: Mapping[str, str] = {
    "re_referral": message(
        "Of referrals by the day on which they were closed: met where the same person was"
        " referred again on that day or up to `days` days after it, to any team, or with"
        " `same_team: true` to the same one. `close_reasons` bounds it to referrals closed for"
        " one of these reasons, such as treatment completed. It cannot be told before that many"
        " days are over, even where the person has come back already; nor where the person is"
        " not known, or has another referral without a date."
    ),
    "relapse": message(
        "Of closed referrals of people who were referred to be kept well (pathway prevention),"
        " by the day of closing: met where `score` of `instrument` got worse from the first"
        " rating to the last by enough for the change rule (`rule`, or else the score's own),"
        " and so for the classes deteriorated and harmed. The pairing policy `pairing` chooses"
        " the ratings; without it that of the framework or else of the workspace. It cannot be"
        " told without a pair, or where the rule cannot judge the pair."
    ),
    "better_side": message(
        "Of closed referrals, by the day of closing: met where the last rating of `score` of"
        " `instrument`, with `timepoints` the last one made at one of these, is on the better side"
        " of `cut_off`, one of the cut-offs that the spec has for this score. It says where people"
        " are in the end, not whether they changed. It cannot be told without a rating that has a"
        " score."
    ),
    "favourable": message(
        "Of returns of the experience measure `instrument` in which `item` was answered: met"
        " where the answer is on the item's favourable side, as its spec says. Every other"
        " answer counts as not met, don't know too. Anonymous returns count by their month, and"
        " are about nobody's referral; with `returns: identified` those with a name count"
        " instead, by their day. The two are never added up. It cannot be told where the item"
        " was not answered."
    ),
    "completeness": message(
        "Of closed referrals, by the day of closing: met where there is a completed assessment"
        " with `instrument`, with `timepoint` one made at that timepoint. It can always be told."
    ),
    "paired_rate": message(
        "Of closed referrals, by the day of closing: met where the pairing policy `pairing`,"
        " without it that of the framework or else of the workspace, finds a first and a last"
        " rating for `score` of `instrument`. It can always be told."
    ),
    "wait": message(
        "Of referrals, by the day on which they were received: met where `to` came at most"
        " `within` days after `from`. The moments are `referral` (received), `assessment` (the"
        " first completed assessment made at the timepoint assessment), `contact` (the first day"
        " with an attended contact) and `treatment` (the second day with an attended contact: a"
        " definition of romframe's own). The median is of the days waited by those for whom `to`"
        " has come. It cannot be told before `within` days are over, so that short waits do not"
        " count first; nor where `from` is not known, comes after `to`, or the referral was"
        " closed within these days before `to` came."
    ),
}

MORE: Mapping[str, Mapping[str, Any]] = {
    "relapse": {"pathway": "prevention"},
    "wait": {"has_values": True},
}

_TEXT = {"type": "string", "empty": False}
_NAME = {**_TEXT, "required": True}
_DAYS = {"type": "integer", "min": 0, "max": 10_000, "required": True}
_TIMEPOINT = {"type": "string", "allowed": ["assessment", "review", "discharge", "session"]}

PARAMS: Mapping[str, Mapping[str, Any]] = {
    "re_referral": {
        "days": _DAYS,
        "same_team": {"type": "boolean"},
        "close_reasons": {"type": "list", "empty": False, "schema": {"type": "string"}},
    },
    "relapse": {"instrument": _NAME, "score": _NAME, "rule": _TEXT, "pairing": _TEXT},
    "better_side": {
        "instrument": _NAME,
        "score": _NAME,
        "cut_off": _NAME,
        "timepoints": {"type": "list", "empty": False, "schema": _TIMEPOINT},
    },
    "favourable": {
        "instrument": _NAME,
        "item": _NAME,
        "returns": {"type": "string", "allowed": ["anonymous", "identified"]},
    },
    "completeness": {"instrument": _NAME, "timepoint": _TIMEPOINT},
    "paired_rate": {"instrument": _NAME, "score": _NAME, "pairing": _TEXT},
    "wait": {
        "from": {
            "type": "string",
            "allowed": ["referral", "assessment", "contact"],
            "required": True,
        },
        "to": {
            "type": "string",
            "allowed": ["assessment", "contact", "treatment"],
            "required": True,
        },
        "within": _DAYS,
    },
}
