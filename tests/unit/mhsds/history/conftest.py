"""Workspaces that know two people, and a month that is exported from one."""

import pytest
from oracles.mhsds_files import TODAY, take

from romframe import create_workspace, open_workspace, run_export


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    """The measures as every workspace here has them, loaded once."""
    workspace = create_workspace(tmp_path_factory.mktemp("measures") / "service", "measures")
    workspace.store.close()
    return workspace.catalogue


@pytest.fixture
def make(tmp_path, measures):
    """Make workspaces that know two people, their referrals, goals, contacts and activities."""
    made = []

    def make(name="service", *, config=""):
        path = tmp_path / name
        workspace = create_workspace(path, name, today=TODAY)
        if config:
            workspace.store.close()
            with (path / "romframe.yaml").open("a") as file:
                file.write(config)
            workspace = open_workspace(path, today=TODAY)
        made.append(workspace)
        workspace.catalogue = measures
        take(
            workspace,
            "referral",
            [
                {"referral_id": "R1", "service_user_id": "P1", "received_on": "2019-01-05"},
                {"referral_id": "R2", "service_user_id": "P2", "received_on": "2020-01-05"},
            ],
        )
        goal = {"referral_id": "R1", "set_on": "2026-01-05"}
        take(
            workspace,
            "goal",
            [goal | {"goal_id": "G1", "slot": "1"}, goal | {"goal_id": "G3", "slot": "3"}],
        )
        contact = {"care_contact_id": "C1", "referral_id": "R1", "contact_on": "2026-11-04"}
        take(workspace, "care_contact", [contact])
        take(workspace, "care_activity", [{"care_activity_id": "A1", "care_contact_id": "C1"}])
        return workspace

    yield make
    for workspace in made:
        workspace.store.close()


@pytest.fixture
def month(tmp_path):
    """Export November of a workspace into a new folder."""

    def month(workspace, name="november", **options):
        run_export(workspace, "mhsds", tmp_path / name, {"period": "2026-11", **options})
        return tmp_path / name

    return month
