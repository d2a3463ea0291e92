"""From the text of a framework file to a Framework, with every problem of the file at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from romframe.errors import FrameworkError, Problem, UsageError, UserError, did_you_mean
from romframe.frameworks import build
from romframe.frameworks.checks import check
from romframe.frameworks.model import Framework
from romframe.frameworks.schema import FRAMEWORK
from romframe.frameworks.terms import Terms
from romframe.validation import validate
from romframe.yaml_source import read_yaml_file


if TYPE_CHECKING:
    from romframe.workspace import Workspace

FOLDER = "frameworks"

_EVENTS = ("event", "planned_event")


def read_framework(workspace: Workspace, name: str | Path) -> Framework:
    """Read a framework of the workspace by its name there, or any file by its path.

    Raises UsageError where the workspace has none of that name, FrameworkError with every problem
    of the file, each with line, column and mend.
    """
    return load_framework(framework_path(workspace.path / FOLDER, name), terms_of(workspace))


def load_framework(path: Path, terms: Terms) -> Framework:
    """Read the framework file at `path`; raises FrameworkError with every problem of it."""
    document = read_yaml_file(path)
    if document.data is not None:
        validate(document, FRAMEWORK, document.data)
        check(document, terms)
    if document.problems:
        raise FrameworkError(document.problems)
    return build.framework(document, terms)


def framework_problems(workspace: Workspace) -> list[Problem]:
    """Give what is wrong with the frameworks of a workspace, each problem with file and line."""
    terms = terms_of(workspace)
    found: list[Problem] = []
    for path in framework_files(workspace.path / FOLDER):
        try:
            load_framework(path, terms)
        except UserError as error:
            found += error.problems
    return found


def terms_of(workspace: Workspace) -> Terms:
    """Give what a framework may name in a workspace."""
    config = workspace.config
    kinds = {each for name in _EVENTS for each in workspace.table(name)["kind"]}
    events = tuple(sorted(kinds))
    return Terms(workspace.catalogue, config.pairing_policies, config.pairing, events)


def framework_path(folder: Path, name: str | Path) -> Path:
    """Give the path of a framework that is named by its file, or by its name in a folder."""
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return Path(name)
    known = [path.stem for path in framework_files(folder)]
    if known.count(name) > 1:
        what = f"{name}.yaml and {name}.yml both stand in {folder}."
        mend = "Rename one of the two, or delete it."
        raise UsageError(Problem("framework-twice", what, mend))
    if name not in known:
        what = f"There is no framework {name!r} in {folder}."
        way = f"Name a file with .yaml at its end, or put {name}.yaml there."
        mend = f"{did_you_mean(name, known)} {way}"
        raise UsageError(Problem("unknown-framework", what, mend))
    return framework_files(folder)[known.index(name)]


def framework_files(folder: Path) -> list[Path]:
    """Give the files of a folder that hold frameworks, by name; none where there is no folder."""
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
