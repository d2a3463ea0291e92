"""People who were well when they were referred: how many stayed well, apart from all others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe import (
    ChangeRule,
    ChartWords,
    CountTable,
    TableShare,
    all_of,
    gettext,
    share_of,
    word,
)
from romframe_report.charts.bars import classes
from romframe_report.charts.canvas import Picture
from romframe_report.figures import Figures, figures
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.outcomes import Outcomes, kept_well_outcomes
from romframe_report.pathways import KEPT_WELL, pairs_of, pathway_table
from romframe_report.rules import RuleText, rule_text


if TYPE_CHECKING:
    from romframe import Window, Workspace


@frozen
class Kept:
    """The kept-well pairs of one score."""

    measured: Measured
    rule: RuleText
    paired: TableShare
    outcomes: Outcomes
    picture: Picture
    figures: Figures


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Give who was maintained and who relapsed, score by score."""
    used = instruments_in_use(workspace, window)
    pathways = pathway_table(workspace, window, used)
    kept = [_kept(*each, pathways) for each in ruled(used) if not each[0].kept_well.is_empty()]
    return {"kept": kept}


def _kept(measured: Measured, rule: ChangeRule, pathways: CountTable) -> Kept:
    words = ChartWords(
        f"kept-well-{measured.key}",
        gettext(
            "%(title)s: how many stayed well among those referred to be kept well",
            title=measured.title,
        ),
        gettext(
            "One bar for those who stayed well and one for those who relapsed, as long as their"
            " percentage of the pairs; a thin line across the end of each bar shows the 95%%"
            " interval."
        ),
    )
    found = kept_well_outcomes(measured.kept_well, measured.key)
    return Kept(
        measured,
        rule_text(rule, measured.source),
        share_of(pathways, pairs_of(KEPT_WELL, measured.key), all_of(KEPT_WELL)),
        found,
        partial(classes, words, [(row.name, word(row.label), row.share) for row in found.rows]),
        figures(measured.kept_well, measured.score, found, measured.kept_well_moves),
    )
