"""A workspace with assessments of every sort, and an empty one that knows the same people."""

import pytest
from oracles.fhir_sites import REFERRALS, TODAY, Site, filled

from romframe import create_workspace


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    """The measures as every workspace here has them, loaded once."""
    workspace = create_workspace(tmp_path_factory.mktemp("measures") / "service", "measures")
    workspace.store.close()
    return workspace.catalogue


@pytest.fixture(scope="module")
def make(tmp_path_factory, measures):
    """Make workspaces that know two people and their referrals."""
    made = []

    def make(name):
        workspace = create_workspace(tmp_path_factory.mktemp(name) / "s", "service", today=TODAY)
        workspace.catalogue = measures
        made.append(workspace)
        site = Site(workspace).bring("service_user", [{"service_user_id": "P1"}])
        return site.bring("referral", [each | {"service_user_id": "P1"} for each in REFERRALS])

    yield make
    for workspace in made:
        workspace.store.close()


@pytest.fixture(scope="module")
def service(make):
    """A workspace that no test changes."""
    site = filled(make("service"))
    odd = {"team": "=1+1", "setting": "'-x", "source_id": "@S", "care_professional_id": "+1"}
    answers = {f"q{n}": "1" for n in range(1, 11)}
    site.answers("core_10", completed_at="2026-09-01", referral_id="R3", **odd, **answers)
    items = {item.id: "" for item in site.workspace.instrument("mohost").items}
    first = site.workspace.instrument("mohost").items[0]
    code = str(first.scale.options[0].code)
    site.answers("mohost", "position", **items | {first.id: code, "rater": "clinician"})
    items = {item.id: "" for item in site.workspace.instrument("poem").items}
    first = site.workspace.instrument("poem").items[0]
    poem = items | {first.id: str(first.scale.options[0].code), "rater": "service_user"}
    return site.answers("poem", "position", **poem, consent="1")
