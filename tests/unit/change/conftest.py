"""Small instruments, written as specs."""

import textwrap

import pytest

from romframe.api import catalogue
from romframe.instruments.loader import parse_instrument


HEAD = """
romframe: 1
id: small
version: "1"
name: Small
type: prom
raters: [service_user]
licence: {owner: nobody, terms: none, wording: ships}
"""


@pytest.fixture(scope="session")
def make():
    """Make an instrument from the part of its spec that matters."""
    return lambda text: parse_instrument(
        HEAD + textwrap.dedent(text), "small.yaml", catalogue().vocabulary
    )
