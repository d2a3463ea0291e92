"""What each tier asks for. docs/tiers.md lists the same for authors."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from romframe.hookspecs import GROUP
from romframe.vetting.model import Evidence
from romframe.wording import packs_in


if TYPE_CHECKING:
    from packaging.requirements import Requirement


Look = Callable[[Evidence], Iterator[str]]

_SUITES = {  # the kit's suite for each kind of offer, and whether it has extras
    "instruments": ("Instrument", True),
    "scoring_methods": ("ScoringMethod", True),
    "change_methods": ("ChangeMethod", False),
    "exporters": ("Exporter", True),
    "importers": ("Importer", True),
    "checks": ("Check", True),
    "indicators": ("Indicator", False),
    "report_sections": ("ReportSection", True),
}
_ENOUGH = 95  # per cent of lines and branches
_CODE = {".py", ".pyc"}
_NOT_SHIPPED = {"benchmarks", "conftest", "docs", "examples", "setup", "src", "test", "tests"}
_TOLD = 5  # tests that are named


@frozen
class Criterion:
    """What a tier asks for; `look` gives a sentence for each way in which it is not so."""

    tier: str
    name: str
    look: Look


def _metadata(evidence: Evidence) -> Iterator[str]:
    if not evidence.entries:
        yield f'It names no plugin: add [project.entry-points."{GROUP}"] to pyproject.toml.'


def _contents(evidence: Evidence) -> Iterator[str]:
    for path in sorted(evidence.site.iterdir()):
        if path.suffix not in (".dist-info", ".data") and not _is_module(path):
            yield f"The wheel would install {path.name!r} beside everybody's modules: leave it out."
    for name in evidence.packages:
        if not any((evidence.site / each).exists() for each in (name, f"{name}.py")):
            yield f"The wheel lacks {name!r}, which an entry point names."
    for path in _left_behind(evidence):
        yield f"The wheel lacks {path}, which stands in the package's folder."


def _is_module(path: Path) -> bool:
    """Say whether something may stand beside everybody's modules."""
    if path.is_dir():
        return path.name not in _NOT_SHIPPED and any(path.rglob("*.py"))
    return path.suffix == ".py" and path.stem not in _NOT_SHIPPED


def _left_behind(evidence: Evidence) -> Iterator[Path]:
    """Give the files of the packages' folders that did not come into the wheel."""
    for name in evidence.packages:
        for root in (each for each in ("src", "") if evidence.folder):
            top = Path(evidence.folder or "") / root
            for path in sorted((top / name).rglob("*")):
                inside = path.relative_to(top)
                hidden = path.suffix in _CODE - {".py"} or path.name.startswith(".")
                if path.is_file() and not hidden and not (evidence.site / inside).exists():
                    yield inside


def _wording(evidence: Evidence) -> Iterator[str]:
    for pack in packs_in(evidence.site):
        name = pack.relative_to(evidence.site)
        yield f"{name} is a wording pack, and wording is for each site to supply: take it out."
    for label in evidence.loaded.labels:
        yield f"The label of {label} reads like the question: name its topic in few words."


def _loads(evidence: Evidence) -> Iterator[str]:
    yield from evidence.loaded.problems
    if evidence.entries and not evidence.loaded.names and not evidence.loaded.problems:
        yield "It offers nothing: mark a function with romframe.hookimpl."


def _names(evidence: Evidence) -> Iterator[str]:
    yield from evidence.loaded.contested


def _described(evidence: Evidence) -> Iterator[str]:
    has = evidence.metadata
    if not has.get("summary"):
        yield "Say in pyproject.toml what it is for: `description`."
    if not (has.get("license_expression") or has.get("license")):
        yield "Say in pyproject.toml on what terms it may be used: `license`."
    if not has.get("requires_python"):
        yield "Say in pyproject.toml which Python it needs: `requires-python`."
    if not "".join(has["description"]).strip():
        yield "Name its README in pyproject.toml: `readme`."


def _bounded(evidence: Evidence) -> Iterator[str]:
    signs = {spec.operator for spec in _romframe(evidence).specifier} if _needs(evidence) else set()
    if not _needs(evidence):
        yield 'Name romframe under `dependencies`: "romframe>=0.1,<1".'
    elif not signs & {"<", "<=", "==", "~="}:
        yield 'Say up to which release of romframe it works: "romframe>=0.1,<1".'


def _needs(evidence: Evidence) -> "list[Requirement]":
    from packaging.requirements import Requirement

    needs = map(Requirement, evidence.metadata.get("requires_dist") or ())
    return [each for each in needs if each.name == "romframe" and each.marker is None]


def _romframe(evidence: Evidence) -> "Requirement":
    return _needs(evidence)[0]


def _readme(evidence: Evidence) -> Iterator[str]:
    text = "".join(evidence.metadata["description"])
    for name in evidence.loaded.names:
        if f"`{name}`" not in text:
            yield f"Write into the README what `{name}` is, between backticks."


def _tests(evidence: Evidence) -> Iterator[str]:
    failed = evidence.tested.failed
    for each in failed[:_TOLD]:
        yield f"A test fails: {each}"
    if len(failed) > _TOLD:
        yield f"{len(failed) - _TOLD} more tests fail."
    if not failed and not evidence.tested.passed:
        yield "There are no tests: see docs/testing.md for the kit."


def _kit(evidence: Evidence) -> Iterator[str]:
    if not evidence.tested.ran("PluginSuite"):
        yield "Let a class of its tests inherit from PluginSuite of the kit (docs/testing.md)."
    for name, suite, _ in _suites(evidence):
        if not evidence.tested.ran(f"{suite}Suite", name):
            yield f"Let a class of its tests inherit from {suite}Suite of the kit, for {name!r}."


def _suites(evidence: Evidence) -> Iterator[tuple[str, str, bool]]:
    for kind, (suite, extras) in _SUITES.items():
        for name in evidence.loaded.offers.get(kind, ()):
            yield name, suite, extras


def _typed(evidence: Evidence) -> Iterator[str]:
    for name in evidence.packages:
        if (evidence.site / name).is_dir() and not (evidence.site / name / "py.typed").exists():
            yield f"Put an empty file py.typed into {name}, so that others may rely on its types."
    yield from (f"mypy --strict: {line}" for line in evidence.types[:_TOLD])


def _changes(evidence: Evidence) -> Iterator[str]:
    (version,) = evidence.metadata["version"]
    if version not in evidence.text("CHANGELOG.md"):
        yield f"Say in CHANGELOG.md what is new in {version}."


def _done(evidence: Evidence) -> Iterator[str]:
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        for n, line in enumerate(evidence.text(name).splitlines(), 1):
            if re.search(r"\bTODO\b", line):
                yield f"{name}:{n} still says TODO: write what belongs there."


def _extras(evidence: Evidence) -> Iterator[str]:
    if not evidence.tested.ran("PluginExtras"):
        yield "Inherit from PluginExtras instead of PluginSuite."
    for name, suite, extras in _suites(evidence):
        if extras and not evidence.tested.ran(f"{suite}Extras", name):
            yield f"Inherit from {suite}Extras instead of {suite}Suite, for {name!r}."
    for test in evidence.tested.left_out[:_TOLD]:
        yield f"A test is left out: {test}"


def _covered(evidence: Evidence) -> Iterator[str]:
    covered = evidence.tested.covered
    if covered is None or covered < _ENOUGH:
        yield f"Its tests run {covered or 0:.0f}% of its lines and branches; {_ENOUGH}% is enough."


CRITERIA = (
    Criterion("bronze", "metadata", _metadata),
    Criterion("bronze", "contents", _contents),
    Criterion("bronze", "wording", _wording),
    Criterion("bronze", "loads", _loads),
    Criterion("bronze", "names", _names),
    Criterion("silver", "described", _described),
    Criterion("silver", "bounded", _bounded),
    Criterion("silver", "readme", _readme),
    Criterion("silver", "tests", _tests),
    Criterion("gold", "kit", _kit),
    Criterion("gold", "types", _typed),
    Criterion("gold", "changes", _changes),
    Criterion("gold", "finished", _done),
    Criterion("platinum", "extras", _extras),
    Criterion("platinum", "covered", _covered),
)
