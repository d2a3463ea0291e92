"""docs/testing.md: its examples run, and it lists every promise in the words of the suites."""

import inspect
import re
import shutil
from collections import Counter

import pytest
from oracles.inside import run_inside

from romframe import testing


FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs/testing.md").read_text(encoding="utf-8")


def suites():
    return [getattr(testing, n) for n in testing.__all__ if n.endswith(("Suite", "Extras"))]


def promises(suite):
    """Give a line for each test that a suite adds to what it inherits."""
    tests = [each for name, each in vars(suite).items() if name.startswith("test_")]
    return [f"- {' '.join(inspect.getdoc(each).split())}" for each in tests]


def test_the_page_lists_every_promise_and_no_other(page):
    part = page[page.index("## What is promised") : page.index("## Hostile data")]
    listed = [line for line in part.splitlines() if line.startswith(("- ", "### "))]
    wanted = [line for suite in suites() for line in (f"### {suite.__name__}", *promises(suite))]
    assert listed == wanted


def test_the_page_names_every_suite(page):
    assert [each.__name__ for each in suites() if f"`{each.__name__}`" not in page] == []


def test_the_examples_run(page, root, tmp_path, monkeypatch):
    plugins = FENCE.findall((root / "docs/plugins.md").read_text(encoding="utf-8"))
    (exporter,) = (block for block in plugins if "scores_csv" in block)
    (tmp_path / "scores_csv.py").write_text(exporter)
    shutil.copytree(root / "examples/local_measure", tmp_path / "examples/local_measure")
    blocks = FENCE.findall(page)
    for n, block in enumerate(blocks):
        (tmp_path / f"test_block_{n}.py").write_text(block)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    outcomes = run_inside(tmp_path, [f"test_block_{n}.py" for n in range(len(blocks))])
    assert [node for node, outcome in outcomes if outcome == "failed"] == []
    counted = Counter(node.partition("::")[0] for node, _ in outcomes)
    assert [counted[f"test_block_{n}.py"] for n in range(len(blocks))] == [17, 13, 1]
