"""Small groups put together, so that a table has no row that a reader could find by subtraction."""

from collections.abc import Sequence
from typing import Protocol, Self, TypeVar

from romframe import DisclosurePolicy


class Poolable(Protocol):
    """A row of a table of groups that can be put together with another."""

    @property
    def size(self) -> int:
        """How many the row is about."""
        ...

    def and_with(self, other: Self) -> Self:
        """Give the row for both groups, under both names."""
        ...


Row = TypeVar("Row", bound=Poolable)


def pooled(rows: Sequence[Row], policy: DisclosurePolicy) -> tuple[Row, ...]:
    """Give the rows, those that are too small to show in one row at the end.

    One that is too small even so is put together with the next larger group as well, until it may
    be shown or nothing else is left.
    """
    by_size = sorted(rows, key=lambda row: row.size)
    small = [row for row in by_size if policy.hides(row.size)]
    larger = by_size[len(small) :]
    if not small:
        return tuple(rows)
    together, *others = small
    for other in others:
        together = together.and_with(other)
    while larger and policy.hides(together.size):
        together = together.and_with(larger.pop(0))
    return (*(row for row in rows if row in larger), together)
