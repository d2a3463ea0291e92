"""Running an exporter: options checked first, files in place only when all of it succeeded."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from romframe.errors import Problem, UsageError
from romframe.export_options import chosen_options
from romframe.offers import Exporter, ExportRequest, ExportResult
from romframe.progress import Progress, silent
from romframe.workspace import Workspace


_UNFINISHED, _INSIDE = ".romframe-", "export"
_A_DAY = 24 * 60 * 60


def run_export(
    workspace: Workspace,
    name: str,
    out: Path,
    options: Mapping[str, Any],
    progress: Progress = silent,
) -> ExportResult:
    """Run the exporter called `name` and put its files into the new folder `out`.

    Options that are not given are those of the config. Raises UsageError if the folder is there
    already or an option does not fit, FrameworkError for an option of the config, PluginError if
    there is no such exporter or it fails, ExportRefused if it refuses. Nothing is half written:
    files are made in a hidden folder beside `out`. What a killed export leaves of it is removed by
    an export to the same place a day later.
    """
    host = workspace.catalogue.host
    exporter: Exporter = host.find("exporters", name)
    chosen = chosen_options(workspace.config, exporter, options)
    with _told(out):
        _check_free(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = tempfile.TemporaryDirectory(dir=out.parent, prefix=_UNFINISHED)
    with temporary:
        _remove_abandoned(out.parent)
        folder = Path(temporary.name) / _INSIDE
        folder.mkdir(mode=0o700)
        request = ExportRequest(folder, chosen, workspace.today, progress)
        result: ExportResult = host.guard(
            "exporters", name, lambda: _export(exporter, workspace, request)
        )
        with _told(out):
            if out.exists():
                out.rmdir()
            folder.rename(out)
    return result


def _check_free(out: Path) -> None:
    """Raise UsageError unless the folder is new, or empty and one that can be replaced."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = f"{out} exists already and is not an empty folder."
        raise UsageError(Problem("folder-exists", what, "Name a new folder with --out."))
    if out.is_symlink() or out.is_mount() or out.resolve() == Path.cwd():
        what = f"{out} is a link, a disk or the folder that you are in, and cannot be replaced."
        raise UsageError(Problem("folder-exists", what, "Name a new folder inside it with --out."))


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Say of a folder that cannot be made why, as of one that another export made meanwhile."""
    try:
        yield
    except OSError as error:
        what = f"The folder {out} cannot be made: {error.strerror}."
        mend = "Check that you may write there, that there is room, and that nothing else is there."
        raise UsageError(Problem("folder-unwritable", what, mend)) from error


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders of exports that were killed long ago: they may hold patients' data."""
    for folder in parent.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):  # it is no folder, or another account's
            ours = {each.name for each in folder.iterdir()} == {_INSIDE}
            if ours and folder.stat().st_mtime < time.time() - _A_DAY:
                shutil.rmtree(folder)


def _export(exporter: Exporter, workspace: Workspace, request: ExportRequest) -> ExportResult:
    result = exporter.export(workspace, request)
    if not isinstance(result, ExportResult):
        raise TypeError(f"it gave a {type(result).__name__}, not an ExportResult")
    if not all(isinstance(line, str) for line in result.summary):
        raise TypeError("its summary is not made of sentences")
    for name in result.files:
        file = request.out / name
        if not file.resolve().is_relative_to(request.out.resolve()):
            raise ValueError(f"{name!r} is not in the folder that it was given")
        if not file.is_file():
            raise FileNotFoundError(f"it did not write {name!r}")
        file.chmod(0o600)
    return result
