"""A framework that is sound, what it may name, and a small service to try it on."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from ruamel.yaml import YAML

from romframe import Indicator, create_workspace, import_file
from romframe.frameworks.loader import load_framework
from romframe.frameworks.terms import Terms


SOUND = """\
romframe_framework: 1
id: made_up
version: "2019.1"
name: Perinatal outcomes
commissioner: Made-up ICB
reporting: {every: month, over: 6, counted: open}
disclosure: nhs_monthly
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
  - id: mental_health
    says: Better mental health, and no deterioration
    measures:
      - id: core_treated
        instrument: core_10
        score: total
        rule: corc_manual
        group: treated
        first: [assessment, review]
        last: [discharge]
        targets: [{figure: good, at_least: 50, source: contract}, {figure: paired, at_least: 60}]
      - {id: core_well, instrument: core_10, score: total, group: kept_well}
  - id: fewer_relapses
    says: Fewer relapses
    indicators:
      - id: back
        indicator: come_back
        name: Referred back within 30 days
        params: {days: 30}
        group: treated
        targets: [{figure: met, at_most: 5}]
may_not_conclude: [Nothing about single teams.]
timing:
  - {id: start, instruments: [core_10], group: treated, anchor: referral, window: {after: 14}}
sources: {contract: {cite: A made-up contract, url: "https://example.org"}}
"""
DAYS = {"days": {"type": "integer", "min": 1, "required": True}}
ITEM = {"instrument": {"type": "string"}, "item": {"type": "string"}, "score": {"type": "string"}}


def nothing(workspace, params):
    return pl.DataFrame()


@pytest.fixture(scope="session")
def terms():
    """The shipped measures, and two indicators that are of these tests only."""
    from romframe.api import catalogue

    found = catalogue.__wrapped__()  # one that no other test sees
    for indicator in (
        Indicator("come_back", "Who comes back.", nothing, DAYS, has_values=True),
        Indicator("good_side", "Who answers well.", nothing, ITEM, has_values=True),
    ):
        found.host.offer("tests", "indicators", indicator.name, indicator)
    return Terms(found)


@pytest.fixture(scope="session")
def plain():
    """The sound framework as plain data."""
    return YAML(typ="safe", pure=True).load(SOUND)


@pytest.fixture
def load(terms, tmp_path):
    """Load a framework: the sound one, with parts of its text replaced."""

    def load(*changes, text=SOUND):
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "framework.yaml"
        path.write_text(text, encoding="utf-8")
        return load_framework(path, terms)

    return load


PEOPLE = """\
service_user_id,birth_date,gender,ethnic_category,parity,language
P1,1990-06-15,2,A,0,
P2,2008-03-01,2,,2,cy
P3,,,,,
"""
REFERRALS = """\
referral_id,service_user_id,team,pathway,received_on,closed_on,language
R1,P1,North,treatment,2024-06-14,2024-12-01,
R2,P2,North,prevention,2024-06-14,,en
R3,P3,South,,2024-06-14,2024-11-30,
R4,P1,South,treatment,2024-06-15,,fr
"""
CORE_10 = """\
referral_id,completed_at,timepoint,rater,q1,q2,q3,q4,q5,q6,q7,q8,q9,q10
R1,2024-07-01,assessment,service_user,4,4,4,4,4,4,4,4,4,4
R1,2024-09-01,review,service_user,2,2,2,2,2,2,2,2,2,2
R1,2024-11-30,discharge,service_user,1,1,1,1,1,1,1,1,1,1
R4,2024-07-01,review,service_user,1,1,1,1,1,1,1,1,1,1
R4,2024-09-01,review,service_user,3,3,3,3,3,3,3,3,3,3
"""
PHQ_9 = """\
referral_id,completed_at,timepoint,rater,q1,q2,q3,q4,q5,q6,q7,q8,q9
R1,2024-07-01,assessment,service_user,2,2,2,2,2,2,2,2,2
R1,2024-09-01,review,service_user,2,2,2,2,2,2,2,2,2
R1,2024-11-30,discharge,service_user,2,2,2,2,2,2,2,2,2
"""
GAD_7 = """\
referral_id,completed_at,timepoint,rater,q1,q2,q3,q4,q5,q6,q7
R1,2024-07-01,assessment,service_user,2,2,2,2,2,2,2
R1,2024-09-01,review,service_user,2,2,2,2,2,2,2
R1,2024-11-30,discharge,service_user,0,0,0,0,0,0,0
"""
MAPPINGS = {
    "service_user": "kind: service_user\ndetails: {parity: text, language: text}\n",
    "referral": "kind: referral\ndetails: {language: text}\n",
    "core_10": "instrument: core_10\ncoding: scored\n",
    "phq_9": "instrument: phq_9\n",
    "gad_7": "instrument: gad_7\n",
}


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    """A service with four referrals of three people; nothing in these tests writes to it."""
    folder = tmp_path_factory.mktemp("frameworks")
    made = create_workspace(folder / "w", "Made up", today=date(2025, 6, 1))
    records = {"service_user": PEOPLE, "referral": REFERRALS}
    files = {**records, "core_10": CORE_10, "phq_9": PHQ_9, "gad_7": GAD_7}
    for name, text in files.items():
        file, mapping = folder / f"{name}.csv", folder / f"{name}.yaml"
        file.write_text(text)
        mapping.write_text(MAPPINGS[name])
        now = datetime(2025, 6, 1, tzinfo=UTC)
        done = import_file(made, file, mapping=mapping, actor="test", now=now)
        assert done.result.rejected == 0
    yield made
    made.store.close()
