"""Data-quality checks that hold for any measure: each asks of a rating whether it can be right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from romframe import hookimpl


if TYPE_CHECKING:
    import polars as pl

    from romframe import Check, Ratings

    About = Literal["rating", "rater", "import"]

_CHECKS: tuple[tuple[str, str, About, str], ...] = (
    ("patterns", "all_zero", "rating", "No problem on any item at the assessment."),
    ("patterns", "straight_line", "rating", "The same box on every item."),
    ("copies", "copied_forward", "rating", "Every answer is that of the rating before."),
    ("gaps", "required_answer", "rating", "An item is blank that another answer asks for."),
    ("dates", "outside_referral", "rating", "Dated before or after its referral."),
    ("training", "untrained_rater", "rating", "The rater's training is not on record, or over."),
    ("habits", "digit_habit", "rater", "A rater gives one answer far more often than others do."),
    ("turned", "turned_items", "import", "Turned items run against the rest: another coding?"),
)


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Offer the checks; each is loaded when it is run."""
    from romframe import Check

    for module, name, about, summary in _CHECKS:
        register(Check(name, summary, partial(_run, module, name), about))


def _run(module: str, name: str, ratings: Ratings) -> pl.DataFrame | None:
    check = getattr(import_module(f"romframe_audit.{module}"), name)
    found: pl.DataFrame | None = check(ratings)
    return found
