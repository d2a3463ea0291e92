"""Answers, scores and change as CSV, Excel or Parquet tables, which can be imported again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from romframe import hookimpl


if TYPE_CHECKING:
    from romframe import Exporter, ExportRequest, ExportResult, Workspace

_KINDS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
OPTIONS: dict[str, Any] = {
    "shape": {
        "type": "string",
        "allowed": ["wide", "long"],
        "meta": {"help": "A row an assessment (wide) or an answer (long)."},
    },
    "all": {
        "type": "boolean",
        "meta": {"help": "Those too that must not leave the service: for its own use."},
    },
}


def export(kind: str, workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write the tables; see `romframe_tables.exporter`."""
    from romframe_tables import exporter

    return exporter.export(kind, workspace, request)


@hookimpl
def register_exporters(register: Callable[[Exporter], None]) -> None:
    """Offer the exporters `csv`, `xlsx` and `parquet`."""
    from romframe import Exporter

    for kind, name in _KINDS.items():
        told = f"Answers, scores and change as {name} tables"
        register(Exporter(kind, told, partial(export, kind), OPTIONS))
