"""Putting a measure off: one record, kept like any that is imported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe.errors import DataError, Place, Problem
from romframe.importing import mapping
from romframe.ingest import Source, find_target


if TYPE_CHECKING:
    from romframe.workspace import Workspace

KIND = "deferral"


def defer(
    workspace: Workspace, deferral: Mapping[str, str | None], *, actor: str, now: datetime
) -> bool:
    """Keep a deferral, given by the names of its columns; say whether it is new to the store.

    Raises DataError where it cannot be kept: what it names does not exist, its dates are no dates
    or lie the wrong way round, or the store has another of the same day.
    """
    target = find_target(workspace, KIND)
    given = {name: value for name, value in deferral.items() if value is not None}
    row = pl.DataFrame(given, schema=dict.fromkeys(given, pl.String))
    origin = Source(target, mapping.Mapping(), "", None)
    prepared = origin.prepare(row, workspace, KIND)
    _refuse(prepared.rejected)
    batch = origin.batch(KIND, "", actor, now)
    result = workspace.store.import_rows(prepared, row, target=target, batch=batch)
    _refuse(workspace.store.rejected(result.batch_id))
    return result.accepted == 1


def _refuse(rejected: pl.DataFrame) -> None:
    if rejected.height:
        problems: list[dict[str, Any]] = rejected.to_dicts()
        raise DataError(
            Problem(each["code"], each["what"], each["mend"], Place(field=each["column"] or ""))
            for each in problems
        )
