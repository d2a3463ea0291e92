"""The exporter on a real store: what an import keeps is what goes out."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from romframe import create_workspace
from romframe.exporting import run_export
from romframe.importing.kinds import RECORD_KINDS
from romframe.importing.mapping import Mapping
from romframe.importing.prepare import prepare
from romframe.store import Batch


TODAY = date(2026, 12, 5)
RATINGS = {f"q{n}": "2" for n in range(1, 13)}
ANSWERS = {f"q{n}": "2" for n in range(1, 35)}


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "service", "A service", today=TODAY)
    yield made
    made.store.close()


def take(workspace, target, rows, coding=None):
    frame = pl.DataFrame(rows)
    known = RECORD_KINDS.get(target) or workspace.instrument(target)
    prepared = prepare(frame, known, Mapping(), today=TODAY, coding=coding)
    batch = Batch(
        file_name=f"{target}.csv",
        file_digest=target,
        mapping_digest="",
        actor="test",
        now=datetime(2026, 12, 5, 9, tzinfo=UTC),
        coding=coding,
        corrections="accept",
        unknown_referrals="create",
    )
    return workspace.store.import_rows(prepared, frame, target=known, batch=batch)


def test_a_month_of_a_real_store_flows(workspace, tmp_path):
    about = {"referral_id": "SR0001", "rater": "clinician", "care_professional_id": "CP07"}
    take(
        workspace,
        "honos",
        [
            about | RATINGS | {"completed_at": "2026-11-03T10:30:00", "q4": "9", "q8_type": "B"},
            about | RATINGS | {"completed_at": "2026-12-01", "q8_type": "B"},
        ],
    )
    own = {"referral_id": "SR0001", "completed_at": "2026-11-20"}
    take(workspace, "core_om", [own | ANSWERS], coding="scored")
    offered = {"referral_id": "SR0002", "completed_at": "2026-11-21", "outcome": "declined"}
    take(workspace, "core_10", [offered | {f"q{n}": None for n in range(1, 11)}], coding="scored")
    result = run_export(workspace, "mhsds", tmp_path / "november", {"period": "2026-11"})
    rows = pl.read_csv(
        tmp_path / "november" / "MHS606CodedScoreAssessmentRefer.csv", infer_schema=False
    )
    scores = dict(rows.select("CodedAssToolType", "PersScore").iter_rows())
    assert len(scores) == rows.height == 18
    assert scores["979671000000109"] == "9"
    assert scores["979831000000108"] == "B"
    assert scores["979641000000103"] == "2"
    assert scores["865876006"] == "20"
    assert scores["718492008"] == "8"
    assert set(rows["AssToolCompTimestamp"]) == {"2026-11-03T10:30:00Z", "2026-11-20T00:00:00Z"}
    assert result.counts == {
        "assessments": 3,
        "sent": 2,
        "excluded": 1,
        "rows": 18,
        "rows_rejected": 0,
        "warnings": 0,
        "late": 0,
        "late_to_resubmit": 0,
    }
    assert result.exclusions["reason"].to_list() == ["not_completed"]


def test_a_correction_flows_instead_of_what_it_corrects(workspace, tmp_path):
    row = {"referral_id": "SR0001", "rater": "clinician", "completed_at": "2026-11-03T10:30:00"}
    take(workspace, "honos", [row | RATINGS | {"q8_type": "B"}])
    take(workspace, "honos", [row | RATINGS | {"q1": "4", "q8_type": "B"}])
    result = run_export(workspace, "mhsds", tmp_path / "november", {"period": "2026-11"})
    rows = pl.read_csv(tmp_path / "november" / result.files[0], infer_schema=False)
    assert rows.filter(pl.col("CodedAssToolType") == "979641000000103")["PersScore"].to_list() == [
        "4"
    ]
    assert rows.height == 13


def test_an_empty_store_gives_empty_files(workspace, tmp_path):
    result = run_export(workspace, "mhsds", tmp_path / "november", {"period": "2026-11"})
    assert result.counts["assessments"] == 0
    assert result.exclusions.is_empty()
