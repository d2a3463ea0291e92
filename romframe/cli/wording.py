"""What `romframe measures` does with words: `form`, and how `check` looks at wording packs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    from romframe.catalogue import Catalogue
    from romframe.errors import Problem
    from romframe.wording import Wording


@click.command("form")
@click.argument("name")
@click.option("--locale", metavar="CODE", help="The language, such as cy (default: the config's).")
@click.option("--out", type=click.Path(path_type=Path), help="An HTML file; it is replaced.")
@click.option("--keying", type=click.Path(path_type=Path), help="A CSV sheet for keying forms in.")
@settings
def form_command(
    settings: Settings, name: str, locale: str | None, out: Path | None, keying: Path | None
) -> None:
    """Print a measure as a form: one HTML page for screen and paper.

    Items are in the wording that the workspace's pack supplies, or else in our own short labels,
    and the form says which. The sheet has a column for each answer, in the order of the form; what
    is keyed into it is imported with `--as NAME --coding position`.

    \b
    Example:  romframe -w perinatal measures form core_10 --out core_10.html --keying core_10.csv
    """
    from romframe.cli.render import write_bytes
    from romframe.form import form, keying_columns

    known, _ = settings.instrument(name)
    words = settings.wording(known, locale)
    _warn_of_language(words)
    if keying is not None:
        write_bytes(keying, f"{','.join(keying_columns(known))}\n".encode())
        click.echo(f"Wrote the keying sheet to {keying}.", err=True)
    page = form(words)
    if out is None:
        click.echo(page)
        return
    write_bytes(out, page.encode("utf-8"))
    click.echo(f"Wrote the form to {out}.")


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
