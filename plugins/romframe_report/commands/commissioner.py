"""`romframe report commissioner`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from romframe_report.commands.shared import DAY, maker, warn_of_wording, workspace_of


@click.command(name="commissioner")
@click.argument("framework", metavar="NAME|FILE")
@click.option("--from", "start", type=DAY, metavar="YYYY-MM-DD", help="First day counted.")
@click.option("--to", "end", type=DAY, metavar="YYYY-MM-DD", help="Last day.")
@click.option("--team", help="Only referrals to this team.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The HTML file.")
@click.option("--pdf", type=click.Path(path_type=Path), help="The same page as a PDF to write.")
@click.option(
    "--xlsx", type=click.Path(path_type=Path), help="A workbook to write, with its data dictionary."
)
@click.option(
    "--figures",
    type=click.Path(path_type=Path),
    help="A folder for the same figures as CSV and Parquet.",
)
@click.option("--disclosure", help="How small counts are shown. [default: as the framework says]")
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def command(
    settings: Any,
    framework: str,
    start: datetime | None,
    end: datetime | None,
    team: str | None,
    out: Path,
    pdf: Path | None,
    xlsx: Path | None,
    figures: Path | None,
    disclosure: str | None,
    folder: Path | None,
) -> None:
    """Write what came of an outcome framework: targets, figures, and what may not be concluded.

    NAME is a framework of the workspace's folder `frameworks`, FILE any file that ends in .yaml.
    Without days it looks back as far as the framework says, from its last whole month, quarter or
    year.

    \b
    Example:  romframe report commissioner ours --from 2025-07-01 --to 2026-06-30 --out pack.html
    """
    from romframe import disclosure_policy, period_in_words, read_framework, reporting_period

    count = maker("romframe_report.commissioner.forms", "counted_pack")
    workspace = workspace_of(settings, folder)
    asked = read_framework(workspace, framework)
    policy = disclosure_policy(disclosure or asked.disclosure)
    days = [each and each.date() for each in (start, end)]
    first, last = reporting_period(asked, workspace.today, *days)
    made = count(workspace, asked, (first, last, team), policy)
    if None in days:
        click.echo(period_in_words(asked, first, last), err=True)
    for write_form, place in (
        (made.write_page, out),
        (made.write_pdf, pdf),
        (made.write_workbook, xlsx),
        (made.write_figures, figures),
    ):
        if place is not None:
            write_form(place)
            click.echo(f"Wrote the commissioner's pack to {place}.")
    warn_of_wording(workspace)
