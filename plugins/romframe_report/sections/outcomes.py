"""Change classes with their intervals; people who were to be kept well stand apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe_report.charts.bars import classes
from romframe_report.charts.canvas import Picture, Words
from romframe_report.figures import Figures, figures
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.outcomes import Outcomes, kept_well_outcomes, outcomes
from romframe_report.rules import RuleText, rule_text


if TYPE_CHECKING:
    from romframe import ChangeRule, Window, Workspace


@frozen
class Judged:
    """The classes of one group of pairs by one rule."""

    measured: Measured
    rule: RuleText
    outcomes: Outcomes
    picture: Picture
    figures: Figures


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Give the classes of treated pairs, and apart from them those of kept-well pairs."""
    scores = list(ruled(instruments_in_use(workspace, window)))
    return {
        "judged": [_treated(*each) for each in scores if not each[0].pairs.is_empty()],
        "kept_well": [_kept_well(*each) for each in scores if not each[0].kept_well.is_empty()],
    }


def _treated(measured: Measured, rule: ChangeRule) -> Judged:
    found = outcomes(measured.pairs, rule)
    words = Words(
        f"classes-{measured.key}",
        f"{measured.title}: share of pairs in each change class",
        "One bar for each change class, best first, as long as its percentage of the pairs; a thin"
        " line across the end of each bar shows the 95% interval.",
    )
    return _judged(measured, rule, found, words, measured.pairs)


def _kept_well(measured: Measured, rule: ChangeRule) -> Judged:
    words = Words(
        f"kept-well-{measured.key}",
        f"{measured.title}: how many stayed well among those referred to be kept well",
        "One bar for those who stayed well and one for those who relapsed, as long as their"
        " percentage of the pairs; a thin line across the end of each bar shows the 95% interval.",
    )
    found = kept_well_outcomes(measured.kept_well)
    return _judged(measured, rule, found, words, measured.kept_well)


def _judged(
    measured: Measured, rule: ChangeRule, found: Outcomes, words: Words, pairs: pl.DataFrame
) -> Judged:
    rows = [(row.name, row.label, row.share) for row in found.rows]
    return Judged(
        measured,
        rule_text(rule, measured.source),
        found,
        partial(classes, words, rows),
        figures(pairs, measured.score, found),
    )
