"""Small instruments, written as specs."""

import textwrap

import pytest
from attrs import evolve

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
SOURCES = "sources: {invented: {cite: invented for a test, status: local}}"


@pytest.fixture(scope="session")
def make():
    """Make an instrument from the part of its spec that matters; `methods` are a plugin's."""

    def instrument(text, *methods):
        spec = HEAD + textwrap.dedent(text) + (SOURCES if "invented" in text else "")
        known = catalogue().vocabulary
        offered = {**known.scoring, **{method.name: method.terms for method in methods}}
        return parse_instrument(spec, "small.yaml", evolve(known, scoring=offered))

    return instrument
