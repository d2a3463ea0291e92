"""The report on one page: what was measured, how it changed, and for how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe import ChangeRule, Share, share
from romframe_report.figures import Figures, figures
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.outcomes import kept_well_outcomes, outcomes


if TYPE_CHECKING:
    from romframe import Window, Workspace


@frozen
class Line:
    """A score that has a change rule: its pairs, its figures, and who changed."""

    measured: Measured
    paired: Share
    figures: Figures
    better: Share
    worse: Share


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Give a line for each score that has a change rule, and who was kept well apart."""
    used = instruments_in_use(workspace, window)
    return {
        "lines": [
            _line(measured, rule) for measured, rule in ruled(used) if not measured.pairs.is_empty()
        ],
        "kept_well": [
            (measured, kept_well_outcomes(measured.kept_well).together("maintained"))
            for measured, _ in ruled(used)
            if not measured.kept_well.is_empty()
        ],
    }


def _line(measured: Measured, rule: ChangeRule) -> Line:
    pairs = measured.pairs
    found = outcomes(pairs, rule)
    return Line(
        measured,
        share(pairs.height, measured.treated.height),
        figures(pairs, measured.score, found),
        found.together("recovered", "improved"),
        found.together("deteriorated", "harmed"),
    )
