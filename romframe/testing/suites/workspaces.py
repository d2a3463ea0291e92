"""Workspaces with hostile data, made once for all suites that only look at them."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import evolve

from romframe.testing.hostile import made_workspace
from romframe.testing.hosts import AWKWARD, catalogue_of
from romframe.workspace import Workspace


Workspaces = Callable[[str], Workspace]

_Made = dict[Hashable, Workspace]
_MADE = pytest.StashKey[_Made]()


class WithWorkspaces:
    """A suite that looks at workspaces: every assessment is there for each of the `measures`."""

    plugin: Any
    measures: Sequence[str] = (AWKWARD,)

    @pytest.fixture
    def workspaces(
        self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
    ) -> Workspaces:
        """Give the workspace with a data set; it is shared, so nothing may be written to it."""
        made = shared(request.session)

        def give(data_set: str) -> Workspace:
            catalogue = catalogue_of(self.plugin)
            alike = tuple((name, catalogue.instrument(name).digest) for name in self.measures)
            if (alike, data_set) not in made:
                folder = tmp_path_factory.mktemp(data_set) / "service"
                known = made_workspace(folder, self.plugin, data_set, self.measures)
                made[alike, data_set] = known
            return evolve(made[alike, data_set], catalogue=catalogue)

        return give


def shared(session: pytest.Session) -> _Made:
    """Give the workspaces of a run of tests that were made so far; they are closed at its end."""
    if _MADE not in session.stash:
        made: _Made = {}
        session.stash[_MADE] = made
        session.addfinalizer(lambda: _close(made.values()))
    return session.stash[_MADE]


def _close(workspaces: Iterable[Workspace]) -> None:
    for workspace in workspaces:
        workspace.store.close()


@contextmanager
def unchanged(workspace: Workspace) -> Iterator[None]:
    """Fail where something is written to a workspace's store, or beside it."""
    before = _state(workspace)
    yield
    assert _state(workspace) == before, "It wrote to the workspace: only importing may."


def _state(workspace: Workspace) -> tuple[int, Any, list[str]]:
    """Give what tells of writing: rows changed here, by others, and the files beside the store."""
    connection = workspace.store.connection
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    files = workspace.path.rglob("*")
    names = sorted(str(path) for path in files if not path.name.startswith("rom.sqlite"))
    return connection.total_changes, version, names
