"""A month is made in parts that hold whole referrals, and comes out as if made at once."""

import pytest
from romframe_mhsds.submission import rows
from romframe_mhsds.submission.settings import read_settings
from unit.mhsds.service import TODAY


CORE_10 = {f"q{n}": 2 for n in range(1, 11)}


@pytest.fixture
def month(workspace):
    """Five assessments of three referrals: two, two and one."""
    workspace.load("core_10")
    for day, referral in enumerate(("SR2", "SR1", "SR3", "SR1", "SR2"), start=1):
        moment = f"2026-11-0{day}T10:00:00"
        workspace.add("core_10", CORE_10, referral_id=referral, completed_at=moment)
    return workspace


def referrals_of_parts(workspace, monkeypatch, at_a_time):
    monkeypatch.setattr(rows, "_AT_A_TIME", at_a_time)
    settings = read_settings(workspace, {"period": "2026-11"}, TODAY)
    planned = rows.plan(workspace, settings)
    return [part["referral_id"].to_list() for part in planned.batches()]


@pytest.mark.parametrize(
    ("at_a_time", "parts"),
    [
        (1, [["SR1", "SR1"], ["SR2", "SR2"], ["SR3"]]),
        (2, [["SR1", "SR1"], ["SR2", "SR2"], ["SR3"]]),
        (3, [["SR1", "SR1", "SR2", "SR2"], ["SR3"]]),
        (5, [["SR1", "SR1", "SR2", "SR2", "SR3"]]),
    ],
)
def test_a_part_holds_whole_referrals_in_their_order(month, monkeypatch, at_a_time, parts):
    assert referrals_of_parts(month, monkeypatch, at_a_time) == parts


def test_the_files_do_not_depend_on_the_size_of_a_part(month, run, monkeypatch):
    at_once = run(month)
    monkeypatch.setattr(rows, "_AT_A_TIME", 1)
    in_parts = run(month)
    assert in_parts.result.counts["sent"] == 5
    for name in in_parts.result.files:
        assert (in_parts.out / name).read_bytes() == (at_once.out / name).read_bytes()
