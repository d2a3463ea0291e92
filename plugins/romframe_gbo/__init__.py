"""Goals: the Goal-Based Outcomes tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from romframe import hookimpl, message


if TYPE_CHECKING:
    from romframe import DisclosurePolicy, ReportSection, TidyTable, Window, Workspace


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the Goal-Based Outcomes tool."""
    register(package="instrument_specs", folder="gbo")


@hookimpl
def register_report_sections(register: Callable[[ReportSection], None]) -> None:
    """Offer the section about goals, one by one."""
    from importlib.resources import files

    from romframe import ReportSection

    template = (files(__name__) / "templates" / "goals.html").read_text(encoding="utf-8")
    register(ReportSection("goals", message("Goals, one by one"), 60, _build, template, _tables))


def _build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    from romframe_gbo.section import build

    return build(workspace, window)


def _tables(workspace: Workspace, window: Window, policy: DisclosurePolicy) -> Iterable[TidyTable]:
    from romframe_gbo.section import tables

    return tables(workspace, window, policy)
