"""A table of counts with the sums that a reader knows, before and after it is made safe to show."""

from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import field, frozen


Reason = Literal["", "primary", "secondary", "complement", "differencing"]


@frozen
class Sum:
    """A total, and the counts that add up to it."""

    total: str
    parts: tuple[str, ...]


@frozen
class CountTable:
    """Counts of people by name, and what ties them together.

    `sums` are all the sums that a reader knows to hold, shown or not. `shares` says of which totals
    which counts are shown as a share: that all of a total are of one kind tells something of every
    one of them. Counts in `known` stand elsewhere too, so hiding them here would hide nothing;
    those that the table `after` has too are shown as it shows them. Counts in `unshown` are never
    shown, but a reader may work them out. `percentages` says that counts appear as percentages or
    in other figures that a reader could turn back into exact counts; their rounding then protects
    nothing.

    Raises ValueError where a sum does not hold, a name is not that of a count, or `after` has
    another count for a name.
    """

    id: str
    counts: Mapping[str, int]
    sums: tuple[Sum, ...] = ()
    shares: Mapping[str, tuple[str, ...]] = field(factory=dict)
    known: frozenset[str] = frozenset()
    percentages: bool = False
    unshown: frozenset[str] = frozenset()
    after: "CountTable | None" = None

    def __attrs_post_init__(self) -> None:
        unknown = sorted(set(self._named()).difference(self.counts))
        if unknown:
            message = f"table {self.id!r} has no count called {unknown[0]!r}"
            raise ValueError(message)
        for each in self.sums:
            if sum(self.counts[part] for part in each.parts) != self.counts[each.total]:
                message = f"the parts of {each.total!r} in table {self.id!r} do not add up to it"
                raise ValueError(message)
        for name in sorted(self.known):
            if (
                self.after is not None
                and self.after.counts.get(name, self.counts[name]) != (self.counts[name])
            ):
                message = f"table {self.after.id!r} has another {name!r} than table {self.id!r}"
                raise ValueError(message)

    def _named(self) -> Iterator[str]:
        for each in self.sums:
            yield from (each.total, *each.parts)
        for whole, parts in self.shares.items():
            yield from (whole, *parts)
        yield from (*self.known, *self.unshown)


@frozen
class Cell:
    """What is shown of one count, which counts that leaves possible, and why it is hidden.

    The reason is empty where the count is shown, be it rounded. `high` is None where there is no
    upper end.
    """

    text: str
    low: int
    high: int | None
    reason: Reason = ""

    @property
    def exact(self) -> bool:
        """Whether a reader knows the count."""
        return self.low == self.high

    def allows(self, count: int) -> bool:
        """Say whether the count might be this one."""
        return self.low <= count and (self.high is None or count <= self.high)


@frozen
class ProtectedTable:
    """A table that is safe to show under the policy of this name.

    `exposed` names the hidden counts that `known` counts give away, whatever is hidden here. `held`
    says that all is withheld, because only a few people have joined or left since a release:
    nothing computed of the same people may be shown then.
    """

    id: str
    policy: str
    cells: Mapping[str, Cell]
    exposed: tuple[str, ...] = ()
    held: bool = False

    def text(self, name: str) -> str:
        """Give the count as it may be shown."""
        return self.cells[name].text

    def hides(self, name: str) -> bool:
        """Say whether the count is hidden, so that nothing computed from it may be shown either."""
        return self.cells[name].reason != ""

    def hides_share(self, name: str, of: str) -> bool:
        """Say whether the first count as a share of the second must not be shown."""
        return self.hides(name) or self.hides(of)
