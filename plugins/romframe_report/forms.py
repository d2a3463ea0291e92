"""The forms that a service report can take: a page, a PDF, a workbook, and files of figures."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from romframe import DisclosurePolicy, Progress, ReportPolicy, Window, silent
from romframe_report.dates import day_in_words
from romframe_report.pdf import pdf_of
from romframe_report.reading import read_once
from romframe_report.releasing import at_work, note_release
from romframe_report.saving import save
from romframe_report.service import service_report
from romframe_report.tidy.files import write_figures, write_workbook
from romframe_report.tidy.service import service_tables


if TYPE_CHECKING:
    from romframe import TidyTable, Workspace


@frozen
class ServiceForms:
    """One service report, written in as many forms as are asked for.

    Every form raises UsageError for a period or team that does not fit and for a place that cannot
    be written to, and PluginError where a section fails.
    """

    workspace: Workspace = field(converter=read_once)
    start: date
    end: date
    team: str | None
    disclosure: DisclosurePolicy
    release: bool = False
    progress: Progress = silent

    def write_page(self, out: Path) -> None:
        """Write one self-contained HTML page."""
        save(out, self._page.encode("utf-8"))

    def write_pdf(self, out: Path) -> None:
        """Write the page as PDF."""
        save(out, pdf_of(self._page))

    def write_workbook(self, out: Path) -> None:
        """Write a workbook: what it is, a sheet a table, and the data dictionary."""
        write_workbook(out, self._tables(), self._about(), self.workspace.today)

    def write_figures(self, folder: Path) -> None:
        """Write every table and the data dictionary as CSV and as Parquet."""
        write_figures(folder, self._tables())

    def note_release(self) -> Path:
        """Note what the forms written so far have shown, and give the file that it stands in."""
        return note_release(self.workspace, Window(self.start, self.end, self.team), self._policy)

    @cached_property
    def _page(self) -> str:
        about = (self.start, self.end, self.team)
        return service_report(
            self.workspace,
            *about,
            disclosure=self._policy,
            release=self.release,
            progress=self.progress,
        )

    @cached_property
    def _policy(self) -> ReportPolicy:
        window = Window(self.start, self.end, self.team)
        return at_work(self.workspace, window, self.disclosure, release=self.release)

    def _tables(self) -> tuple[TidyTable, ...]:
        about = (self.start, self.end, self.team)
        return service_tables(self.workspace, *about, disclosure=self._policy)

    def _about(self) -> tuple[str, ...]:
        return (
            f"{self.workspace.config.name}: figures of the service report",
            f"{day_in_words(self.start)} to {day_in_words(self.end)}",
            f"Team: {self.team}" if self.team is not None else "All teams",
            f"Made on {day_in_words(self.workspace.today)} by romframe",
            f"Small numbers: {self.disclosure.summary}",
            "A hidden number is an empty cell. Check before you publish.",
            "Released: what it shows is noted." if self.release else "For use inside the service.",
            "The sheet dictionary says what every column means.",
        )
