"""`romframe measures`: what there is, what it says, whether a spec is sound, and a new one."""

from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings
from romframe.cli.definitions import read_command, write_command
from romframe.cli.wording import check_pack, form_command


if TYPE_CHECKING:
    from romframe.catalogue import Catalogue
    from romframe.errors import Problem
    from romframe.instruments.model import Instrument


@click.group("measures")
def measures_command() -> None:
    """List, show, check and start measures; read and write them in other formats."""


for _command in (form_command, read_command, write_command):
    measures_command.add_command(_command)


@measures_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@settings
def list_measures(settings: Settings, as_json: bool) -> None:
    """List every measure that can be used here, by type.

    Says how far each rests on verified sources, on what licence terms, and which exporters with
    code lists of their own take it.

    \b
    Example:  romframe measures list
    """
    import json

    from romframe.cli.render import table
    from romframe.errors import UserError

    catalogue = settings.catalogue()
    facts = []
    for name in catalogue.ids:
        try:
            facts.append(_facts(catalogue, name))
        except UserError as error:
            click.echo(f"warning: {error}", err=True)
    if as_json:
        click.echo(json.dumps({"version": 1, "measures": facts}, indent=2))
        return
    header = ("measure", "version", "items", "scores", "evidence", "licence", "flows_to", "from")
    for kind, words in _KINDS.items():
        rows = [[_told(fact[key]) for key in header] for fact in facts if fact["type"] == kind]
        if rows:
            click.echo(f"{words} ({kind})")
            click.echo(table([each.replace("_", " ") for each in header], rows) + "\n")


_WIDEST = 56  # characters of a cell; --json gives the whole text
_KINDS = {
    "crom": "Rated by clinicians",
    "prom": "Reported by service users, outcome",
    "prem": "Reported by service users, experience",
    "goal": "Goals of service users",
}


def _told(value: object) -> str:
    text = ", ".join(value) or "-" if isinstance(value, list) else str(value)
    return shorten(text, _WIDEST, placeholder=" ...")


def _facts(catalogue: "Catalogue", name: str) -> dict[str, str | int | list[str]]:
    instrument = catalogue.instrument(name)
    return {
        "measure": name,
        "id": instrument.id,
        "version": instrument.version,
        "name": instrument.name,
        "type": instrument.type,
        "items": len(instrument.items),
        "scores": len(instrument.scores),
        "evidence": _evidence(instrument),
        "unverified": list(instrument.unverified),
        "licence": f"{instrument.licence.owner}: {instrument.licence.terms}",
        "wording": instrument.licence.wording,
        "flows_to": _ways_out(catalogue, instrument),
        "from": catalogue.host.owner("instruments", name),
        "digest": instrument.digest,
    }


def _evidence(instrument: "Instrument") -> str:
    unverified = len(instrument.unverified)
    if unverified:
        return f"some unverified ({unverified} of {len(instrument.sources)} sources)"
    statuses = {source.status for source in instrument.sources.values()}
    if statuses == {"local"}:
        return "local decisions"
    return "all verified, some at second hand" if "secondary" in statuses else "all verified"


def _ways_out(catalogue: "Catalogue", instrument: "Instrument") -> list[str]:
    """Name the exporters with rules of their own about instruments that take this one."""
    from datetime import date

    today = date.today()  # noqa: DTZ011  (the codes in force here and now)
    exporters = catalogue.host.registry("exporters")
    return [
        name
        for name, exporter in exporters.items()
        if exporter.takes is not None
        and catalogue.host.guard("exporters", name, partial(exporter.takes, instrument, today))
    ]


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
    from romframe.instruments.renamed import old_keys
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
        for old in old_keys(instrument.document):
            click.echo(f"{path}: {old}", err=True)
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
