"""`romframe measures`: what there is, what it says, whether a spec is sound, and a new one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings
from romframe.cli.wording import check_pack, form_command


if TYPE_CHECKING:
    from romframe.errors import Problem
    from romframe.instruments.model import Instrument


@click.group("measures")
def measures_command() -> None:
    """List, show, check and start measures."""


measures_command.add_command(form_command)


@measures_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@settings
def list_measures(settings: Settings, as_json: bool) -> None:
    """List every measure that can be used here.

    \b
    Example:  romframe measures list
    """
    from romframe.cli.render import table
    from romframe.errors import UserError

    catalogue = settings.catalogue()
    found = []
    for name in catalogue.ids:
        try:
            found.append((catalogue.host.owner("instruments", name), catalogue.instrument(name)))
        except UserError as error:
            click.echo(f"warning: {error}", err=True)
    facts = [_facts(owner, instrument) for owner, instrument in found]
    if as_json:
        click.echo(json.dumps({"version": 1, "measures": facts}, indent=2))
    else:
        header = ("id", "version", "type", "items", "scores", "evidence", "from")
        click.echo(table(header, [[fact[key] for key in header] for fact in facts]))


def _facts(owner: str, instrument: "Instrument") -> dict[str, str | int]:
    unverified = len(instrument.unverified)
    return {
        "id": instrument.id,
        "version": instrument.version,
        "name": instrument.name,
        "type": instrument.type,
        "items": len(instrument.items),
        "scores": len(instrument.scores),
        "evidence": f"{unverified} unverified" if unverified else "verified",
        "from": owner,
        "digest": instrument.digest,
    }


@measures_command.command("show")
@click.argument("name")
@settings
def show_measure(settings: Settings, name: str) -> None:
    """Say what a measure is made of, how it is scored, and on whose word.

    \b
    Example:  romframe measures show core_10
    """
    from romframe.cli.describe import describe

    instrument, _ = settings.instrument(name)
    click.echo(describe(instrument))


@measures_command.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@settings
def check_measures(settings: Settings, files: tuple[Path, ...]) -> None:
    """Check spec files and wording packs and say everything that is wrong with them.

    \b
    Example:  romframe measures check measures/*.yaml
    """
    from romframe.errors import SpecError
    from romframe.wording import is_pack

    catalogue = settings.catalogue()
    problems: list[Problem] = []
    for path in files:
        if is_pack(path):
            problems.extend(check_pack(path, catalogue))
            continue
        try:
            instrument = catalogue.read(path)
        except SpecError as error:
            problems.extend(error.problems)
            continue
        click.echo(f"{path}: {instrument.name} {instrument.version} is sound.")
        for source in instrument.unverified:
            cite = instrument.sources[source].cite
            click.echo(f"{path}: unverified source {source!r}: {cite}", err=True)
    if problems:
        raise SpecError(problems)


@measures_command.command("new")
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), help="Where to (default: NAME.yaml here).")
@settings
def new_measure(settings: Settings, name: str, out: Path | None) -> None:
    """Write a commented spec that loads, to be changed into your own measure.

    \b
    Example:  romframe measures new sleep_diary
    """
    from importlib.resources import files

    from romframe.errors import Problem, UsageError

    if not (name.isidentifier() and name == name.lower()):
        what = f"{name!r} cannot be an id."
        raise UsageError(Problem("bad-id", what, "Use small letters, digits and underscores."))
    folder = settings.path / "measures"
    path = out or (folder if folder.is_dir() else Path()) / f"{name}.yaml"
    if path.exists():
        what = f"{path} exists already."
        raise UsageError(Problem("file-exists", what, "Choose another name, or delete it first."))
    template = files("romframe").joinpath("templates/measure.yaml").read_text(encoding="utf-8")
    try:
        path.write_text(template.replace("ID_OF_MEASURE", name), encoding="utf-8")
    except OSError as error:
        what = f"{path} cannot be written: {error.strerror}."
        mend = "Check that the folder exists, that you may write into it, and that there is room."
        raise UsageError(Problem("file-unwritable", what, mend)) from error
    click.echo(f"Wrote {path}. Change it, then: romframe measures check {path}")
