"""Who came for treatment and who to be kept well: one table for all that is told of these two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl
from attrs import evolve

from romframe import CountTable, message, referrals_in, split_table
from romframe_report.measures import PREVENTION, InstrumentInUse


if TYPE_CHECKING:
    from romframe import Window, Workspace

TREATED, KEPT_WELL = message("Treatment"), message("To be kept well")
ENDS = {"paired": "all paired", "unpaired": "all unpaired"}
WHOLE = "all referrals"


def paired_referrals(used: Iterable[InstrumentInUse]) -> set[str]:
    """Give the referrals that have a pair on any score."""
    return {one for each in used for score in each.scores for one in score.paired_referrals}


def pathway_table(
    workspace: Workspace, window: Window, used: Iterable[InstrumentInUse]
) -> CountTable:
    """Give the referrals of each pathway, with a pair on any score and without, and all pairs.

    How many pairs a score has in each pathway stands elsewhere too.
    """
    instruments = tuple(used)
    paired = pl.col("referral_id").is_in(list(paired_referrals(instruments)))
    kept = pl.col("pathway").eq_missing(PREVENTION)
    referrals = referrals_in(workspace, window).select(kept.alias("kept"), paired.alias("paired"))
    groups = {
        name: {"paired": int(found.sum()), "unpaired": int((~found).sum())}
        for name, value in ((TREATED, False), (KEPT_WELL, True))
        if not (found := referrals.filter(kept=value).get_column("paired")).is_empty()
    }
    table = split_table("who_pathway", groups, ENDS, whole=WHOLE, unshown=("unpaired",))
    pairs = {
        pairs_of(pathway, measured.key): frame.height
        for each in instruments
        for measured in each.scores
        for pathway, frame in ((TREATED, measured.pairs), (KEPT_WELL, measured.kept_well))
        if pathway in groups
    }
    return evolve(table, counts={**table.counts, **pairs}, known=table.known | pairs.keys())


def pairs_of(pathway: str, key: str) -> str:
    """Give the name of the count of pairs of a score in a pathway."""
    return f"{pathway}: pairs on {key}"
