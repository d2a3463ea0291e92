"""What the tests of the spec language share: the vocabulary, and a way to read a spec from text."""

import pytest

from romframe.instruments.loader import parse_instrument


@pytest.fixture(scope="session")
def vocabulary(shipped):
    return shipped.vocabulary


@pytest.fixture(scope="session")
def load(vocabulary):
    """Read a spec from text."""
    return lambda text: parse_instrument(text, "spec.yaml", vocabulary)
