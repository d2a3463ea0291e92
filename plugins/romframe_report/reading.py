"""A workspace read only once, so that all sections of a report tell of one moment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define, field


if TYPE_CHECKING:
    import polars as pl

    from romframe import Workspace

Found = TypeVar("Found")


@define
class ReadOnce:
    """Stands in for a workspace and keeps what was read of it, and what was worked out of that."""

    _workspace: Workspace
    _seen: dict[Hashable, Any] = field(factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        """Give a table of the store."""
        return self.once(("table", name), lambda: self._workspace.table(name))

    def used_instruments(self) -> tuple[str, ...]:
        """Give the instruments that have assessments in the store."""
        return self.once("used_instruments", self._workspace.used_instruments)

    def responses(self, instrument: str) -> pl.LazyFrame:
        """Give the answers of every current completed assessment."""
        key = ("responses", instrument)
        return self.once(key, lambda: self._workspace.responses(instrument))

    def changes(
        self, instrument: str, score: str | None = None, rule: str | None = None
    ) -> pl.DataFrame:
        """Give the judged pairs of an instrument."""
        key = ("changes", instrument, score, rule)
        return self.once(key, lambda: self._workspace.changes(instrument, score, rule))

    def once(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Give what is kept under a key; it is made where nothing is."""
        if key not in self._seen:
            self._seen[key] = make()
        return cast("Found", self._seen[key])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workspace, name)


def read_once(workspace: Workspace) -> Workspace:
    """Give a stand-in that reads the workspace once; one that does so already is given back."""
    return workspace if isinstance(workspace, ReadOnce) else cast("Workspace", ReadOnce(workspace))


def once(workspace: Workspace, key: Hashable, make: Callable[[], Found]) -> Found:
    """Give what `make` gives, worked out only once where the workspace is read only once."""
    return workspace.once(key, make) if isinstance(workspace, ReadOnce) else make()
