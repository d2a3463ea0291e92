"""Workspaces to export from and to import into."""

import json

import polars as pl
import pytest
from oracles.fhir_sites import REFERRALS, TODAY, Site

from romframe import create_workspace


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    """The measures as every workspace here has them, loaded once."""
    workspace = create_workspace(tmp_path_factory.mktemp("measures") / "service", "measures")
    workspace.store.close()
    return workspace.catalogue


@pytest.fixture
def make(tmp_path, measures):
    """Make workspaces that know two people and their referrals."""
    made = []

    def make(name, referrals=REFERRALS):
        workspace = create_workspace(tmp_path / name, "service", today=TODAY)
        workspace.catalogue = measures
        made.append(workspace)
        people = pl.DataFrame(referrals).select("service_user_id").unique(maintain_order=True)
        return Site(workspace).bring("service_user", people.to_dicts()).bring("referral", referrals)

    yield make
    for workspace in made:
        workspace.store.close()


@pytest.fixture
def site(make):
    return make("service")


@pytest.fixture
def sent(tmp_path, site):
    """Import resources, a line each."""

    def sent(*resources, mapping=None):
        path = tmp_path / "sent.ndjson"
        lines = (each if isinstance(each, str) else json.dumps(each) for each in resources)
        path.write_text("\n".join(lines), encoding="utf-8")
        if isinstance(mapping, str):
            (tmp_path / "map.yaml").write_text(mapping, encoding="utf-8")
            mapping = tmp_path / "map.yaml"
        return site.take(path, mapping)

    return sent
