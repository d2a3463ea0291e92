"""One definition file as checks see it: the parts that are sound so far, and what they name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from romframe.errors import did_you_mean
from romframe.yaml_source import Document, Path


Entry = Mapping[str, Any]


class Draft:
    """The data of one file under inspection.

    What it gives is sound at that moment: an entry that a check reports is not given again.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.report = document.report
        self.data: Entry = document.data if isinstance(document.data, Mapping) else {}
        self._told: set[tuple[str, str]] = set()

    def section(self, key: str) -> Mapping[Any, Any]:
        """Give a section that is a mapping, whatever it holds; empty if it is something else."""
        value = self.data.get(key)
        return value if isinstance(value, Mapping) else {}

    def listed(self, *path: str | int) -> list[Any]:
        """Give the list that stands at a path, whatever it holds; empty if it is something else."""
        value: Any = self.data
        for key in path:
            inside = isinstance(key, int) or isinstance(value, Mapping)
            value = (value[key] if isinstance(key, int) else value.get(key)) if inside else None
        return value if isinstance(value, list) else []

    def entries(self, *path: str | int) -> Iterator[tuple[Path, Entry]]:
        """Give the place and content of each sound entry of a list."""
        for index, entry in enumerate(self.listed(*path)):
            if self.document.sound((*path, index)):
                yield (*path, index), entry

    def names(self, key: str) -> list[str] | None:
        """Give every name that a section defines, or None where some cannot be known."""
        value = self.data.get(key, {})
        if not self.document.legible((key,)) or (key,) in self.document.faulty:
            return None
        if isinstance(value, Mapping):
            return list(value)
        entries = value if isinstance(value, list) else [None]
        ids = [each.get("id") if isinstance(each, Mapping) else None for each in entries]
        names = [name for name in ids if isinstance(name, str)]
        return names if len(names) == len(ids) else None

    def unknown(self, path: Path, code: str, name: str, section: str) -> bool:
        """Say whether `section` does not define a name; report the first use of such a name."""
        names = self.names(section)
        if names is None or name in names:
            return False
        if (section, name) not in self._told:
            what = f"There is no {code.removeprefix('unknown-')} {name!r}."
            mend = f"{did_you_mean(name, names)} It is to be defined under `{section}:`."
            self.report(path, code, what, mend)
        self._told.add((section, name))
        return True

    def unique(self, entries: Iterable[tuple[Path, Entry]], taken: Iterable[str] = ()) -> None:
        """Report each entry whose id is taken already."""
        seen = set(taken)
        for path, entry in list(entries):
            if entry["id"] in seen:
                what = f"The id {entry['id']!r} is already taken."
                self.report((*path, "id"), "id-twice", what, "Give it a name of its own.")
            seen.add(entry["id"])
