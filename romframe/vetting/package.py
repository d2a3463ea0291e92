"""A package's source made into a wheel, and a wheel unpacked where Python can find it."""

import shutil
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from importlib.metadata import PathDistribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from romframe.errors import PluginError, Problem
from romframe.hookspecs import GROUP
from romframe.vetting.running import run_python


_FAULTS = (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
_NOT_COPIED = shutil.ignore_patterns(
    ".*_cache", ".git", ".venv", "venv", "__pycache__", "*.egg-info", "build", "dist"
)


def copy_source(folder: Path, place: Path) -> Path:
    """Copy a project, so that to build and test it leaves nothing in its folder."""
    with _told("It cannot be copied"):
        shutil.copytree(folder, place, ignore=_NOT_COPIED, symlinks=True)
    return place


def build_wheel(folder: Path, out: Path, limit: float) -> Path:
    """Build the wheel of a project. Raises PluginError where it cannot be built."""
    backend = _backend(folder / "pyproject.toml")
    here = find_spec(backend.partition(".")[0]) is not None
    isolation = ["--no-isolation"] if here else []
    out.mkdir()
    command = ["-m", "build", "--wheel", *isolation, "--outdir", str(out), str(folder)]
    done = run_python(command, out, out, limit)
    if done.code is None:
        raise _fault("It takes longer to build than the time limit.")
    (wheel, *_) = [*out.glob("*.whl"), None]
    if done.code or wheel is None:
        raise _fault(f"It cannot be built:\n{done.end}")
    return wheel


def _backend(path: Path) -> str:
    with _told("pyproject.toml cannot be read"):
        project = tomllib.loads(path.read_text(encoding="utf-8"))
    system = project.get("build-system")
    named = system.get("build-backend") if isinstance(system, dict) else None
    if not isinstance(named, str):
        raise _fault("pyproject.toml names no `build-backend` under [build-system].")
    return named


def unpack(wheel: Path, site: Path) -> PathDistribution:
    """Unpack a wheel. Raises PluginError where it is none."""
    with _told("The wheel cannot be unpacked"), zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (found, *_) = [*site.glob("*.dist-info"), None]
    if found is None or not (found / "METADATA").is_file():
        raise _fault("The wheel has no metadata.")
    return PathDistribution(found)


def metadata_of(distribution: PathDistribution) -> Mapping[str, Any]:
    """Give the metadata of a distribution; the README is its `description`.

    Raises PluginError where they cannot be read, or lack the name or the version.
    """
    from packaging.requirements import Requirement

    with _told("Its metadata cannot be read"):
        found = _fields(cast("Message", distribution.metadata))
        list(map(Requirement, found.get("requires_dist") or ()))
    if not (found.get("name") and found.get("version")):
        raise _fault("Its metadata lack the name or the version.")
    return found


def _fields(message: Message) -> dict[str, Any]:
    return {name.lower().replace("-", "_"): message.get_all(name) for name in message} | {
        "description": [message.get_payload() or message.get("Description", "")]
    }


def entries_of(distribution: PathDistribution) -> dict[str, str]:
    """Give the plugins that a distribution names, with the modules that they stand in.

    Raises PluginError where its entry points cannot be read.
    """
    with _told("Its entry points cannot be read"):
        return {each.name: each.value for each in distribution.entry_points.select(group=GROUP)}


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise _fault(f"{what}: {error}.") from error


def _fault(what: str) -> PluginError:
    mend = "Mend this first: nothing else can be looked at until then."
    return PluginError(Problem("plugin-unbuilt", what, mend))
