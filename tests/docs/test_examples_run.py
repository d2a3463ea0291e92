"""Every console and Python block of the documents runs, in order, as a reader would run it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from romframe import create_workspace, open_workspace
from romframe.frameworks.advice import advice
from romframe.frameworks.loader import load_framework
from romframe.frameworks.terms import Terms
from romframe.upkeep import choice_problems


ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONSOLE = [
    "README.md",
    "docs/definitions.md",
    "docs/fhir.md",
    "docs/importing.md",
    "docs/tutorials/vendor.md",
    "examples/local_measure/README.md",
]
PYTHON = ["README.md", "docs/definitions.md", "docs/plugins.md"]


def blocks(document, language):
    text = (ROOT / document).read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        if match[1] == language:
            yield f"{document}:{text[: match.start()].count(chr(10)) + 1}", match[2]


@pytest.fixture
def reader(tmp_path, types_known):
    """A folder like a fresh checkout, and a shell in which `romframe` is the one under test."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    command = tmp_path / "bin" / "romframe"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m romframe "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return {"cwd": tmp_path, "env": {**os.environ, "PATH": path}}


@pytest.mark.parametrize("document", CONSOLE)
def test_console_blocks_run(document, reader):
    found = list(blocks(document, "console"))
    assert found
    start = reader["cwd"] / (Path(document).parent if document.startswith("examples") else "")
    for place, block in found:
        lines = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
        script = "set -e\n" + "\n".join(lines)
        done = subprocess.run(
            ["bash", "-c", script], cwd=start, env=reader["env"], capture_output=True, text=True
        )
        assert done.returncode == 0, f"{place}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize(
    ("place", "block"), [found for document in PYTHON for found in blocks(document, "python")]
)
def test_python_blocks_run(place, block, monkeypatch):
    monkeypatch.chdir(ROOT)
    exec(compile(block, place, "exec"), {})


def test_the_example_spec_of_the_language_page_loads(shipped, tmp_path):
    (_, spec), *_ = blocks("docs/spec.md", "yaml")
    path = tmp_path / "wellbeing_5.yaml"
    path.write_text(spec)
    assert shipped.read(path).id == "wellbeing_5"


def test_the_readme_has_one_command_for_the_tests():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [
        line for line in text.splitlines() if line.startswith("python3") and "pytest" in line
    ]
    assert len(commands) == 1
    assert "README.md" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_the_example_pack_of_the_wording_page_fits_a_spec(shipped, tmp_path):
    from romframe.wording import load_pack

    (_, pack), *_ = blocks("docs/wording.md", "yaml")
    (_, spec), *_ = blocks("docs/spec.md", "yaml")
    for ours, theirs in (("wellbeing_5", "sleep_diary"), ('"2026"', '"1"'), ("amount", "often")):
        spec = spec.replace(ours, theirs)
    (tmp_path / "sleep_diary.yaml").write_text(spec)
    path = tmp_path / "sleep_diary.en.yaml"
    path.write_text(pack)
    found = load_pack(path, lambda name: shipped.read(tmp_path / f"{name}.yaml"))
    assert len(found.items) == 2
    assert found.warnings == ()


def test_the_example_of_the_framework_page_is_sound_and_its_commands_work(reader):
    (_, text), *_ = blocks("docs/frameworks.md", "yaml")
    for name in ("perinatal", "perinatal_2027"):
        (reader["cwd"] / f"{name}.yaml").write_text(text)
    commands = [block for _, block in blocks("docs/frameworks.md", "console")]
    assert len(commands) == 1
    script = "set -e\n" + commands[0].replace("$ ", "")
    done = subprocess.run(
        ["bash", "-c", script], cwd=reader["cwd"], env=reader["env"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_framework_of_the_readme_is_sound_and_leaves_nothing_to_warn_of(shipped, tmp_path):
    (_, _), (_, text) = blocks("README.md", "yaml")
    path = tmp_path / "fenland.yaml"
    path.write_text(text)
    terms = Terms(shipped)
    assert advice(load_framework(path, terms), terms) == []


def test_the_readme_names_every_shipped_measure_and_no_other(shipped):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text[text.index("## What is in the box") :]
    named = {each for each in re.findall(r"`([a-z0-9_-]+)`", table) if each in shipped.ids}
    assert named == set(shipped.ids)
    count = re.search(r"^- (\d+) measures as specs", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert int(count[1]) == len(shipped.ids)


def test_the_choices_of_the_readme_are_sound(tmp_path):
    (_, choices), _ = blocks("README.md", "yaml")
    workspace = create_workspace(tmp_path / "service", "Made up")
    config = tmp_path / "service" / "romframe.yaml"
    config.write_text(config.read_text() + choices)
    workspace.store.close()
    opened = open_workspace(tmp_path / "service")
    assert set(opened.config.measures) == {"core_10", "k_10"}
    assert choice_problems(opened) == []
    opened.store.close()


def test_the_example_check_of_the_audit_page_is_sound(tmp_path):
    from romframe.auditing.own import own_checks

    (_, check), *_ = blocks("docs/audit.md", "yaml")
    workspace = create_workspace(tmp_path / "service", "Made up")
    (workspace.path / "checks" / "unwell.yaml").write_text(check)
    assert list(own_checks(workspace)) == ["discharged_unwell"]
    workspace.store.close()
