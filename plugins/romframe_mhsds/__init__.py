"""MHSDS: a month of assessments for England's Mental Health Services Data Set, version 6.0."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from romframe import hookimpl


if TYPE_CHECKING:
    from datetime import date

    import click

    from romframe import Exporter, ExportRequest, ExportResult, Instrument, Workspace

OPTIONS = {"period": {"type": "string", "required": True}}


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write the rows of the month `period` (`2026-11`); see `romframe_mhsds.exporter`."""
    from romframe_mhsds import exporter

    return exporter.export(workspace, request)


def takes(instrument: Instrument, day: date) -> bool:
    """Say whether MHSDS has a code for any part of the instrument on a day."""
    from romframe_mhsds import parts, reference

    flows = instrument.storage != "anonymous" and instrument.repeats is None
    return flows and bool(parts.coded(instrument, reference.code_list(day), day))


@hookimpl
def register_exporters(register: Callable[[Exporter], None]) -> None:
    """Offer the exporter `mhsds`."""
    from romframe import Exporter

    register(Exporter("mhsds", "MHS606 rows of a month for MHSDS v6.0", export, OPTIONS, takes))


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Offer `romframe national`."""
    from romframe_mhsds.national.commands import national

    register(national)
