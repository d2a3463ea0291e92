"""The shape of the code is a promise too: import direction, small files, small functions."""

import ast
import re
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


ROOT = Path(__file__).parents[1]
FILES = sorted([*ROOT.glob("romframe/**/*.py"), *ROOT.glob("plugins/**/*.py")])


def test_imports_point_one_way(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in functions
        if node.end_lineno - node.lineno >= 60
    }
    assert long == {}


def test_the_core_names_no_instrument_and_no_plugin():
    keys = re.compile(
        "romframe_(wording|framework|check)(?![a-z_])"
    )  # the first keys of our own files
    names = ("honos", "core_10", "core_om", "phq", "snomed 9", "mhsds", "romframe_")
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in ROOT.glob("romframe/**/*.py")
        if "cli" not in path.parts
        for name in names
        if name in keys.sub("", path.read_text(encoding="utf-8").lower())
    }
    assert found == set()


def test_plugin_folders_and_entry_points_agree():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = set(project["project"]["entry-points"]["romframe.v1"].values())
    folders = {
        path.name for path in (ROOT / "plugins").iterdir() if (path / "__init__.py").exists()
    }
    assert declared == folders
    assert folders < set(project["tool"]["coverage"]["run"]["source_pkgs"])
    assert folders < set(project["tool"]["mypy"]["packages"])
