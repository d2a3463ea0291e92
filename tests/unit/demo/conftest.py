"""One made-up service for all tests of the generator, and one demo run for all tests of the run."""

from datetime import date

import pytest
from romframe_demo.extract import extract
from romframe_demo.faults import plant
from romframe_demo.synthetic.service import make_service

from romframe.api import catalogue


SEED = 1
TODAY = date(2026, 7, 1)


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
