"""`romframe constants`."""

from itertools import groupby
from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    from collections.abc import Iterator

    from romframe.constants import Constant


@click.command("constants")
@click.argument("instrument")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@settings
def constants_command(settings: Settings, instrument: str, as_json: bool) -> None:
    """Print every cut-off, band, threshold, norm and missing-answer rule, and who says so.

    Where sources say different things, they stand side by side at the end.

    \b
    Examples:  romframe constants core_10
               romframe constants measures/sleep_diary.yaml --json
    """
    import json

    import attrs

    from romframe.constants import conflicts, constants

    known, _ = settings.instrument(instrument)
    found = constants(known)
    differing = conflicts(found)
    if as_json:
        facts = {
            "version": 1,
            "instrument": known.id,
            "constants": [attrs.asdict(each) for each in found],
            "conflicts": [attrs.asdict(each) for each in differing],
        }
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"{known.name} ({known.id}, version {known.version})")
    for line in _by_subject(found):
        click.echo(line)
    for conflict in differing:
        click.echo(f"\nSources differ on {conflict.kind} of {conflict.subject}:")
        for each in conflict.constants:
            click.echo(f"  {each.value} [{each.name}; {each.source or 'no source'}]")


def _by_subject(found: "list[Constant]") -> "Iterator[str]":
    for subject in dict.fromkeys(each.subject for each in found):
        yield f"\n{subject}"
        own = [each for each in found if each.subject == subject]
        for _, group in groupby(own, key=_said_once):
            yield from _lines(list(group))


def _said_once(constant: "Constant") -> tuple[str, ...]:
    """Give what the constants of one rule, or one norm, have in common."""
    return (constant.name, constant.population, constant.source, constant.note)


def _lines(group: "list[Constant]") -> "Iterator[str]":
    for constant in group:
        yield f"  {constant.kind}, {constant.name}: {constant.value}"
    if constant.population:
        yield f"    for: {constant.population}"
    if constant.cite:
        yield f"    source: {constant.cite} [{constant.status}]"
    if constant.note:
        yield f"    note: {constant.note}"
