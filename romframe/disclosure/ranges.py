"""How far a reader can narrow hidden counts down with the sums: a range that tells nothing new."""

import math
from collections.abc import Mapping, Sequence

from romframe.disclosure.table import Cell, Sum


Range = tuple[float, float]


def narrowed(cells: Mapping[str, Cell], sums: Sequence[Sum]) -> dict[str, Range]:
    """Give the range of each count that its cell and the sums allow.

    The counts themselves lie inside, so that the narrowing comes to an end.
    """
    ranges: dict[str, Range] = {
        name: (cell.low, math.inf if cell.high is None else cell.high)
        for name, cell in cells.items()
    }
    before: dict[str, Range] = {}
    while before != ranges:
        before = dict(ranges)
        for each in sums:
            _narrow(ranges, each)
    return ranges


def _narrow(ranges: dict[str, Range], each: Sum) -> None:
    low = sum(ranges[part][0] for part in each.parts)
    high = sum(ranges[part][1] for part in each.parts)
    total = _within(ranges[each.total], low, high)
    ranges[each.total] = total
    for part in each.parts:
        others = [ranges[other] for other in each.parts if other != part]
        ranges[part] = _within(
            ranges[part],
            total[0] - sum(high for _, high in others),
            total[1] - sum(low for low, _ in others),
        )


def _within(found: Range, low: float, high: float) -> Range:
    return max(found[0], low), min(found[1], high)
