"""What a brief says of a change beside those of earlier people, in two voices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from romframe import ENOUGH_PAIRS
from romframe_report.dates import day_in_words
from romframe_report.figures import number
from romframe_report.person.earlier import Beside
from romframe_report.person.who import CLINICIAN
from romframe_report.ranges import between


_WHERE: Mapping[str, str] = {
    "below": "below the 10th percentile",
    "lower": "below the middle half",
    "middle": "in the middle half",
    "upper": "above the middle half",
    "above": "above the 90th percentile",
}
_PLAINLY: Mapping[str, str] = {
    "below": "not gone as well for you as for most of them",
    "lower": "not gone as well for you as for many of them",
    "middle": "gone for you about as they usually do",
    "upper": "gone better for you than for many of them",
    "above": "gone better for you than for most of them",
}
_NO_JUDGEMENT = " That is no judgement of you, and you may ask what else could help."


def beside_words(found: Beside, reader: str) -> str:
    """Say where a change lies, with range and n to the clinician alone."""
    return _to_clinician(found) if reader == CLINICIAN else _to_person(found)


def earlier_source(as_of: date) -> str:
    """Say to the clinician where the ranges of earlier people come from."""
    return (
        "Earlier people: this service's own referrals that were closed, and last rated, before"
        f" {day_in_words(as_of)}, of the same pathway and first rated by the same kind of rater."
        f" Nothing is said of fewer than {ENOUGH_PAIRS}."
    )


def _to_clinician(found: Beside) -> str:
    gain = found.expected.gain
    kept_well = " who were to be kept well and" if found.kept_well else " who"
    alike = f" \u2013 {found.alike} \u2013" if found.alike else ","
    below = " (below 0: worse)" if gain.low < 0 else ""
    so_far = " so far" if found.ongoing else ""
    return (
        f"Of {gain.n} earlier people here{kept_well} began alike{alike} the middle half were"
        f" {between(gain.lower_quartile, gain.upper_quartile)} points better at the end of their"
        f" care; 10th to 90th percentile {between(gain.low, gain.high)}{below}. This person is"
        f" {_moved(found.gain)}{so_far}, {_WHERE[found.position]}."
    )


def _moved(gain: float) -> str:
    if not gain:
        return "unchanged"
    return f"{number(abs(gain))} points {'better' if gain > 0 else 'worse'}"


def _to_person(found: Beside) -> str:
    have = "have so far" if found.ongoing else "have"
    kind = _NO_JUDGEMENT if found.position in ("below", "lower") else ""
    return (
        "Beside others who began much as you did and have finished their care here, things"
        f" {have} {_PLAINLY[found.position]}.{kind}"
    )
