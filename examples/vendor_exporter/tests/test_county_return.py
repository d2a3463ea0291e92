"""The kit of romframe asks of the exporter what romframe relies on; the rest is our own."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from romframe import UsageError, Workspace, run_export
from romframe.testing import ExporterExtras, PluginExtras
from romframe.testing.fixtures import MadeWorkspace

import county_return
from county_return.export import last_month

JUNE = {"provider": "FEN01", "month": "2026-06"}


class TestPlugin(PluginExtras):
    plugin = county_return
    readme = Path(__file__).parents[1] / "README.md"
    distribution = "county-return"


class TestCountyReturn(ExporterExtras):
    plugin = county_return
    exporter = "county_return"
    options = MappingProxyType({**JUNE, "teams": True})

    def expected(self, workspace: Workspace) -> int:
        return sum(workspace.scores(name).height for name in workspace.used_instruments())

    def rows_written(self, out: Path) -> int:
        return len((out / "FEN01_2026-06.csv").read_text(encoding="utf-8").splitlines()) - 1


@pytest.fixture
def service(made_workspace: MadeWorkspace) -> Workspace:
    return made_workspace(county_return, "answer_states")


def test_every_score_of_the_month_is_sent_or_has_no_value(
    service: Workspace, tmp_path: Path
) -> None:
    result = run_export(service, "county_return", tmp_path / "out", JUNE)
    scores = service.scores("awkward")
    assert result.counts["sent"] == scores["value"].count()
    assert set(result.exclusions["reason"]) <= {
        "no score: too many missing",
        "no score: items missing",
        "no score: nothing answered",
    }
    header, *rows = (tmp_path / "out" / "FEN01_2026-06.csv").read_text().splitlines()
    assert header == "referral,completed_on,measure,version,score,value,band"
    assert len(rows) == result.counts["sent"]


def test_of_a_month_without_assessments_nothing_is_sent(service: Workspace, tmp_path: Path) -> None:
    result = run_export(service, "county_return", tmp_path / "out", {**JUNE, "month": "2026-05"})
    assert result.counts["sent"] == 0
    assert set(result.exclusions["reason"]) == {"another month"}


def test_unless_said_it_is_the_last_whole_month(service: Workspace, tmp_path: Path) -> None:
    run_export(service, "county_return", tmp_path / "out", {"provider": "FEN01"})
    assert (tmp_path / "out" / "FEN01_2026-06.csv").exists()  # the kit's day is in July 2026
    assert last_month(date(2026, 1, 31)) == "2025-12"


@pytest.mark.parametrize("odd", [{"provider": "fen"}, {"month": "2026-13"}, {"month": "June"}])
def test_an_option_that_cannot_be_meant_is_refused(
    service: Workspace, tmp_path: Path, odd: dict[str, str]
) -> None:
    with pytest.raises(UsageError):
        run_export(service, "county_return", tmp_path / "out", {**JUNE, **odd})
