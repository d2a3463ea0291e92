"""One made-up service for all tests of the generator, and one demo run for all tests of the run."""

from datetime import date

import pytest
from attrs import frozen
from click.testing import CliRunner, Result
from romframe_demo.extract import extract
from romframe_demo.faults import plant
from romframe_demo.synthetic.service import make_service

from romframe import Workspace, open_workspace
from romframe.api import catalogue
from romframe.cli import cli


SEED = 1
TODAY = date(2026, 7, 1)


@frozen
class Run:
    """A finished demo: what the command said, and its workspace."""

    result: Result
    workspace: Workspace

    @property
    def lines(self):
        return self.result.stdout.splitlines()


@pytest.fixture(scope="session")
def service():
    return make_service(SEED, TODAY)


@pytest.fixture(scope="session")
def planted(service):
    return plant(service, extract(service), SEED)


@pytest.fixture(scope="session")
def specs():
    """The instruments' specs: what a form may hold is theirs to say."""
    from importlib.resources import files

    shipped = ("honos", "core_10", "core_om", "phq_9", "pbq", "gbo", "poem", "fft")
    local = catalogue().read(files("romframe_demo") / "data" / "feeding_confidence.yaml")
    return {name: catalogue().instrument(name) for name in shipped} | {local.id: local}


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "service"
    result = CliRunner().invoke(cli, ["demo", str(folder)], catch_exceptions=False)
    workspace = open_workspace(folder, today=TODAY)
    yield Run(result, workspace)
    workspace.store.close()
