"""FHIR R4: questionnaires as definitions of measures, in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from romframe import hookimpl


if TYPE_CHECKING:
    from pathlib import Path

    from romframe import DefinitionDraft, DefinitionFormat, Instrument, Unsaid, Wording


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
