"""The local report of a service: its sections and the `romframe report` command.

Nothing heavy is imported here: a section is loaded when it is built, the charts when it is drawn.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from romframe import hookimpl, message


if TYPE_CHECKING:
    import click

    from romframe import ReportSection, Window, Workspace

SECTIONS = (
    ("overview", message("At a glance"), 0),
    ("completeness", message("How complete the data are"), 10),
    ("who", message("Who is measured, and who is not"), 12),
    ("months", message("Month by month"), 15),
    ("distributions", message("Scores at the start and at the end"), 20),
    ("outcomes", message("Who got better, who did not"), 30),
    ("kept_well", message("Kept well"), 32),
    ("expected", message("What could be expected"), 33),
    ("subgroups", message("Group by group"), 35),
    ("scatter", message("Every pair: first score against last"), 40),
    ("items", message("Item by item"), 50),
)


@hookimpl
def register_report_sections(register: Callable[[ReportSection], None]) -> None:
    """Offer the sections of the service report."""
    from importlib.resources import files

    from romframe import ReportSection

    templates = files(__name__) / "templates" / "sections"
    for name, title, order in SECTIONS:
        source = (templates / f"{name}.html").read_text(encoding="utf-8")
        register(ReportSection(name, title, order, _build_later(name), source))


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Offer `romframe report`."""
    from romframe_report.commands import report

    register(report)


def _build_later(name: str) -> Callable[[Workspace, Window], Mapping[str, Any] | None]:
    """Give the build function of a section; its module is imported when it is called."""

    def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
        section = importlib.import_module(f"{__name__}.sections.{name}")
        found: Mapping[str, Any] | None = section.build(workspace, window)
        return found

    return build
