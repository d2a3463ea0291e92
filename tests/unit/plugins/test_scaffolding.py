"""`romframe plugins new`: what it writes works as it stands, and nothing else is touched."""

import os
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner
from hatchling import build

from romframe.cli import cli
from romframe.scaffolding import PLUGIN_KINDS, write_plugin


def new(*args):
    return CliRunner().invoke(cli, ["plugins", "new", *map(str, args)])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A plugin of each kind, as the command writes it."""
    folder = tmp_path_factory.mktemp("made")
    for kind in PLUGIN_KINDS:
        done = new(kind, f"our_{kind}", "--out", folder / f"our_{kind}")
        assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def surroundings(made, tmp_path_factory):
    """Where the wheels of all four are unpacked, as if they were installed."""
    site = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        for kind in PLUGIN_KINDS:
            patch.chdir(made / f"our_{kind}")
            name = build.build_wheel(str(site))
            zipfile.ZipFile(site / name).extractall(site)
    return {**os.environ, "PYTHONPATH": str(site), "MYPYPATH": str(site)}


def run(*args, cwd, env=None):
    return subprocess.run(
        [sys.executable, "-m", *args], cwd=cwd, env=env, capture_output=True, text=True
    )


def test_its_tests_pass_untouched(made, surroundings):
    tests = [f"our_{kind}/tests" for kind in PLUGIN_KINDS]
    options = ("-q", "--import-mode=importlib", "-pno:cacheprovider", "-Werror")
    done = run("pytest", *options, *tests, cwd=made, env=surroundings)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


def test_linters_find_nothing(made):
    rules = ("--select", "B,D1,E,F,I,PTH,SIM,UP", "--ignore", "D101,D102,D103")
    checked = run("ruff", "check", *rules, *(f"our_{kind}" for kind in PLUGIN_KINDS), cwd=made)
    assert checked.returncode == 0, checked.stdout
    formatted = run("ruff", "format", "--check", ".", cwd=made)
    assert formatted.returncode == 0, formatted.stdout


def test_its_types_are_sound(made, surroundings, types_known, tmp_path):
    packages = [part for kind in PLUGIN_KINDS for part in ("-p", f"our_{kind}")]
    done = run("mypy", "--strict", *packages, cwd=tmp_path, env=surroundings | types_known)
    assert done.returncode == 0, done.stdout


def test_every_file_is_named_and_what_comes_next_is_told(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = new("change", "five_points")
    assert done.exit_code == 0
    written = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(done.stdout.split()) == sorted(written)
    assert "five_points/src/five_points/judging.py" in written
    assert "Next: romframe plugins check five_points" in done.stderr


@pytest.mark.parametrize("name", ["Ours", "our-export", "1st", "class", "", "a b", "été", "../up"])
def test_what_cannot_be_a_package_is_refused(name, tmp_path):
    done = new("exporter", name, "--out", tmp_path / "new")
    assert done.exception.problems[0].code == "bad-plugin-name"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["mhsds", "core_10", "report", "json", "romframe_poem", "sum"])
def test_a_name_that_somebody_has_is_refused(name, tmp_path):
    done = new("importer", name, "--out", tmp_path / "new")
    assert done.exception.problems[0].code == "plugin-name-taken"
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    done = new("exporter", "ours", "--out", tmp_path)
    assert done.exception.problems[0].code == "folder-exists"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    done = new("exporter", "ours", "--out", tmp_path / "notes.txt")
    assert done.exception.problems[0].code == "folder-exists"


def test_an_empty_folder_will_do(tmp_path):
    written = write_plugin("change", "ours", tmp_path)
    assert tmp_path / "pyproject.toml" in written


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    done = new("exporter", "ours", "--out", tmp_path / "file" / "ours")
    assert done.exception.problems[0].code == "folder-unwritable"


def test_without_a_subcommand_plugins_are_listed_as_before():
    done = CliRunner().invoke(cli, ["plugins"])
    assert done.exit_code == 0
    assert "mhsds" in done.output
