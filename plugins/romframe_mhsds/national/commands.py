"""`romframe national`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click


if TYPE_CHECKING:
    from romframe import Workspace


@click.group()
def national() -> None:
    """See what England's published rules make of the workspace's data."""


@national.command()
def packs() -> None:
    """List the packs of rules, with their sources and dates."""
    from romframe_mhsds.national.packs import load_pack, shipped
    from romframe_mhsds.national.render import pack_lines

    for name in shipped():
        for line in pack_lines(load_pack(name)):
            click.echo(line)


@national.command()
@click.option("--pack", required=True, help="A pack by name, or the path of a YAML file.")
@click.option(
    "--as-of",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="A day of the month to look at; the month's last day is what counts.",
)
@click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="READING=CHOICE",
    help="How to read a rule on which the sources do not agree.",
)
@click.option("--family", help="The measures that reasons are about; by default the pack's first.")
@click.option("--referrals", is_flag=True, help="List every referral with its reason.")
@click.option("--out", type=click.Path(path_type=Path), help="A folder for CSV files.")
@click.option("--json", "as_json", is_flag=True, help="Show JSON.")
@click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), help="The workspace's folder."
)
@click.pass_obj
def preview(
    settings: Any,
    pack: str,
    as_of: datetime,
    readings: Sequence[str],
    family: str | None,
    referrals: bool,
    out: Path | None,
    as_json: bool,
    folder: Path | None,
) -> None:
    """Apply a pack of rules to the workspace's data, for one month.

    \b
    Example:  romframe national preview --pack cquin_2023_24 --as-of 2023-11-30
    """
    from romframe_mhsds.national import preview as engine
    from romframe_mhsds.national import render
    from romframe_mhsds.national.packs import about, load_pack
    from romframe_mhsds.national.source import frames

    ready = load_pack(pack, _choices(readings))
    ready = about(ready, family) if family else ready
    day = as_of.date()
    found = engine.preview(frames(_workspace(settings, folder), day), ready, day)
    if out is not None:
        files = render.write(found, out)
        click.echo(f"Wrote {', '.join(files)} to {out}.", err=True)
    if as_json:
        click.echo(render.as_json(found, referrals=referrals))
    else:
        for line in render.text(found, referrals=referrals):
            click.echo(line)


def _choices(readings: Sequence[str]) -> dict[str, str]:
    given = {}
    for text in readings:
        name, sign, choice = text.partition("=")
        if not (name and sign and choice):
            raise click.BadParameter(f"{text!r} is not READING=CHOICE.", param_hint="--reading")
        given[name] = choice
    return given


def _workspace(settings: Any, folder: Path | None) -> Workspace:
    """Open the named folder; without one, what the command line's own options say."""
    if folder is None and settings is not None:
        opened: Workspace = settings.workspace()
        return opened
    from romframe import open_workspace

    workspace = open_workspace(folder or Path())
    click.get_current_context().call_on_close(workspace.store.close)
    return workspace
