"""Resources into files: bundles of some hundred, or a line a resource."""

import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define, field


_IN_A_BUNDLE = 500


def resource_id(*parts: str) -> str:
    """Give an id that is the same for the same parts, on every machine."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(("urn:romframe", *parts))))


@define
class Lines:
    """A file a type of resource, a resource a line, as bulk data are exchanged."""

    folder: Path
    names: dict[str, Path] = field(factory=dict)

    def link(self, kind: str, key: str) -> str:
        """Give the reference to another resource."""
        return f"{kind}/{key}"

    def write(self, resources: Sequence[Mapping[str, Any]]) -> None:
        """Add resources to the ends of their files."""
        for kind in sorted({each["resourceType"] for each in resources}):
            path = self.names.setdefault(kind, self.folder / f"{kind}.ndjson")
            with path.open("a", encoding="utf-8") as file:
                for each in resources:
                    if each["resourceType"] == kind:
                        file.write(json.dumps(each, ensure_ascii=False) + "\n")

    def close(self) -> tuple[str, ...]:
        """Give the names of the files."""
        return tuple(path.name for path in self.names.values())


@define
class Bundles:
    """Files that hold a bundle each; what belongs together is never parted."""

    folder: Path
    names: list[str] = field(factory=list)
    _waiting: list[Mapping[str, Any]] = field(factory=list)

    def link(self, _: str, key: str) -> str:
        """Give the reference to another resource of the same bundle."""
        return f"urn:uuid:{key}"

    def write(self, resources: Sequence[Mapping[str, Any]]) -> None:
        """Add resources, and write a bundle where there are enough."""
        self._waiting += resources
        if len(self._waiting) >= _IN_A_BUNDLE:
            self._flush()

    def close(self) -> tuple[str, ...]:
        """Write what is left and give the names of the files."""
        if self._waiting:
            self._flush()
        return tuple(self.names)

    def _flush(self) -> None:
        entries = [{"fullUrl": f"urn:uuid:{e['id']}", "resource": e} for e in self._waiting]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        name = f"bundle_{len(self.names) + 1:04}.json"
        text = json.dumps(bundle, ensure_ascii=False, indent=1)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")
        self.names.append(name)
        self._waiting = []
