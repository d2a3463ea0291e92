"""The referrals that a report of some window of time is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe.days import local_day
from romframe.errors import Problem, UsageError, did_you_mean


if TYPE_CHECKING:
    from romframe.offers import Window
    from romframe.workspace import Workspace

MOST_YEARS = 100


def check_window(workspace: Workspace, window: Window) -> None:
    """Raise UsageError for a window that cannot be reported on.

    It runs backwards, is longer than any record of care, or nobody was referred to its team.
    """
    problems = []
    if window.start > window.end:
        what = f"The period starts on {window.start} and ends before that, on {window.end}."
        problems.append(Problem("period-backwards", what, "Give the earlier day first."))
    elif window.end.year - window.start.year > MOST_YEARS:
        what = f"The period from {window.start} to {window.end} is longer than {MOST_YEARS} years."
        problems.append(Problem("period-long", what, "Look for a mistyped year."))
    teams = workspace.table("referral").get_column("team").drop_nulls().unique().to_list()
    if window.team is not None and window.team not in teams:
        what = f"There is no referral to a team called {window.team!r}."
        problems.append(Problem("unknown-team", what, did_you_mean(window.team, teams)))
    if problems:
        raise UsageError(problems)


def referrals_in(workspace: Workspace, window: Window) -> pl.DataFrame:
    """Give the referrals of the team that were open on at least one day of the window.

    One that has no start date counts from its earliest assessment.
    """
    began, closed = pl.col("_began"), _day("closed_on")
    not_over = closed.is_null() | (closed >= window.start.isoformat())
    found = _of_team(workspace, window).filter((began <= window.end.isoformat()) & not_over)
    return found.drop("_began")


def undated_referrals(workspace: Workspace, window: Window) -> int:
    """Count the team's referrals with neither start date nor assessment, which fit no window."""
    return _of_team(workspace, window).get_column("_began").null_count()


def _of_team(workspace: Workspace, window: Window) -> pl.DataFrame:
    referrals = workspace.table("referral")
    if window.team is not None:
        referrals = referrals.filter(pl.col("team") == window.team)
    rated_on = local_day("completed_at", workspace.config.timezone)
    earliest = (
        workspace.table("assessment")
        .group_by("referral_id")
        .agg(rated_on.min().dt.strftime("%Y-%m-%d").alias("_earliest"))
    )
    began = pl.coalesce(_day("received_on"), "_earliest").alias("_began")
    joined = referrals.join(earliest, on="referral_id", how="left", maintain_order="left")
    return joined.with_columns(began).drop("_earliest")


def _day(column: str) -> pl.Expr:
    """Give a date column as ISO text, however the store hands it over."""
    return pl.col(column).cast(pl.String).str.head(10)
