"""Fixtures that several test folders share."""

from pathlib import Path

import pytest

from romframe.api import catalogue


@pytest.fixture(scope="session")
def root():
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shipped():
    """The catalogue of the installed plugins."""
    return catalogue()
