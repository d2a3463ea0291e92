"""Reports that leave the service: compared with those that left before, and noted in their turn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from romframe import (
    RELEASES_NAME,
    DisclosurePolicy,
    Release,
    ReportPolicy,
    Window,
    append_releases,
    read_releases,
    report_policy,
)


if TYPE_CHECKING:
    from romframe import Workspace


def at_work(
    workspace: Workspace, window: Window, policy: DisclosurePolicy, *, release: bool = False
) -> ReportPolicy:
    """Put a policy to work on a report, beside the releases in which the same people may be.

    What is released shows no marks for single people, whatever the policy allows. Raises DataError
    where the file of releases is damaged.
    """
    if isinstance(policy, ReportPolicy):
        return policy
    found = read_releases(_file(workspace))
    same = [each.table for each in found if each.overlaps(window.start, window.end, window.team)]
    return report_policy(evolve(policy, single_points=False) if release else policy, same)


def note_release(workspace: Workspace, window: Window, policy: ReportPolicy) -> Path:
    """Note every table that a report has shown, and give the file; raises as `append_releases`."""
    about = (workspace.today, window.start, window.end, window.team)
    append_releases(_file(workspace), (Release(table, *about) for table in policy.shown))
    return _file(workspace)


def _file(workspace: Workspace) -> Path:
    return workspace.path / RELEASES_NAME
