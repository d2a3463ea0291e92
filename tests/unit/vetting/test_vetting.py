"""`romframe plugins check`: packages as people bring them, broken ones too."""

import json
import sys
import zipfile

import pytest
from click.testing import CliRunner

from romframe.cli import cli
from romframe.scaffolding import write_plugin
from romframe.vetting import inside, package, vet, vetting
from romframe.vetting.running import Finished, run_python


BUILDS = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
OFFERS = """
from romframe import ScoringMethod, hookimpl

@hookimpl
def register_scoring_methods(register):
    register(ScoringMethod("our_sum", lambda inputs: None))
"""


def check(*args):
    return CliRunner().invoke(cli, ["plugins", "check", *map(str, args)])


def quietly(path, limit=120):
    return vet(path, limit, lambda told: None)


def told(verdict):
    return " ".join(each.what for each in verdict.missing)


def test_of_a_new_plugin_nothing_is_missing_but_what_it_leaves_to_say(tmp_path, types_known):
    folder = tmp_path / "five_points"
    write_plugin("change", "five_points", folder)
    before = sorted(folder.rglob("*"))
    done = check(folder)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:3] == ["five-points 0.1.0: silver", "", "For gold:"]
    assert [line.partition(":")[0] for line in lines[3:]] == ["- finished", "- finished"]
    assert "Running its tests" in done.stderr
    assert sorted(folder.rglob("*")) == before


def test_what_is_missing_is_listed_by_tier(wheel):
    done = check(wheel(OFFERS))
    assert done.exit_code == 0
    assert done.stdout.startswith("ours 1: bronze\n\nFor silver:\n- described: Say in pyproject")
    assert "name the project's folder, not its wheel" in done.stdout


def test_below_bronze_programs_are_told_too(tmp_path):
    done = check(tmp_path, "--json")
    assert done.exit_code == 13
    found = json.loads(done.stdout)
    assert found["version"] == 1
    assert (found["plugin"]["name"], found["plugin"]["tier"]) == (tmp_path.name, "none")
    (missing,) = found["plugin"]["missing"]
    assert (missing["tier"], missing["criterion"]) == ("bronze", "builds")
    assert "pyproject.toml cannot be read" in missing["what"]


def test_the_json_of_a_package_has_its_release(wheel):
    found = json.loads(check(wheel(OFFERS), "--json").stdout)["plugin"]
    assert (found["name"], found["version"], found["tier"]) == ("ours", "1", "bronze")


@pytest.mark.parametrize(
    ("project", "what"),
    [
        ("not = toml = at all", "pyproject.toml cannot be read"),
        ('[project]\nname = "ours"', "names no `build-backend`"),
        ('build-system = "hatchling"', "names no `build-backend`"),
        (BUILDS + '[project]\nname = "ours"', "It cannot be built"),
    ],
)
def test_a_project_that_cannot_be_built_is_told_why(tmp_path, project, what):
    (tmp_path / "pyproject.toml").write_text(project)
    done = check(tmp_path)
    assert done.exit_code == 13
    assert f"{tmp_path.name}: no tier yet\n\nFor bronze:\n- builds: " in done.stdout
    assert what in done.stdout


def test_a_project_that_is_not_text_is_told(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"\xff\xfe\x00")
    assert "pyproject.toml cannot be read" in told(quietly(tmp_path))


def test_a_backend_that_is_not_here_is_fetched_by_the_builder(tmp_path, monkeypatch):
    seen = []

    def run(arguments, cwd, site, limit):
        seen.append(arguments)
        return Finished(None, "")

    monkeypatch.setattr(package, "run_python", run)
    for backend in ("hatchling.build", "nowhere_to_be_found.api"):
        text = BUILDS.replace("hatchling.build", backend)
        (tmp_path / "pyproject.toml").write_text(text)
        assert "longer to build than the time limit" in told(quietly(tmp_path))
    assert ["--no-isolation" in each for each in seen] == [True, False]


def test_a_builder_that_makes_nothing_is_told(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text(BUILDS)
    monkeypatch.setattr(package, "run_python", lambda *args: Finished(0, "all fine"))
    assert told(quietly(tmp_path)) == "It cannot be built:\nall fine"


def test_a_wheel_that_is_none_is_told(tmp_path, wheel):
    (tmp_path / "notes.whl").write_text("not a wheel")
    assert "cannot be unpacked" in told(quietly(tmp_path / "notes.whl"))


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("METADATA", "Name: ours\n", "lack the name or the version"),
        ("METADATA", b"Name: \xff\nVersion: 1\n", "metadata cannot be read"),
        ("METADATA", "Name: ours\nVersion: 1\nRequires-Dist: =?\n", "metadata cannot be read"),
        ("entry_points.txt", b"\xff", "entry points cannot be read"),
    ],
)
def test_metadata_that_make_no_sense_are_told(tmp_path, name, content, what):
    files = {"METADATA": "Name: ours\nVersion: 1\n", name: content}
    with zipfile.ZipFile(tmp_path / "odd.whl", "w") as archive:
        for each, text in files.items():
            archive.writestr(f"ours-1.dist-info/{each}", text)
    done = check(tmp_path / "odd.whl")
    assert done.exit_code == 13
    assert what in done.stdout


def test_a_wheel_without_metadata_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "bare.whl", "w") as archive:
        archive.writestr("ours.py", "")
    assert "no metadata" in told(quietly(tmp_path / "bare.whl"))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import os; os._exit(7)", "It ended with exit code 7"),
        ("import not_there_at_all", "not_there_at_all"),
        ("nothing = 1", "implements no hook"),
    ],
)
def test_a_plugin_that_does_not_load_is_told_why(wheel, text, what):
    done = check(wheel(text))
    assert done.exit_code == 13
    assert what in done.stdout


def test_a_plugin_for_other_hooks_is_told(wheel):
    verdict = quietly(wheel(OFFERS, group="romframe.v2"))
    assert verdict.tier == "none"
    assert "names no plugin" in told(verdict)


def test_what_takes_too_long_is_stopped(tmp_path):
    done = run_python(["-c", "input()"], tmp_path, tmp_path, 99)
    assert done.code == 1  # nobody answers its questions
    stopped = run_python(["-c", "import time; time.sleep(99)"], tmp_path, tmp_path, 0.01)
    assert stopped == Finished(None, "")


def test_tests_that_never_end_are_told(wheel, tmp_path, monkeypatch, perfect):
    monkeypatch.setattr(vetting, "run_python", lambda *args: Finished(None, ""))
    look = vetting.Vetting(tmp_path, 1, print)
    assert look.tried(tmp_path, perfect).failed == (
        "The run of its tests was stopped at the time limit.",
    )
    assert look.covered(tmp_path / "coverage.ini", perfect.site) is None


def test_what_the_types_are_said_to_be_is_kept(tmp_path, monkeypatch, perfect):
    monkeypatch.setattr(vetting, "run_python", lambda *args: Finished(1, "ours.py:1: error\n\n"))
    assert vetting.Vetting(tmp_path, 1, print).types(perfect) == ["ours.py:1: error"]


def test_what_is_needed_to_check_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(vetting, "find_spec", lambda name: None)
    done = check(tmp_path)
    (problem,) = done.exception.problems
    assert problem.code == "testing-library-missing"
    assert "romframe[testing]" in problem.mend


def test_pytest_is_told_to_run_in_one_process_only_where_it_might_not(monkeypatch):
    assert vetting.arguments() == "-q -pno:cacheprovider --no-cov -n0"
    monkeypatch.setattr(vetting, "find_spec", lambda name: None)
    assert vetting.arguments() == "-q -pno:cacheprovider"


def test_other_modules_that_python_was_told_of_stay_to_be_found(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "mine"))
    done = run_python(["-c", "import sys; print(sys.path)"], tmp_path, tmp_path / "site", 60)
    assert done.said.index(str(tmp_path / "site")) < done.said.index(str(tmp_path / "mine"))


def test_a_measure_is_read_among_all_plugins_and_its_labels_looked_at(
    wheel, root, tmp_path, monkeypatch
):
    spec = (root / "romframe/templates/measure.yaml").read_text()
    asks = spec.replace("ID_OF_MEASURE", "ours_asks").replace("slept well", '"Do you sleep?"')
    text = OFFERS.replace("import ScoringMethod,", "import").replace(
        'ScoringMethod("our_sum", lambda inputs: None)', 'package="our_specs", folder="specs"'
    )
    text = text.replace("scoring_methods", "instruments")
    files = {
        "our_specs/__init__.py": "",
        "our_specs/specs/ours_asks.yaml": asks,
        "our_specs/specs/phq_9.yaml": spec.replace("ID_OF_MEASURE", "phq_8"),
    }
    package.unpack(wheel(text, **files), tmp_path / "site")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    out = tmp_path / "out.json"
    monkeypatch.setattr(sys, "argv", ["inside", "load", "ours", str(out)])
    inside.main()
    for name in ("ours", "our_specs"):
        del sys.modules[name]
    found = json.loads(out.read_text())
    assert found["offers"] == {"instruments": ["ours_asks", "phq_9"]}
    assert found["labels"] == ["ours_asks q1"]
    assert [each for each in found["problems"] if "spec-file-name" in each]
    assert [each for each in found["contested"] if "'phq_9'" in each]


def test_which_suites_ran_and_what_became_of_each_test_is_noted(tmp_path, monkeypatch):
    (tmp_path / "test_ours.py").write_text(
        "import pytest\nimport romframe_poem\nfrom romframe.testing import PluginExtras\n\n"
        "class TestOurs(PluginExtras):\n"
        "    plugin = romframe_poem\n    exporter = 'ours'\n"
        "    test_importing_it_brings_in_nothing_heavy = None\n\n"
        "def test_that_fails():\n    pytest.fail('Sort rows.\\nThen again.')\n"
    )
    (tmp_path / "test_broken.py").write_text("import not_there_at_all\n")
    monkeypatch.chdir(tmp_path)
    options = "-q -pno:cacheprovider -pno:xdist -pno:randomly --continue-on-collection-errors"
    found = inside.test(f"{options} {tmp_path} --rootdir={tmp_path}")
    assert found["failed"] == [
        "test_broken.py",
        "test_ours.py::test_that_fails (Failed: Sort rows.)",
    ]
    assert ["PluginExtras", "ours"] in found["suites"]
    assert ["PluginSuite", ""] in found["suites"]
    assert "TestOurs.test_importing_it_brings_in_nothing_heavy" in found["left_out"]
    assert any("test_its_readme_names" in each for each in found["left_out"])
    assert found["passed"] == 4


def test_a_run_without_tests_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = inside.test(f"-q -pno:cacheprovider {tmp_path} --rootdir={tmp_path}")
    assert found["failed"] == ["pytest ends with NO_TESTS_COLLECTED"]
