"""A small made-up instrument with every kind of response scale that an import meets."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from romframe.importing.mapping import Mapping, parse_mapping
from romframe.importing.prepare import prepare
from romframe.importing.prepared import Prepared
from romframe.instruments.loader import parse_instrument
from romframe.instruments.model import Instrument
from romframe.instruments.schema import Vocabulary
from romframe.methods import SCORING_METHODS
from romframe.tables import read_table


VOCABULARY = Vocabulary({method.name: method.terms for method in SCORING_METHODS}, {})

MOOD = """
romframe: 1
id: mood
version: "1"
name: Mood
type: prom
raters: [service_user, clinician]
licence: {owner: nobody, terms: none, wording: ships}
response_scales:
  often: {codes: {0: never, 1: seldom, 2: often, 3: always}}
  ruler: {range: [0, 10], step: 0.5}
  letters: {codes: {A: first, B: second, C: third}, scored: false}
items:
  - {id: q1, label: one, scale: often}
  - {id: q2, label: two, scale: often}
  - {id: q3, label: three, scale: ruler}
  - {id: q4, label: four, scale: letters, required_when: {item: q2, codes: [2, 3]}}
scores:
  - {id: total, name: Total, method: sum, items: [q1, q2], range: [0, 6], better: lower, source: us}
  - {id: ruler, name: Ruler, method: sum, items: [q3], range: [0, 10], better: lower, source: us}
sources:
  us: {cite: made up for these tests, status: local}
"""


@pytest.fixture
def spec() -> Callable[[str], Instrument]:
    return lambda text: parse_instrument(text, "spec.yaml", VOCABULARY)


@pytest.fixture
def mood(spec: Callable[[str], Instrument]) -> Instrument:
    return spec(MOOD)


@pytest.fixture
def anonymous_mood(spec: Callable[[str], Instrument]) -> Instrument:
    return spec(MOOD + "storage: either\n")


@pytest.fixture
def today() -> date:
    return date(2026, 1, 31)


@pytest.fixture
def imported(tmp_path: Path, mood: Instrument, today: date) -> Callable[..., Prepared]:
    """Import CSV text as the instrument (or another target), with a mapping as YAML text."""

    def run(csv: str, mapping: str = "", target: object = None, **more: object) -> Prepared:
        path = tmp_path / "data.csv"
        path.write_text(csv, encoding="utf-8")
        known = parse_mapping(mapping, "mapping.yaml") if mapping else Mapping()
        table = read_table(path, known.delimiter)
        return prepare(table, target or mood, known, today=today, **more)

    return run
