"""Keys of the spec language that have another name by now: both are read, and are one spec.

A key is known by its path, where `*` stands for any key of a table; places in lists do not count.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from romframe.deprecation import Deprecation


_Path = tuple[str, ...]


class Renamed(NamedTuple):
    """A key that was once called `old`: the path of what it stands in, and its name now."""

    path: tuple[str, ...]
    old: str
    new: str
    since: str
    until: str

    @property
    def deprecation(self) -> Deprecation:
        """What is said to whoever writes the old name."""
        where = ".".join((*self.path, self.old))
        return Deprecation(f"The key `{where}`", f"`{self.new}`", self.since, self.until)


RENAMED: list[Renamed] = []  # none since version 1 of the language


def newest(data: Any) -> Any:
    """Give a spec's data with every key under the name that it has now."""
    return _with_keys(data, {(*each.path, each.old): each.new for each in RENAMED})


def oldest(data: Any) -> Any:
    """Give a spec's data with every key under the name that it had first.

    A spec's digest is made of these, so that it stays what it is when a key is renamed.
    """
    return _with_keys(data, {(*each.path, each.new): each.old for each in RENAMED})


def old_keys(data: Any) -> list[Deprecation]:
    """Say of each old name that stands in a spec's data what to write instead."""
    return [
        each.deprecation
        for each in RENAMED
        if any(_fits((*each.path, each.old), path) for path in _paths(data))
    ]


def _fits(pattern: _Path, path: _Path) -> bool:
    return len(pattern) == len(path) and all(
        known in ("*", key) for known, key in zip(pattern, path, strict=True)
    )


def _paths(data: Any, path: _Path = ()) -> Iterator[_Path]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield (*path, key)
            yield from _paths(value, (*path, key))
    elif isinstance(data, list):
        for each in data:
            yield from _paths(each, path)


def _with_keys(data: Any, names: Mapping[_Path, str], path: _Path = ()) -> Any:
    if not names:
        return data
    if isinstance(data, list):
        return [_with_keys(each, names, path) for each in data]
    if not isinstance(data, Mapping):
        return data
    return {
        _name((*path, key), names): _with_keys(value, names, (*path, key))
        for key, value in data.items()
    }


def _name(path: _Path, names: Mapping[_Path, str]) -> str:
    return next((name for pattern, name in names.items() if _fits(pattern, path)), path[-1])
