"""Whether a report can be made of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
