"""From the path of a package to a verdict."""

import json
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attrs import define, evolve

from romframe.errors import PluginError, Problem, UsageError
from romframe.vetting.criteria import CRITERIA
from romframe.vetting.model import NO_TIER, TIERS, Evidence, Loaded, Missing, Tried, Verdict
from romframe.vetting.package import (
    build_wheel,
    copy_source,
    entries_of,
    metadata_of,
    unpack,
)
from romframe.vetting.running import Finished, run_python


_TOOLS = ("build", "coverage", "mypy", "pytest")
_INSIDE = "romframe.vetting.inside"


def vet(path: Path, limit: float, tell: Callable[[str], object]) -> Verdict:
    """Judge a project's folder, or a wheel; each program that is run has so many seconds.

    `tell` is told what is being done. Raises UsageError where what that needs is not installed.
    """
    absent = [name for name in _TOOLS if find_spec(name) is None]
    if absent:
        what = f"To check a plugin, {' and '.join(absent)} must be installed."
        mend = "Install what it needs with: pip install 'romframe[testing]'."
        raise UsageError(Problem("testing-library-missing", what, mend))
    with tempfile.TemporaryDirectory() as room:
        try:
            return judged(Vetting(Path(room), limit, tell).look(path.resolve()))
        except PluginError as error:
            what = "; ".join(problem.what for problem in error.problems)
            missing = (Missing(TIERS[0], "builds", what),)
            return Verdict(path.resolve().name, "", NO_TIER, missing)


def judged(evidence: Evidence) -> Verdict:
    """Hold what is known of a package against what each tier asks for.

    Of one that does not load nothing is tried, so that only the lowest tier's faults are told.
    """
    asked = [each for each in CRITERIA if not evidence.loaded.problems or each.tier == TIERS[0]]
    missing = tuple(
        Missing(criterion.tier, criterion.name, what)
        for criterion in asked
        for what in criterion.look(evidence)
    )
    lacking = {each.tier for each in missing}
    reached = NO_TIER
    for tier in TIERS:
        if tier in lacking:
            break
        reached = tier
    (name,), (version,) = evidence.metadata["name"], evidence.metadata["version"]
    return Verdict(name, version, reached, missing)


@define
class Vetting:
    """One look at a package, in a folder of its own."""

    room: Path
    limit: float
    tell: Callable[[str], object]

    def look(self, path: Path) -> Evidence:
        """Build it, unpack it, load it, test it. Raises PluginError where it cannot be built."""
        site, folder, wheel = self.room / "site", None, path
        if path.is_dir():
            folder = copy_source(path, self.room / "source")
            self.tell("Building it ...")
            wheel = build_wheel(folder, self.room / "wheels", self.limit)
        distribution = unpack(wheel, site)
        metadata, entries = metadata_of(distribution), entries_of(distribution)
        (name,) = metadata["name"]
        evidence = Evidence(
            metadata,
            entries,
            site,
            folder,
            self.loaded(name, site),
            Tried(failed=("There are no tests: name the project's folder, not its wheel.",)),
            (),
        )
        if folder is None or evidence.loaded.problems:
            return evidence
        tested = self.tried(folder, evidence)
        return evolve(evidence, tested=tested, types=self.types(evidence))

    def loaded(self, name: str, site: Path) -> Loaded:
        """Load the plugins of a distribution in a process of its own."""
        done, found = self._inside("load", name, self.room, site)
        return Loaded(**found) if found else Loaded(problems=(_ended("It", done),))

    def tried(self, folder: Path, evidence: Evidence) -> Tried:
        """Run its tests against what was unpacked, and count which of its lines they run."""
        settings = self.room / "coverage.ini"
        packages = "\n  ".join(evidence.packages)
        data = self.room / "coverage"
        lines = ("[run]", "branch = true", f"data_file = {data}", f"source_pkgs =\n  {packages}")
        settings.write_text("\n".join(lines), encoding="utf-8")
        counting = ["-m", "coverage", "run", f"--rcfile={settings}"]
        self.tell("Running its tests ...")
        done, found = self._inside("test", arguments(), folder, evidence.site, counting)
        if not found:
            return Tried(failed=(_ended("The run of its tests", done),))
        return Tried(**found, covered=self.covered(settings, evidence.site))

    def covered(self, settings: Path, site: Path) -> float | None:
        """Give how much of it was run, in per cent; None where nothing was."""
        report = self.room / "coverage.json"
        command = ["-m", "coverage", "json", "-q", f"--rcfile={settings}", "-o", str(report)]
        run_python(command, self.room, site, self.limit)
        if not report.exists():
            return None
        return float(json.loads(report.read_text())["totals"]["percent_covered"])

    def types(self, evidence: Evidence) -> list[str]:
        """Give what mypy finds."""
        names = [part for name in evidence.packages for part in ("-p", name)]
        self.tell("Checking its types ...")
        settings = f"--config-file={evidence.folder}/pyproject.toml"
        command = ["-m", "mypy", "--strict", "--no-error-summary", settings, *names]
        done = run_python(command, self.room, evidence.site, self.limit)
        return done.end.splitlines() if done.code else []

    def _inside(
        self, task: str, about: str, cwd: Path, site: Path, before: Sequence[str] = ()
    ) -> tuple[Finished, dict[str, Any]]:
        """Run a task in a process of its own; gives nothing where it did not come to its end."""
        result = self.room / f"{task}.json"
        command = [*before, "-m", _INSIDE, task, about, str(result)]
        done = run_python(command, cwd, site, self.limit)
        return done, json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}


def arguments() -> str:
    """Tell pytest to leave nothing behind, and to count and run in one process, if it would not."""
    more = ["--no-cov"] if find_spec("pytest_cov") else []
    more += ["-n0"] if find_spec("xdist") else []
    return " ".join(["-q", "-pno:cacheprovider", *more])


def _ended(what: str, done: Finished) -> str:
    if done.code is None:
        return f"{what} was stopped at the time limit."
    return f"{what} ended with exit code {done.code}:\n{done.end}"
