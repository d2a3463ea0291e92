"""Putting a measure off: one record, kept like any that is imported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe.errors import DataError, Place, Problem, UsageError, did_you_mean
from romframe.importing import mapping
from romframe.ingest import Source, find_target
from romframe.timing.lists import frameworks_with_timing


if TYPE_CHECKING:
    from romframe.workspace import Workspace

KIND = "deferral"


def defer(
    workspace: Workspace, deferral: Mapping[str, str | None], *, actor: str, now: datetime
) -> bool:
    """Keep a deferral, given by the names of its columns; say whether it is new to the store.

    Raises DataError where it cannot be kept: what it names does not exist, its dates are no dates
    or lie the wrong way round, or the store has another of the same day. Raises UsageError where
    no framework of the workspace has a schedule of that name that asks for the measure.
    """
    _check_schedule(workspace, deferral)
    target = find_target(workspace, KIND)
    given = {name: value for name, value in deferral.items() if value is not None}
    row = pl.DataFrame(given, schema=dict.fromkeys(given, pl.String))
    origin = Source(target, mapping.Mapping(), "", None, workspace.config.timezone)
    prepared = origin.prepare(row, workspace, KIND)
    _refuse(prepared.rejected)
    batch = origin.batch(KIND, "", actor, now)
    result = workspace.store.import_rows(prepared, row, target=target, batch=batch)
    _refuse(workspace.store.rejected(result.batch_id))
    return result.accepted == 1


def _check_schedule(workspace: Workspace, deferral: Mapping[str, str | None]) -> None:
    name, instrument = deferral.get("schedule"), deferral.get("instrument") or ""
    if name is None:
        return
    schedules = [each for found in frameworks_with_timing(workspace) for each in found.timing]
    asking = {each.id for each in schedules if instrument.partition("-")[0] in each.measures}
    if name not in asking:
        what = f"No schedule {name!r} asks for {instrument} here."
        raise UsageError(Problem("unknown-schedule", what, did_you_mean(name, asking)))


def _refuse(rejected: pl.DataFrame) -> None:
    if rejected.height:
        problems: list[dict[str, Any]] = rejected.to_dicts()
        raise DataError(
            Problem(each["code"], each["what"], each["mend"], Place(field=each["column"] or ""))
            for each in problems
        )
