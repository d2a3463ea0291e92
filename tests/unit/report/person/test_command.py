import stat
from types import SimpleNamespace

import pytest
import weasyprint
from click.testing import CliRunner
from romframe_report.commands import report


@pytest.fixture
def run(place, tmp_path):
    def run(*args):
        settings = SimpleNamespace(workspace=lambda: place.workspace)
        out = tmp_path / "brief.html"
        told = ["person", "P1", "--out", str(out), *args]
        result = CliRunner().invoke(report, told, obj=settings)
        return result, out

    return run


def test_the_brief_is_one_file_for_its_owner_alone(place, run):
    place.core_10(("R1", "2025-02-12", "1111101111"))

    result, out = run()

    assert result.output == f"Wrote the brief to {out}.\n"
    assert "Brief for the conversation" in out.read_text(encoding="utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_reader_and_the_day_may_be_named(place, run):
    place.core_10(("R1", "2025-02-12", "1111101111"))

    _, out = run("--for", "service_user", "--as-of", "2025-01-31")

    page = out.read_text(encoding="utf-8")
    assert "How things are going" in page
    assert "31 January 2025" in page
    assert "There are no answers yet." in page


def test_another_reader_is_refused(run):
    result, out = run("--for", "manager")

    assert result.exit_code == 2
    assert not out.exists()


def test_a_wording_pack_that_is_not_used_is_told_of(place, run):
    pack = place.workspace.path / "wording" / "core_10.en.yaml"
    pack.write_text("romframe_wording: 1\ninstrument: core_10\n")
    place.core_10(("R1", "2025-02-12", "1111101111"))

    result, _ = run()

    assert "warning: " in result.stderr


def test_the_brief_may_be_a_pdf_of_one_sheet_for_its_owner_alone(place, run, tmp_path):
    place.core_10(("R1", "2025-02-12", "1111101111"), ("R1", "2025-05-12", "3333333333"))
    place.honos(("R1", "2025-02-12", "1" * 12), ("R1", "2025-05-12", "2" * 12))
    pdf = tmp_path / "brief.pdf"

    result, out = run("--pdf", str(pdf))

    assert result.output == f"Wrote the brief to {out}.\nWrote the brief to {pdf}.\n"
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert len(weasyprint.HTML(str(out)).render().pages) == 1
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
