"""A run of figures over time: what is within its usual variation, and what is a signal.

The chart is the XmR chart of individual values and moving ranges. Constants and signals are those
of NHS-R Community, NHSRplotthedots (R/ptd_spc_standard.R at 050b07d and
R/ptd_calculate_point_type.R).
"""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from attrs import frozen

from romframe.translation import message


Signal = Literal["beyond", "shift", "trend", "near"]

CONTROL_SIGNALS: Mapping[Signal, str] = {
    "beyond": message("beyond a limit"),
    "shift": message("one of seven or more in a row on the same side of the mean"),
    "trend": message("one of seven or more in a row that only rise or only fall"),
    "near": message("one of two out of three near the same limit"),
}
ENOUGH_POINTS = 12  # points; limits from fewer are trial limits

_REACH = 2.66
_RANGE_REACH = 3.267
_RUN = 7


@frozen
class ControlLimits:
    """Limits: the mean plus and minus 2.66 mean moving ranges; near ones at two thirds.

    `range_limit` is the largest moving range to be expected; `trial` says that there were too few
    points for limits to rely on.
    """

    mean: float
    moving_range: float
    low: float
    high: float
    near_low: float
    near_high: float
    range_limit: float
    trial: bool


@frozen
class ControlRun:
    """The limits of some points, and the signals that each point is part of."""

    limits: ControlLimits
    signals: tuple[frozenset[Signal], ...]


def control_run(values: Sequence[float]) -> ControlRun | None:
    """Give the limits and signals of points in their order in time; None for fewer than two."""
    if len(values) < 2:
        return None
    limits = _limits(values)
    found: tuple[set[Signal], ...] = tuple(set() for _ in values)
    for place, signal in _signals(values, limits):
        found[place].add(signal)
    return ControlRun(limits, tuple(frozenset(each) for each in found))


def _limits(values: Sequence[float]) -> ControlLimits:
    mean = statistics.fmean(values)
    moving_range = statistics.fmean(abs(after - before) for before, after in pairwise(values))
    reach = _REACH * moving_range
    near = 2 * reach / 3
    return ControlLimits(
        mean,
        moving_range,
        mean - reach,
        mean + reach,
        mean - near,
        mean + near,
        _RANGE_REACH * moving_range,
        len(values) < ENOUGH_POINTS,
    )


def _signals(values: Sequence[float], limits: ControlLimits) -> Iterator[tuple[int, Signal]]:
    sides = [_sign(value - limits.mean) for value in values]
    steps = [_sign(after - before) for before, after in pairwise(values)]
    beyond = [not limits.low <= value <= limits.high for value in values]
    near = [
        not (out or limits.near_low <= value <= limits.near_high)
        for value, out in zip(values, beyond, strict=True)
    ]
    yield from ((place, "beyond") for place, out in enumerate(beyond) if out)
    for start in _alike(sides, _RUN):
        yield from ((place, "shift") for place in range(start, start + _RUN))
    for start in _alike(steps, _RUN - 1):
        yield from ((place, "trend") for place in range(start, start + _RUN))
    for start in _alike(sides, 3):
        close = [place for place in range(start, start + 3) if near[place]]
        yield from ((place, "near") for place in close if len(close) >= 2)


def _alike(signs: Sequence[int], length: int) -> Iterator[int]:
    """Give where each stretch of this length begins that has one sign, and that is not 0."""
    for start in range(len(signs) - length + 1):
        if abs(sum(signs[start : start + length])) == length:
            yield start


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
