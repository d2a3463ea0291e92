"""What is found out about a package, and what is made of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from attrs import frozen


TIERS = ("bronze", "silver", "gold", "platinum")
NO_TIER = "none"


@frozen
class Missing:
    """One thing that a tier asks for and that is not so, with how to mend it."""

    tier: str
    criterion: str
    what: str


@frozen
class Verdict:
    """What a package is called, the highest tier of which nothing is missing, and what is."""

    name: str
    version: str
    tier: str
    missing: tuple[Missing, ...]


@frozen
class Loaded:
    """What became of the package's plugins: what they offer by kind, and what is wrong."""

    offers: Mapping[str, Sequence[str]] = MappingProxyType({})
    problems: Sequence[str] = ()
    contested: Sequence[str] = ()
    labels: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """Every name that is offered."""
        return [name for names in self.offers.values() for name in names]


@frozen
class Tried:
    """What became of the package's tests.

    `suites` are those of the kit that ran, each with the name of the offer. `left_out` are tests
    of the kit that did not run. `covered` is the share of lines and branches, in per cent; None
    where nothing could be counted.
    """

    failed: Sequence[str] = ()
    passed: int = 0
    suites: Sequence[Sequence[str]] = ()
    left_out: Sequence[str] = ()
    covered: float | None = None

    def ran(self, suite: str, offer: str = "") -> bool:
        """Say whether a suite of the kit ran, for this offer."""
        return [suite, offer] in [list(each) for each in self.suites]


@frozen
class Evidence:
    """All that is known of a package; `folder` is its source, where that was given."""

    metadata: Mapping[str, Any]
    entries: Mapping[str, str]
    site: Path
    folder: Path | None
    loaded: Loaded
    tested: Tried
    types: Sequence[str]

    @property
    def packages(self) -> tuple[str, ...]:
        """The top-level modules that the entry points name."""
        tops = {target.partition(":")[0].partition(".")[0] for target in self.entries.values()}
        return tuple(sorted(tops))

    def text(self, name: str) -> str:
        """Give a text file of the source, and nothing where there is none."""
        path = self.folder / name if self.folder else None
        return path.read_text(encoding="utf-8", errors="replace") if path and path.exists() else ""
