"""How many referrals have been measured, how many twice, and why the others not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    CountTable,
    TableShare,
    all_of,
    gettext,
    message,
    referrals_in,
    share_of,
    undated_referrals,
)
from romframe_report.charts.bars import completeness
from romframe_report.charts.canvas import Words
from romframe_report.counts import attempt, completeness_table
from romframe_report.measures import PREVENTION, InstrumentInUse, instruments_in_use
from romframe_report.pathways import KEPT_WELL, paired_referrals, pathway_table


if TYPE_CHECKING:
    from romframe import Window, Workspace

REASONS: Mapping[str, str] = {
    "no_assessment": message("No assessment"),
    "declined": message("Declined or missed every time"),
    "single_assessment": message("Only one assessment"),
    "first_refused": message("First assessment too incomplete to score"),
    "last_refused": message("Last assessment too incomplete to score"),
    "no_first": message("No assessment at the start"),
    "no_last": message("No later assessment"),
    "rater_differs": message("First and last had different raters"),
    "version_differs": message("First and last used different versions"),
    "setting_differs": message("First and last were in different settings"),
    "gap_too_short": message("First and last too close together"),
    "still_open": message("Referral still open"),
}


OUTCOMES = ("completed", "declined", "missed")


@frozen
class Line:
    """One instrument: how far the referrals of the window have got with it."""

    name: str
    score: str
    table: CountTable
    assessed: TableShare
    paired: TableShare

    @property
    def attempts(self) -> tuple[str, ...]:
        """The names of the counts of assessments by outcome."""
        return tuple(attempt(outcome) for outcome in OUTCOMES)


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Count referrals, assessments, pairs and the reasons for each referral without a pair."""
    referrals = referrals_in(workspace, window)
    used = instruments_in_use(workspace, window)
    reasons = _reasons(used)
    lines = [_line(each, referrals.height, reasons) for each in used]
    pairs = {"treatment": len(paired_referrals(used))}
    whole = completeness_table("all", referrals.height, _assessed(used), pairs, {}, {})
    return {
        "table": whole,
        "pathways": pathway_table(workspace, window, used),
        "kept_well": all_of(KEPT_WELL),
        "undated": undated_referrals(workspace, window),
        "assessed": share_of(whole, "assessed", "referrals"),
        "paired": share_of(whole, "paired", "referrals"),
        "lines": lines,
        "reasons": list(reasons.items()),
        "picture": partial(
            completeness,
            Words(
                "completeness",
                gettext("Referrals with an assessment and with a pair, by measure"),
                gettext(
                    "For each measure, an outlined bar as long as the number of referrals, a"
                    " hatched bar for the referrals with an assessment, and a solid bar for those"
                    " with a pair."
                ),
            ),
            [(line.name, line.assessed, line.paired) for line in lines],
            whole,
        ),
    }


def _line(used: InstrumentInUse, referrals: int, reasons: Iterable[str]) -> Line:
    outcomes = _counts(used.attempts, "outcome")
    first = used.scores[0]
    verdicts = _counts(first.referrals, "verdict")
    kept = {PREVENTION: first.kept_well.height} if first.kept_well.height else {}
    table = completeness_table(
        used.name,
        referrals,
        used.assessed.n_unique(),
        {"treatment": first.pairs.height, **kept},
        {reason: verdicts.get(reason, 0) for reason in reasons},
        {outcome: outcomes.get(outcome, 0) for outcome in OUTCOMES},
    )
    return Line(
        used.instrument.name,
        first.score.name,
        table,
        share_of(table, "assessed", "referrals"),
        share_of(table, "paired", "referrals"),
    )


def _assessed(used: Sequence[InstrumentInUse]) -> int:
    return len({referral for each in used for referral in each.assessed})


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(frame.get_column(column).cast(pl.String).value_counts().iter_rows())


def _reasons(used: Sequence[InstrumentInUse]) -> dict[str, str]:
    """Give each reason that occurs with any instrument, and its words."""
    found = {reason for each in used for reason in _counts(each.scores[0].referrals, "verdict")}
    known = [reason for reason in REASONS if reason in found]
    others = sorted(found.difference(known, {"paired"}))
    return {each: REASONS.get(each, each.replace("_", " ")) for each in (*known, *others)}
