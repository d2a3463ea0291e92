"""What every report's command does: find the workspace, load the page's maker, write the page."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click


if TYPE_CHECKING:
    from romframe import Workspace

DAY = click.DateTime(["%Y-%m-%d"])


def maker(module: str, name: str) -> Callable[..., str]:
    """Give the function that makes a page; raises PluginError where its libraries are missing."""
    from romframe import PluginError, Problem

    try:
        found: Callable[..., str] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        what = f"Reports need {error.name}, which is not installed."
        mend = "Install it with: pip install 'romframe[report]'."
        raise PluginError(Problem("report-library-missing", what, mend)) from error
    return found


def workspace_of(settings: Any, folder: Path | None) -> Workspace:
    """Open the named folder; without one, what the command line's own options say."""
    if folder is None and settings is not None:
        opened: Workspace = settings.workspace()
        return opened
    from romframe import open_workspace

    workspace = open_workspace(folder or Path())
    click.get_current_context().call_on_close(workspace.store.close)
    return workspace


def write(out: Path, page: str) -> None:
    """Write the page, readable by its owner only; a file that is there is replaced whole."""
    from romframe import Problem, UsageError

    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.stem}-", suffix=".html")
        part = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(page)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        what = f"The report cannot be written to {out}: {error.strerror}."
        mend = "Check that the folder exists and that you may write into it."
        raise UsageError(Problem("report-unwritable", what, mend)) from error


def warn_of_wording(workspace: Workspace) -> None:
    """Say why wording packs that were asked for are not used."""
    for problem in workspace.unused_wording:
        click.echo(f"warning: {problem}", err=True)
