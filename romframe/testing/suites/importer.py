"""What romframe relies on in an importer: a file is read or refused in words, and twice is once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from romframe.errors import DataError, PluginError, UserError
from romframe.incoming import Outside, import_outside, read_outside
from romframe.ingest import Imported
from romframe.testing.hostile import HOSTILE_FILES, fill, made_workspace
from romframe.testing.hosts import DATA
from romframe.testing.suites.workspaces import WithWorkspaces, shared, unchanged
from romframe.workspace import Workspace


_NOW = datetime(2026, 7, 10, 9, tzinfo=UTC)


class ImporterSuite(WithWorkspaces):
    """Must hold: set `plugin`, `importer` (its name), and write `sample`.

    A sample is read into a workspace with the people and referrals of the data set `one_person`
    and no assessments; `prepare` may bring what else must be there.
    """

    importer: str

    def sample(self, folder: Path) -> Path:
        """Write a file (or folder) that is read in whole into the folder, and give its path."""
        raise NotImplementedError("Write a sample file that the importer reads in whole.")

    def prepare(self, workspace: Workspace) -> None:
        """Bring what must be in the workspace before the sample."""
        fill(workspace, "one_person", ())

    @pytest.fixture
    def workspace(self, tmp_path: Path) -> Iterator[Workspace]:
        """A workspace that is ready for the sample."""
        found = self._ready(tmp_path)
        yield found
        found.store.close()

    @pytest.fixture
    def looked_at(
        self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
    ) -> Workspace:
        """The same, one for all tests that only read."""
        made, name = shared(request.session), f"{type(self).__module__}.{type(self).__qualname__}"
        if name not in made:
            made[name] = self._ready(tmp_path_factory.mktemp("looked_at"))
        return made[name]

    def _ready(self, folder: Path) -> Workspace:
        found = made_workspace(folder / "service", self.plugin, "empty")
        self.prepare(found)
        return found

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        """The sample."""
        folder = tmp_path / "sample"
        folder.mkdir()
        return self.sample(folder)

    def read(self, workspace: Workspace, path: Path) -> Outside:
        """Read as a dry run of `romframe import` does."""
        return read_outside(workspace, path, self.importer, actor="the kit", now=_NOW)

    def bring(self, workspace: Workspace, path: Path) -> list[Imported]:
        """Import as `romframe import` does; give what became of each part, unread rows last."""
        return import_outside(workspace, path, self.importer, actor="the kit", now=_NOW)[1]

    def test_its_sample_is_read_and_stored(self, workspace: Workspace, file: Path) -> None:
        """A sound file is stored, all rows of it."""
        done = self.bring(workspace, file)
        stored = sum(each.result.accepted for each in done)
        assert stored > 0, "Nothing of the sample was stored."
        refused = sum(each.result.rejected for each in done)
        assert refused == 0, "Rows of the sample were set aside: see `romframe import` for why."

    def test_reading_stores_nothing(self, looked_at: Workspace, file: Path) -> None:
        """To read a file changes nothing in the workspace: storing is left to romframe."""
        with unchanged(looked_at):
            self.read(looked_at, file)

    def test_reading_again_gives_the_same(self, looked_at: Workspace, file: Path) -> None:
        """What a file holds does not hang on the clock or on chance."""
        first, second = (self.read(looked_at, file) for _ in range(2))
        assert second.kinds == first.kinds
        assert _told(second) == _told(first), "Sort rows, and read no clock."

    def test_importing_again_changes_nothing(self, workspace: Workspace, file: Path) -> None:
        """The same file a second time stores nothing, and corrects nothing."""
        self.bring(workspace, file)
        again = [each.result for each in self.bring(workspace, file)]
        assert sum(each.accepted for each in again) == 0, "Give rows a key that stays the same."
        assert sum(each.corrected for each in again) == 0, "The same row is told otherwise now."

    def test_every_row_that_it_leaves_unread_has_a_reason(self, looked_at: Workspace) -> None:
        """What it can make nothing of is kept with what is wrong and how to mend it."""
        for path in hostile_files():
            outside = self._tried(looked_at, path)
            if outside is not None:
                rows = outside.unread.select("code", "what", "mend").rows()
                assert all(all(row) for row in rows), f"{path.name}: fill in code, what and mend."

    @pytest.mark.parametrize("name", HOSTILE_FILES)
    def test_a_hostile_file_is_read_or_refused_in_words(
        self, looked_at: Workspace, name: str
    ) -> None:
        """No file makes it fail without saying what is wrong, and none is stored by reading it."""
        with unchanged(looked_at):
            self._tried(looked_at, DATA / "files" / name)

    def test_a_file_that_is_not_there_is_told(self, looked_at: Workspace, tmp_path: Path) -> None:
        """A mistyped name is told, and so is a folder without what it looks for."""
        with pytest.raises(DataError):
            self.read(looked_at, tmp_path / "mistyped")
        empty = tmp_path / "nothing"
        empty.mkdir()
        self._tried(looked_at, empty)

    def _tried(self, workspace: Workspace, path: Path) -> Outside | None:
        """Read; None where it refused in words. A fault of the importer fails the test."""
        try:
            return self.read(workspace, path)
        except PluginError as error:
            pytest.fail(f"{path.name}: raise DataError instead. {error}")
        except UserError:
            return None


class ImporterExtras(ImporterSuite):
    """Optional: it says of every hostile file what is wrong, rather than reading nothing."""

    @pytest.mark.parametrize("name", HOSTILE_FILES)
    def test_a_hostile_file_is_never_read_as_nothing(self, looked_at: Workspace, name: str) -> None:
        """A file of another kind is refused or its rows are told: silence looks like success."""
        outside = self._tried(looked_at, DATA / "files" / name)
        told = outside is None or outside.parts or outside.notices or outside.unread.height
        assert told, "Raise DataError where a file is not what the importer reads."


def hostile_files() -> list[Path]:
    """Give the hostile files that the kit ships."""
    return [DATA / "files" / name for name in HOSTILE_FILES]


def _told(outside: Outside) -> list[Any]:
    parts = [part.prepared for part in outside.parts]
    frames = [frame for part in parts for frame in (part.accepted, part.rejected)]
    return [frame.to_dicts() for frame in (*frames, outside.unread)]
