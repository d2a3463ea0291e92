"""A year of a service with two teams, some people to be kept well, and a framework about them."""

import random
from datetime import date, timedelta

import pytest
from oracles.filled import Filled

from romframe import read_framework


TODAY = date(2026, 1, 31)
TEXT = """\
romframe_framework: 1
id: fen
version: "1"
name: Outcomes of the Fen service
commissioner: Made-up ICB
reporting: {every: month, over: 12, counted: closed}
disclosure: service
pairing: baseline_and_discharge
groups:
  - id: treated
    name: Referred for treatment
    where: {pathway: {not: prevention}}
  - id: kept_well
    name: Referred to be kept well
    where: {pathway: prevention}
    good: [maintained]
    worse: [relapsed]
outcomes:
  - id: better
    says: People get <better>
    measures:
      - id: core_10
        instrument: core_10
        score: total
        rule: barkham_2013
        group: treated
        targets: [{figure: good, at_least: 60}, {figure: paired, at_least: 50, source: contract}]
    indicators:
      - id: back
        indicator: re_referral
        name: Referred back within 30 days
        group: treated
        params: {days: 30}
        targets: [{figure: met, at_most: 90}]
  - id: well
    says: People stay well
    measures:
      - {id: core_10_well, instrument: core_10, score: total, rule: barkham_2013, group: kept_well}
    indicators:
      - id: seen
        indicator: wait
        name: Assessed within ten days
        params: {from: referral, to: assessment, within: 10}
        targets: [{figure: median, at_most: 7}]
      - id: involved
        indicator: favourable
        name: Say that they were involved in their own care
        params: {instrument: poem, item: q2e}
may_not_conclude: [Nothing is said here of the partners.]
sources: {contract: {cite: "The contract of 2025, annex B"}}
"""
POEM = ["q1a", "q1b", *(f"q2{letter}" for letter in "abcdefghijkl")]


def fill(place):
    """Refer 160 people in a year, rate most of them twice, and take in some returns."""
    dice = random.Random(5)
    referrals, ratings = [], []
    for number in range(160):
        name, person = f"R{number:03d}", f"P{number % 150:03d}"
        begin = date(2024, 12, 15) + timedelta(days=2 * number)
        end = begin + timedelta(days=dice.randrange(20, 60))
        about = {
            "team": dice.choice(["North", "South"]),
            "pathway": dice.choice(["treatment", "treatment", "", "prevention"]),
        }
        is_open = dice.random() < 0.05
        referrals.append(
            (name, person, begin.isoformat(), "" if is_open else end.isoformat(), about)
        )
        first = dice.choice([0, 1, 2, 3])
        last = max(0, min(4, first + dice.choice([-2, -1, -1, 0, 1])))
        if dice.random() < 0.9:
            on = begin + timedelta(days=dice.randrange(0, 15))
            ratings.append((name, on.isoformat(), "assessment", first))
        if dice.random() < 0.85:
            ratings.append((name, end.isoformat(), "discharge", last))
    place.refer(*referrals)
    place.core_10(*ratings)
    returns = [
        dict.fromkeys(POEM, 2)
        | {"respondent": "patient", "service": "community", "team": dice.choice(["North", "South"])}
        | {"q2e": dice.choice([1, 2, 3, 4, ""]), "sent": f"2025-{1 + number % 12:02d}-15"}
        for number in range(60)
    ]
    place.bring("instrument: poem\ncoding: form_order\ncolumns: {completed_at: sent}\n", returns)


@pytest.fixture(scope="package")
def year(tmp_path_factory):
    place = Filled(tmp_path_factory.mktemp("year"), TODAY)
    fill(place)
    (place.workspace.path / "frameworks" / "fen.yaml").write_text(TEXT)
    yield place.workspace
    place.workspace.store.close()


@pytest.fixture(scope="package")
def framework(year):
    return read_framework(year, "fen")
