"""Whether somebody was referred again within so many days of the end of a referral."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe_indicators.days import ABOUT, closed, referrals


if TYPE_CHECKING:
    from romframe import Workspace


def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
    """Give a row for every closed referral, of the close reasons that are asked for."""
    ended = closed(workspace)
    if "close_reasons" in params:
        ended = ended.filter(pl.col("close_reason").is_in(params["close_reasons"]))
    others = _others(ended, workspace, same_team=params.get("same_team", False))
    after = (pl.col("again_on") - pl.col("closed_on")).dt.total_days()
    found = others.group_by("referral_id").agg(
        back=after.is_between(0, params["days"]).any(), undated=pl.col("again_on").is_null().any()
    )
    over = pl.col("closed_on") + pl.duration(days=params["days"]) < workspace.today
    back, undated = pl.col("back").fill_null(False), pl.col("undated").fill_null(False)
    reason = (
        pl.when(~over)
        .then(pl.lit("days_not_over"))
        .when(pl.col("service_user_id").is_null())
        .then(pl.lit("person_not_known"))
        .when(undated & ~back)
        .then(pl.lit("referral_without_date"))
    )
    told = ended.join(found, on="referral_id", how="left", maintain_order="left")
    told = told.with_columns(reason=reason)
    return told.select(*ABOUT, "on", "reason", met=pl.when(pl.col("reason").is_null()).then(back))


def _others(ended: pl.DataFrame, workspace: Workspace, *, same_team: bool) -> pl.DataFrame:
    """Give, for each ended referral, the other referrals of the same person."""
    again = referrals(workspace).select(
        "service_user_id",
        other_id="referral_id",
        other_team="team",
        again_on="received_on",
    )
    pairs = ended.select("referral_id", "service_user_id", "team", "closed_on").join(
        again, on="service_user_id"
    )
    others = pairs.filter(pl.col("other_id") != pl.col("referral_id"))
    return others.filter(pl.col("other_team") == pl.col("team")) if same_team else others
