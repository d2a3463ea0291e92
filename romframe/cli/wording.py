"""What `romframe measures` does with words: `form`, and how `check` looks at wording packs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    from romframe.catalogue import Catalogue
    from romframe.errors import Problem
    from romframe.wording import Wording


@click.command("form")
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Every measure that is used here.")
@click.option("--framework", multiple=True, metavar="NAME", help="Every measure that it names.")
@click.option("--locale", metavar="CODE", help="The language, such as cy (default: the config's).")
@click.option(
    "--out", type=click.Path(path_type=Path), help="An HTML file, or the folder for several forms."
)
@click.option(
    "--keying",
    type=click.Path(path_type=Path),
    help="A .csv or .xlsx sheet for keying forms in.",
)
@settings
def form_command(
    settings: Settings,
    name: str | None,
    every: bool,
    framework: Sequence[str],
    locale: str | None,
    out: Path | None,
    keying: Path | None,
) -> None:
    """Print a measure as a form: one HTML page for screen and paper.

    Items are in the wording that the workspace's pack supplies, or else in our own short labels,
    and the form says which. The sheet has a column for each answer, in the order of the form; what
    is keyed into it is imported, as CSV, with `--as NAME --coding position`.

    With --all or --framework the folder gets a form and both kinds of sheet a measure. Used in a
    workspace is what its frameworks name and what its store holds; elsewhere, or where there is
    neither, every measure.

    \b
    Examples:  romframe -w perinatal measures form core_10 --out core_10.html --keying core_10.csv
               romframe -w perinatal measures form --all --out forms
    """
    if name is None:
        _write_several(settings, every, framework, locale, out, keying)
        return
    if every or framework:
        raise click.UsageError("Give either a NAME, or --all or --framework.")
    words = _words(settings, name, locale)
    if keying is not None:
        _write_sheet(words, keying)
        click.echo(f"Wrote the keying sheet to {keying}.", err=True)
    from romframe.form import form

    page = form(words)
    if out is None:
        click.echo(page)
        return
    from romframe.cli.render import write_bytes

    write_bytes(out, page.encode("utf-8"))
    click.echo(f"Wrote the form to {out}.")


def _words(settings: Settings, name: str, locale: str | None) -> "Wording":
    known, _ = settings.instrument(name)
    words = settings.wording(known, locale)
    _warn_of_language(words)
    return words


def _write_sheet(words: "Wording", out: Path) -> None:
    """Write a keying sheet, by the ending of the file."""
    from romframe.cli.render import write_bytes
    from romframe.keying import keying_csv, keying_workbook

    workbook = out.suffix.lower() == ".xlsx"
    write_bytes(out, keying_workbook(words) if workbook else keying_csv(words.instrument))


def _write_several(
    settings: Settings,
    every: bool,
    frameworks: Sequence[str],
    locale: str | None,
    out: Path | None,
    keying: Path | None,
) -> None:
    """Write a form and two sheets a measure into a folder."""
    if not (every or frameworks) or out is None or keying is not None:
        told = "Give a NAME, or --all or --framework with --out FOLDER and without --keying."
        raise click.UsageError(told)
    from romframe.cli.render import make_folder, write_bytes
    from romframe.form import form

    names = _of_frameworks(settings, frameworks) if frameworks else _used(settings)
    make_folder(out)
    for name in names:
        words = _words(settings, name, locale)
        write_bytes(out / f"{name}.html", form(words).encode("utf-8"))
        for ending in ("csv", "xlsx"):
            _write_sheet(words, out / f"{name}.{ending}")
    forms = "1 form" if len(names) == 1 else f"{len(names)} forms"
    click.echo(f"Wrote {forms} with their keying sheets into {out}.")


def _of_frameworks(settings: Settings, names: Sequence[str]) -> list[str]:
    from romframe.frameworks.loader import read_framework
    from romframe.frameworks.used import used_measures

    found = (read_framework(settings.workspace(), name) for name in names)
    return sorted({measure for each in found for measure in used_measures(each)})


def _used(settings: Settings) -> list[str]:
    """Name what is used: by the workspace's frameworks and in its store; else every measure."""
    from romframe.frameworks.loader import FOLDER

    used: set[str] = set()
    if settings.inside:
        workspace = settings.workspace()
        paths = sorted((workspace.path / FOLDER).glob("*.yaml"))
        named = _of_frameworks(settings, [path.stem for path in paths])
        used = {*named, *workspace.used_instruments()}
    return sorted(used or settings.catalogue().ids)


def _warn_of_language(words: "Wording") -> None:
    said = [words.say_item(item.id).locale for item in words.instrument.items]
    language = words.locale.partition("-")[0]
    if all(locale.partition("-")[0] != language for locale in said):
        told = f"There are no words in {words.locale!r} for {words.instrument.name}"
        click.echo(f"warning: {told}: it is shown in {said[0]!r}.", err=True)


def check_pack(path: Path, catalogue: "Catalogue") -> "list[Problem]":
    """Say whether a wording pack is sound and whose permission it states; give its problems."""
    from romframe.config import FILE_NAME
    from romframe.errors import Place, Problem, SpecError
    from romframe.wording import FOLDER, load_pack

    folder = path.resolve().parent
    found: list[Problem] = []
    if folder.name != FOLDER or not (folder.parent / FILE_NAME).exists():
        what = f"This is a wording pack, and it is not in the folder `{FOLDER}` of a workspace."
        mend = "Move it there. Wording is supplied by each site and is part of no package."
        found.append(Problem("wording-place", what, mend, Place(str(path), 1, 1)))
    try:
        pack = load_pack(path, catalogue.instrument)
    except SpecError as error:
        return [*found, *error.problems]
    for warning in pack.warnings:
        click.echo(f"warning: {warning}", err=True)
    if not found:
        click.echo(f"{path}: the wording of {pack.instrument.name} in {pack.locale} is sound.")
    click.echo(f"{path}: permission: {pack.permission}")
    return found
