"""The Patient-rated Outcome and Experience Measure of perinatal services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from romframe import hookimpl, message


if TYPE_CHECKING:
    from romframe import DisclosurePolicy, ReportSection, TidyTable, Window, Workspace


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the spec of POEM."""
    register(package="instrument_specs", folder="poem")


@hookimpl
def register_report_sections(register: Callable[[ReportSection], None]) -> None:
    """Offer the section about what people said of the service."""
    from importlib.resources import files

    from romframe import ReportSection

    template = (files(__name__) / "templates" / "poem.html").read_text(encoding="utf-8")
    title = message("What people say about the service: POEM")
    register(ReportSection("poem", title, 70, _build, template, _tables))


def _build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    from romframe_poem.section import build

    return build(workspace, window)


def _tables(workspace: Workspace, window: Window, policy: DisclosurePolicy) -> Iterable[TidyTable]:
    from romframe_poem.section import tables

    return tables(workspace, window, policy)
