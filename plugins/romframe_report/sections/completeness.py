"""How many referrals have been measured, how many twice, and why the others not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import Share, referrals_in, share, undated_referrals
from romframe_report.charts.bars import completeness
from romframe_report.charts.canvas import Words
from romframe_report.measures import InstrumentInUse, instruments_in_use


if TYPE_CHECKING:
    from romframe import Window, Workspace

REASONS: Mapping[str, str] = {
    "no_assessment": "No assessment",
    "declined": "Declined or missed every time",
    "single_assessment": "Only one assessment",
    "first_refused": "First assessment too incomplete to score",
    "last_refused": "Last assessment too incomplete to score",
    "no_first": "No assessment at the start",
    "no_last": "No later assessment",
    "rater_differs": "First and last had different raters",
    "version_differs": "First and last used different versions",
    "setting_differs": "First and last were in different settings",
    "gap_too_short": "First and last too close together",
    "still_open": "Referral still open",
}


@frozen
class Line:
    """One instrument: how far the referrals of the window have got with it."""

    name: str
    score: str
    assessed: Share
    paired: Share
    completed: int
    declined: int
    missed: int
    reasons: Mapping[str, int]


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Count referrals, assessments, pairs and the reasons for each referral without a pair."""
    referrals = referrals_in(workspace, window)
    used = instruments_in_use(workspace, window)
    lines = [_line(each, referrals.height) for each in used]
    return {
        "referrals": referrals.height,
        "kept_well": referrals.filter(pl.col("pathway") == "prevention").height,
        "undated": undated_referrals(workspace, window),
        "assessed": share(_assessed(used), referrals.height),
        "paired": share(_paired(used), referrals.height),
        "lines": lines,
        "reasons": _reasons(lines),
        "picture": partial(
            completeness,
            Words(
                "completeness",
                "Referrals with an assessment and with a pair, by measure",
                "For each measure, an outlined bar as long as the number of referrals, a hatched"
                " bar for the referrals with an assessment, and a solid bar for those with a pair.",
            ),
            [(line.name, line.assessed.count, line.paired.count) for line in lines],
            referrals.height,
        ),
    }


def _line(used: InstrumentInUse, referrals: int) -> Line:
    outcomes = _counts(used.attempts, "outcome")
    first = used.scores[0]
    verdicts = _counts(first.referrals, "verdict")
    return Line(
        used.instrument.name,
        first.score.name,
        share(used.assessed.n_unique(), referrals),
        share(verdicts.pop("paired", 0), referrals),
        outcomes.get("completed", 0),
        outcomes.get("declined", 0),
        outcomes.get("missed", 0),
        verdicts,
    )


def _assessed(used: Sequence[InstrumentInUse]) -> int:
    return len({referral for each in used for referral in each.assessed})


def _paired(used: Sequence[InstrumentInUse]) -> int:
    return len({referral for each in used for m in each.scores for referral in m.paired_referrals})


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(frame.get_column(column).cast(pl.String).value_counts().iter_rows())


def _reasons(lines: Sequence[Line]) -> list[tuple[str, list[int]]]:
    """Give each reason that occurs, in words, with its count for each instrument."""
    found = {reason for line in lines for reason in line.reasons}
    known = [reason for reason in REASONS if reason in found]
    others = sorted(found - set(known))
    return [
        (
            REASONS.get(reason, reason.replace("_", " ")),
            [line.reasons.get(reason, 0) for line in lines],
        )
        for reason in (*known, *others)
    ]
