"""Forms of field and research systems as definitions: XLSForm in and out, REDCap in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from romframe import hookimpl


if TYPE_CHECKING:
    from pathlib import Path

    from romframe import DefinitionDraft, DefinitionFormat, Instrument, Unsaid, Wording


def read_xlsform(path: Path) -> DefinitionDraft:
    """Draft a spec of an XLSForm; see `romframe_forms.xlsform.reading`."""
    from romframe_forms.xlsform.reading import read

    return read(path)


def write_xlsform(instrument: Instrument, wording: Wording, out: Path) -> Iterable[Unsaid]:
    """Write a measure as an XLSForm; see `romframe_forms.xlsform.writing`."""
    from romframe_forms.xlsform.writing import write

    return write(instrument, wording, out)


def read_redcap(path: Path) -> DefinitionDraft:
    """Draft a spec of a REDCap data dictionary; see `romframe_forms.redcap`."""
    from romframe_forms.redcap import read

    return read(path)


@hookimpl
def register_definition_formats(register: Callable[[DefinitionFormat], None]) -> None:
    """Offer the formats `xlsform` and `redcap`."""
    from romframe import DefinitionFormat

    told = "XLSForm workbook (ODK, KoboToolbox)"
    register(DefinitionFormat("xlsform", told, read_xlsform, write_xlsform))
    register(DefinitionFormat("redcap", "REDCap data dictionary, a CSV file", read_redcap))
