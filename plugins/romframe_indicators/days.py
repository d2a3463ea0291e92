"""Days as the store keeps them, and what of a referral every indicator tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe import Problem, UsageError, did_you_mean


if TYPE_CHECKING:
    from romframe import PairingPolicy, Workspace

ABOUT = ("referral_id", "service_user_id", "team")


def day(column: str) -> pl.Expr:
    """Read a stored date, or date with time, as the day it is on; null where it cannot be read."""
    return pl.col(column).cast(pl.String).str.head(10).str.to_date("%Y-%m-%d", strict=False)


def iso(column: str) -> pl.Expr:
    """Write a day as 2026-03-31."""
    return pl.col(column).dt.strftime("%Y-%m-%d")


def referrals(workspace: Workspace) -> pl.DataFrame:
    """Give every referral with the days on which it was received and closed."""
    found = workspace.table("referral").with_columns(day("received_on"), day("closed_on"))
    return found.sort("referral_id")


def policy_of(workspace: Workspace, params: Mapping[str, Any]) -> PairingPolicy | None:
    """Give the pairing policy that `pairing` names; None, for the workspace's own, without it."""
    name, known = params.get("pairing"), workspace.config.pairing_policies
    if name is None:
        return None
    if name not in known:
        what = f"There is no pairing policy {name!r}."
        raise UsageError(Problem("unknown-pairing", what, did_you_mean(name, known)))
    return known[name]


def closed(workspace: Workspace) -> pl.DataFrame:
    """Give every closed referral, `on` the day of closing."""
    found = referrals(workspace).drop_nulls("closed_on")
    return found.with_columns(iso("closed_on").alias("on"))
