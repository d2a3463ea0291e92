"""Cases with a known answer: worked out by somebody else, or by hand, and said where."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen


@frozen
class Case:
    """A filled-in form and the scores that it has by the measure's own rules.

    `answers` are by item id, an item that is left out is blank. `scores` are by score id; None
    means that the score must be refused. `source` says who worked it out.
    """

    answers: Mapping[str, Any]
    scores: Mapping[str, float | None]
    source: str
    coding: str | None = "scored"
    missing: str | None = None


@frozen
class NumberCase:
    """Values that a scoring method is given, and the number that it must make of them."""

    values: Sequence[float | None] = field(converter=tuple)
    number: float | None
    source: str
