"""The due list of a service: every framework's items, or those of one team, person or status."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe.errors import Problem, UsageError, did_you_mean
from romframe.frameworks.loader import FOLDER, framework_files, read_framework
from romframe.timing.due import AHEAD, due_items
from romframe.timing.records import SEPARATOR


if TYPE_CHECKING:
    from romframe.frameworks.model import Framework
    from romframe.frameworks.schedules import Schedule
    from romframe.workspace import Workspace

TO_DO = ("overdue", "due", "deferred")


@frozen
class Wanted:
    """Which items a list is to hold: of a team, of a clinician, of some statuses."""

    statuses: Collection[str] = TO_DO
    team: str | None = None
    clinician: str | None = None
    ahead: int = AHEAD


def frameworks_with_timing(workspace: Workspace, names: Iterable[str] = ()) -> list[Framework]:
    """Give the frameworks that are named, or all of the workspace, as far as they have schedules.

    Raises UsageError where none has any, and as `read_framework` does.
    """
    chosen = list(names) or _names(workspace)
    timed = _timed(workspace, chosen)
    if not timed:
        what = f"No schedules are found in {', '.join(chosen) or FOLDER}."
        mend = "Write them under `timing:` in a framework; docs/timing.md says how."
        raise UsageError(Problem("no-schedules", what, mend))
    return timed


def schedules_of(workspace: Workspace) -> list[tuple[Framework, Schedule]]:
    """Give every schedule of the workspace with its framework; none where there are none."""
    found = _timed(workspace, _names(workspace))
    return [(framework, each) for framework in found for each in framework.timing]


def _names(workspace: Workspace) -> list[str]:
    return [path.stem for path in framework_files(workspace.path / FOLDER)]


def _timed(workspace: Workspace, names: Iterable[str]) -> list[Framework]:
    found = [read_framework(workspace, name) for name in names]
    return [each for each in found if each.timing]


def due_list(
    workspace: Workspace, frameworks: Iterable[Framework], as_of: date, wanted: Wanted
) -> pl.DataFrame:
    """Give the items that are wanted, as `due_items` gives them.

    Raises UsageError where nobody has heard of the team or the clinician.
    """
    parts = [due_items(workspace, each, as_of, wanted.ahead) for each in frameworks]
    found = pl.concat(parts)
    if wanted.team is not None:
        teams = workspace.table("referral")["team"].drop_nulls().unique()
        _known("unknown-team", wanted.team, teams)
        found = found.filter(pl.col("team") == wanted.team)
    if wanted.clinician is not None:
        clinicians = pl.col("clinicians").str.split(SEPARATOR)
        _known(
            "unknown-clinician", wanted.clinician, found.select(clinicians.explode())["clinicians"]
        )
        found = found.filter(clinicians.list.contains(wanted.clinician))
    return found.filter(pl.col("status").is_in(list(wanted.statuses)))


def _known(code: str, name: str, known: Iterable[Any]) -> None:
    names = {each for each in known if each is not None}
    if name not in names:
        what = f"None of these referrals is that of {name!r}."
        raise UsageError(Problem(code, what, did_you_mean(name, names)))
