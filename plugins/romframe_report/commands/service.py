"""`romframe report service`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from romframe_report.commands.shared import DAY, maker, warn_of_wording, workspace_of, write


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
def command(
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
    make = maker("romframe_report.service", "service_report")
    workspace = workspace_of(settings, folder)
    page = make(workspace, start.date(), end.date(), team, disclosure=policy)
    write(out, page)
    warn_of_wording(workspace)
    click.echo(f"Wrote the service report to {out}.")
