import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import romframe_report
from click.testing import CliRunner
from romframe_report.commands import report

from romframe import PluginError, Problem, UsageError
from romframe.disclosure import DISCLOSURE_POLICIES
from romframe.plugins import PluginHost, PluginSource


PERIOD = ["service", "--from", "2025-01-01", "--to", "2026-06-30"]


def _run(service, *args):
    settings = SimpleNamespace(workspace=lambda: service)
    result = CliRunner().invoke(report, [*PERIOD, *map(str, args)], obj=settings)
    if isinstance(result.exception, UsageError):
        raise result.exception
    return result


def test_the_report_is_one_file_for_its_owner_alone(service, tmp_path):
    service.several(6, 20, 8)
    out = tmp_path / "report.html"
    out.write_text("old")

    result = _run(service, "--out", out)

    assert result.output == f"Wrote the service report to {out}.\n"
    assert "Recovered" in out.read_text(encoding="utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [out]


def test_the_report_takes_the_forms_that_are_asked_for(service, tmp_path):
    service.several(6, 20, 8)
    book, folder = tmp_path / "report.xlsx", tmp_path / "figures"

    result = _run(service, "--xlsx", book, "--figures", folder, "--team", "Team A")

    assert result.output == (
        f"Wrote the service report to {book}.\nWrote the service report to {folder}.\n"
    )
    assert sorted(tmp_path.iterdir()) == [folder, book]
    about = [row[0] for row in openpyxl.load_workbook(book)["about"].values]
    assert about[:3] == [
        "Riverside <service>: figures of the service report",
        "1 January 2025 to 30 June 2026",
        "Team: Team A",
    ]


def test_the_page_and_its_pdf_are_made_of_one_reading(service, tmp_path):
    service.several(6, 20, 8)
    _run(service, "--out", tmp_path / "report.html")
    once = len(service.asked)
    service.asked.clear()

    _run(service, "--out", tmp_path / "report.html", "--pdf", tmp_path / "report.pdf")

    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert len(service.asked) == once


def test_a_workbook_of_all_teams_says_so(service, tmp_path):
    _run(service, "--xlsx", tmp_path / "report.xlsx")

    about = [row[0] for row in openpyxl.load_workbook(tmp_path / "report.xlsx")["about"].values]
    assert about[2] == "All teams"


def test_a_report_in_no_form_is_refused(service):
    result = _run(service)

    assert result.exit_code == 2
    assert "--out, --pdf, --xlsx or" in result.output
    assert service.asked == []


def test_a_wording_pack_that_is_not_used_is_told_of(service, tmp_path):
    service.unused_wording = [Problem("unknown-item", "There is no item 'q99'.", "Delete it.")]

    result = _run(service, "--out", tmp_path / "report.html")

    assert "warning: There is no item 'q99'. Delete it." in result.stderr


def test_team_and_disclosure_reach_the_report(service, tmp_path):
    service.refer("R1", team="Team B")
    out = tmp_path / "report.html"

    _run(service, "--out", out, "--team", "Team B", "--disclosure", "nhs_monthly")

    assert "Team B" in out.read_text(encoding="utf-8")
    assert "to the nearest 5" in out.read_text(encoding="utf-8")


def test_an_unknown_disclosure_policy_is_refused_before_anything_is_read(service, tmp_path):
    with pytest.raises(UsageError, match="unknown-disclosure-policy"):
        _run(service, "--out", tmp_path / "report.html", "--disclosure", "none")

    assert service.asked == []


def test_a_folder_that_is_not_there_is_said_plainly(service, tmp_path):
    with pytest.raises(UsageError, match="report-unwritable"):
        _run(service, "--out", tmp_path / "nowhere" / "report.html")


def test_a_report_that_cannot_take_its_place_leaves_nothing_behind(service, tmp_path):
    out = tmp_path / "taken"
    out.mkdir()

    with pytest.raises(UsageError, match="report-unwritable"):
        _run(service, "--out", out)

    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("args", "obj", "opened"),
    [
        (["--workspace", "somewhere"], SimpleNamespace(), "somewhere"),
        ([], None, "."),
    ],
)
def test_a_workspace_may_be_named(service, tmp_path, monkeypatch, args, obj, opened):
    seen = []
    store = SimpleNamespace(close=lambda: seen.append("closed"))
    monkeypatch.setattr(service, "store", store, raising=False)
    monkeypatch.setattr(
        "romframe.workspace.open_workspace", lambda path: seen.append(path) or service
    )

    out = str(tmp_path / "report.html")
    result = CliRunner().invoke(report, [*PERIOD, "--out", out, *args], obj=obj)

    assert result.exit_code == 0
    assert seen == [Path(opened), "closed"]


def test_a_library_that_is_missing_is_named(service, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    for module in ("forms", "render", "service"):
        monkeypatch.delitem(sys.modules, f"romframe_report.{module}", raising=False)

    out = str(tmp_path / "report.html")
    result = CliRunner().invoke(report, [*PERIOD, "--out", out], obj=None)

    assert isinstance(result.exception, PluginError)
    assert "Reports need jinja2, which is not installed." in str(result.exception)


def test_help_names_every_disclosure_policy():
    text = CliRunner().invoke(report, ["service", "--help"]).output

    assert all(name in text for name in DISCLOSURE_POLICIES)


def test_the_plugin_offers_its_sections_and_its_command():
    host = PluginHost()
    host.load([PluginSource("report", lambda: romframe_report)])

    assert host.problems == []
    assert set(host.registry("report_sections")) == {
        "overview",
        "completeness",
        "distributions",
        "outcomes",
        "scatter",
        "expected",
        "kept_well",
        "subgroups",
        "who",
        "months",
        "items",
    }
    assert host.registry("commands") == {"report": report}


def test_offering_the_sections_loads_nothing_heavy():
    code = (
        "import sys, romframe_report as plugin\n"
        "plugin.register_report_sections(lambda section: None)\n"
        "plugin.register_commands(lambda command: None)\n"
        "print(sorted({'polars', 'matplotlib', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_the_commands_are_listed_and_no_other_is_there():
    result = CliRunner().invoke(report, ["--help"])

    assert "person" in result.output
    assert "service" in result.output
    assert CliRunner().invoke(report, ["nobody"]).exit_code == 2
