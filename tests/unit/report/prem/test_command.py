from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from romframe_report.commands import report

from romframe import UsageError


PERIOD = ["prem", "--from", "2026-01", "--to", "2026-03"]


def run(feedback, *args):
    settings = SimpleNamespace(workspace=lambda: feedback)
    result = CliRunner().invoke(report, [*PERIOD, *map(str, args)], obj=settings)
    if isinstance(result.exception, UsageError):
        raise result.exception
    return result


def test_the_report_is_written(feedback, tmp_path):
    feedback.returned(6, experience="good")
    out = tmp_path / "prem.html"

    result = run(feedback, "fft", "--out", out)

    assert result.output == f"Wrote the report of returns to {out}.\n"
    assert "6 returns" in out.read_text(encoding="utf-8")


def test_the_page_can_be_had_as_pdf_too(feedback, tmp_path):
    feedback.returned(6, experience="good")
    out, pdf = tmp_path / "prem.html", tmp_path / "prem.pdf"

    result = run(feedback, "fft", "--out", out, "--pdf", pdf)

    assert result.output.endswith(f"Wrote the report of returns to {pdf}.\n")
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_instruments_team_and_disclosure_reach_the_report(feedback, tmp_path):
    feedback.returned(6, experience="good")
    feedback.returned(6, "poem", team="South", q1a=1)
    out = tmp_path / "prem.html"

    run(feedback, "poem", "--team", "South", "--disclosure", "nhs_monthly", "--out", out)

    page = out.read_text(encoding="utf-8")
    assert "· South" in page
    assert "to the nearest 5" in page
    assert "Friends and Family" not in page


def test_an_unknown_disclosure_policy_is_refused(feedback, tmp_path):
    with pytest.raises(UsageError, match="unknown-disclosure-policy"):
        run(feedback, "--out", tmp_path / "prem.html", "--disclosure", "none")


def test_a_period_is_in_months(feedback, tmp_path):
    settings = SimpleNamespace(workspace=lambda: feedback)
    args = ["prem", "--from", "2026-01-01", "--to", "2026-03", "--out", str(tmp_path / "x")]

    result = CliRunner().invoke(report, args, obj=settings)

    assert result.exit_code == 2
    assert "2026-01-01" in result.output
