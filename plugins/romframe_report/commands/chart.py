"""`romframe report chart`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from romframe_report.commands.shared import maker, workspace_of, write


_MAKERS = {
    ".html": ("romframe_report.chart", "what_when_chart"),
    ".svg": ("romframe_report.chart_svg", "what_when_svg"),
}


@click.command(name="chart")
@click.argument("name", metavar="FRAMEWORK")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The .html or .svg file."
)
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def command(settings: Any, name: str, out: Path, folder: Path | None) -> None:
    """Write one page that says what is asked for and when, to be hung up where people work.

    FRAMEWORK is a framework of the workspace, or a file. The ending of the file says what it is: a
    page (.html) or a drawing (.svg).

    \b
    Example:  romframe report chart perinatal --out what_when.html
              romframe report chart perinatal --out what_when.svg
    """
    make = maker(*_maker_of(out))
    workspace = workspace_of(settings, folder)
    write(out, make(workspace, name))
    click.echo(f"Wrote the chart to {out}.")


def _maker_of(out: Path) -> tuple[str, str]:
    """Give what makes a chart in a file of this name; UsageError for another ending."""
    from romframe import Problem, UsageError

    found = _MAKERS.get(out.suffix.lower())
    if found is None:
        what = f"A chart cannot be written as {out.name!r}."
        raise UsageError(Problem("chart-kind", what, "End the name in .html or .svg."))
    return found
