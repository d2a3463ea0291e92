"""Every figure that a framework reports equals one worked out from rom.sqlite by plain loops."""

from datetime import date
from pathlib import Path

import pytest
from oracles import whole_framework as oracle
from ruamel.yaml import YAML

from romframe import framework_figures, read_framework, shown_figures, shown_run, shown_targets
from romframe.disclosure import SHOWN


CAMBRIDGESHIRE = Path(__file__).parents[3] / "examples/commissioner_framework/cambridgeshire.yaml"
EVERY_INDICATOR = """\
  - id: others
    says: The rest can be told too
    measures:
      - {id: honos_of_nobody, instrument: honos, score: total, group: treated}
    indicators:
      - {id: worse, indicator: relapse, name: A, params: {instrument: core_10, score: total}}
      - {id: both, indicator: paired_rate, name: B, params: {instrument: core_10, score: total}}
      - id: any_time
        indicator: paired_rate
        name: D
        params: {instrument: core_10, score: total, pairing: first_and_last}
      - id: well_in_the_end
        indicator: better_side
        name: E
        group: treated
        params: {instrument: core_10, score: total, cut_off: barkham_2013}
      - id: begun
        indicator: completeness
        name: C
        params: {instrument: core_10, timepoint: assessment}
"""
YEARS = {
    "demo": (date(2025, 7, 1), date(2026, 6, 30)),
    "year": (date(2025, 1, 1), date(2026, 1, 9)),
}


def asked(workspace, text, tmp_path, period, team=None):
    """Give what romframe finds, and what the oracle does."""
    file = tmp_path / "framework.yaml"
    file.write_text(text.replace("disclosure: service", "disclosure: shown"), encoding="utf-8")
    found = framework_figures(workspace, read_framework(workspace, file), *period, team)
    plain = YAML(typ="safe", pure=True).load(text)
    service = oracle.Service(workspace.path / "rom.sqlite", plain, period, workspace.today, team)
    return found, plain, service.figures()


def compare(found, plain, expected):
    assert raw_counts(found) == {part: oracle.shares(rows) for part, rows in expected.items()}
    assert reasons(found) == {part: oracle.left_out(rows) for part, rows in expected.items()}
    assert shown(found) == report_lines(plain, expected)
    assert judged(found) == verdicts(plain, expected)
    assert month_by_month(found) == {
        part: by_month(rows, found.counted[part].main, found.window)
        for part, rows in expected.items()
    }


def raw_counts(found):
    return {
        part: {name: (share.count, share.of) for name, share in each.shares.items()}
        for part, each in found.counted.items()
    }


def reasons(found):
    return {
        part: {name: each.left_out.counts[name] for name in each.reasons}
        for part, each in found.counted.items()
    }


def shown(found):
    return {
        (each.part, each.figure): (each.count, each.of, each.value, each.low, each.high)
        for each in shown_figures(found, SHOWN)
    }


def report_lines(plain, expected):
    lines = {}
    for part, rows in expected.items():
        for figure, (count, of) in oracle.shares(rows).items():
            ends = [round(100 * end) for end in oracle.wilson(count, of)] if of else [None, None]
            value = oracle.per_cent(count, of) if of else None
            lines[part, figure] = (str(count), str(of), value, *ends)
        if any("value" in row for row in rows):
            days, of = oracle.middle(rows)
            lines[part, "median"] = ("", str(of), days, None, None)
    return lines


def judged(found):
    return {
        (each.part, each.target.figure): (each.status, each.in_interval)
        for each in shown_targets(found, SHOWN)
    }


def verdicts(plain, expected):
    told = {}
    for outcome in plain["outcomes"]:
        for part in [*outcome.get("measures", ()), *outcome.get("indicators", ())]:
            rows = expected[part["id"]]
            for target in part.get("targets", ()):
                if target["figure"] == "median":
                    met = oracle.middle(rows)[0] <= target["at_most"]
                    result = "met" if met else "not_met", False
                else:
                    result = oracle.verdict(target, *oracle.shares(rows)[target["figure"]])
                told[part["id"], target["figure"]] = result
    return told


def month_by_month(found):
    runs = {part: shown_run(found, part, each.main, SHOWN) for part, each in found.counted.items()}
    return {
        part: [(share.count, share.of) for _, share in run.points] if run else []
        for part, run in runs.items()
    }


def by_month(rows, figure, window):
    first, last = (12 * day.year + day.month - 1 for day in (window.start, window.end))
    told = []
    for month in range(first, last + 1):
        label = f"{month // 12}-{month % 12 + 1:02d}"
        inside = [row for row in rows if row["on"][:7] == label and row.get(figure) is not None]
        told.append((sum(row[figure] for row in inside), len(inside)))
    return told if any(of for _, of in told) else []


def test_every_figure_of_the_example_is_that_of_plain_loops_over_the_demos_store(demo, tmp_path):
    text = CAMBRIDGESHIRE.read_text(encoding="utf-8")
    found, plain, expected = asked(demo.workspace, text, tmp_path, YEARS["demo"])
    assert sum(len(rows) for rows in expected.values()) > 1000
    compare(found, plain, expected)


@pytest.mark.parametrize("team", [None, "South"])
def test_every_indicator_and_measure_is_that_of_plain_loops(year, framework, tmp_path, team):
    text = Path(framework.document.file).read_text(encoding="utf-8")
    head, mark, tail = text.partition("may_not_conclude")
    text = head + EVERY_INDICATOR + mark + tail
    compare(*asked(year, text, tmp_path, YEARS["year"], team))


@pytest.mark.parametrize("kind", ["good", "worse"])
def test_an_interval_is_wilsons_by_its_formula(year, framework, kind):
    found = framework_figures(year, framework, *YEARS["year"])
    share = found.counted["core_10"].shares[kind]
    assert (share.interval.low, share.interval.high) == pytest.approx(
        oracle.wilson(share.count, share.of), abs=1e-12
    )
