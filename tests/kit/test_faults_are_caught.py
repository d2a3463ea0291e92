"""The kit is tested too: every fault planted in `faulty/` is caught, by the tests that it names.

Each class there has one fault, and `caught_by` names the tests that fail for it; a class that names
none has no fault.
"""

import importlib.util
import inspect
import shutil
from pathlib import Path

import pytest
from hypothesis import Phase
from oracles.inside import run_inside

from romframe import testing
from romframe.testing import trying


FAULTY = Path(__file__).parent / "faulty"
FILES = sorted(FAULTY.glob("*.py"))


def one_data_set(item):
    """One data set and one hostile file show a fault: the others take their time."""
    return not hasattr(item, "callspec") or item.callspec.id in ("one_person", "latin_1.csv")


def faults_in(path):
    """Give the classes of a file of faults, by name."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes = inspect.getmembers(module, inspect.isclass)
    return {name: each for name, each in classes if name.startswith("Test")}


def nodes_of(file, name, fault):
    """Name the tests to run: those that must fail, or all of what has no fault."""
    place = f"{file}::{name}"
    return [f"{place}::test_{test}" for test in fault.caught_by] or [place]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_planted_fault_is_caught(path, tmp_path, monkeypatch):
    monkeypatch.setattr(trying, "PHASES", (Phase.generate,))  # the simplest example takes its time
    monkeypatch.chdir(tmp_path)
    file = f"test_{path.name}"
    shutil.copy(path, tmp_path / file)
    faults = faults_in(path)
    wanted = [test for name, fault in faults.items() for test in nodes_of(file, name, fault)]
    failed = {name: set() for name in faults}
    for node, outcome in run_inside(tmp_path, wanted, one_data_set):
        _, name, test = node.split("::")
        if outcome == "failed":
            failed[name].add(test.partition("[")[0].removeprefix("test_"))
    wrong = {name for name, fault in faults.items() if failed[name] != set(fault.caught_by)}
    assert wrong == set()


def test_every_test_of_every_suite_has_caught_a_fault():
    caught = {
        test for path in FILES for fault in faults_in(path).values() for test in fault.caught_by
    }
    suites = [
        getattr(testing, name) for name in testing.__all__ if name.endswith(("Suite", "Extras"))
    ]
    promised = {
        name.removeprefix("test_")
        for suite in suites
        for name in dir(suite)
        if name.startswith("test_")
    }
    assert promised - caught == set()
