"""What several test folders share: where the repository is, its catalogue, and what saves time."""

from pathlib import Path

import pytest

from romframe import catalogue as catalogues
from romframe.api import catalogue
from romframe.instruments.loader import load_instrument
from romframe.store import connection as connections


ROOT = Path(__file__).parents[1]
SPECS = ROOT / "instrument_specs"


@pytest.fixture(scope="session")
def root():
    return ROOT


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
