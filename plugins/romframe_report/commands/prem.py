"""`romframe report prem`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from romframe_report.commands.shared import maker, warn_of_wording, workspace_of, write
from romframe_report.saving import save


_MONTH = click.DateTime(["%Y-%m"])


@click.command(name="prem")
@click.argument("instruments", metavar="[INSTRUMENT]...", nargs=-1)
@click.option("--from", "start", required=True, type=_MONTH, metavar="YYYY-MM", help="First month.")
@click.option("--to", "end", required=True, type=_MONTH, metavar="YYYY-MM", help="Last month.")
@click.option("--team", help="Only returns about this team.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--pdf", type=click.Path(path_type=Path), help="The same page as a PDF to write.")
@click.option(
    "--disclosure",
    default="shown",
    show_default=True,
    help="How small counts are shown in a group that is large enough: shown, service or"
    " nhs_monthly.",
)
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def command(
    settings: Any,
    instruments: tuple[str, ...],
    start: datetime,
    end: datetime,
    team: str | None,
    out: Path,
    pdf: Path | None,
    disclosure: str,
    folder: Path | None,
) -> None:
    """Write what anonymous returns say, month by month and item by item, as one HTML file.

    Without INSTRUMENT, every experience measure (type prem) with returns is in it. Groups of fewer
    than 5 returns are held back. What the service did, and which comments may be shown, stands in
    prem.yaml.

    \b
    Example:  romframe report prem poem fft --from 2026-01 --to 2026-06 --out prem.html
    """
    from romframe import disclosure_policy

    policy = disclosure_policy(disclosure)
    make = maker("romframe_report.prem.page", "prem_report")
    workspace = workspace_of(settings, folder)
    months = f"{start:%Y-%m}", f"{end:%Y-%m}"
    page = make(workspace, instruments, months, team, disclosure=policy)
    write(out, page)
    click.echo(f"Wrote the report of returns to {out}.")
    if pdf is not None:
        save(pdf, maker("romframe_report.pdf", "pdf_of")(page))
        click.echo(f"Wrote the report of returns to {pdf}.")
    warn_of_wording(workspace)
