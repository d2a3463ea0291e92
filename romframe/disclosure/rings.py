"""Another table that looks the same: the proof that a hidden count cannot be worked out.

A ring is a set of counts that can each change by one, up or down, and every sum still holds. A
hidden count on a ring of counts whose change no reader would see has at least two possible values.
Where each count stands in at most two sums, as in a table of rows and columns with their totals,
there is such a ring wherever the count has a second value at all (the sums are a network, and
circulations in a network are made of such rings). Where counts stand in more sums the search is
bounded: a ring that it finds is still a proof, and where it finds none there may be one.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import frozen

from romframe.disclosure.table import Sum


Price = Callable[[str, int], int | None]
Owed = tuple[tuple[int, int], ...]

_MOST_OWED = 6
_MOST_LOOKS = 5_000


@frozen
class Ring:
    """Counts that change together, each with its step of 1 or -1, and what that costs."""

    price: int
    steps: Mapping[str, int]


@frozen
class Web:
    """Which counts stand in which sums, with 1 for a part and -1 for the total."""

    members: tuple[tuple[tuple[str, int], ...], ...]
    places: Mapping[str, tuple[tuple[int, int], ...]]


def web(names: Iterable[str], sums: Sequence[Sum]) -> Web:
    """Give the web of these sums over these counts."""
    members = tuple((*((part, 1) for part in each.parts), (each.total, -1)) for each in sums)
    places: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
    for number, each in enumerate(members):
        for name, sign in each:
            places[name].append((number, sign))
    return Web(members, {name: tuple(each) for name, each in places.items()})


def cheapest_ring(among: Web, start: str, price: Price) -> Ring | None:
    """Find the cheapest ring through a count; None where there is none.

    `price` says what it costs that a count changes by a step, None where it cannot.
    """
    found = [ring for step in (1, -1) if (ring := _ring(among, start, step, price)) is not None]
    return min(found, key=lambda ring: ring.price, default=None)


def _ring(among: Web, start: str, step: int, price: Price) -> Ring | None:
    """Follow the sums from the changed count: what one owes, another count in it must pay."""
    cost = price(start, step)
    if cost is None:
        return None
    waiting = [(cost, 1, 0, _after((), among.places[start], step), {start: step})]
    seen: set[Owed] = set()
    pushed = 0
    while waiting and len(seen) < _MOST_LOOKS:
        cost, length, _, owed, steps = heapq.heappop(waiting)
        if not owed:
            return Ring(cost, steps)
        if owed in seen:
            continue
        seen.add(owed)
        number, amount = owed[-1]
        for name, sign in among.members[number]:
            paid = -sign if amount > 0 else sign
            more = None if name in steps else price(name, paid)
            after = _after(owed, among.places[name], paid)
            if more is None or len(after) > _MOST_OWED:
                continue
            pushed += 1
            way = (cost + more, length + 1, pushed, after, {**steps, name: paid})
            heapq.heappush(waiting, way)
    return None


def _after(owed: Owed, places: Iterable[tuple[int, int]], step: int) -> Owed:
    """Give what each sum is out by after a count has changed; the newest comes last."""
    amounts = dict(owed)
    for number, sign in places:
        amounts[number] = amounts.get(number, 0) + sign * step
    return tuple((number, amount) for number, amount in amounts.items() if amount)
