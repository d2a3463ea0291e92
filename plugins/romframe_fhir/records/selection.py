"""Which assessments may leave, and why the others stay."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from romframe import consent_lacking


if TYPE_CHECKING:
    from romframe import Workspace

EXCLUSIONS = {
    "assessment_id": pl.Int64,
    "instrument": pl.String,
    "version": pl.String,
    "reason": pl.String,
    "detail": pl.String,
}
_MOMENT = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d)?)?$"


def selected(workspace: Workspace, days: tuple[date, date]) -> pl.DataFrame:
    """Give the assessments of a period, second ratings too, with `reason` where one stays.

    A return that says that it must not leave the service never does; where returns of a measure may
    be anonymous too, an identified one leaves only where it says that it may. This is the rule of
    the other ways out.
    """
    known = {name: workspace.instrument(name) for name in workspace.used_instruments()}
    versions = pl.DataFrame(
        [(each.id, each.version, each.storage == "either") for each in known.values()],
        schema={"instrument": pl.String, "version": pl.String, "asks": pl.Boolean},
        orient="row",
    )
    rows = pl.concat(
        [
            workspace.assessments(days),
            workspace.store.assessments(None, days, second=True),
        ]
    )
    people = workspace.table("referral").select("referral_id", "service_user_id")
    joined = rows.join(versions, on=["instrument", "version"], how="left").join(
        people, on="referral_id", how="left"
    )
    lacking = consent_lacking(pl.col("asks"))
    reasons = {
        "unreadable_time": ~pl.col("completed_at").str.contains(_MOMENT),
        "unknown_measure": pl.col("asks").is_null(),
        "no_consent": lacking.is_not_null(),
    }
    reason = pl.coalesce(pl.when(holds).then(pl.lit(name)) for name, holds in reasons.items())
    detail = pl.when(pl.col("reason") == "no_consent").then(lacking)
    return (
        joined.with_columns(reason.alias("reason"))
        .with_columns(detail.alias("detail"))
        .sort("assessment_id")
    )
