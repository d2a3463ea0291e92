"""Which referrals a report is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe import Problem, UsageError, Window, did_you_mean


if TYPE_CHECKING:
    from romframe import Workspace


def check_window(workspace: Workspace, window: Window) -> None:
    """Raise UsageError where the window runs backwards or no referral was ever made to the team."""
    problems = []
    if window.start > window.end:
        what = f"The period starts on {window.start} and ends before that, on {window.end}."
        problems.append(Problem("period-backwards", what, "Give the earlier day first."))
    teams = workspace.table("referral").get_column("team").drop_nulls().unique().to_list()
    if window.team is not None and window.team not in teams:
        what = f"There is no referral to a team called {window.team!r}."
        problems.append(Problem("unknown-team", what, did_you_mean(window.team, teams)))
    if problems:
        raise UsageError(problems)


def referrals_in(workspace: Workspace, window: Window) -> pl.DataFrame:
    """Give the referrals of the team that were open on at least one day of the window."""
    received, closed = _day("received_on"), _day("closed_on")
    began = received <= window.end.isoformat()
    not_over = closed.is_null() | (closed >= window.start.isoformat())
    return _of_team(workspace, window).filter(began & not_over)


def undated_referrals(workspace: Workspace, window: Window) -> int:
    """Count the team's referrals that have no start date, so that no window can hold them."""
    return _of_team(workspace, window).get_column("received_on").null_count()


def _of_team(workspace: Workspace, window: Window) -> pl.DataFrame:
    referrals = workspace.table("referral")
    return referrals if window.team is None else referrals.filter(pl.col("team") == window.team)


def _day(column: str) -> pl.Expr:
    """Give a date column as ISO text, however the store hands it over."""
    return pl.col(column).cast(pl.String).str.head(10)
