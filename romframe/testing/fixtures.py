"""Fixtures for tests of plugins: `pytest_plugins = ["romframe.testing.fixtures"]` in a conftest.py.

They are no pytest plugin of the package: nobody's other tests load romframe.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from romframe.cli import main
from romframe.plugins import PluginHost
from romframe.testing import hostile
from romframe.testing.hosts import AWKWARD, load_alone
from romframe.workspace import Workspace, create_workspace


MadeWorkspace = Callable[..., Workspace]


@frozen
class Done:
    """A finished command: its exit code, its result, and what it said beside it."""

    code: int
    out: str
    err: str


@pytest.fixture
def plugin_host() -> Callable[[Any], PluginHost]:
    """Load a plugin with nothing beside it but romframe: `plugin_host(my_plugin)`."""
    return load_alone


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Give an empty workspace, opened on a fixed day."""
    found = create_workspace(tmp_path / "workspace", "Made up", today=hostile.TODAY)
    yield found
    found.store.close()


@pytest.fixture
def made_workspace(tmp_path: Path) -> Iterator[MadeWorkspace]:
    """Make workspaces with hostile data: `made_workspace(my_plugin, "unicode_names", [...])`."""
    made: list[Workspace] = []

    def make(
        plugin: Any, data_set: str = "one_person", measures: Sequence[str] = (AWKWARD,)
    ) -> Workspace:
        folder = tmp_path / f"made_{len(made)}"
        made.append(hostile.made_workspace(folder, plugin, data_set, measures))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


@pytest.fixture
def run_cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run a command: `run_cli("-w", folder, "export", "mine").code`."""

    def run(*args: object) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(arg) for arg in args])
        told = capsys.readouterr()
        code = stopped.value.code
        return Done(code if isinstance(code, int) else 1, told.out, told.err)

    return run
