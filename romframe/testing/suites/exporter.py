"""What romframe relies on in an exporter: all flows or is told, and nothing else is touched."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from romframe.errors import PluginError, UsageError, UserError
from romframe.exporting import run_export
from romframe.offers import Exporter, ExportResult
from romframe.testing.hostile import DATA_SETS, made_workspace
from romframe.testing.hosts import catalogue_of
from romframe.testing.suites.workspaces import WithWorkspaces, Workspaces, unchanged
from romframe.workspace import Workspace


_STRANGE = ("nonsense", "", "../elsewhere", "=1+1")
_FORMULA = ("=", "+", "-", "@", "\t")
each_data_set = pytest.mark.parametrize("data_set", DATA_SETS)


class ExporterSuite(WithWorkspaces):
    """Must hold: set `plugin`, `exporter` (its name) and the `options` with which it is run.

    `measures` are those whose assessments it takes. `counted` are the keys of `counts` that,
    together with the exclusions, account for every row; `expected` says how many there are, and
    `accounted` may count otherwise.
    """

    exporter: str
    options: Mapping[str, Any] = MappingProxyType({})
    counted: tuple[str, ...] = ("sent",)

    def expected(self, workspace: Workspace) -> int:
        """Give how many rows must flow or be excluded: the current assessments."""
        return workspace.assessments().height

    def accounted(self, result: ExportResult) -> int:
        """Give how many rows flowed or were excluded, as the exporter counts them."""
        return sum(result.counts[name] for name in self.counted) + result.exclusions.height

    @pytest.fixture
    def offer(self) -> Exporter:
        """The exporter under test."""
        found: Exporter = catalogue_of(self.plugin).host.find("exporters", self.exporter)
        return found

    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """An empty folder, in which the exporter is run too."""
        place = tmp_path / "place"
        place.mkdir()
        monkeypatch.chdir(place)
        return place

    def export(self, workspace: Workspace, out: Path, **options: Any) -> ExportResult:
        """Export as `romframe export` does."""
        return run_export(workspace, self.exporter, out, {**self.options, **options})

    @each_data_set
    def test_it_takes_any_data_or_refuses_and_says_why(
        self, workspaces: Workspaces, place: Path, data_set: str
    ) -> None:
        """Whatever the data are, it writes its files, or refuses with a reason and leaves nothing.

        It writes into the folder that it is given, and changes nothing in the workspace.
        """
        workspace = workspaces(data_set)
        with unchanged(workspace):
            result = self._tried(workspace, place)
        if result is None:
            assert list(place.iterdir()) == [], "It refused, and yet left something behind."
        else:
            assert _files(place / "out").keys() == {*result.files}, "Name what it wrote in `files`."
            assert [each.name for each in place.iterdir()] == ["out"], "It wrote elsewhere too."

    @each_data_set
    def test_the_same_again_is_the_same_to_the_byte_and_no_row_is_lost(
        self, workspaces: Workspaces, place: Path, data_set: str
    ) -> None:
        """The same data on the same day give the same files and say the same of them.

        Every row flows or is excluded with a reason: the counts add up to what is there.
        """
        workspace = workspaces(data_set)
        first, second = (self._tried(workspace, place, name) for name in ("out", "again"))
        assert (first is None) == (second is None), "It refused once and not again."
        if first is not None and second is not None:
            same = _files(place / "again") == _files(place / "out")
            assert same, "Sort rows, and read no clock but `request.today`."
            assert second.counts == first.counts
            there = self.expected(workspace)
            assert self.accounted(first) == there, "Put what did not flow into `exclusions`."

    def test_what_stands_in_its_way_is_told_and_leaves_nothing(
        self, place: Path, tmp_path: Path
    ) -> None:
        """A store that cannot be read ends the export, and nothing half written is left."""
        workspace = made_workspace(tmp_path / "service", self.plugin, "one_person", self.measures)
        workspace.store.close()
        with pytest.raises(UserError):
            self.export(workspace, place / "out")
        assert list(place.iterdir()) == [], "Write into the folder that is given, nowhere else."

    def test_an_option_that_it_does_not_have_is_refused(
        self, workspaces: Workspaces, place: Path
    ) -> None:
        """A misspelt option is told, and nothing is written."""
        with pytest.raises(UsageError):
            self.export(workspaces("one_person"), place / "out", no_such_option="x")
        assert list(place.iterdir()) == []

    def test_a_strange_option_is_taken_or_refused_in_words(
        self, workspaces: Workspaces, place: Path, offer: Exporter
    ) -> None:
        """No text in an option makes the exporter fail without saying what is wrong."""
        workspace = workspaces("one_person")
        texts = [name for name, rules in offer.options.items() if rules.get("type") == "string"]
        for n, (name, text) in enumerate((name, text) for name in texts for text in _STRANGE):
            self._tried(workspace, place, f"out_{n}", **{name: text})
            outside = [each.name for each in place.iterdir() if not each.name.startswith("out_")]
            assert outside == [], f"--{name} {text!r} made it write elsewhere."

    def _tried(
        self, workspace: Workspace, place: Path, name: str = "out", **options: Any
    ) -> ExportResult | None:
        """Export; None where it refused in words. A fault of the exporter fails the test."""
        try:
            return self.export(workspace, place / name, **options)
        except PluginError as error:
            pytest.fail(f"Raise UsageError, DataError or ExportRefused instead: {error}")
        except UserError:
            return None


class ExporterExtras(ExporterSuite):
    """Optional: help for every option, tables that a spreadsheet opens safely, files that add up.

    `delimiter` is that of its tables. `rows_written` reads the files again and counts.
    """

    delimiter: str = ","

    def rows_written(self, out: Path) -> int | None:
        """Give how many rows of `counted` stand in the files of a folder; None if not looked at."""
        return None

    def test_every_option_says_what_it_is(self, offer: Exporter) -> None:
        """`romframe export NAME --help` says of every option what it does."""
        silent = [n for n, rules in offer.options.items() if not rules.get("meta", {}).get("help")]
        assert silent == [], 'Add `"meta": {"help": ...}` to these options.'

    def test_its_files_hold_as_many_rows_as_it_counts(
        self, workspaces: Workspaces, place: Path
    ) -> None:
        """What it says that it sent stands in its files: no row is counted and not written."""
        result = self._tried(workspaces("one_person"), place)
        if result is not None:
            written = self.rows_written(place / "out")
            if written is None:
                pytest.skip("say in `rows_written` how many rows its files hold")
            sent = sum(result.counts[name] for name in self.counted)
            assert written == sent, "Write every row that it counts, and count no other."

    def test_no_cell_is_a_formula(self, workspaces: Workspaces, place: Path) -> None:
        """A spreadsheet that opens a table runs nothing that somebody wrote into a field."""
        self._tried(workspaces("formula_cells"), place)
        found = [
            f"{path.name}: {cell}"
            for path in sorted(place.rglob("*.csv"))
            for cell in _cells(path, self.delimiter)
            if cell.startswith(_FORMULA) and not _number(cell)
        ]
        assert found == [], (
            "Put an apostrophe before them, or say in the README that they go as is."
        )


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _cells(path: Path, delimiter: str) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=delimiter):
            yield from row


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
