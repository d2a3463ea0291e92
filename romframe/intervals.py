"""95 % intervals, by scipy. scipy is loaded when the first interval that needs it is asked for."""

import importlib
import math
import statistics
from typing import Any, Literal

from attrs import frozen

from romframe.errors import Problem, UsageError


IntervalKind = Literal["wilson", "t", "normal", "noncentral_t"]

_UPPER = 0.975
_Z = statistics.NormalDist().inv_cdf(_UPPER)


@frozen
class Interval:
    """The two ends of a 95 % interval, and how it was made."""

    low: float
    high: float
    kind: IntervalKind


def wilson(count: int, of: int) -> Interval:
    """Give the interval of a proportion (Wilson 1927, JASA 22: 209-12); `of` is 1 or more."""
    test = _scipy("stats").binomtest(count, of)
    low, high = test.proportion_ci(confidence_level=0.95, method="wilson")
    return Interval(float(low), float(high), "wilson")


def student_t(mean: float, sd: float, n: int) -> Interval:
    """Give the interval of a mean, from Student's t with n - 1 degrees of freedom."""
    error = sd / math.sqrt(n)
    low, high = _scipy("stats").t.interval(0.95, n - 1, loc=mean, scale=error)
    return Interval(float(low), float(high), "t")


def normal(value: float, standard_error: float) -> Interval:
    """Give the value plus and minus 1.96 standard errors."""
    reach = _Z * standard_error
    return Interval(value - reach, value + reach, "normal")


def noncentral_t(effect: float, n: int) -> Interval:
    """Give the effects between which `effect` times the root of n is a likely t.

    The ends are those non-centrality parameters, over the root of n, under which that t (n - 1
    degrees of freedom) lies at the 97.5th and at the 2.5th percentile.
    """
    root = math.sqrt(n)
    ends = _scipy("special").nctdtrinc(n - 1, [_UPPER, 1 - _UPPER], abs(effect) * root)
    low, high = (float(end) / root for end in ends)
    return Interval(*((low, high) if effect >= 0 else (-high, -low)), "noncentral_t")


def _scipy(part: str) -> Any:
    try:
        return importlib.import_module(f"scipy.{part}")
    except ModuleNotFoundError as error:
        what = "A 95% interval needs scipy, which is not installed."
        mend = "Install it with: pip install 'romframe[stats]'."
        raise UsageError(Problem("statistics-library-missing", what, mend)) from error
