"""What several test folders share: where the repository is, its catalogue, and what saves time."""

import os
from datetime import date
from pathlib import Path


os.environ.setdefault("POLARS_MAX_THREADS", "1")  # a worker a core; read when Polars is imported

import pytest
from attrs import frozen
from click.testing import CliRunner, Result
from hypothesis import settings

from romframe import Workspace, open_workspace
from romframe import catalogue as catalogues
from romframe.api import catalogue
from romframe.cli import cli
from romframe.instruments.loader import load_instrument
from romframe.store import connection as connections


ROOT = Path(__file__).parents[1]
SPECS = ROOT / "instrument_specs"

settings.register_profile("untimed", deadline=None)  # how long a thing takes is for benchmarks
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture
def types_known(monkeypatch):
    """Let mypy keep what it finds out about libraries: it takes long, and stays the same."""
    known = str(ROOT / ".mypy_cache" / "plugins")
    monkeypatch.setenv("MYPY_CACHE_DIR", known)
    return {"MYPY_CACHE_DIR": known}


@pytest.fixture(scope="session")
def shipped():
    """The catalogue of the installed plugins."""
    return catalogue()


@pytest.fixture(scope="session", autouse=True)
def _shipped_specs_are_read_once():
    """Hundreds of tests open a workspace or run a command, and each would read the specs anew."""
    read = []

    def load(path, vocabulary, named=None, **more):
        if not path.is_relative_to(SPECS):
            return load_instrument(path, vocabulary, named, **more)
        asked = (path, vocabulary, named, more)
        found = next((known for key, known in read if key == asked), None)
        if found is None:
            found = load_instrument(path, vocabulary, named, **more)
            read.append((asked, found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogues, "load_instrument", load)
        yield


@pytest.fixture(scope="session", autouse=True)
def _stores_do_not_wait_for_the_disk():
    """No test cuts the power: what SQLite hands to the system need not reach the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "PRAGMAS", (*connections.PRAGMAS, "synchronous = OFF"))
        yield


@frozen
class Run:
    """A finished demo: what the command said, and its workspace."""

    result: Result
    workspace: Workspace

    @property
    def lines(self):
        return self.result.stdout.splitlines()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """One demo run for all tests that look at it and change nothing."""
    folder = tmp_path_factory.mktemp("demo") / "service"
    result = CliRunner().invoke(cli, ["demo", str(folder)], catch_exceptions=False)
    workspace = open_workspace(folder, today=date(2026, 7, 1))
    yield Run(result, workspace)
    workspace.store.close()


@pytest.hookimpl(tryfirst=True)  # xdist looks at the groups in the same hook
def pytest_collection_modifyitems(items):
    """Leave all that looks at the demo to one process, so that it is made once.

    With pytest 9.2 xdist does not see groups (https://github.com/pytest-dev/pytest-xdist/issues/1386):
    the extra `test` asks for an older one.
    """
    for item in items:
        if "demo" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("demo"))
