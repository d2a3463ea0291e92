"""`romframe mhsds codes`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click


if TYPE_CHECKING:
    from romframe_mhsds.codes.scale import Scale

_HEADER = ("id", "tool", "label", "scores", "from", "to", "instead", "accepted")


@click.command("codes")
@click.argument("text", nargs=-1)
@click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day that is asked about (default: today).",
)
@click.option(
    "--file",
    "named",
    type=click.Path(path_type=Path),
    help="A code list of your own (default: the workspace's, or the one that comes with romframe).",
)
@click.option("--csv", "as_csv", is_flag=True, help="As a code list, to be changed and used.")
@click.option(
    "--check",
    "checked",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check a code list, and say what it changes.",
)
@click.pass_obj
def command(
    settings: Any,
    text: tuple[str, ...],
    as_of: datetime | None,
    named: Path | None,
    as_csv: bool,
    checked: Path | None,
) -> None:
    """List the SNOMED CT ids that the data set accepts; TEXT finds ids, tools and labels.

    \b
    Example:  romframe mhsds codes core-10
    Example:  romframe mhsds codes --csv > codes.csv
    Example:  romframe mhsds codes --check codes.csv
    """
    from romframe_mhsds.codes.codefile import read_codes, write_codes

    day = as_of.date() if as_of else date.today()  # noqa: DTZ011  (what is accepted here and now)
    if checked is not None:
        _check(checked, day)
        return
    scales = read_codes(named) if named else _in_use(settings)
    found = [scale for scale in _ordered(scales) if _fits(scale, text)]
    if as_csv:
        write_codes(found, sys.stdout)
    elif found:
        click.echo(_table(found, day))
    else:
        click.echo("No id of the code list fits.", err=True)


def _check(path: Path, day: date) -> None:
    """Say that a list is sound, and how it differs from the one of romframe on a day."""
    from romframe_mhsds.codes.codefile import read_codes
    from romframe_mhsds.codes.codelist import changes, code_list

    own = code_list(day, read_codes(path))
    click.echo(f"{path} is sound: {len(own.accepted)} ids are accepted on {day}.")
    found = changes(own, code_list(day))
    for change in found:
        click.echo(f"{change.kind:7}  {change.scale.concept_id:18}  {change.what}")
    if not found:
        click.echo("On that day it accepts what the list of romframe accepts.")


def _in_use(settings: Any) -> tuple[Scale, ...]:
    """Give the list that the workspace's config names, or the one that comes with romframe."""
    from romframe_mhsds.codes.codefile import shipped
    from romframe_mhsds.codes.codelist import scales_in_use

    if settings is None or not settings.inside:
        return shipped()
    workspace = settings.workspace()
    return scales_in_use(workspace.path, workspace.export_options("mhsds").get("codes"))


def _ordered(scales: Iterable[Scale]) -> list[Scale]:
    return sorted(
        scales, key=lambda each: (each.tool, each.label, each.valid_from, each.concept_id)
    )


def _fits(scale: Scale, words: Sequence[str]) -> bool:
    said = _plain(f"{scale.concept_id} {scale.tool} {scale.label} {scale.replaced_by}")
    return all(_plain(word) in said for word in words)


def _plain(text: str) -> str:
    """Give a text without case and marks: core-10 and CORE 10 are the same."""
    return re.sub(r"\W+|_", " ", text.casefold())


def _table(scales: Iterable[Scale], day: date) -> str:
    rows = [_HEADER, *(_row(scale, day) for scale in scales)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(scale: Scale, day: date) -> tuple[str, ...]:
    return (
        scale.concept_id,
        scale.tool,
        scale.label,
        scale.valid_scores,
        scale.valid_from,
        scale.valid_to,
        scale.replaced_by,
        "yes" if scale.in_force(day) else "no",
    )
