"""Figures of a group: a mean never comes without its n and its spread.

Everything is computed from exact sums, so the order of the rows changes no bit of a result.
"""

import statistics
from collections.abc import Iterable

from attrs import frozen

from romframe.intervals import Interval, wilson


@frozen
class Share:
    """A count out of a number, and the Wilson 95 % interval of the proportion.

    `value` and `interval` are None where the number is 0: there is no share of nothing.
    """

    count: int
    of: int
    value: float | None
    interval: Interval | None


@frozen
class Summary:
    """What a set of numbers looks like.

    `sd` is the sample standard deviation (n - 1), None for fewer than two numbers. The quartiles
    interpolate linearly between neighbours (type 7 of Hyndman and Fan 1996).
    """

    n: int
    mean: float
    sd: float | None
    median: float
    lower_quartile: float
    upper_quartile: float
    low: float
    high: float


def share(count: int, of: int) -> Share:
    """Give `count` out of `of` with its Wilson interval.

    Raises ValueError where the count is negative or more than the number, and UsageError where
    scipy is not installed.
    """
    if not 0 <= count <= of:
        message = f"a count of {count} out of {of} cannot be"
        raise ValueError(message)
    if of == 0:
        return Share(0, 0, None, None)
    return Share(count, of, count / of, wilson(count, of))


def summarise(values: Iterable[float | None]) -> Summary | None:
    """Summarise the numbers that there are; a None is no number. None where there is none."""
    numbers = sorted(value for value in values if value is not None)
    if not numbers:
        return None
    quartiles = (
        statistics.quantiles(numbers, n=4, method="inclusive")
        if len(numbers) > 1
        else (numbers[0], numbers[0], numbers[0])
    )
    return Summary(
        n=len(numbers),
        mean=statistics.fmean(numbers),
        sd=statistics.stdev(numbers) if len(numbers) > 1 else None,
        median=quartiles[1],
        lower_quartile=quartiles[0],
        upper_quartile=quartiles[2],
        low=numbers[0],
        high=numbers[-1],
    )
