"""Figures of a group: a mean never comes without its n and its spread.

Everything is computed from exact sums, so the order of the rows changes no bit of a result.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import frozen

from romframe.errors import Problem, UsageError, did_you_mean
from romframe.instruments.model import Direction


_Z = statistics.NormalDist().inv_cdf(0.975)


@frozen
class Interval:
    """The two ends of a 95 % interval."""

    low: float
    high: float


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


@frozen
class EffectSize:
    """A standardised mean improvement, named by its definition.

    Positive is better. The interval is the value plus and minus 1.96 standard errors.
    """

    definition: str
    words: str
    value: float
    n: int
    standard_error: float
    interval: Interval


def share(count: int, of: int) -> Share:
    """Give `count` out of `of` with its Wilson interval (Wilson 1927, JASA 22: 209-12).

    Raises ValueError where the count is negative or more than the number.
    """
    if not 0 <= count <= of:
        message = f"a count of {count} out of {of} cannot be"
        raise ValueError(message)
    if of == 0:
        return Share(0, 0, None, None)
    value = count / of
    square = _Z * _Z
    middle = (count + square / 2) / (of + square)
    reach = _Z * math.sqrt(value * (1 - value) * of + square / 4) / (of + square)
    low = 0.0 if count == 0 else middle - reach
    high = 1.0 if count == of else middle + reach
    return Share(count, of, value, Interval(low, high))


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


@frozen
class _Moments:
    """What paired effect sizes are made of; `mean` and `sd` are those of the improvement."""

    n: int
    mean: float
    sd: float
    sd_first: float
    sd_last: float
    covariance: float

    @property
    def apart(self) -> float:
        """Twice what first and last scores do not share, 2 (1 - r)."""
        return max(0.0, 2 * (1 - self.covariance / (self.sd_first * self.sd_last)))

    @property
    def noise(self) -> float:
        """The variance of the mean change."""
        return self.sd**2 / self.n


@frozen
class _Definition:
    """How one effect size is computed: the mean improvement over a divisor, and its variance."""

    words: str
    divisor: Callable[[_Moments], float]
    variance: Callable[[_Moments, float], float]


def _mean_sd(moments: _Moments) -> float:
    return (moments.sd_first + moments.sd_last) / 2


def _rms_sd(moments: _Moments) -> float:
    return math.sqrt((moments.sd_first**2 + moments.sd_last**2) / 2)


def _own_variance(moments: _Moments, effect: float) -> float:
    return effect**2 / (2 * moments.n)


# Definitions: Lakens 2013 (d_z, d_av as the mean of both SDs, d_rm), Cumming 2012 (d_av as their
# root mean square), Becker 1988 (first SD). Variances as in easystats/effectsize, commit 3ccf2324.
_DEFINITIONS: Mapping[str, _Definition] = {
    "d_z": _Definition(
        "mean improvement divided by the SD of the changes",
        lambda m: m.sd,
        lambda m, effect: 1 / m.n + _own_variance(m, effect),
    ),
    "d_av_mean": _Definition(
        "mean improvement divided by the mean of the first and last SDs",
        _mean_sd,
        lambda m, _: m.noise / _mean_sd(m) ** 2,
    ),
    "d_av_rms": _Definition(
        "mean improvement divided by the root mean square of the first and last SDs",
        _rms_sd,
        lambda m, _: m.noise / _rms_sd(m) ** 2,
    ),
    "d_rm": _Definition(
        "mean improvement divided by the SD of the changes, corrected for their correlation",
        lambda m: m.sd / math.sqrt(m.apart),
        lambda m, effect: (1 / m.n + _own_variance(m, effect)) * m.apart,
    ),
    "glass_pre": _Definition(
        "mean improvement divided by the SD of the first scores",
        lambda m: m.sd_first,
        lambda m, effect: m.apart / m.n + _own_variance(m, effect),
    ),
}

EFFECT_SIZES = tuple(_DEFINITIONS)


def effect_size(
    first: Sequence[float], last: Sequence[float], *, definition: str, better: Direction = "lower"
) -> EffectSize | None:
    """Give the effect size of paired scores by the named definition; positive is better.

    A score with no better end counts a rise as positive. None for fewer than two pairs, and where
    scores do not vary enough for the definition to hold. Raises UsageError for an unknown one.
    """
    if definition not in _DEFINITIONS:
        what = f"There is no effect size called {definition!r}."
        raise UsageError(
            Problem("unknown-effect-size", what, did_you_mean(definition, _DEFINITIONS))
        )
    if len(first) < 2:
        return None
    chosen = _DEFINITIONS[definition]
    moments = _moments(first, last, -1 if better == "lower" else 1)
    try:
        value = moments.mean / chosen.divisor(moments)
        error = math.sqrt(chosen.variance(moments, value))
    except ZeroDivisionError:
        return None
    around = Interval(value - _Z * error, value + _Z * error)
    return EffectSize(definition, chosen.words, value, moments.n, error, around)


def _moments(first: Sequence[float], last: Sequence[float], sign: int) -> _Moments:
    changes = [sign * (end - start) for start, end in zip(first, last, strict=True)]
    return _Moments(
        n=len(changes),
        mean=statistics.fmean(changes),
        sd=statistics.stdev(changes),
        sd_first=statistics.stdev(first),
        sd_last=statistics.stdev(last),
        covariance=statistics.covariance(first, last),
    )
