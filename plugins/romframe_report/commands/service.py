"""`romframe report service`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from romframe_report.commands.shared import DAY, maker, warn_of_wording, workspace_of


@click.command(name="service")
@click.option(
    "--from",
    "start",
    required=True,
    type=DAY,
    metavar="YYYY-MM-DD",
    help="First day of the period.",
)
@click.option(
    "--to", "end", required=True, type=DAY, metavar="YYYY-MM-DD", help="Last day of the period."
)
@click.option("--team", help="Only referrals to this team.")
@click.option("--out", type=click.Path(path_type=Path), help="The HTML file to write.")
@click.option("--pdf", type=click.Path(path_type=Path), help="The same page as a PDF to write.")
@click.option(
    "--xlsx", type=click.Path(path_type=Path), help="A workbook to write, with its data dictionary."
)
@click.option(
    "--figures",
    type=click.Path(path_type=Path),
    help="A folder for the same figures as CSV and Parquet.",
)
@click.option(
    "--disclosure",
    default="service",
    show_default=True,
    help="How small counts are shown: service, nhs_monthly or shown.",
)
@click.option(
    "--release",
    is_flag=True,
    help="Make what may leave the service, and note in releases.jsonl what it shows.",
)
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def command(
    settings: Any,
    start: datetime,
    end: datetime,
    team: str | None,
    out: Path | None,
    pdf: Path | None,
    xlsx: Path | None,
    figures: Path | None,
    disclosure: str,
    release: bool,
    folder: Path | None,
) -> None:
    """Write the service report: one HTML file that needs nothing else to be read, or its figures.

    \b
    Example:  romframe report service --from 2025-01-01 --to 2026-06-30 --out report.html
    """
    from romframe import RELEASES_NAME, PluginError, disclosure_policy, progress_bar

    if not (out or pdf or xlsx or figures):
        raise click.UsageError("Say what to write: --out, --pdf, --xlsx or --figures.")
    policy = disclosure_policy(disclosure)
    forms = maker("romframe_report.forms", "ServiceForms")
    workspace = workspace_of(settings, folder)
    about = (start.date(), end.date(), team)
    strict = bool(getattr(settings, "strict", False))
    made = forms(workspace, *about, policy, release, progress_bar, strict)
    made.write(page=out, pdf=pdf, workbook=xlsx, figures=figures)
    for place in (out, pdf, xlsx, figures):
        if place is not None:
            click.echo(f"Wrote the service report to {place}.")
    if release:
        click.echo(f"Noted what it shows in {workspace.path / RELEASES_NAME}.")
    warn_of_wording(workspace)
    if made.failed:
        click.echo("The report is incomplete: a section could not be made.", err=True)
        raise PluginError(made.failed)
