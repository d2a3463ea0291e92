"""Names as a spec can have them, out of those that other formats have."""

import re
from collections.abc import Collection


_WORD = re.compile(r"[a-z][a-z0-9_]*")
_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 40
_VERDICTS = ("_status", "_reason", "_answered", "_band")  # columns that every score has beside it


def as_id(name: str, taken: Collection[str], lead: str = "q") -> str:
    """Give an id that is like a name and that nothing has yet; `lead` goes before a digit."""
    wanted = name
    if not _WORD.fullmatch(name) or len(name) > _LONGEST:
        plain = _OTHER.sub("_", name.lower()).strip("_")[:_LONGEST].strip("_")
        wanted = plain if plain[:1].isalpha() else f"{lead}{plain}"
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}_{number}"
    return found


def as_score_id(name: str, taken: Collection[str], items: Collection[str]) -> str:
    """Give an id for a score, which clashes with no item and with no column of another score."""
    beside = {each.removesuffix(end) for each in items for end in _VERDICTS if each.endswith(end)}
    ready = f"{name}_score" if name.lower().endswith(_VERDICTS) else name
    return as_id(ready, {*taken, *items, *beside}, "score")


def tidy(text: str) -> str:
    """Give a text on one line, without characters that cannot be shown."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
