"""Indices of change worked out a second time, person by person, with the statistics module."""

import math
import statistics


def index(name, pairs, person, *, r, r_last=None):
    """Give the index of one (first, last) among pairs; None where there is none."""
    firsts, lasts = zip(*pairs, strict=True)
    mean, last_mean = statistics.fmean(firsts), statistics.fmean(lasts)
    sd = statistics.stdev(firsts)
    first, last = person
    error = sd * math.sqrt(1 - r)
    regressed = mean + r * (first - mean)
    prediction = sd * math.sqrt(1 - r * r)
    if name == "hageman_arrindell":
        return _hageman_arrindell(firsts, lasts, last - first, error)
    return {
        "jacobson_truax": lambda: (last - first) / math.sqrt(2 * error**2),
        "gulliksen_lord_novick": lambda: (last - regressed) / prediction,
        "hsu_linn_lord": lambda: (last - last_mean - (regressed - mean)) / prediction,
        "edwards_nunnally": lambda: (last - regressed) / error,
        "nunnally_kotsch": lambda: (
            (last - regressed) / math.sqrt(r**2 * sd**2 * (1 - r) + sd**2 * (1 - r_last))
        ),
    }[name]()


def _hageman_arrindell(firsts, lasts, change, error):
    variances = statistics.variance(firsts), statistics.variance(lasts)
    true = [each - error**2 for each in variances]
    cov = statistics.covariance(firsts, lasts)
    spread = sum(variances) - 2 * cov
    reliability = (sum(true) - 2 * cov) / spread if spread > 1e-9 else 0
    if reliability <= 1e-9:
        return None
    drift = statistics.fmean(lasts) - statistics.fmean(firsts)
    estimated = change * reliability + drift * (1 - reliability)
    return estimated / (math.sqrt(reliability) * math.sqrt(2) * error)


def side(number, z, better):
    """Give the class that an index stands for, or None where it is too near the line to say."""
    if number is None:
        return "not_classified"
    if abs(abs(number) - z) < 1e-6:
        return None
    towards = number if better == "higher" else -number
    return "improved" if towards > z else "deteriorated" if towards < -z else "unchanged"
