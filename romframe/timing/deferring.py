"""Putting a measure off: one record, kept like any that is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe.days import day
from romframe.errors import DataError, FrameworkError, Place, Problem, UsageError, did_you_mean
from romframe.importing import mapping
from romframe.importing.kinds import DEFERRAL, RECORD_KINDS
from romframe.ingest import Source, find_target
from romframe.timing.due import due_items
from romframe.timing.lists import frameworks_with_timing, schedules_of


if TYPE_CHECKING:
    from romframe.workspace import Workspace

_MENDS = {  # where the mend for a row of a file does not help
    "correction-refused": "Say another day with `--on`: it is put off anew from that day.",
}


def defer(
    workspace: Workspace, deferral: Mapping[str, str | None], *, actor: str, now: datetime
) -> bool:
    """Keep a deferral, given by the names of its columns; say whether it is new to the store.

    Raises DataError where it cannot be kept: what it names does not exist, its dates are no dates
    or lie the wrong way round, or the store has another of the same day. Raises UsageError where
    no framework of the workspace has a schedule of that name that asks for the measure.
    """
    _check_schedule(workspace, deferral)
    target = find_target(workspace, DEFERRAL)
    given = {name: value for name, value in deferral.items() if value is not None}
    row = pl.DataFrame(given, schema=dict.fromkeys(given, pl.String))
    origin = Source(target, mapping.Mapping(), "", None, workspace.config.timezone)
    prepared = origin.prepare(row, workspace, DEFERRAL)
    _refuse(prepared.rejected)
    batch = origin.batch(DEFERRAL, "", actor, now)
    result = workspace.store.import_rows(prepared, row, target=target, batch=batch)
    _refuse(workspace.store.rejected(result.batch_id))
    return result.accepted == 1


def deferral_notices(workspace: Workspace, before: pl.DataFrame) -> list[str]:
    """Say which deferrals that were not in the table `before` do not work as they are written.

    Either no schedule is of their name and asks for their measure, so that they put nothing off, or
    a schedule allows less, so that they end earlier than they say.
    """
    made = workspace.table(DEFERRAL).join(before, on=RECORD_KINDS[DEFERRAL].key, how="anti")
    ordered = made.sort(RECORD_KINDS[DEFERRAL].key)
    try:
        return [*_of_no_schedule(workspace, ordered), *_cut_short(workspace, ordered)]
    except FrameworkError as error:
        return [f"Deferrals are not compared with schedules: {each}" for each in error.problems]


def _of_no_schedule(workspace: Workspace, made: pl.DataFrame) -> Iterator[str]:
    for row in made.drop_nulls("schedule").iter_rows(named=True):
        name, instrument = row["schedule"], row["instrument"]
        if name not in _asking(workspace, instrument):
            about = f"{instrument} of referral {row['referral_id']}"
            yield f"No schedule {name!r} asks for {about}: this puts nothing off."


def _cut_short(workspace: Workspace, made: pl.DataFrame) -> Iterator[str]:
    """Look at the items that are put off until an earlier day than is said."""
    if made.is_empty():
        return
    until = day("until").alias("until")
    said = made.select("referral_id", "instrument", "deferred_on", until, named="schedule")
    longest: date = said["until"].max()  # type: ignore[assignment]
    ahead = max((longest - workspace.today).days, 0)
    frameworks = {framework.id: framework for framework, _ in schedules_of(workspace)}
    for framework in frameworks.values():
        items = due_items(workspace, framework, workspace.today, ahead)
        cut = items.join(said, on=["referral_id", "instrument"]).filter(
            pl.col("named").is_null() | (pl.col("named") == pl.col("schedule")),
            pl.col("opens_on") < pl.col("until"),
            pl.col("deferred_until") < pl.col("until"),
        )
        for row in cut.sort("referral_id", "instrument", "due_on").iter_rows(named=True):
            yield (
                f"{row['instrument']} of referral {row['referral_id']}, due on {row['due_on']}, is"
                f" put off until {row['deferred_until']} and not {row['until']}: the schedule"
                f" {row['schedule']!r} allows no more."
            )


def _check_schedule(workspace: Workspace, deferral: Mapping[str, str | None]) -> None:
    name, instrument = deferral.get("schedule"), deferral.get("instrument") or ""
    if name is None:
        return
    frameworks_with_timing(workspace)
    asking = _asking(workspace, instrument)
    if name not in asking:
        what = f"No schedule {name!r} asks for {instrument} here."
        raise UsageError(Problem("unknown-schedule", what, did_you_mean(name, asking)))


def _asking(workspace: Workspace, instrument: str) -> set[str]:
    measure = instrument.partition("-")[0]
    return {each.id for _, each in schedules_of(workspace) if measure in each.measures}


def _refuse(rejected: pl.DataFrame) -> None:
    if rejected.height:
        problems: list[dict[str, Any]] = rejected.to_dicts()
        raise DataError(
            Problem(
                each["code"],
                each["what"],
                _MENDS.get(each["code"], each["mend"]),
                Place(field=each["column"] or ""),
            )
            for each in problems
        )
