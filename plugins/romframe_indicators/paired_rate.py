"""Whether a closed referral has a first and a last rating."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe_indicators.days import ABOUT, closed, policy_of


if TYPE_CHECKING:
    from romframe import Workspace


def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
    """Give a row for every closed referral; raises where there is no such score or policy."""
    policy = policy_of(workspace, params)
    changes = workspace.changes(params["instrument"], params["score"], policy=policy)
    paired = changes.filter(pl.col("verdict").cast(pl.String) == "paired")
    met = pl.col("referral_id").is_in(paired.get_column("referral_id").to_list())
    return closed(workspace).select(*ABOUT, "on", met=met)
