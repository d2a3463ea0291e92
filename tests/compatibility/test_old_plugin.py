"""A plugin written for romframe 0.1, kept as the wheel that it was, does all that it did.

The wheel has one of each thing that a plugin may offer. It is not built anew: what it gives stands
in `old_plugin.json`.
"""

import json
import re
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from romframe import open_workspace
from romframe.plugins.staging import KINDS


HERE = Path(__file__).parent
FROZEN = json.loads((HERE / "old_plugin.json").read_text(encoding="utf-8"))
LINES = (
    "R1|2026-01-12 09:00|3|2\n"
    "R1|2026-08-14 23:30|1|0\n"
    "R2|2026-02-20 10:00|1|1\n"
    "R3|2026-05-01 10:00|2|0\n"
    "R3|2026-06-20 10:00|2\n"
    "R3|2026-06-20 10:00|2|9\n"
)


@pytest.fixture(scope="module")
def _installed(tmp_path_factory):
    """Put what is in the wheel where Python looks for modules, as pip does."""
    site = tmp_path_factory.mktemp("site")
    (wheel,) = HERE.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        yield
    for name in [each for each in sys.modules if each.startswith("romframe_old_plugin")]:
        del sys.modules[name]


@pytest.fixture
def place(_installed, run, root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("init", "service")
    for name in ("people", "referrals"):
        example = root / "examples/importing" / name
        run("-w", "service", "import", f"{example}.csv", "--map", f"{example}.yaml")
    Path("old.txt").write_text(LINES)
    return "service"


@pytest.fixture
def imported(run, place):
    return run("-w", place, "import", "old.txt", "--from", "old_lines")


def test_it_is_loaded_without_a_word_and_offers_one_of_each(run, place):
    done = run("-w", place, "--strict", "plugins", "--json")
    facts = next(each for each in json.loads(done.out)["plugins"] if each["plugin"] == "old_plugin")
    assert (done.code, done.err, facts["status"], facts["problems"]) == (0, "", "ok", [])
    assert facts["offers"] == FROZEN["offers"]
    assert {"instruments", "scoring_methods", "change_methods"} < set(FROZEN["offers"])
    assert set(FROZEN["offers"]) == {
        "instruments",
        "scoring_methods",
        "change_methods",
        "exporters",
        "importers",
        "checks",
        "indicators",
        "report_sections",
        "commands",
    }
    assert set(FROZEN["offers"]) <= set(KINDS.values())


def test_its_importer_reads_and_says_what_it_said(imported):
    assert imported.out.splitlines() == FROZEN["import"]
    assert [line for line in imported.err.splitlines() if "old-line" in line] == FROZEN["unread"]


def test_its_measure_is_scored_and_its_change_judged(run, imported):
    columns = ["assessment_id", "score", "value", "status"]
    workspace = open_workspace(Path("service"))
    scores = workspace.scores("old_measure").select(columns)
    assert scores.write_csv().splitlines() == FROZEN["scores"]
    changes = workspace.changes("old_measure").select("referral_id", "verdict", "class", "reliable")
    assert changes.write_csv().splitlines() == FROZEN["changes"]
    workspace.store.close()
    pl.DataFrame({"first": [5, 5, 1], "last": [5, 1, 1], "worst": [6, 7, 3]}).write_csv("p.csv")
    done = run("classify", "p.csv", "-i", "old_measure", "--score", "total")
    told = pl.read_csv(done.out.encode()).select("class", "reliable", "rule")
    assert (done.code, told.write_csv().splitlines()) == (0, FROZEN["classified"])


def test_its_exporter_writes_what_it_wrote(run, imported):
    done = run("-w", "service", "export", "old_csv", "--digits", "0", "--out", "sent")
    assert (done.code, done.out.splitlines()[0]) == (0, "Done.")
    written = {each.name: each.read_text().splitlines() for each in Path("sent").iterdir()}
    assert written == FROZEN["export"]


def test_its_check_and_its_indicator_say_what_they_said(run, imported):
    done = run("-w", "service", "audit", "checks", "old_night", "--csv")
    found = pl.read_csv(done.out.encode()).select("check", "instrument", "assessment_id", "what")
    assert (done.code, found.write_csv().splitlines()) == (0, FROZEN["audit"])
    workspace = open_workspace(Path("service"))
    indicator = workspace.catalogue.host.find("indicators", "old_closed")
    rows = indicator.measure(workspace, {"within": 100}).sort("referral_id")
    workspace.store.close()
    assert rows.write_csv().splitlines() == FROZEN["indicator"]


def test_its_section_stands_in_the_report(run, imported):
    period = ("--from", "2026-01-01", "--to", "2026-12-31", "--disclosure", "shown")
    done = run(
        *("-w", "service", "report", "service", *period),
        *("--out", "report.html", "--figures", "figures"),
    )
    assert (done.code, done.err) == (0, "")
    page = Path("report.html").read_text()
    assert "Old section" in page
    (row,) = re.findall(r'<th scope="row">Closed</th><td>(.*?)</td>', page)
    assert row == FROZEN["section"]
    figures = pl.read_csv("figures/old_closed.csv").select("row", "count", "of", "percent")
    assert figures.write_csv().splitlines() == FROZEN["figures"]


def test_its_command_runs(run, _installed):
    done = run("old-hello", "--name", "Ann")
    assert (done.code, done.out) == (0, "Hello, Ann.\n")
