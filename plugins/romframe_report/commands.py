"""`romframe report`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click


if TYPE_CHECKING:
    from romframe import Workspace

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def report() -> None:
    """Make a report from the workspace's data."""


@report.command()
@click.option(
    "--from",
    "start",
    required=True,
    type=_DAY,
    metavar="YYYY-MM-DD",
    help="First day of the period.",
)
@click.option(
    "--to", "end", required=True, type=_DAY, metavar="YYYY-MM-DD", help="Last day of the period."
)
@click.option("--team", help="Only referrals to this team.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option(
    "--disclosure",
    default="service",
    show_default=True,
    help="How small counts are shown: service, nhs_monthly or shown.",
)
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def service(
    settings: Any,
    start: datetime,
    end: datetime,
    team: str | None,
    out: Path,
    disclosure: str,
    folder: Path | None,
) -> None:
    """Write the service report, one HTML file that needs nothing else to be read.

    \b
    Example:  romframe report service --from 2025-01-01 --to 2026-06-30 --out report.html
    """
    from romframe import disclosure_policy

    policy = disclosure_policy(disclosure)
    make = _maker()
    workspace = _workspace(settings, folder)
    page = make(workspace, start.date(), end.date(), team, disclosure=policy)
    _write(out, page)
    for problem in workspace.unused_wording:
        click.echo(f"warning: {problem}", err=True)
    click.echo(f"Wrote the service report to {out}.")


def _maker() -> Callable[..., str]:
    """Give the function that makes the page; raises PluginError where its libraries are missing."""
    from romframe import PluginError, Problem

    try:
        from romframe_report.service import service_report
    except ModuleNotFoundError as error:
        what = f"Reports need {error.name}, which is not installed."
        mend = "Install it with: pip install 'romframe[report]'."
        raise PluginError(Problem("report-library-missing", what, mend)) from error
    return service_report


def _workspace(settings: Any, folder: Path | None) -> Workspace:
    """Open the named folder; without one, what the command line's own options say."""
    if folder is None and settings is not None:
        opened: Workspace = settings.workspace()
        return opened
    from romframe import open_workspace

    workspace = open_workspace(folder or Path())
    click.get_current_context().call_on_close(workspace.store.close)
    return workspace


def _write(out: Path, page: str) -> None:
    """Write the page, readable by its owner only; a file that is there is replaced whole."""
    import os
    import tempfile

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
