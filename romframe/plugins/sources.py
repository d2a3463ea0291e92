"""Where plugins come from: installed distributions, and single files in a folder."""

import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from romframe.hookspecs import FAMILY, GROUP, PROJECT


class PluginSource(NamedTuple):
    """Where a plugin comes from: its name, its distribution, and how to get it."""

    name: str
    load: Callable[[], Any]
    distribution: str = ""
    version: str = ""
    group: str = GROUP


def installed() -> list[PluginSource]:
    """Give the plugins that are installed, of any hook API; none is imported yet.

    Reads the entry points of wheels (`*.dist-info/entry_points.txt`) where Python looks for
    modules; a distribution counts where it is found first. importlib.metadata would give the same,
    but to import it takes about as long as everything else that a command starts with.
    """
    files: dict[str, Path] = {}
    for folder in dict.fromkeys(sys.path):
        for file in Path(folder or ".").glob("*.dist-info/entry_points.txt"):
            files.setdefault(file.parent.name.partition("-")[0].lower(), file)
    return [source for name in sorted(files) for source in _sources(files[name])]


def _sources(file: Path) -> Iterator[PluginSource]:
    name, _, version = file.parent.name.removesuffix(".dist-info").partition("-")
    group = ""
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        entry, sign, target = (part.strip() for part in line.partition("="))
        if entry.startswith("["):
            group = entry.strip("[]")
        elif sign and group.startswith(FAMILY):
            load = functools.partial(_load_entry, target)
            yield PluginSource(entry, load, name.replace("_", "-"), version, group)


def _load_entry(target: str) -> Any:
    module, _, attributes = target.partition(":")
    found = importlib.import_module(module)
    return functools.reduce(getattr, attributes.split("."), found) if attributes else found


def in_folder(folder: Path) -> list[PluginSource]:
    """Give the one-file plugins (`*.py`) in a folder; none is imported yet.

    A file whose name begins with an underscore is none.
    """
    return [
        PluginSource(path.stem, functools.partial(_load_file, path), distribution=str(path))
        for path in sorted(folder.glob("*.py"))
        if not path.stem.startswith("_")
    ]


def _load_file(path: Path) -> ModuleType:
    """Import a file under a name that no other module has: dataclasses look their module up."""
    name = f"{PROJECT}_plugin_file.{path.stem}"
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    try:
        SourceFileLoader(name, str(path)).exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
