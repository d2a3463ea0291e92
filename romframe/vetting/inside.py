"""What is done in a process of its own, since it runs the package: loading it, and its tests.

    python -m romframe.vetting.inside load DISTRIBUTION RESULT
    python -m romframe.vetting.inside test ARGUMENTS RESULT

The result is a file of JSON, since a plugin may print what it likes.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from romframe.api import BUILTIN
from romframe.catalogue import Catalogue
from romframe.errors import UserError
from romframe.plugins import PluginHost, installed


_WORDS = 14  # a label of more words is most likely the question itself
_LONGEST_REASON = 160
_SUITES = "romframe.testing.suites"
_OFFERS = ("exporter", "importer", "method", "instrument", "check", "indicator", "section")


def load(distribution: str) -> dict[str, Any]:
    """Load the plugins of a distribution alone, and among all that are installed."""
    ours = [each for each in installed() if _same(each.distribution, distribution)]
    alone, among = PluginHost(), PluginHost()
    alone.load([BUILTIN, *ours])
    among.load([BUILTIN, *installed()])
    records = [alone.records[each.name] for each in ours]
    offers = {kind: sorted(names) for each in records for kind, names in each.offers.items()}
    names = {name for each in offers.values() for name in each}
    contested = [each.what for each in among.contested()]
    measures = offers.get("instruments", ())
    among.prefer = {name: alone.owner("instruments", name) for name in measures}
    catalogue = Catalogue(among)
    found = [_labels_and_problems(catalogue, name) for name in measures]
    return {
        "offers": offers,
        "problems": [str(each) for each in alone.faults()] + [p for _, each in found for p in each],
        "contested": [each for each in contested if any(f"{name!r}" in each for name in names)],
        "labels": [label for labels, _ in found for label in labels],
    }


def _same(one: str, other: str) -> bool:
    """Compare names of distributions as a package index does."""
    return re.sub(r"[-_.]+", "-", one).lower() == re.sub(r"[-_.]+", "-", other).lower()


def _labels_and_problems(catalogue: Catalogue, name: str) -> tuple[list[str], list[str]]:
    """Give the labels that read like the wording of a form, or why the spec is not valid."""
    try:
        instrument = catalogue.instrument(name)
    except UserError as error:
        return [], [str(problem) for problem in error.problems]
    wordy = [
        f"{instrument.id} {item.id}"
        for item in instrument.items
        if len(item.label.split()) > _WORDS or item.label.rstrip().endswith("?")
    ]
    return wordy, []


def test(arguments: str) -> dict[str, Any]:
    """Run the tests in the folder that we are in."""
    watch = _Watch()
    code = pytest.main(arguments.split(), plugins=[watch])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        watch.failed.append(f"pytest ends with {pytest.ExitCode(code).name}")
    return {
        "failed": watch.failed,
        "passed": watch.passed,
        "suites": [list(each) for each in sorted(watch.suites)],
        "left_out": sorted(watch.left_out),
    }


class _Watch:
    """A plugin of pytest that notes which suites of the kit ran, and what became of each test."""

    def __init__(self) -> None:
        self.suites: set[tuple[str, str]] = set()
        self.left_out: set[str] = set()
        self.failed: list[str] = []
        self.passed = 0

    def pytest_collection_finish(self, session: Any) -> None:
        """Note the suites of the tests that are about to run."""
        for each in {item.cls for item in session.items if item.cls is not None}:
            self.suites.update(_suites(each))
            self.left_out.update(
                f"{each.__name__}.{name}" for name in dir(each) if _is_left_out(each, name)
            )

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note what became of a test."""
        if report.failed:
            self.failed.append(_told(report))
        elif report.skipped:
            self.left_out.add(report.nodeid)
        elif report.when == "call":
            self.passed += 1

    def pytest_collectreport(self, report: Any) -> None:
        """Note a file that cannot be imported."""
        if report.failed:
            self.failed.append(_told(report))


def _told(report: Any) -> str:
    """Name what failed, with the first line of why, where it was run."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return str(report.nodeid)
    why = crash.message.partition("\n")[0]
    return f"{report.nodeid} ({why[:_LONGEST_REASON]})"


def _suites(tests: type) -> Iterator[tuple[str, str]]:
    offers = [getattr(tests, name, None) for name in _OFFERS]
    for suite in tests.__mro__:
        if suite.__module__.startswith(_SUITES):
            yield suite.__name__, ""
            yield from ((suite.__name__, each) for each in offers if isinstance(each, str))


def _is_left_out(tests: type, name: str) -> bool:
    return name.startswith("test_") and getattr(tests, name) is None


def main() -> None:
    """Do what the arguments say."""
    task, about, result = sys.argv[1:]
    done = {"load": load, "test": test}[task](about)
    Path(result).write_text(json.dumps(done), encoding="utf-8")


if __name__ == "__main__":  # pragma: no cover  (the process of its own)
    main()
