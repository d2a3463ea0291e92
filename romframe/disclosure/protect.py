"""A whole table made safe: no hidden count can be worked out from what is shown.

The reader is taken to know the policy with its threshold and rounding, that counts are whole
numbers, every sum, everything that is shown, and of each hidden count why it is hidden. Each hidden
count keeps at least two possible values.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from attrs import define, evolve, field

from romframe.disclosure.policy import DisclosurePolicy
from romframe.disclosure.ranges import narrowed
from romframe.disclosure.rings import Web, cheapest_ring, web
from romframe.disclosure.table import Cell, CountTable, ProtectedTable


def protect(
    table: CountTable, policy: DisclosurePolicy, released: Sequence[ProtectedTable] = ()
) -> ProtectedTable:
    """Decide for every count of a table what may be shown.

    Small counts are hidden by the policy (primary). So are the shares of a total of which all or
    nearly all are of one kind, together with the small shares of the same total (complement), and
    counts that differ from the exact figure of an earlier release of the same table by a small
    number (differencing). Further counts, the smallest that suffice, are hidden where one of those
    could be worked out (secondary). Where that is not enough, every count that is not known
    elsewhere is withheld.

    Where a release tells all but a few people of the table, everything in it is withheld, counts
    known elsewhere too: it would tell what has become of those few, whichever count they are in.
    """
    earlier = [each for each in released if each.id == table.id]
    if any(_few_changed(table, policy, each) for each in earlier):
        return _held(table, policy)
    cells = _by_policy(table, policy) | _given(table, policy, released)
    plan = _Plan(table, policy, web(table.counts, table.sums), cells)
    plan.cells |= _complements(table, policy)
    plan.cells |= _differences(table, policy, plan.cells, earlier)
    exposed = plan.hide_more()
    if exposed:
        plan.withhold()
        exposed = plan.hide_more()
    return ProtectedTable(table.id, policy.id, _told(plan), tuple(exposed))


@define
class _Plan:
    """What is to be shown of a table, as far as that is decided."""

    table: CountTable
    policy: DisclosurePolicy
    web: Web
    cells: dict[str, Cell]
    _proven: set[str] = field(factory=set)

    def hide_more(self) -> list[str]:
        """Put each hidden count on a ring of hidden ones; give those for which there is none."""
        hidden = [name for name, cell in self.cells.items() if cell.reason]
        return [name for name in hidden if name not in self._proven and not self._ringed(name)]

    def withhold(self) -> None:
        """Say nothing at all of any count that can be hidden."""
        self._proven.clear()
        for name in self._free():
            reason = self.cells[name].reason or "secondary"
            self.cells[name] = Cell(self.policy.no_percentage, 0, None, reason)

    def _ringed(self, name: str) -> bool:
        ring = cheapest_ring(self.web, name, self._price)
        if ring is None:
            return False
        for each, step in ring.steps.items():
            if not self.cells[each].allows(self.table.counts[each] + step):
                self.cells[each] = self._secondary()
        self._proven.update(ring.steps)
        return True

    def _price(self, name: str, step: int) -> int | None:
        """Price a step: nothing where nobody sees it, the count where it must be hidden for it."""
        count = self.table.counts[name]
        cell = self.cells[name]
        if cell.allows(count + step):
            return 0
        large = min(count, count + step) >= self.policy.threshold
        free = not cell.reason and name not in self.table.known
        return count + 1 if large and free else None

    def _secondary(self) -> Cell:
        """Hide a count of which a reader may know that it is not a small one."""
        return Cell(self.policy.no_percentage, self.policy.threshold, None, "secondary")

    def _free(self) -> Iterable[str]:
        return [name for name in self.cells if name not in self.table.known]


def _few_changed(table: CountTable, policy: DisclosurePolicy, before: ProtectedTable) -> bool:
    """Say whether counts that a release tells have changed, but none by the threshold or more."""
    changes = {
        abs(count - before.cells[name].low)
        for name, count in table.counts.items()
        if name in before.cells and before.cells[name].exact
    }
    return 0 < max(changes, default=0) < policy.threshold


def _held(table: CountTable, policy: DisclosurePolicy) -> ProtectedTable:
    withheld = Cell(policy.no_percentage, 0, None, "differencing")
    return ProtectedTable(table.id, policy.id, dict.fromkeys(table.counts, withheld), held=True)


def _given(
    table: CountTable, policy: DisclosurePolicy, released: Sequence[ProtectedTable]
) -> dict[str, Cell]:
    """Give the known counts as the table shows them that is decided before this one."""
    if table.after is None:
        return {}
    cells = protect(table.after, policy, released).cells
    return {name: cells[name] for name in sorted(table.known) if name in cells}


def _by_policy(table: CountTable, policy: DisclosurePolicy) -> dict[str, Cell]:
    """Look at each count by itself."""
    return {
        name: _unshown(count, policy) if name in table.unshown else _alone(count, policy, table)
        for name, count in table.counts.items()
    }


def _unshown(count: int, policy: DisclosurePolicy) -> Cell:
    return Cell(policy.no_percentage, 0, None, "primary" if policy.hides(count) else "")


def _alone(count: int, policy: DisclosurePolicy, table: CountTable) -> Cell:
    if policy.hides(count):
        return Cell(policy.count(count), *policy.alike(count), "primary")
    low, high = (count, count) if table.percentages else policy.alike(count)
    return Cell(policy.count(count), low, high)


def _complements(table: CountTable, policy: DisclosurePolicy) -> dict[str, Cell]:
    """Hide that all of a total are of one kind, or all but a few, which must look the same."""
    found: dict[str, Cell] = {}
    if policy.everyone == "hidden":
        for whole, parts in table.shares.items():
            if not policy.hides(table.counts[whole]):
                free = {part: table.counts[part] for part in parts if part not in table.known}
                found |= _shares(free, table.counts[whole], policy)
    return found


def _shares(parts: Mapping[str, int], of: int, policy: DisclosurePolicy) -> dict[str, Cell]:
    """Hide shares where one is of all or nearly all; of the smallest total shown, hide them all.

    There a share of nearly all would be a small count, so that only a share of all would be told.
    """
    few = policy.threshold - 1
    if of == policy.threshold:
        return {part: _complement(policy, 0, of) for part in parts}
    most = {part for part, count in parts.items() if of - count <= few < count}
    rest = {part for part, count in parts.items() if count <= few} if most else set()
    low = max(of - few, policy.threshold)
    return {part: _complement(policy, low, of) for part in parts if part in most} | {
        part: _complement(policy, 0, few) for part in parts if part in rest
    }


def _complement(policy: DisclosurePolicy, low: int, high: int) -> Cell:
    return Cell(policy.no_percentage, low, high, "complement")


def _differences(
    table: CountTable,
    policy: DisclosurePolicy,
    cells: Mapping[str, Cell],
    earlier: Iterable[ProtectedTable],
) -> dict[str, Cell]:
    """Hide counts that a few people joined or left since a release that tells the count."""
    found: dict[str, Cell] = {}
    for release, name in product(earlier, cells):
        before, now = release.cells.get(name), cells[name]
        if before is None or not (before.exact and now.exact) or name in table.known:
            continue
        grown = table.counts[name] - before.low
        if 0 < abs(grown) < policy.threshold:
            found.setdefault(name, _difference(policy, before.low, grown))
    return found


def _difference(policy: DisclosurePolicy, before: int, grown: int) -> Cell:
    """Hide a count behind those that would be hidden likewise, on the same side if there are two.

    A count that has shrunk into the small ones is hidden as such and is not among them.
    """
    few = policy.threshold - 1
    low, high = before + 1, before + few
    if grown < 0:
        low = max(policy.threshold, before - few)
        high = high if low == before - 1 else before - 1
    return Cell(policy.no_percentage, low, high, "differencing")


def _told(plan: _Plan) -> dict[str, Cell]:
    """Narrow each hidden count down as far as a reader can, and write that range in its place.

    A policy may want a mark in its place, and a small count keeps the policy's own words.
    """
    ranges = narrowed(plan.cells, plan.table.sums)
    return {name: _narrower(cell, *ranges[name], plan.policy) for name, cell in plan.cells.items()}


def _narrower(cell: Cell, low: float, high: float, policy: DisclosurePolicy) -> Cell:
    found = evolve(cell, low=int(low), high=None if math.isinf(high) else int(high))
    bare = cell.text == policy.no_percentage and policy.ranges
    if not bare or found.high is None or found.exact:
        return found
    return evolve(found, text=f"{found.low}\N{EN DASH}{found.high}")
