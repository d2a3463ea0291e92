"""A made-up instrument with every kind of response scale, and packs for it."""

import pytest

from romframe.errors import Problem, UsageError
from romframe.instruments.loader import parse_instrument
from romframe.wording import load_pack


MOOD = """
romframe: 1
id: mood
version: "1"
name: Mood
type: prom
raters: [service_user, clinician]
licence: {owner: The Owner, terms: ask first, wording: site_supplied}
response_scales:
  often:
    codes:
      0: {label: never, labels: {cy: byth}}
      1: seldom
      2: often
    missing: {9: not_known}
  ruler: {range: [0, 10], missing: {99: declined}}
  letters: {codes: {A: first, B: second}, scored: false}
  free: {kind: text}
items:
  - {id: q1, label: one, scale: often, labels: {cy: un}}
  - {id: q2, label: two, scale: ruler}
  - {id: q3, label: three, scale: letters}
  - {id: q4, label: four, scale: free}
scores: []
"""
PACK = """
romframe_wording: 1
instrument: mood
version: "1"
locale: en
permission: The Owner said so
title: How are you?
instructions: |
  Read every
  line.

  Then answer.
items: {q1: The first line, q2: The second line, q3: The third line, q4: The last line}
response_scales:
  often: {0: Not once, "1": Once, 9: No idea}
  ruler: {0: Worst, 5: Middle, 10.0: Best, 99: No answer}
  letters: {A: The first}
"""


@pytest.fixture
def spec(vocabulary):
    return lambda text=MOOD: parse_instrument(text, "spec.yaml", vocabulary)


@pytest.fixture(scope="session")
def vocabulary(shipped):
    return shipped.vocabulary


@pytest.fixture
def mood(spec):
    return spec()


@pytest.fixture
def find(mood):
    """Give the instrument by its name, or by its name with a hyphen and more."""

    def find(name):
        if name.partition("-")[0] == "mood":
            return mood
        raise UsageError(Problem("unknown-instrument", f"There is no instrument {name!r}.", "No."))

    return find


@pytest.fixture
def write(tmp_path):
    def write(text=PACK, name="mood.en.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def pack(write, find):
    return lambda text=PACK, name="mood.en.yaml": load_pack(write(text, name), find)
