"""Sums of answers as FHIRPath: written so that nothing may be missing, read where that is plain."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Sum(NamedTuple):
    """A sum of items' answers: of their weights or of numbers; `strict` if none may be missing."""

    items: tuple[str, ...]
    weights: bool
    strict: bool


_BLANKS = re.compile(r"\s+")
_NAMES = re.compile(r"'([^']+)'")
_LISTED = r"linkIdin\('[^']+'(?:\|'[^']+')*\)"
_CHOSEN = r"linkId='[^']+'(?:orlinkId='[^']+')*"
_ANSWERS = rf"%resource\.repeat\(item\)\.where\((?:{_LISTED}|{_CHOSEN})\)\.answer\.value"
_PLAIN = re.compile(rf"({_ANSWERS})((?:\.weight|\.ordinal)\(\))?\.sum\(\)")
_STRICT = re.compile(r"iif\((.+)\.count\(\)=([0-9]+),(.+),\{\}\)")


def sum_expression(items: Iterable[str], *, weights: bool) -> str:
    """Say the sum of some items' answers, which is empty unless every one is answered."""
    names = list(items)
    listed = " | ".join(f"'{name}'" for name in names)
    answers = f"%resource.repeat(item).where(linkId in ({listed})).answer.value"
    values = f"{answers}.weight()" if weights else answers
    return f"iif({answers}.count() = {len(names)}, {values}.sum(), {{}})"


def understood(expression: str) -> Sum | None:
    """Give the sum that an expression says, None where it says anything else."""
    plain = _BLANKS.sub("", expression)
    strict = _STRICT.fullmatch(plain)
    found = _PLAIN.fullmatch(strict[3] if strict else plain)
    if found is None:
        return None
    names = tuple(_NAMES.findall(found[1]))
    if strict and (strict[1] != found[1] or int(strict[2]) != len(names)):
        return None
    return Sum(names, found[2] is not None, strict is not None)
