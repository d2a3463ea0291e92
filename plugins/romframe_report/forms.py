"""The forms that a service report can take: a page, a PDF, a workbook, and files of figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from romframe import (
    DisclosurePolicy,
    PluginError,
    Problem,
    Progress,
    ReportPolicy,
    Window,
    silent,
)
from romframe_report.dates import day_in_words
from romframe_report.pdf import pdf_of
from romframe_report.reading import read_once
from romframe_report.releasing import at_work, note_release
from romframe_report.saving import save, save_all
from romframe_report.service import service_report
from romframe_report.tidy.files import figure_files
from romframe_report.tidy.files import workbook as workbook_of
from romframe_report.tidy.service import service_tables


if TYPE_CHECKING:
    from romframe import TidyTable, Workspace


@frozen
class ServiceForms:
    """One service report, written in as many forms as are asked for.

    A section that fails is named where it would stand and its problem is kept in `failed`; with
    `strict`, nothing is written.
    """

    workspace: Workspace = field(converter=read_once)
    start: date
    end: date
    team: str | None
    disclosure: DisclosurePolicy
    release: bool = False
    progress: Progress = silent
    strict: bool = False
    failed: list[Problem] = field(factory=list, init=False)

    def write(
        self,
        *,
        page: Path | None = None,
        pdf: Path | None = None,
        workbook: Path | None = None,
        figures: Path | None = None,
    ) -> None:
        """Write the forms that have a place: all are made before the first is written.

        `page` is one self-contained HTML page and `pdf` the same as PDF; `workbook` says what it
        is, and has a sheet a table and the data dictionary; `figures` is a folder for the same as
        CSV and Parquet. A release is noted before anything is written, so that nothing that it
        shows is ever unnoted, whatever happens in between. Raises UsageError for a period or team
        that does not fit and for a place that cannot be written to, and, if strict, PluginError
        where a section fails.
        """
        files = dict(self._files(page, pdf, workbook))
        tables = figure_files(self._tables) if figures else {}
        if self.release:
            note_release(self.workspace, Window(self.start, self.end, self.team), self._policy)
        for place, content in files.items():
            save(place, content)
        if figures:
            save_all(figures, tables)

    def _files(
        self, page: Path | None, pdf: Path | None, workbook: Path | None
    ) -> Iterator[tuple[Path, bytes]]:
        if page:
            yield page, self._page.encode("utf-8")
        if pdf:
            yield pdf, pdf_of(self._page)
        if workbook:
            yield workbook, workbook_of(self._tables, self._about(), self.workspace.today)

    def _set_aside(self, error: PluginError) -> None:
        """Keep what is wrong with a section, once however many forms it is missing from."""
        if self.strict:
            raise error
        self.failed.extend(each for each in error.problems if each not in self.failed)

    @cached_property
    def _page(self) -> str:
        about = (self.start, self.end, self.team)
        return service_report(
            self.workspace,
            *about,
            disclosure=self._policy,
            release=self.release,
            progress=self.progress,
            failing=self._set_aside,
        )

    @cached_property
    def _policy(self) -> ReportPolicy:
        window = Window(self.start, self.end, self.team)
        return at_work(self.workspace, window, self.disclosure, release=self.release)

    @cached_property
    def _tables(self) -> tuple[TidyTable, ...]:
        about = (self.start, self.end, self.team)
        policy, failing = self._policy, self._set_aside
        return service_tables(self.workspace, *about, disclosure=policy, failing=failing)

    def _about(self) -> tuple[str, ...]:
        return (
            f"{self.workspace.config.name}: figures of the service report",
            f"{day_in_words(self.start)} to {day_in_words(self.end)}",
            f"Team: {self.team}" if self.team is not None else "All teams",
            f"Made on {day_in_words(self.workspace.today)} by romframe",
            f"Small numbers: {self.disclosure.summary}",
            "A hidden number is an empty cell. Check before you publish.",
            "Released: what it shows is noted." if self.release else "For use inside the service.",
            *(("Incomplete: not every section could be made.",) if self.failed else ()),
            "The sheet dictionary says what every column means.",
        )
