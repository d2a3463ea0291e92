"""pytest, run inside a test on files of its own: what became of every test in them.

pytester would do it too, but takes out of Python afterwards what was imported meanwhile, and numpy
cannot be imported twice.
"""

import pytest


class _Reports:
    def __init__(self, chosen):
        self.chosen = chosen
        self.outcomes = []

    def pytest_collection_modifyitems(self, items):
        items[:] = [each for each in items if self.chosen(each)]

    def pytest_runtest_logreport(self, report):
        if report.failed or report.when == "call":
            self.outcomes.append((report.nodeid, report.outcome))


def run_inside(folder, nodes, chosen=lambda item: True):
    """Run the nodes of a folder that are chosen; give (node, outcome) of each, in their order."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    reports = _Reports(chosen)
    options = ["--rootdir", folder, "-c", folder / "pytest.ini", "--import-mode=importlib"]
    plain = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    pytest.main([*map(str, options), *plain, *nodes], plugins=[reports])
    return reports.outcomes
