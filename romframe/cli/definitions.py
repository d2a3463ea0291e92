"""`romframe measures read` and `write`: definitions in formats that plugins offer."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    from romframe.catalogue import Catalogue
    from romframe.definitions.model import DefinitionDraft, Unsaid
    from romframe.offers import DefinitionFormat

_KIND = "definition_formats"
_LIST = click.option(
    "--unsaid", type=click.Path(path_type=Path), help="A CSV file for the list of what is lost."
)


@click.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "name", required=True, metavar="FORMAT", help="As in: fhir, xlsform.")
@click.option("--out", type=click.Path(path_type=Path), help="The spec file (default: shown).")
@click.option(
    "--wording",
    type=click.Path(path_type=Path),
    help="A folder for the file's own words, as a wording pack of your site.",
)
@_LIST
@settings
def read_command(
    settings: Settings,
    file: Path,
    name: str,
    out: Path | None,
    wording: Path | None,
    unsaid: Path | None,
) -> None:
    """Make a draft spec of a definition in another format, to be finished by you.

    The draft loads. What the file does not say, or says in a way that a spec cannot, is listed in
    its first lines and told here. The file's words are nobody's to pass on: the draft has short
    labels, and --wording writes the words as a pack for your own site.

    \b
    Example:  romframe measures read phq9.json --from fhir --out phq9.yaml
    """
    from romframe.definitions.text import draft_text

    catalogue = settings.catalogue()
    found = _format(catalogue, name)
    if found.read is None:
        raise click.UsageError(f"Definitions cannot be read from {name}, only written to it.")
    reader = found.read
    draft: DefinitionDraft = catalogue.host.guard(_KIND, name, lambda: reader(file))
    text = draft_text(draft, file.name)
    _warn_of_faults(catalogue, text, str(out or file))
    if out is None:
        click.echo(text, nl=False)
    else:
        _write_new(out, text)
        click.echo(f"Wrote {out}. Finish it, then: romframe measures check {out}")
    if wording is not None:
        _write_wording(draft, wording)
    _tell(draft.unsaid, unsaid)


@click.command("write")
@click.argument("measure")
@click.option("--to", "name", required=True, metavar="FORMAT", help="As in: fhir, xlsform.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="It is replaced.")
@click.option("--locale", metavar="CODE", help="The language, such as cy (default: the config's).")
@_LIST
@settings
def write_command(
    settings: Settings, measure: str, name: str, out: Path, locale: str | None, unsaid: Path | None
) -> None:
    """Write a measure as a definition in another format, and list what that cannot say.

    The words are those of the workspace's wording pack, or else our own short labels.

    \b
    Example:  romframe measures write phq_9 --to fhir --out phq_9.json
    """
    instrument, catalogue = settings.instrument(measure)
    found = _format(catalogue, name)
    if found.write is None:
        raise click.UsageError(f"Definitions cannot be written to {name}, only read from it.")
    writer, words = found.write, settings.wording(instrument, locale)
    lost: tuple[Unsaid, ...] = catalogue.host.guard(
        _KIND, name, lambda: tuple(writer(instrument, words, out))
    )
    click.echo(f"Wrote {out}.")
    _tell(lost, unsaid)


def _format(catalogue: "Catalogue", name: str) -> "DefinitionFormat":
    found: DefinitionFormat = catalogue.host.find(_KIND, name)
    return found


def _warn_of_faults(catalogue: "Catalogue", text: str, file: str) -> None:
    """Say what keeps a draft from loading, which a reader of a plugin may have left."""
    from romframe.errors import SpecError
    from romframe.instruments.loader import parse_instrument

    try:
        parse_instrument(text, file, catalogue.vocabulary)
    except SpecError as error:
        for problem in error.problems:
            click.echo(f"warning: {problem}", err=True)


def _write_wording(draft: "DefinitionDraft", folder: Path) -> None:
    from romframe.definitions.text import wording_text

    if draft.wording is None:
        click.echo("The file has no words, so there is no wording pack.", err=True)
        return
    path = folder / f"{draft.wording['instrument']}.{draft.wording['locale']}.yaml"
    _write_new(path, wording_text(draft))
    click.echo(f"Wrote {path}: say in it who permits the wording, and keep it in `wording/`.")


def _write_new(path: Path, text: str) -> None:
    from romframe.cli.render import write_bytes
    from romframe.errors import Problem, UsageError

    if path.exists():
        what = f"{path} exists already."
        raise UsageError(Problem("file-exists", what, "Choose another name, or delete it first."))
    write_bytes(path, text.encode("utf-8"))


def _tell(unsaid: "Iterable[Unsaid]", out: Path | None, at_most: int = 20) -> None:
    """Say what is lost on the way, and write the whole list into a file if one is named."""
    import csv
    import io

    from romframe.cli.render import plain, write_bytes
    from romframe.definitions.naming import tidy

    lost = list(unsaid)
    for each in lost[:at_most]:
        click.echo(plain(f"unsaid: {each.where}: {each.what} [{each.code}]"), err=True)
    if len(lost) > at_most:
        click.echo(f"unsaid: and {len(lost) - at_most} more: see --unsaid FILE.", err=True)
    if out is not None:
        sheet = io.StringIO()
        rows = csv.writer(sheet, lineterminator="\n")
        rows.writerow(("code", "where", "what"))
        rows.writerows((each.code, tidy(each.where), tidy(each.what)) for each in lost)
        write_bytes(out, sheet.getvalue().encode("utf-8"))
