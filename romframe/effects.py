"""Paired effect sizes, each by a definition with a name: docs/statistics.md has them in words."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from attrs import evolve, frozen

from romframe.errors import Problem, UsageError, did_you_mean
from romframe.instruments.model import Direction
from romframe.intervals import Interval, noncentral_t, normal
from romframe.methods import NEAR
from romframe.translation import message


EffectInterval = Literal["normal", "noncentral_t"]


@frozen
class EffectSize:
    """A standardised mean improvement, named by its definition; positive is better."""

    definition: str
    words: str
    value: float
    n: int
    standard_error: float
    interval: Interval


@frozen
class _Moments:
    """What paired effect sizes are made of; `mean` and `sd` are those of the improvement.

    An SD below a billionth comes from rounding and is given as 0.
    """

    n: int
    mean: float
    sd: float
    sd_first: float
    sd_last: float
    covariance: float

    @property
    def apart(self) -> float:
        """Twice what first and last scores do not share, 2 (1 - r)."""
        apart = 2 * (1 - self.covariance / (self.sd_first * self.sd_last))
        return apart if apart > NEAR else 0.0

    @property
    def noise(self) -> float:
        """The variance of the mean change."""
        return self.sd**2 / self.n

    @property
    def correction(self) -> float:
        """Hedges' factor J for n - 1 degrees of freedom, in its exact form."""
        half = (self.n - 1) / 2
        return math.exp(math.lgamma(half) - math.lgamma(half - 0.5)) / math.sqrt(half)


@frozen
class _Definition:
    """How one effect size is computed: the mean improvement over a divisor, and its variance.

    The first of `intervals` is the one that is used where none is asked for.
    """

    words: str
    divisor: Callable[[_Moments], float]
    variance: Callable[[_Moments, float], float]
    intervals: tuple[EffectInterval, ...]
    corrected: bool = False

    @property
    def least(self) -> int:
        """How many pairs there must be: with two, the correction leaves nothing."""
        return 3 if self.corrected else 2


def _mean_sd(moments: _Moments) -> float:
    return (moments.sd_first + moments.sd_last) / 2


def _rms_sd(moments: _Moments) -> float:
    return math.sqrt((moments.sd_first**2 + moments.sd_last**2) / 2)


def _own_variance(moments: _Moments, effect: float) -> float:
    return effect**2 / (2 * moments.n)


# Definitions: Lakens 2013 (d_z, d_av as the mean of both SDs, d_rm), Cumming 2012 (d_av as their
# root mean square), Becker 1988 (first SD). Variances as in easystats/effectsize,
# commit 3ccf2324; which definitions have a non-central t interval as in doomlab/MOTE, commit
# fa2c2bd, where those of d_av and d_rm are approximate and so are not the default here.
_D_Z = _Definition(
    "mean improvement divided by the SD of the changes",
    lambda m: m.sd,
    lambda m, effect: 1 / m.n + _own_variance(m, effect),
    ("noncentral_t", "normal"),
)
_DEFINITIONS: Mapping[str, _Definition] = {
    "d_z": _D_Z,
    "hedges_z": evolve(
        _D_Z,
        words=f"{_D_Z.words}, times Hedges' exact correction for few pairs",
        corrected=True,
    ),
    "d_av_mean": _Definition(
        "mean improvement divided by the mean of the first and last SDs",
        _mean_sd,
        lambda m, _: m.noise / _mean_sd(m) ** 2,
        ("normal", "noncentral_t"),
    ),
    "d_av_rms": _Definition(
        "mean improvement divided by the root mean square of the first and last SDs",
        _rms_sd,
        lambda m, _: m.noise / _rms_sd(m) ** 2,
        ("normal",),
    ),
    "d_rm": _Definition(
        "mean improvement divided by the SD of the changes, corrected for their correlation",
        lambda m: m.sd / math.sqrt(m.apart),
        lambda m, effect: (1 / m.n + _own_variance(m, effect)) * m.apart,
        ("normal", "noncentral_t"),
    ),
    "glass_pre": _Definition(
        message("mean improvement divided by the SD of the first scores"),
        lambda m: m.sd_first,
        lambda m, effect: m.apart / m.n + _own_variance(m, effect),
        ("normal",),
    ),
}

EFFECT_SIZES = tuple(_DEFINITIONS)


def effect_size(
    first: Sequence[float],
    last: Sequence[float],
    *,
    definition: str,
    better: Direction = "lower",
    interval: EffectInterval | None = None,
) -> EffectSize | None:
    """Give the effect size of paired scores by the named definition; positive is better.

    A score with no better end counts a rise as positive. `interval` asks for another kind than the
    definition's usual one. None for fewer than two pairs (three for `hedges_z`), where every change
    is the same, and where scores do not vary enough for the definition to hold. Raises UsageError
    for a definition that does not exist, for an interval that it does not have, and for a
    non-central t interval where scipy is not installed.
    """
    chosen, kind = _chosen(definition, interval)
    moments = _moments(first, last, better)
    return _effect(definition, chosen, kind, moments) if moments else None


def effect_sizes(
    first: Sequence[float], last: Sequence[float], *, better: Direction = "lower"
) -> dict[str, EffectSize | None]:
    """Give every effect size of paired scores, by definition, as `effect_size` does."""
    moments = _moments(first, last, better)
    return {
        name: _effect(name, each, each.intervals[0], moments) if moments else None
        for name, each in _DEFINITIONS.items()
    }


def _effect(
    name: str, chosen: _Definition, kind: EffectInterval, moments: _Moments
) -> EffectSize | None:
    if moments.n < chosen.least or moments.sd == 0:
        return None
    try:
        plain = moments.mean / chosen.divisor(moments)
        error = math.sqrt(chosen.variance(moments, plain))
    except ZeroDivisionError:
        return None
    around = noncentral_t(plain, moments.n) if kind == "noncentral_t" else normal(plain, error)
    factor = moments.correction if chosen.corrected else 1
    return EffectSize(
        definition=name,
        words=chosen.words,
        value=factor * plain,
        n=moments.n,
        standard_error=factor * error,
        interval=evolve(around, low=factor * around.low, high=factor * around.high),
    )


def _chosen(definition: str, interval: EffectInterval | None) -> tuple[_Definition, EffectInterval]:
    if definition not in _DEFINITIONS:
        what = f"There is no effect size called {definition!r}."
        mend = did_you_mean(definition, _DEFINITIONS)
        raise UsageError(Problem("unknown-effect-size", what, mend))
    chosen = _DEFINITIONS[definition]
    kind = interval or chosen.intervals[0]
    if kind not in chosen.intervals:
        what = f"The effect size {definition!r} has no interval {kind!r}."
        mend = did_you_mean(kind, chosen.intervals)
        raise UsageError(Problem("no-such-interval", what, mend))
    return chosen, kind


def _moments(first: Sequence[float], last: Sequence[float], better: Direction) -> _Moments | None:
    if len(first) < 2:
        return None
    sign = -1 if better == "lower" else 1
    changes = [sign * (end - start) for start, end in zip(first, last, strict=True)]
    return _Moments(
        n=len(changes),
        mean=statistics.fmean(changes),
        sd=_spread(changes),
        sd_first=_spread(first),
        sd_last=_spread(last),
        covariance=statistics.covariance(first, last),
    )


def _spread(values: Sequence[float]) -> float:
    sd = statistics.stdev(values)
    return sd if sd > NEAR else 0.0
