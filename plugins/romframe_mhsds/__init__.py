"""MHSDS: a month of assessments for England's Mental Health Services Data Set, version 6.0."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from romframe import hookimpl


if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import click

    from romframe import (
        Exporter,
        ExportRequest,
        ExportResult,
        FileContent,
        Importer,
        Instrument,
        Workspace,
    )

_CODE = {"type": ["integer", "string"]}
_TEXTS = {"type": "dict", "keysrules": _CODE, "valuesrules": _CODE}
_ID = {"type": "string", "empty": False}
OPTIONS = {
    "period": {"type": "string", "required": True},
    "full": {"type": "boolean"},
    "scores_in": {"type": "string", "allowed": ["referral", "activity"]},
    "encoding": {"type": "string", "allowed": ["utf-8", "cp1252"]},
    "delimiter": {"type": "string", "allowed": ["comma", "semicolon", "tab", "pipe"]},
    "provider": _ID,
    "submitter": _ID,
    "commissioner": _ID,
    "system": _ID,
    "codes": _ID,
    "sent_as": {"type": "dict", "valuesrules": {"type": "dict", "valuesrules": _TEXTS}},
}


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write the rows of the month `period` (`2026-11`); see `romframe_mhsds.submission.exporter`.

    `full`: with the tables that assessments hang on, of the organisation `provider`. `scores_in:
    activity` sends an assessment of a contact with its care activity. `codes` names a code list in
    the workspace's folder; `sent_as` says, by instrument and response scale, which text is sent for
    an answer.
    """
    from romframe_mhsds.submission import exporter

    return exporter.export(workspace, request)


def read(workspace: Workspace, path: Path) -> FileContent:
    """Read assessments out of tables of the data set; see `romframe_mhsds.history`."""
    from romframe_mhsds.history import importer

    return importer.read(workspace, path)


def takes(instrument: Instrument, day: date) -> bool:
    """Say whether MHSDS has a code for any part of the instrument on a day, as the spec stands."""
    from romframe_mhsds.codes.codelist import code_list
    from romframe_mhsds.codes.coding import coded

    return instrument.storage != "anonymous" and bool(coded(instrument, code_list(day), day))


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Offer `romframe mhsds` and `romframe national`."""
    from romframe_mhsds.commands import mhsds
    from romframe_mhsds.national.commands import national

    register(mhsds)
    register(national)


@hookimpl
def register_exporters(register: Callable[[Exporter], None]) -> None:
    """Offer the exporter `mhsds`."""
    from romframe import Exporter

    register(Exporter("mhsds", "A month of assessments for MHSDS v6.0", export, OPTIONS, takes))


@hookimpl
def register_importers(register: Callable[[Importer], None]) -> None:
    """Offer the importer `mhsds`."""
    from romframe import Importer

    register(Importer("mhsds", "Tables of MHSDS v4.1 to v6.0 with scored assessments", read))
