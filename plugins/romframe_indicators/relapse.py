"""Whether somebody who was referred to be kept well got worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe_indicators.days import ABOUT, closed, policy_of


if TYPE_CHECKING:
    from romframe import Workspace

_WORSE = ["deteriorated", "harmed"]
_CLASS, _VERDICT = pl.col("class").cast(pl.String), pl.col("verdict").cast(pl.String)


def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
    """Give a row for every closed referral of the pathway prevention.

    Raises where there is no such score, rule or policy.
    """
    changes = workspace.changes(
        params["instrument"],
        params["score"],
        params.get("rule"),
        policy=policy_of(workspace, params),
    )
    judged = changes.select("referral_id", _CLASS, _VERDICT)
    kept = closed(workspace).filter(pathway="prevention")
    told = (pl.col("verdict") == "paired") & (pl.col("class") != "not_classified").fill_null(False)
    unjudged = pl.when(pl.col("verdict") == "paired").then(pl.lit("not_classified"))
    return kept.join(judged, on="referral_id", how="left", maintain_order="left").select(
        *ABOUT,
        "on",
        met=pl.when(told).then(pl.col("class").is_in(_WORSE)),
        reason=pl.when(~told).then(unjudged.otherwise("verdict")),
    )
