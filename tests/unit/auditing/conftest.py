"""Small workspaces of two shipped measures, filled from rows that stand beside the tests."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import polars as pl
import pytest

from romframe import create_workspace, import_file


NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
SCALES = [f"q{n}" for n in range(1, 13)]


def honos(referral, day, answers="213121021312", **more):
    """One rating; a dot is a blank."""
    cells = {name: None if a == "." else a for name, a in zip(SCALES, answers, strict=True)}
    said = {"referral_id": referral, "completed_at": day, "rater": "clinician"}
    return {"timepoint": "review", "team": "North", "q8_type": "B", **said, **cells, **more}


def core_10(referral, day, answers, **more):
    cells = {f"q{n}": answer for n, answer in enumerate(answers, 1)}
    return {"referral_id": referral, "completed_at": day, "team": "North", **cells, **more}


@contextmanager
def opened(folder):
    """A workspace with referrals A to D, and `bring`, which stores rows."""
    workspace = create_workspace(folder / "service", "Made up", today=date(2025, 12, 1))

    def bring(target, rows, coding=None):
        path = folder / f"{target}.csv"
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
        done = import_file(workspace, path, target=target, coding=coding, actor="test", now=NOW)
        assert done.result.rejected == 0
        return done.result

    bring("service_user", [{"service_user_id": f"P{name}"} for name in "ABCD"])
    rows = [
        {"referral_id": name, "service_user_id": f"P{name}", "team": "North",
         "received_on": "2025-01-01", "closed_on": "2025-06-30"}
        for name in "ABCD"
    ]  # fmt: skip
    bring("referral", rows)
    with workspace.store:
        yield workspace, bring


@pytest.fixture
def service(tmp_path):
    with opened(tmp_path) as made:
        yield made
