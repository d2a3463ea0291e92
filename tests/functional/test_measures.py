"""`romframe measures`, `plugins` and `doctor` without a workspace."""

import json


def test_list_names_every_measure_with_its_evidence(run):
    done = run("measures", "list")
    assert done.code == 0
    assert "honos" in done.out
    facts = json.loads(run("measures", "list", "--json").out)
    assert facts["version"] == 1
    by_name = {each["measure"]: each for each in facts["measures"]}
    honos = by_name["honos"]
    assert honos["evidence"].startswith("some unverified")
    assert (honos["from"], honos["flows_to"]) == ("honos", ["mhsds"])
    assert by_name["core_10"]["evidence"] == "all verified, some at second hand"
    assert by_name["fft"]["evidence"] == "all verified"
    assert by_name["core_10"]["licence"] == "CORE System Trust: CC BY-ND 4.0"


def test_of_a_measure_with_local_sources_alone_nothing_is_called_verified(run, root, tmp_path):
    run("init", tmp_path / "place")
    spec = root / "examples/local_measure/feeding_confidence.yaml"
    (tmp_path / "place/measures" / spec.name).write_text(spec.read_text())
    facts = json.loads(run("-w", tmp_path / "place", "measures", "list", "--json").out)
    (ours,) = (each for each in facts["measures"] if each["measure"] == "feeding_confidence")
    assert ours["evidence"] == "local decisions"


def test_list_groups_by_type(run):
    lines = run("measures", "list").out.splitlines()
    heads = [line for line in lines if line.endswith(")") and "  " not in line]
    assert heads[0] == "Rated by clinicians (crom)"
    assert "Reported by service users, outcome (prom)" in heads


def test_constants_stand_with_their_sources_and_where_these_differ(run):
    done = run("constants", "core_10")
    assert done.code == 0
    assert "reliable change, barkham_2013: at least 6" in done.out
    assert "Sources differ on reliable change of total:" in done.out
    facts = json.loads(run("constants", "core_10", "--json").out)
    assert {"subject", "kind", "value", "status"} <= set(facts["constants"][0])
    assert facts["conflicts"]


def test_show_says_what_is_unverified(run):
    done = run("measures", "show", "honos")
    assert "amhocn_practice: unverified" in done.out
    assert "q8_type" in done.out
    assert "turned" in run("measures", "show", "core_10").out
    keyed = "by [gender, age] rows [gender male age [11, 13] value 10.3, gender male"
    assert keyed in run("measures", "show", "yp_core").out


def test_show_names_codings_alerts_both_ways_and_other_bands(run):
    k_10, reqol = (run("measures", "show", name).out for name in ("k_10", "reqol_10"))
    assert "from_0 (answers from 0 to 4)" in k_10
    assert "turned" not in k_10
    assert "or --bands clinical: well from 10" in k_10
    assert "alert down from 3" in reqol
    assert "alert from 1" in run("measures", "show", "phq_9").out


def test_check_names_every_fault_with_its_line(run, root, tmp_path):
    good = root / "examples/local_measure/feeding_confidence.yaml"
    assert run("measures", "check", good).code == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text().replace("better: higher", "beter: higher"))
    done = run("measures", "check", good, bad)
    assert done.code == 10
    assert "is sound" in done.out
    assert "bad.yaml:" in done.err
    assert "Did you mean 'better'?" in done.err


def test_check_tells_of_unverified_sources(run, root):
    done = run("measures", "check", root / "instrument_specs/honos/honos.yaml")
    assert done.code == 0
    assert "unverified source 'amhocn_practice'" in done.err


def test_new_writes_a_spec_that_loads(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("measures", "new", "sleep_diary").code == 0
    assert run("measures", "check", "sleep_diary.yaml").code == 0
    assert run("measures", "new", "sleep_diary").code == 2
    assert run("measures", "new", "Sleep Diary").code == 2


def test_plugins_are_listed_with_what_they_offer(run):
    done = run("plugins")
    assert done.code == 0
    assert "core_10, core_om" in done.out
    facts = json.loads(run("plugins", "--json").out)
    assert facts["version"] == 1
    assert {each["status"] for each in facts["plugins"]} == {"ok"}


def test_a_plugin_can_be_left_out_of_a_run(run):
    done = run("--no-plugin", "honos", "measures", "show", "honos")
    assert done.code == 2
    assert "no instrument 'honos'" in done.err


def test_doctor_finds_everything_sound(run):
    done = run("doctor")
    assert done.code == 0
    assert "plugins: sound" in done.out
    assert "measures: sound" in done.out


def test_help_has_every_command_and_imports_nothing_heavy(run):
    import subprocess
    import sys

    done = run("--help")
    for name in ("score", "classify", "import", "change", "export", "report", "demo", "doctor"):
        assert name in done.out
    code = (
        "import sys\n"
        "from romframe.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'polars', 'sqlite_utils', 'cerberus', 'jinja2', 'matplotlib', 'attrs'}\n"
        "heavy |= {'romframe.cli.audit', 'romframe.cli.due', 'romframe_mhsds.national.commands'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stderr.strip() == "[]"


def test_constants_without_a_source_name_none(run, tmp_path):
    path = tmp_path / "local.yaml"
    path.write_text(
        "romframe: 1\nid: local\nversion: '1'\nname: Local\ntype: prom\nraters: [service_user]\n"
        "licence: {owner: us, terms: none, wording: ships}\n"
        "response_scales: {level: {range: [0, 10]}}\n"
        "items: [{id: q1, label: one, scale: level}]\n"
        "scores: [{id: total, name: T, items: all, method: sum, range: [0, 10], better: lower}]\n"
    )
    done = run("constants", path)
    assert done.code == 0, done.err
    assert "missing answers, default: at least 1 of 1 answered" in done.out
    assert "source" not in done.out


def test_show_says_what_repeats_how_returns_are_kept_and_what_is_unverified(run):
    shown = {name: run("measures", "show", name).out for name in ("copm", "poem", "bmis", "fft")}
    assert "One row for each problem_id, at most 5." in shown["copm"]
    assert "Returns are stored with a person or anonymously." in shown["poem"]
    assert "Returns are stored anonymously." in shown["fft"]
    assert "UNVERIFIED: " in shown["bmis"]
    assert "The form as it stands here" in shown["poem"]


def test_a_type_without_measures_has_no_heading(run):
    assert "(goal)" not in run("--no-plugin", "gbo", "--no-plugin", "ot", "measures", "list").out
