"""The forms that a commissioner's pack can take: a page, a PDF, a workbook, files of figures."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from romframe import DisclosurePolicy, Framework, FrameworkFigures, framework_figures
from romframe_report.commissioner.page import commissioner_pack
from romframe_report.commissioner.tables import pack_tables
from romframe_report.dates import day_in_words
from romframe_report.pdf import pdf_of
from romframe_report.saving import save
from romframe_report.tidy.files import write_figures, write_workbook


if TYPE_CHECKING:
    from romframe import Workspace


@frozen
class PackForms:
    """One pack, counted once and written in as many forms as are asked for.

    Every form raises UsageError for a place that cannot be written to.
    """

    workspace: Workspace
    figures: FrameworkFigures
    disclosure: DisclosurePolicy

    def write_page(self, out: Path) -> None:
        """Write one self-contained HTML page."""
        save(out, self._page.encode("utf-8"))

    def write_pdf(self, out: Path) -> None:
        """Write the page as PDF."""
        save(out, pdf_of(self._page))

    def write_workbook(self, out: Path) -> None:
        """Write a workbook: what it is, a sheet a table, and the data dictionary."""
        tables = pack_tables(self.figures, self.disclosure)
        write_workbook(out, tables, self._about(), self.workspace.today)

    def write_figures(self, folder: Path) -> None:
        """Write every table and the data dictionary as CSV and as Parquet."""
        write_figures(folder, pack_tables(self.figures, self.disclosure))

    @cached_property
    def _page(self) -> str:
        return commissioner_pack(self.workspace, self.figures, self.disclosure)

    def _about(self) -> tuple[str, ...]:
        framework, window = self.figures.framework, self.figures.window
        return (
            f"{framework.name} (framework {framework.id}, version {framework.version})",
            f"{self.workspace.config.name}: {window.team or 'all teams'}",
            f"{day_in_words(window.start)} to {day_in_words(window.end)}",
            f"Made on {day_in_words(self.workspace.today)} by romframe",
            f"Small numbers: {self.disclosure.summary}",
            "What may not be concluded from these figures stands in the pack's page.",
            "The sheet dictionary says what every column means.",
        )


def counted_pack(
    workspace: Workspace,
    framework: Framework,
    about: tuple[date, date, str | None],
    disclosure: DisclosurePolicy,
) -> PackForms:
    """Count a framework from one day to another, of a team or of all.

    Raises as `framework_figures` does.
    """
    return PackForms(workspace, framework_figures(workspace, framework, *about), disclosure)
