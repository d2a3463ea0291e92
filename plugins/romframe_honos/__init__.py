"""The HoNOS family: Health of the Nation Outcome Scales."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from romframe import hookimpl, message


if TYPE_CHECKING:
    from romframe import DisclosurePolicy, ReportSection, TidyTable, Window, Workspace


@hookimpl
def register_instruments(register: Any) -> None:
    """Offer the specs of the HoNOS family."""
    register(package="instrument_specs", folder="honos")


@hookimpl
def register_report_sections(register: Callable[[ReportSection], None]) -> None:
    """Offer the section that sets the total beside the scales and the items."""
    from importlib.resources import files

    from romframe import ReportSection

    template = (files(__name__) / "templates" / "honos_profile.html").read_text(encoding="utf-8")
    title = message("HoNOS: total, scales and items side by side")
    register(ReportSection("honos_profile", title, 55, _build, template, _tables))


def _build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    from romframe_honos.section import build

    return build(workspace, window)


def _tables(workspace: Workspace, window: Window, policy: DisclosurePolicy) -> Iterable[TidyTable]:
    from romframe_honos.section import tables

    return tables(workspace, window, policy)
