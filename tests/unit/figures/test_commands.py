"""A framework's figures on the command line, and as a commissioner's pack."""

import csv
import io
import json
import re
from datetime import date
from html import unescape

import pytest
from attrs import evolve
from click.testing import CliRunner
from romframe_report.commissioner import forms as forms_of_pack
from romframe_report.commissioner.forms import counted_pack
from romframe_report.commissioner.tables import pack_tables
from romframe_report.tidy.table import dictionary

from romframe import SERVICE, Target, framework_figures, read_framework
from romframe.cli import cli
from romframe.cli.framework_figures import last_twelve_months
from romframe.disclosure import SHOWN
from romframe.frameworks import shown


PERIOD = ("--from", "2025-01-01", "--to", "2025-12-31")
START, END = date(2025, 1, 1), date(2025, 12, 31)


@pytest.fixture
def run(year):
    def run(*args):
        told = ("-w", str(year.path), *map(str, args))
        return CliRunner().invoke(cli, told, catch_exceptions=False)

    return run


@pytest.fixture(scope="module")
def page(year, framework, tmp_path_factory):
    """What a reader sees of the pack, with single spaces."""
    out = tmp_path_factory.mktemp("pack") / "pack.html"
    bound = evolve(framework.outcomes[0].measures[0].targets[0], at_least=100)
    measure = evolve(
        framework.outcomes[0].measures[0], targets=(bound, Target("harmed", at_most=1))
    )
    better = evolve(framework.outcomes[0], measures=(measure,))
    asked = evolve(framework, outcomes=(better, framework.outcomes[1]))
    counted_pack(year, asked, (START, END, None), SHOWN).write_page(out)
    return out.read_text(encoding="utf-8")


def seen(page):
    visible = re.sub(r"<style.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", visible)).split())


def test_the_text_has_every_figure_and_target_and_what_may_not_be_concluded(run):
    told = run("framework", "report", "fen", *PERIOD).output

    assert "Outcomes of the Fen service (fen, version 1)" in told
    assert re.search(r"better +core_10 +good +\d+ +\d+ +\d+% +\d+% to \d+%", told)
    assert re.search(r"core_10 +good +at least 60% +\d+% +(not )?met", told)
    assert re.search(r"seen +median +at most 7 days +[\d.]+ days", told)
    assert "Not to be concluded: Nothing is said here of the partners." in told


@pytest.mark.usefixtures("framework")
def test_without_days_a_report_is_of_the_frameworks_own_period(run, tmp_path):
    first, last = last_twelve_months(date.today())  # noqa: DTZ011
    period = f"The report is of {first} to {last} (the 12 months up to the end of the last"
    days = ("--from", first, "--to", last)
    usual, named = run("framework", "report", "fen"), run("framework", "report", "fen", *days)
    assert period in usual.stderr
    assert usual.stdout == named.stdout
    assert f"{first} to {last}, all teams" in named.stdout
    assert named.stderr == ""
    made = run("report", "commissioner", "fen", "--out", tmp_path / "pack.html")
    assert period in made.stderr


def test_a_framework_without_targets_has_a_text_without_them(run, year):
    text = (year.path / "frameworks" / "fen.yaml").read_text()
    path = year.path / "bare.yaml"
    path.write_text(
        re.sub(r"^ +targets: .*\n", "", text, flags=re.MULTILINE).replace(
            'sources: {contract: {cite: "The contract of 2025, annex B"}}\n', ""
        )
    )
    told = run("framework", "report", path, *PERIOD).output
    assert "met?" not in told
    assert "better" in told


def test_csv_and_json_have_the_figures_that_may_be_shown(run, year, framework):
    rows = list(
        csv.DictReader(io.StringIO(run("framework", "report", "fen", *PERIOD, "--csv").output))
    )
    text = (year.path / "frameworks" / "fen.yaml").read_text()
    (year.path / "open.yaml").write_text(text.replace("disclosure: service", "disclosure: shown"))
    told = run("framework", "report", year.path / "open.yaml", *PERIOD, "--json").output
    facts = json.loads(told)

    figures = framework_figures(year, framework, START, END)
    share = figures.counted["core_10"].shares["good"]
    (row,) = [each for each in rows if (each["part"], each["figure"]) == ("core_10", "good")]
    assert (row["count"], row["of"]) == (str(share.count), str(share.of))
    assert len(facts["figures"]) == len(rows)
    assert {each["part"] for each in facts["targets"]} == {"core_10", "back", "seen"}
    assert {each["part"] for each in facts["runs"]} >= {"core_10", "seen"}
    both = run("framework", "report", "fen", *PERIOD, "--csv", "--json")
    assert both.exit_code == 2


def test_two_frameworks_are_compared_by_the_figures_of_the_last_twelve_months(run, year):
    text = (year.path / "frameworks" / "fen.yaml").read_text()
    (year.path / "frameworks" / "new.yaml").write_text(text.replace("barkham_2013", "nhse_cyp", 1))

    told = run("framework", "diff", "fen", "new").output
    facts = json.loads(run("framework", "diff", "fen", "new", "--json").output)

    start, end = last_twelve_months(date.today())  # noqa: DTZ011
    assert f"Figures from {start} to {end}:" in told
    recovered = next(each for each in facts["figures"] if each["figure"] == "recovered")
    assert recovered["old"] is not None
    assert recovered["new"] is None


@pytest.mark.usefixtures("framework")
def test_a_new_figure_is_held_back_where_it_would_tell_of_a_few_people(run, monkeypatch):
    few = frozenset({"core_10"})
    monkeypatch.setattr(shown, "told_by_subtraction", lambda old, new: few)

    facts = json.loads(run("framework", "diff", "fen", "fen", "--json").output)

    held = {
        each["part"] for each in facts["figures"] if (each["new"] or "").startswith("held back")
    }
    assert held == {"core_10"}


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2024, 3, 31), date(2023, 3, 1), date(2024, 2, 29)),
        (date(2025, 1, 1), date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_twelve_whole_months_end_before_this_one(today, first, last):
    assert last_twelve_months(today) == (first, last)


def test_the_pack_tells_targets_by_words_and_says_what_may_not_be_concluded(page):
    told = seen(page)

    assert "People get <better>" in told
    assert "✗ not met" in told
    assert "100% is wanted (set in this framework)" in told
    assert "the interval" in told
    for words in ("casemix", "caused the change", "another", "without a pair", "of the partners"):
        assert words in told
    assert "Referred to be kept well" in told
    assert "They are in no figure about getting better." in told


def test_the_pack_says_the_source_of_a_target(year, framework, tmp_path):
    out = tmp_path / "pack.html"
    counted_pack(year, framework, (START, END, "North"), SERVICE).write_page(out)
    told = seen(out.read_text(encoding="utf-8"))
    assert "at least 50% is wanted (The contract of 2025, annex B)" in told
    assert "North · 1 January 2025 to 31 December 2025" in told


def test_every_chart_of_the_pack_has_a_table_and_a_sentence(page):
    figures = re.findall(r'<figure class="chart">.*?</figure>', page, re.DOTALL)
    assert len(figures) >= 5
    for each in figures:
        assert "<table>" in each
        assert re.search(r"<figcaption>\s*\S", each)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_tables_of_the_pack_are_the_figures_that_may_be_shown(year, framework):
    figures = framework_figures(year, framework, START, END)
    tables = {table.name: table.frame for table in pack_tables(figures, SERVICE)}

    assert (
        tables["figures"].height
        == len([name for each in figures.counted.values() for name in each.shares]) + 1
    )  # the median of the wait
    assert tables["targets"]["status"].is_in(["met", "not_met", "cannot_be_told"]).all()
    (_, _, runs) = pack_tables(figures, SHOWN)
    good = figures.counted["core_10"].shares["good"]
    months = runs.frame.filter(part="core_10", every="month")
    assert (months.height, months["count"].sum(), months["of"].sum()) == (12, good.count, good.of)
    assert dictionary(pack_tables(figures, SERVICE)).frame.height > 20


def test_the_command_writes_every_form_and_takes_the_frameworks_own_disclosure(
    run, tmp_path, monkeypatch
):
    monkeypatch.setattr(forms_of_pack, "pdf_of", lambda page: b"%PDF of " + page[:9].encode())
    forms = ("--out", "a.html", "--xlsx", "a.xlsx", "--figures", "figures", "--pdf", "a.pdf")
    places = [tmp_path / each if "." in each or each == "figures" else each for each in forms]

    done = run("report", "commissioner", "fen", *PERIOD, *places)

    assert done.exit_code == 0
    assert done.output.count("Wrote the commissioner's pack to") == 4
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "figures" / "targets.csv").exists()
    assert "Counts from 1 to 4 are shown as" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_the_example_for_a_commissioner_is_a_framework_that_runs(year, root, tmp_path):
    framework = read_framework(year, root / "examples/commissioner_framework/cambridgeshire.yaml")
    out = tmp_path / "pack.html"

    counted_pack(year, framework, (START, END, None), SERVICE).write_page(out)

    told = seen(out.read_text(encoding="utf-8"))
    for name in ("HoNOS", "CORE-10", "Postpartum Bonding", "POEM", "within 30 days"):
        assert name in told
    assert "there is nobody to count" not in told
    assert "No rule judges the change, so only those with both ratings are counted." in told


def test_a_listed_pack_is_remade_by_its_name_and_left_alone_while_nothing_changes(run, year):
    config = year.path / "romframe.yaml"
    before = config.read_text(encoding="utf-8")
    line = "  - {kind: commissioner, names: [fen], out: reports/fen.html, months: 12}\n"
    config.write_text(f"{before}reports:\n{line}", encoding="utf-8")

    made, left = run("report", "--all"), run("report", "--all")

    config.write_text(before, encoding="utf-8")
    assert made.output.startswith("Wrote the commissioner's pack to")
    assert left.output.startswith("Nothing has changed in")
