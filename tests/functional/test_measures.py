"""`romframe measures`, `plugins` and `doctor` without a workspace."""

import json


def test_list_names_every_measure_with_its_evidence(run):
    done = run("measures", "list")
    assert done.code == 0
    assert "honos" in done.out
    facts = json.loads(run("measures", "list", "--json").out)
    assert facts["version"] == 1
    honos = next(each for each in facts["measures"] if each["id"] == "honos")
    assert honos["evidence"] == "3 unverified"
    assert honos["from"] == "honos"


def test_show_says_what_is_unverified(run):
    done = run("measures", "show", "honos")
    assert "amhocn_practice: unverified" in done.out
    assert "q8_type" in done.out
    assert "turned" in run("measures", "show", "core_10").out
    keyed = "by [gender, age] rows [gender male age [11, 13] value 10.3, gender male"
    assert keyed in run("measures", "show", "yp_core").out


def test_check_names_every_fault_with_its_line(run, root, tmp_path):
    good = root / "examples/local_measure/phq_9.yaml"
    assert run("measures", "check", good).code == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text().replace("better: lower", "beter: lower"))
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
        "heavy = {'polars', 'sqlite_utils', 'cerberus', 'jinja2', 'matplotlib', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stderr.strip() == "[]"
