"""What romframe relies on in a section of the report: it builds from any data, or is left out."""

from collections.abc import Mapping
from datetime import date

import pytest

from romframe.disclosure import SERVICE
from romframe.offers import ReportSection, Window
from romframe.testing.hostile import DATA_SETS
from romframe.testing.hosts import catalogue_of
from romframe.testing.suites.workspaces import WithWorkspaces, Workspaces, unchanged
from romframe.tidy import TidyTable
from romframe.workspace import Workspace


JUNE = Window(date(2026, 6, 1), date(2026, 6, 30))
NOBODY = Window(date(1999, 1, 1), date(1999, 12, 31), "no such team")
each_data_set = pytest.mark.parametrize("data_set", DATA_SETS)


class ReportSectionSuite(WithWorkspaces):
    """Must hold: set `plugin` and `section`, its name; `measures` are those that it shows."""

    section: str

    @pytest.fixture
    def offer(self) -> ReportSection:
        """The section under test."""
        found: ReportSection = catalogue_of(self.plugin).host.find("report_sections", self.section)
        return found

    def test_it_has_a_title_and_a_template(self, offer: ReportSection) -> None:
        """There is a heading, and something to show under it."""
        assert str(offer.title).strip(), "Give the section a `title`."
        assert offer.template.strip(), "Give the section the source of a `template`."

    @each_data_set
    def test_it_builds_from_any_data_or_is_left_out(
        self, workspaces: Workspaces, offer: ReportSection, data_set: str
    ) -> None:
        """It gives what its template shows, or None, and changes nothing in the workspace.

        Its figures for spreadsheets are tidy tables, and the same again.
        """
        workspace = workspaces(data_set)
        with unchanged(workspace):
            for window in (JUNE, NOBODY):
                found = offer.build(workspace, window)
                assert found is None or isinstance(found, Mapping), "Give a mapping, or None."
            first, second = (self.tables_of(offer, workspace) for _ in range(2))
        assert all(isinstance(table, TidyTable) for table in first), "Yield `TidyTable`s."
        assert second == first, "Sort the rows, and read no clock but `workspace.today`."

    def tables_of(self, offer: ReportSection, workspace: Workspace) -> list[TidyTable]:
        """Give the figures for spreadsheets, as the report of a service would show them."""
        return list(offer.tables(workspace, JUNE, SERVICE)) if offer.tables else []


class ReportSectionExtras(ReportSectionSuite):
    """Optional: that it shows any of the hostile data."""

    def test_it_shows_something(self, workspaces: Workspaces, offer: ReportSection) -> None:
        """From one data set or another it builds something; else the kit has shown nothing."""
        built = (offer.build(workspaces(data_set), JUNE) for data_set in reversed(DATA_SETS))
        shown = any(found is not None for found in built)
        assert shown, "Set `measures` to those that it shows."
