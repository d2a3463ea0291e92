"""What leaves the service is noted, and no two releases tell what became of one more referral."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner
from oracles.attacker import differences
from romframe_report import forms as forms_of_the_report
from romframe_report.forms import ServiceForms
from romframe_report.tidy.service import service_tables

from romframe import NHS_MONTHLY, SERVICE, DataError, UserError


START, END = date(2025, 1, 1), date(2026, 6, 30)
KINDS = {"recovered": (20, 8), "unchanged": (15, 14), "deteriorated": (13, 25)}


@pytest.fixture
def busy(service, tmp_path):
    service.path = tmp_path
    service.several(16, 20, 8)
    service.several(15, 15, 14, team="B")
    service.several(14, 13, 25)
    service.never_assessed(12)
    return service


def forms(service, end=END, team=None, policy=SERVICE, *, release=True):
    return ServiceForms(service, START, end, team, policy, release)


def released(service, **about):
    made = forms(service, **about)
    made.write(page=service.path / "page.html")
    return (service.path / "page.html").read_text(encoding="utf-8")


def classes_shown(page):
    """Give what the page's table of change classes of the CORE-10 shows, by class."""
    part = page.split("<caption>Change classes of ")[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(\w+).*?</th><td>([^<]*|&lt;\d)</td>', part, re.DOTALL)
    shown = {label.lower(): text.replace("&lt;", "<") for label, text in rows}
    return shown | {"pairs": part.split(" pairs")[0].replace("&lt;", "<")}


def test_what_a_report_shows_is_noted_with_its_period_and_team(busy):
    released(busy, team="B")

    lines = (busy.path / "releases.jsonl").read_text(encoding="utf-8").splitlines()
    noted = [json.loads(line) for line in lines]
    assert {"classes-core-10-total", "completeness-all", "who_age"} & {n["table"] for n in noted}
    assert len({each["table"] for each in noted}) == len(noted)
    about = {tuple(each[key] for key in ("from", "to", "team")) for each in noted}
    assert about == {("2025-01-01", "2026-06-30", "B")}


def test_a_second_release_of_the_same_changes_nothing(busy):
    first = released(busy)
    noted = (busy.path / "releases.jsonl").read_bytes()

    assert released(busy) == first
    assert (busy.path / "releases.jsonl").read_bytes() == noted


@pytest.mark.parametrize("kind", KINDS)
def test_what_became_of_one_more_referral_cannot_be_worked_out(busy, kind):
    before = classes_shown(released(busy))
    busy.several(1, *KINDS[kind])

    after = classes_shown(released(busy))

    members = {each: {each, "pairs"} for each in KINDS}
    assert before["pairs"] == "45"
    assert differences(before, after, members) == set(KINDS)


def test_the_attacker_works_it_out_without_the_releases(busy):
    """Otherwise these tests would promise nothing."""
    before = classes_shown(released(busy))
    busy.several(1, *KINDS["recovered"])
    (busy.path / "releases.jsonl").unlink()

    after = classes_shown(released(busy))

    assert differences(before, after, {each: {each, "pairs"} for each in KINDS}) == {"recovered"}


def test_two_pages_after_a_release_are_the_same_whoever_joined(service, tmp_path):
    pages = []
    for kind in KINDS.values():
        service.path = tmp_path / str(len(pages))
        service.path.mkdir()
        service.referrals, service.people, service.attempts, service.rows = [], [], [], {}
        for number, each in zip((16, 15, 14), KINDS.values(), strict=True):
            service.several(number, *each)
        released(service)
        service.several(1, *kind)
        tables = service_tables(service, START, END, disclosure=SERVICE)
        pages.append({table.name: table.rows for table in tables})

    assert pages[0] == pages[1] == pages[2]


def test_an_overlapping_period_is_compared_and_another_team_is_not(busy):
    released(busy, team="B")
    busy.several(1, 20, 8, team="B")

    held = classes_shown(released(busy, team="B", end=date(2026, 5, 31)))
    other = classes_shown(released(busy, team="Team A"))

    assert set(held.values()) == {"\u2013"}
    assert other["pairs"] == "30"


def test_a_page_for_the_service_is_compared_too_and_noted_nowhere(busy):
    released(busy)
    noted = (busy.path / "releases.jsonl").read_bytes()
    busy.several(1, 20, 8)
    made = forms(busy, release=False)

    made.write(page=busy.path / "own.html")

    page = (busy.path / "own.html").read_text(encoding="utf-8")
    assert set(classes_shown(page).values()) == {"\u2013"}
    assert "Where fewer than 5 people have joined or left since a figure was released" in page
    assert (busy.path / "releases.jsonl").read_bytes() == noted


@pytest.mark.parametrize("policy", [SERVICE, NHS_MONTHLY])
def test_what_is_released_has_no_mark_for_a_single_person(busy, policy):
    page = released(busy, policy=policy)

    assert 'id="scatter-core-10-total-title"' not in page
    assert "Pairs by first score (rows) and last score (columns)" in page
    assert "must not leave it" not in page


def test_a_page_with_marks_says_that_it_must_not_leave_the_service(busy):
    made = forms(busy, release=False)
    made.write(page=busy.path / "own.html")
    page = (busy.path / "own.html").read_text(encoding="utf-8")

    assert 'id="scatter-core-10-total-title"' in page
    assert "They are for the service's own eyes and must not leave it." in page


def test_a_damaged_file_of_releases_stops_every_report(busy):
    (busy.path / "releases.jsonl").write_text("{}\n")

    with pytest.raises(DataError, match="release-unreadable"):
        busy.report()


def test_what_is_released_is_noted_before_it_is_written(busy, monkeypatch):
    """A process that is killed in between leaves a note too many, never a page without one."""
    monkeypatch.setattr(forms_of_the_report, "save", _killed)

    with pytest.raises(KeyboardInterrupt):
        released(busy)

    assert not (busy.path / "page.html").exists()
    assert "core_10" in (busy.path / "releases.jsonl").read_text(encoding="utf-8")


def _killed(*_):
    raise KeyboardInterrupt


def test_a_release_that_cannot_be_noted_is_not_written(busy):
    (busy.path / "releases.jsonl").mkdir()

    with pytest.raises(UserError, match=r"releases\.jsonl"):
        released(busy)

    assert not (busy.path / "page.html").exists()


def test_the_command_releases_on_request(busy, monkeypatch):
    from romframe_report.commands import service as command

    monkeypatch.setattr(command, "workspace_of", lambda *_: busy)
    period = ["--from", START.isoformat(), "--to", END.isoformat()]
    figures = ["--figures", str(busy.path / "figures"), "--release"]

    done = CliRunner().invoke(command.command, [*period, *figures])

    assert done.exit_code == 0, done.output
    assert "Noted what it shows in" in done.output
    assert (busy.path / "releases.jsonl").exists()
