"""A new plugin, as an installable package that passes the kit as it stands."""

import keyword
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template
from types import MappingProxyType

from romframe.errors import Problem, UsageError


_MODULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {  # what each kind of plugin has besides its `__init__.py`
        "instrument": (),
        "exporter": ("export",),
        "importer": ("reading",),
        "change": ("judging",),
    }
)
PLUGIN_KINDS = tuple(_MODULES)
_NEEDS = '"romframe>=0.1,<1"'
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def write_plugin(kind: str, name: str, folder: Path, taken: Iterable[str] = ()) -> list[Path]:
    """Write a package for a plugin that offers `name` into a new folder; give the files written.

    `taken` are the names that nobody can have any more. Raises UsageError where the name cannot be
    had, or the folder is there already or cannot be made.
    """
    _check_name(name, taken)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = f"{folder} exists already and is not an empty folder."
        raise UsageError(Problem("folder-exists", what, "Name a new folder with --out."))
    try:
        return [_write(folder / path, text) for path, text in _texts(kind, name).items()]
    except OSError as error:
        what = f"The folder {folder} cannot be made: {error.strerror}."
        mend = "Check that you may write there, and that there is room."
        raise UsageError(Problem("folder-unwritable", what, mend)) from error


def _check_name(name: str, taken: Iterable[str]) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        what = f"{name!r} cannot be the name of a package."
        mend = "Use small letters, digits and underscores, a letter first, and no word of Python."
        raise UsageError(Problem("bad-plugin-name", what, mend))
    if name in taken:
        what = f"{name!r} is a name that an installed plugin or measure has."
        raise UsageError(Problem("plugin-name-taken", what, "Choose a name of your own."))
    if find_spec(name) is not None:
        what = f"There is a Python module called {name!r} here already."
        raise UsageError(Problem("plugin-name-taken", what, "Choose a name of your own."))


def _texts(kind: str, name: str) -> dict[str, str]:
    """Give what each file of the package holds, by its path."""
    package = f"src/{name}"
    paths = {
        "common/pyproject.toml": "pyproject.toml",
        f"{kind}/README.md": "README.md",
        "common/CHANGELOG.md": "CHANGELOG.md",
        "common/LICENSE": "LICENSE",
        "common/gitignore": ".gitignore",
        f"{kind}/init.py": f"{package}/__init__.py",
        **{f"{kind}/{each}.py": f"{package}/{each}.py" for each in _MODULES[kind]},
        "common/conftest.py": "tests/conftest.py",
        f"{kind}/tests.py": f"tests/test_{name}.py",
    }
    words = {
        "kind": kind,
        "name": name,
        "slug": name.replace("_", "-"),
        "distribution": name.replace("_", "-"),
        "title": name.replace("_", " ").capitalize(),
        "class_name": name.title().replace("_", ""),
        "dependencies": _NEEDS if kind == "instrument" else f'"polars>=2.0", {_NEEDS}',
    }
    texts = {path: Template(_template(source)).substitute(words) for source, path in paths.items()}
    texts[f"{package}/py.typed"] = ""
    if kind == "instrument":
        spec = files("romframe").joinpath("templates/measure.yaml").read_text(encoding="utf-8")
        texts[f"{package}/specs/{name}.yaml"] = spec.replace("ID_OF_MEASURE", name)
    return texts


def _template(source: str) -> str:
    path = files("romframe").joinpath(f"templates/plugin/{source}.txt")
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
