"""The report on one page: what was measured, how it changed, and for how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe import ChangeRule, CountTable, Share, TableShare, all_of, share_of
from romframe_report.figures import Figures, figures
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.outcomes import kept_well_outcomes, outcomes
from romframe_report.pathways import TREATED, pairs_of, pathway_table


if TYPE_CHECKING:
    from romframe import Window, Workspace


@frozen
class Line:
    """A score that has a change rule: its pairs, its figures, and who changed."""

    measured: Measured
    paired: TableShare
    figures: Figures
    better: Share
    worse: Share


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Give a line for each score that has a change rule, and who was kept well apart."""
    used = instruments_in_use(workspace, window)
    pathways = pathway_table(workspace, window, used)
    return {
        "lines": [
            _line(measured, rule, pathways)
            for measured, rule in ruled(used)
            if not measured.pairs.is_empty()
        ],
        "kept_well": [
            (
                measured,
                kept_well_outcomes(measured.kept_well, measured.key).together("maintained"),
            )
            for measured, _ in ruled(used)
            if not measured.kept_well.is_empty()
        ],
    }


def _line(measured: Measured, rule: ChangeRule, pathways: CountTable) -> Line:
    pairs = measured.pairs
    found = outcomes(pairs, rule, measured.key)
    return Line(
        measured,
        share_of(pathways, pairs_of(TREATED, measured.key), all_of(TREATED)),
        figures(pairs, measured.score, found, measured.moves),
        found.together("recovered", "improved"),
        found.together("deteriorated", "harmed"),
    )
