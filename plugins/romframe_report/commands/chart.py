"""`romframe report chart`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from romframe_report.commands.shared import maker, workspace_of, write


@click.command(name="chart")
@click.argument("name", metavar="FRAMEWORK")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def command(settings: Any, name: str, out: Path, folder: Path | None) -> None:
    """Write one page that says what is asked for and when, to be hung up where people work.

    FRAMEWORK is a framework of the workspace, or a file.

    \b
    Example:  romframe report chart perinatal --out what_when.html
    """
    make = maker("romframe_report.chart", "what_when_chart")
    workspace = workspace_of(settings, folder)
    write(out, make(workspace, name))
    click.echo(f"Wrote the chart to {out}.")
