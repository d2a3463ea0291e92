"""Whether a closed referral has a completed assessment with an instrument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe_indicators.days import ABOUT, closed


if TYPE_CHECKING:
    from romframe import Workspace


def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
    """Give a row for every closed referral; raises where there is no such instrument."""
    instrument = workspace.instrument(params["instrument"])
    done = workspace.assessments().filter(
        instrument=instrument.id, version=instrument.version, outcome="completed"
    )
    if "timepoint" in params:
        done = done.filter(timepoint=params["timepoint"])
    met = pl.col("referral_id").is_in(done.get_column("referral_id").unique().to_list())
    return closed(workspace).select(*ABOUT, "on", met=met)
