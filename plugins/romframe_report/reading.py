"""A workspace read only once, so that all sections of a report tell of one moment."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define, field


if TYPE_CHECKING:
    import polars as pl

    from romframe import PairingPolicy, Workspace

Found = TypeVar("Found")


@define
class ReadOnce:
    """Stands in for a workspace and keeps what was read of it, and what was worked out of that."""

    _workspace: Workspace
    _seen: dict[Hashable, Any] = field(factory=dict)

    def table(self, name: str, among: pl.Series | None = None) -> pl.DataFrame:
        """Give a table of the store; rows among some are read anew."""
        if among is not None:
            return self._workspace.table(name, among)
        return self.once(("table", name), partial(self._workspace.table, name))

    def used_instruments(self) -> tuple[str, ...]:
        """Give the instruments that have assessments in the store."""
        return self.once("used_instruments", self._workspace.used_instruments)

    def responses(self, instrument: str, among: pl.Series | None = None) -> pl.LazyFrame:
        """Give the answers of current completed assessments; those among some are read anew."""
        if among is not None:
            return self._workspace.responses(instrument, among)
        return self.once(("responses", instrument), partial(self._workspace.responses, instrument))

    def changes(
        self,
        instrument: str,
        score: str | None = None,
        rule: str | None = None,
        settings: Mapping[str, float | str] | None = None,
        policy: PairingPolicy | None = None,
    ) -> pl.DataFrame:
        """Give the judged pairs of an instrument."""
        asked = (instrument, score, rule, settings, policy)
        key = ("changes", *asked[:3], tuple(sorted((settings or {}).items())), policy)
        return self.once(key, partial(self._workspace.changes, *asked))

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
