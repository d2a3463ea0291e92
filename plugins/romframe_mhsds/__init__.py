"""MHSDS: a month of assessments for England's Mental Health Services Data Set, version 6.0."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

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

_COMMANDS = {
    "mhsds": (
        "commands:mhsds",
        "Look after submissions to England's Mental Health Services Data Set.",
    ),
    "national": (
        "national.commands:national",
        "See what England's published rules make of the workspace's data.",
    ),
}
_CODE = {"type": ["integer", "string"]}
_TEXTS = {"type": "dict", "keysrules": _CODE, "valuesrules": _CODE}


def _option(told: str, **rules: Any) -> dict[str, Any]:
    """Give the schema of an option, text unless `rules` say otherwise, with its help."""
    return {"type": "string", **rules, "meta": {"help": told}}


OPTIONS = {
    "period": _option("The month, as in 2026-11.", required=True),
    "full": _option("Write the tables that assessments hang on, too.", type="boolean"),
    "scores_in": _option(
        "Whether scores of a contact go with its activity.", allowed=["referral", "activity"]
    ),
    "encoding": _option("Of the tables.", allowed=["utf-8", "cp1252"]),
    "delimiter": _option("Of the tables.", allowed=["comma", "semicolon", "tab", "pipe"]),
    "provider": _option("Code of the organisation whose data these are.", empty=False),
    "submitter": _option("Code of the organisation that submits, if another.", empty=False),
    "commissioner": _option("Code for referrals that name no commissioner.", empty=False),
    "system": _option("Name of the main system in use.", empty=False),
    "codes": _option("A code list of your own, in the workspace's folder.", empty=False),
    "sent_as": _option(
        "National codes of answers.",
        type="dict",
        valuesrules={"type": "dict", "valuesrules": _TEXTS},
    ),
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
    from romframe import LazyCommand

    for name, (target, told) in _COMMANDS.items():
        register(LazyCommand(name, f"romframe_mhsds.{target}", told))


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
