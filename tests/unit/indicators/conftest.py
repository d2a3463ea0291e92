import pytest
from oracles.filled import Filled


@pytest.fixture
def filled(tmp_path):
    place = Filled(tmp_path)
    yield place
    place.workspace.store.close()
