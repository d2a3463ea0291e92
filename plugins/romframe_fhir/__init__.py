"""FHIR R4: questionnaires as definitions of measures; answers and scores as resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from romframe import hookimpl


if TYPE_CHECKING:
    from pathlib import Path

    from romframe import (
        DefinitionDraft,
        DefinitionFormat,
        Exporter,
        ExportRequest,
        ExportResult,
        FileContent,
        Importer,
        Instrument,
        Mapping,
        Unsaid,
        Wording,
        Workspace,
    )


def _option(told: str, **rules: Any) -> dict[str, Any]:
    """Give the schema of an option, text unless `rules` say otherwise, with its help."""
    return {"type": "string", **rules, "meta": {"help": told}}


_DAY = r"\d{4}-\d\d-\d\d"
OPTIONS = {
    "form": _option("One bundle a file, or a line a resource.", allowed=["bundle", "ndjson"]),
    "from": _option("The first day, as in 2026-11-01.", regex=_DAY),
    "to": _option("The last day, as in 2026-11-30.", regex=_DAY),
}


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write assessments and their scores; see `romframe_fhir.records.exporter`."""
    from romframe_fhir.records import exporter

    return exporter.export(workspace, request)


def read(workspace: Workspace, path: Path) -> FileContent:
    """Read a bundle, NDJSON or a folder of them; see `romframe_fhir.records.importer`."""
    from romframe_fhir.records import importer

    return importer.read(workspace, path)


def read_mapped(workspace: Workspace, path: Path, mapping: Mapping) -> FileContent:
    """Read them with a mapping file, which says what another questionnaire's names mean here."""
    from romframe_fhir.records import importer

    return importer.read(workspace, path, mapping)


@hookimpl
def register_exporters(register: Callable[[Exporter], None]) -> None:
    """Offer the exporter `fhir`."""
    from romframe import Exporter

    register(Exporter("fhir", "Answers and scores as FHIR R4 resources", export, OPTIONS))


@hookimpl
def register_importers(register: Callable[[Importer], None]) -> None:
    """Offer the importer `fhir`."""
    from romframe import Importer

    told = "FHIR QuestionnaireResponses and Observations of scores"
    register(Importer("fhir", told, read, read_mapped))


def read_questionnaire(path: Path) -> DefinitionDraft:
    """Draft a spec of a Questionnaire; see `romframe_fhir.questionnaire.reading`."""
    from romframe_fhir.questionnaire.reading import read

    return read(path)


def write_questionnaire(instrument: Instrument, wording: Wording, out: Path) -> Iterable[Unsaid]:
    """Write a measure as a Questionnaire; see `romframe_fhir.questionnaire.writing`."""
    from romframe_fhir.questionnaire.writing import write

    return write(instrument, wording, out)


@hookimpl
def register_definition_formats(register: Callable[[DefinitionFormat], None]) -> None:
    """Offer the format `fhir`."""
    from romframe import DefinitionFormat

    told = "FHIR R4 Questionnaire, with the weights of its answers"
    register(DefinitionFormat("fhir", told, read_questionnaire, write_questionnaire))
