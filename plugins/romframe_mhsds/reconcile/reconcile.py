"""A submission's results laid beside the store: what became of which assessment, and the counts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from attrs import field, frozen

from romframe import ExportRequest, Problem, UsageError
from romframe_mhsds.reconcile.matching import match, side_by_side, tally
from romframe_mhsds.reconcile.resultfiles import PortalResults, read_results
from romframe_mhsds.submission.exporter import export
from romframe_mhsds.submission.results import FOLDER
from romframe_mhsds.submission.rows import row_frames
from romframe_mhsds.submission.settings import read_settings


if TYPE_CHECKING:
    from romframe import Workspace

_STAMP = r"^(\d{4}-\d{2})-\d{2}T"


@frozen
class Reconciled:
    """What became of a month: lines of the portal with our assessments, and counts by code."""

    period: str
    findings: pl.DataFrame = field(eq=False)
    counts: pl.DataFrame = field(eq=False)
    absent: tuple[str, ...] = ()


def reconcile(workspace: Workspace, path: Path, period: str | None) -> Reconciled:
    """Read the portal's results for a month and find the assessments that they are about.

    Without a period it is the month in which the assessments were completed that the results name.
    Raises DataError for result files that cannot be read, UsageError for a period that is none or
    is not clear, and as `read_settings` does.
    """
    results = read_results(path)
    month = period or _month(results)
    options = {**workspace.export_options("mhsds"), "period": month}
    settings = read_settings(workspace, options, workspace.today)
    current = workspace.table("assessment").filter(pl.col("superseded_by").is_null())
    findings = match(results, row_frames(workspace, settings), current)
    counts = side_by_side(tally(results), tally(_preflight(workspace, options)))
    return Reconciled(month, findings, counts, results.absent)


def _month(results: PortalResults) -> str:
    """Give the month of the completion times that the results name; UsageError if not just one."""
    of_time = pl.col("label").str.to_lowercase().str.ends_with("]asstoolcomptimestamp")
    stamps = results.items.filter(of_time).get_column("value")
    months = stamps.str.extract(_STAMP, 1).drop_nulls().unique().sort().to_list()
    if len(months) != 1:
        told = f"name {' and '.join(months)}" if months else "name no completion time"
        what = f"The results {told}, so the month is not clear."
        raise UsageError(Problem("mhsds-results-month", what, "Give it, as in --period 2026-11."))
    return str(months[0])


def _preflight(workspace: Workspace, options: Mapping[str, object]) -> PortalResults:
    """Make the month again in passing, and give what the pre-flight finds."""
    with tempfile.TemporaryDirectory(prefix="romframe-") as folder:
        export(workspace, ExportRequest(Path(folder), options, workspace.today))
        return read_results(Path(folder) / FOLDER)
