"""Change classes worked out a second time, in fractions, from the words of the rules."""

MIRROR = {
    "recovered": "harmed",
    "harmed": "recovered",
    "improved": "deteriorated",
    "deteriorated": "improved",
    "unchanged": "unchanged",
    "not_classified": "not_classified",
}


def passes(amount, criterion):
    if "at_least" in criterion:
        return amount >= criterion["at_least"]
    return amount > criterion["more_than"]


def is_clinical(score, cut_off):
    value, side = cut_off["value"], cut_off["clinical"]
    return {
        "at_least": score >= value,
        "more_than": score > value,
        "at_most": score <= value,
        "less_than": score < value,
    }[side]


def classify(first, last, *, better, limits, reliable, cut_off=None):
    """Give the class of one pair of fractions; None for a score is a half pair."""
    low, high = limits
    if first is None or last is None or not (low <= first <= high and low <= last <= high):
        return "not_classified"
    improvement = first - last if better == "lower" else last - first
    starts = ends = None
    if cut_off is not None:
        starts, ends = is_clinical(first, cut_off), is_clinical(last, cut_off)
    if passes(improvement, reliable):
        return "recovered" if starts and ends is False else "improved"
    if passes(-improvement, reliable):
        return "harmed" if starts is False and ends else "deteriorated"
    return "unchanged"
