"""The less travelled ways through the command line."""

import csv
import importlib
import io
import runpy
import stat
import sys

import pytest

from romframe.cli.context import Settings


def test_python_dash_m_is_the_same_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["romframe", "--version"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("romframe", run_name="__main__")
    assert stopped.value.code == 0
    assert "0.1.0" in capsys.readouterr().out


def test_importing_the_command_module_runs_nothing(capsys):
    importlib.import_module("romframe.__main__")
    assert capsys.readouterr().out == ""


def test_an_interrupted_command_says_so_and_nothing_else(run, monkeypatch):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Settings, "catalogue", interrupted)
    done = run("doctor")
    assert (done.code, done.out, done.err) == (130, "", "\nStopped.\n")


def test_constants_that_are_words_can_be_set_too(run, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("first,last\n20,11\n")
    args = ("classify", path, "-i", "core_10", "--score", "total")
    judged = [
        next(csv.DictReader(io.StringIO(run(*args, *more).out)))["class"]
        for more in ([], ["--set", "cut_off.clinical=more_than"])
    ]
    assert judged == ["improved", "recovered"]


def test_many_findings_are_counted_rather_than_listed(run, root, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    path = tmp_path / "many.csv"
    header = ",".join(f"q{n}" for n in range(1, 11))
    lines = [f"R{n},2026-01-01,assessment,{','.join('5' * 10)}" for n in range(30)]
    path.write_text(f"referral_id,completed_at,timepoint,{header}\n" + "\n".join(lines) + "\n")
    done = run("-w", place, "import", path, "--as", "core_10", "--coding", "scored")
    assert "rejected: and 10 more." in done.err
    assert "30 rejected" in done.out


def test_many_alerts_are_counted_rather_than_listed(run, tmp_path):
    path = tmp_path / "many.csv"
    header = ",".join(f"q{n}" for n in range(1, 11))
    path.write_text(f"{header}\n" + "0,0,0,0,0,4,0,0,0,0\n" * 15)
    done = run("score", path, "-i", "core_10", "--coding", "scored")
    assert "alert: row 1, q6" in done.err
    assert "alert: and 5 more." in done.err


def test_a_list_of_measures_goes_on_past_a_broken_one(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    (place / "measures/broken.yaml").write_text("id: broken\n")
    done = run("-w", place, "measures", "list")
    assert done.code == 0
    assert "honos" in done.out
    assert "broken.yaml" in done.err


def test_a_measure_with_keyed_bands_or_without_scores_is_described(run, root, tmp_path):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text()
    start, end = text.index("    bands:\n"), text.index('    codes: {snomed: "720')
    keyed = "    bands: {by: [gender], rows: [{gender: female, bands: [{from: 0, label: low}]}]}\n"
    (tmp_path / "keyed.yaml").write_text(text[:start] + keyed + text[end:])
    assert "bands by gender" in run("measures", "show", tmp_path / "keyed.yaml").out
    head = text[: text.index("scores:")].replace("source: product_alert", "source: us")
    none = head + "totals: {forbidden: its owner says so}\nscores: []\n"
    (tmp_path / "none.yaml").write_text(none + "sources: {us: {cite: us, status: local}}\n")
    done = run("measures", "show", tmp_path / "none.yaml")
    assert "none: its owner says so" in done.out, done.err


def test_explain_tells_of_declined_and_of_corrected_assessments(run, root, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    (tmp_path / "map.yaml").write_text(
        "instrument: core_10\ncoding: scored\nunknown_referrals: create\ncorrections: accept\n"
    )
    header = "referral_id,completed_at,timepoint,outcome," + ",".join(f"q{n}" for n in range(1, 11))
    path = tmp_path / "forms.csv"
    for first in ("0", "1"):
        path.write_text(
            f"{header}\nR1,2026-01-01,assessment,completed,{first}{',0' * 9}\n"
            f"R2,2026-01-01,assessment,declined{',' * 10}\n"
        )
        run("-w", place, "import", path, "--map", tmp_path / "map.yaml")
    assert "Nothing was rated: declined." in run("-w", place, "explain", "2").out
    assert "This version was corrected by 3." in run("-w", place, "explain", "1").out


def test_explain_gives_no_reason_where_nothing_is_missing(run, core_10):
    done = run("explain", "1", "--file", core_10, "-i", "core_10", "--coding", "position")
    assert "Clinical score [total]: 20 (scored)" in done.out
    assert "because" not in done.out


def test_a_rule_by_percentage_is_described(run, root, tmp_path):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text()
    rule = (
        "change_rules:\n  - {id: half, score: total, method: percentage, improved: 50,"
        " source: camcops}\n"
    )
    bare = text[: text.index("note:")] + text[text.index("response_scales:") :]
    (tmp_path / "phq_9.yaml").write_text(bare.replace("change_rules:\n", rule))
    assert (
        "half: total, percentage; improved 50"
        in run("measures", "show", tmp_path / "phq_9.yaml").out
    )


def test_explain_follows_a_score_of_scores(run, root, tmp_path):
    text = (root / "instrument_specs/general/phq_9.yaml").read_text()
    derived = (
        "  - {id: doubled, name: Doubled, of: [total], method: sum_of_scores,"
        " range: [0, 27], better: lower, source: camcops}\n\nchange_rules:"
    )
    spec = tmp_path / "phq_9.yaml"
    spec.write_text(text.replace("\ncut_offs:", derived.replace("change_rules:", "cut_offs:")))
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"q{n}" for n in range(1, 10)) + "\n1,1,1,1,1,1,1,1,x\n")
    assert "sum_of_scores of total; 0 to 27" in run("measures", "show", spec).out
    done = run("explain", "1", "--file", path, "-i", spec)
    assert "sum_of_scores of total" in done.out, done.err
    assert "q9 death or self-harm: not an answer that the scale allows" in done.out
    assert "a score that it is made of was refused" in done.out


def test_an_export_may_go_into_a_folder_that_is_there_but_empty(run, tmp_path):
    place, out = tmp_path / "service", tmp_path / "out"
    run("init", place)
    out.mkdir()
    assert run("-w", place, "export", "mhsds", "--period", "2026-08", "--out", out).code == 0
    assert stat.S_IMODE((out / "schema.ini").stat().st_mode) == 0o600


def test_a_mapping_for_something_else_is_refused(run, root, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    people = root / "examples/importing/people"
    args = ("import", f"{people}.csv", "--map", f"{people}.yaml", "--as", "referral")
    done = run("-w", place, *args)
    assert (done.code, "target-clash" in done.err) == (2, True)


def test_a_rule_is_applied_to_the_scores_that_have_it(run, root, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    example = root / "examples/importing"
    for name in ("people", "referrals"):
        files = (example / f"{name}.csv", "--map", example / f"{name}.yaml")
        run("-w", place, "import", *files)
    found = csv.DictReader(io.StringIO(run("-w", place, "change", "core_om").out))
    assert len({row["score"] for row in found}) == 10
    one = run("-w", place, "change", "core_om", "--rule", "connell_2007")
    assert {row["score"] for row in csv.DictReader(io.StringIO(one.out))} == {"total"}


def test_a_scoring_method_that_fails_costs_its_score_and_the_exit_code(run, root, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    (place / "plugins/broken_method.py").write_text(
        "from romframe import ScoringMethod, hookimpl\n"
        "def build(inputs):\n"
        "    raise ZeroDivisionError('in the method')\n"
        "@hookimpl\n"
        "def register_scoring_methods(register):\n"
        "    register(ScoringMethod('broken', build))\n"
    )
    text = (root / "examples/local_measure/feeding_confidence.yaml").read_text()
    extra = (
        "  - {id: odd, name: Odd, items: all, method: broken, range: [0, 24], better: higher,"
        " source: us}\n\nchange_rules:"
    )
    changed = text.replace("\nchange_rules:", extra)
    (place / "measures/feeding_confidence.yaml").write_text(changed)
    path = tmp_path / "a.csv"
    path.write_text("q1,q2,q3,q4,q5,q6\n2,2,1,1,1,1\n")
    done = run("-w", place, "score", path, "-i", "feeding_confidence", "--coding", "scored")
    found = {row["score"]: row for row in csv.DictReader(io.StringIO(done.out))}
    assert (found["total"]["value"], found["odd"]["reason"]) == ("8.0", "method_failed")
    assert done.code == 13
    assert "'broken_method' failed in 'broken'" in done.err
