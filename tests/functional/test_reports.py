"""Every report of a workspace, by one command."""

import shutil
from pathlib import Path

import pytest


EXAMPLES = Path(__file__).parents[2] / "examples"
REPORTS = """\
reports:
  - {kind: prem, out: reports/returns.html, names: [fft], months: 3}
  - {kind: prme, out: reports/x.html}
"""
ALL_KINDS = """\
reports:
  - {kind: commissioner, names: [cambridgeshire], out: reports/pack.html, months: 12}
  - {kind: person, names: [P-001, P-002], out: "briefs/{name}.html"}
  - {kind: person, names: [P-001], out: "briefs/{name}-own.html", options: {for: service_user}}
  - {kind: prem, names: [poem], out: reports/poem.html, months: 12}
  - {kind: service, out: reports/service.html, months: 12}
"""


@pytest.fixture
def service(run, tmp_path):
    place = tmp_path / "service"
    assert run("init", place).code == 0
    with (place / "romframe.yaml").open("a") as config:
        config.write(REPORTS)
    return place


def test_reports_that_are_listed_are_made_and_then_left_alone(run, service):
    first = run("-w", service, "report", "--all")
    again = run("-w", service, "report", "--all")

    page = service / "reports" / "returns.html"
    assert "No return came in these months." in page.read_text(encoding="utf-8")
    assert first.out == f"Wrote the report of returns to {page}.\n"
    assert again.out == f"Nothing has changed in {page}.\n"


def test_the_exit_code_is_that_of_the_worst(run, service):
    done = run("-w", service, "report", "--all")

    assert done.code == 11
    assert "error: reports/x.html: " in done.err
    assert "Did you mean 'prem'? [unknown-report]" in done.err


def test_all_and_one_report_are_not_asked_for_together(run, service):
    done = run("-w", service, "report", "--all", "service", "--from", "2026-01-01")

    assert done.code == 2
    assert "name no report beside it" in done.err


def test_a_report_that_is_not_there_is_told_of(run, service):
    assert "No such command 'servce'" in run("-w", service, "report", "servce").err


def test_without_anything_the_commands_are_listed(run, service):
    done = run("-w", service, "report")

    assert done.code == 2
    assert "prem" in done.out + done.err


def test_reports_of_every_kind_are_made_from_one_list(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    with (place / "romframe.yaml").open("a") as config:
        config.write(ALL_KINDS)
    shutil.copy(EXAMPLES / "commissioner_framework" / "cambridgeshire.yaml", place / "frameworks")
    people = EXAMPLES / "importing"
    run("-w", place, "import", people / "people.csv", "--map", people / "people.yaml")

    first = run("-w", place, "report", "--all")
    again = run("-w", place, "report", "--all")

    made = {str(page.relative_to(place)) for page in place.rglob("*.html")}
    assert made == {
        *(f"reports/{name}.html" for name in ("pack", "poem", "service")),
        *(f"briefs/{name}.html" for name in ("P-001", "P-002", "P-001-own")),
    }
    assert (first.code, first.out.count("Wrote")) == (0, 6)
    assert (again.code, again.out.count("Nothing has changed")) == (0, 6)
    own = (place / "briefs" / "P-001-own.html").read_text(encoding="utf-8")
    assert "How things are going: P-001" in own
