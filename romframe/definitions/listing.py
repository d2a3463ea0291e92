"""What of a spec a format has no place for, listed path by path."""

from collections.abc import Iterator, Mapping
from typing import Any

from romframe.definitions.model import Unsaid


Carried = Mapping[str, Any]


def not_carried(document: Any, carried: Carried, format_name: str) -> Iterator[Unsaid]:
    """List everything of a spec that a format does not carry.

    `carried` has the keys that it does: with True, with a sentence where it is said in another way,
    or with the same for what stands below. `*` stands for every entry. Entries of a list go by
    their `id`.
    """
    yield from _walk(document, carried, format_name, "")


def _walk(value: Any, carried: Carried, format_name: str, above: str) -> Iterator[Unsaid]:
    for key, each in _entries(value):
        place = f"{above}{key}"
        known = carried.get(key, carried.get("*"))
        if known is None:
            yield Unsaid("not-carried", place, f"{format_name} cannot say this.")
        elif isinstance(known, str):
            yield Unsaid("said-otherwise", place, known)
        elif isinstance(known, Mapping) and isinstance(each, Mapping | list):
            yield from _walk(each, known, format_name, f"{place}.")


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((str(key), each) for key, each in value.items())
        return
    for number, each in enumerate(value):
        named = each.get("id") if isinstance(each, Mapping) else None
        yield str(named or number), each
