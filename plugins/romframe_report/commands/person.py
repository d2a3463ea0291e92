"""`romframe report person`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from romframe_report.commands.shared import DAY, maker, warn_of_wording, workspace_of, write
from romframe_report.saving import save


@click.command(name="person")
@click.argument("name", metavar="ID")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--pdf", type=click.Path(path_type=Path), help="The same page as a PDF to write.")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["clinician", "service_user"]),
    default="clinician",
    show_default=True,
    help="For whom it is written.",
)
@click.option(
    "--as-of", type=DAY, metavar="YYYY-MM-DD", help="Leave out what came later. [default: today]"
)
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def command(
    settings: Any,
    name: str,
    out: Path,
    pdf: Path | None,
    reader: str,
    as_of: datetime | None,
    folder: Path | None,
) -> None:
    """Write one page about one person, for the conversation with that person.

    ID is a service user's, or a referral's if only that referral is meant. The page holds answers
    that a person gave in confidence: keep it as you keep the person's record.

    \b
    Example:  romframe report person P10016 --for service_user --out brief.html
    """
    make = maker("romframe_report.person.page", "person_brief")
    workspace = workspace_of(settings, folder)
    page = make(workspace, name, reader, as_of.date() if as_of else None)
    write(out, page)
    click.echo(f"Wrote the brief to {out}.")
    if pdf is not None:
        save(pdf, maker("romframe_report.pdf", "pdf_of")(page))
        click.echo(f"Wrote the brief to {pdf}.")
    warn_of_wording(workspace)
