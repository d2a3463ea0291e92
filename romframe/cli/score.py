"""`romframe score`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    import polars as pl

    from romframe.scoring import Scorer
    from romframe.workspace import Workspace


@click.command("score")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--instrument", "-i", metavar="ID", help="Instrument, by id or by its spec file.")
@click.option("--coding", metavar="NAME", help="How answers are written: position, scored, ...")
@click.option("--shape", type=click.Choice(["tidy", "wide", "items"]), default="tidy")
@click.option(
    "--score", "scores", multiple=True, metavar="ID", help="Only this score (repeatable)."
)
@click.option("--missing", metavar="NAME", help="Another missing-answer policy, by name.")
@click.option("--bands", metavar="NAME", help="Another set of bands, by name.")
@click.option(
    "--derived-from", "origin", metavar="ID", help="The file holds this instrument's answers."
)
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def score_command(settings: Settings, /, file: Path | None, **options: Any) -> None:
    """Score a file of answers, or every assessment in the workspace.

    FILE is CSV or Parquet, a row an assessment, its columns named by item id; other columns are
    kept as keys. The shape `items` gives a row an answer instead, with its state and what it means
    by itself, such as low or high. Without FILE, the workspace's assessments are scored and the
    scores stored.

    \b
    Examples:  romframe score answers.csv --instrument core_10 --coding position
               romframe score answers.parquet -i honos --shape wide --out scores.parquet
               romframe score core_om.csv -i core_10 --derived-from core_om --coding position
               romframe -w perinatal score
    """
    if file is None:
        _score_workspace(settings, options)
    else:
        _score_file(settings, file, options)


def _score_file(settings: Settings, file: Path, options: dict[str, Any]) -> None:
    from romframe import tables
    from romframe.alerting import alerts
    from romframe.answers import invalid_cells
    from romframe.cli.render import emit
    from romframe.derivation import derive
    from romframe.instruments.model import STORED
    from romframe.scoring import scorer

    if options["instrument"] is None:
        raise click.UsageError(
            "Name the instrument: --instrument ID (see `romframe measures list`)."
        )
    if options["shape"] == "items":
        _itemise(settings, file, options)
        return
    instrument, catalogue = settings.instrument(options["instrument"])
    origin = catalogue.instrument(options["origin"]) if options["origin"] else None
    ready = scorer(
        instrument,
        catalogue.scoring_methods,
        coding=STORED.id if origin else options["coding"],
        scores=options["scores"] or None,
        missing=options["missing"],
        bands=options["bands"],
    )
    frame = tables.read_table(file)
    if origin:
        frame = derive(frame, instrument, origin, options["coding"])
    _warn(ready)
    wide = ready.wide(frame)
    emit(wide if options["shape"] == "wide" else ready.tidy(wide), options["out"])
    for cell in invalid_cells(frame, ready.items, ready.coding, file.name):
        click.echo(f"warning: {cell}", err=True)
    _tell(alerts(frame, instrument, catalogue.scoring_methods, ready.coding.id), "row")
    settings.finish(catalogue.host)


def _itemise(settings: Settings, file: Path, options: dict[str, Any]) -> None:
    from romframe.cli.render import emit
    from romframe.itemised import itemise
    from romframe.tables import read_table

    instrument, _ = settings.instrument(options["instrument"])
    emit(itemise(read_table(file), instrument, options["coding"]), options["out"])


def _warn(ready: "Scorer") -> None:
    """Say which of the scores rest on an unverified source; they were asked for by name."""
    from romframe.instruments.evidence import rests_on

    for score in ready.scores:
        policy = score.policy(ready.policy) if score.items else None
        for name in rests_on(ready.instrument, score, policy):
            source = ready.instrument.sources[name]
            if source.status == "unverified":
                click.echo(f"unverified: {score.id} rests on {name}: {source.cite}", err=True)


_OPTIONS = {"scores": "--score", "origin": "--derived-from"}


def _score_workspace(settings: Settings, options: dict[str, Any]) -> None:
    from romframe.cli.upkeep import tell_of_versions
    from romframe.clock import now
    from romframe.upkeep import check_choices

    for name in ("coding", "scores", "missing", "bands", "origin", "out"):
        if options[name]:
            option = _OPTIONS.get(name, f"--{name}")
            raise click.UsageError(f"{option} goes with a FILE. Leave it out, or name the file.")
    workspace = settings.workspace()
    check_choices(workspace)
    tell_of_versions(workspace)
    wanted = options["instrument"]
    if wanted:
        _check_scores(workspace, wanted)
    for name in [wanted] if wanted else workspace.used_instruments():
        scores = workspace.scores(name)
        workspace.store.save_scores(workspace.instrument(name), scores, now())
        counts = dict(sorted(scores["status"].cast(str).value_counts().iter_rows()))
        told = ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"
        click.echo(f"{name}: {told}")
        _tell(workspace.alerts(name), "assessment_id")
    settings.finish(workspace.catalogue.host)


def _check_scores(workspace: "Workspace", name: str) -> None:
    """Say why there is nothing to score where an instrument is asked for by name."""
    from romframe.scoring import scorer

    scorer(workspace.instrument(name), workspace.catalogue.scoring_methods, coding="stored")


def _tell(raised: "pl.DataFrame", number: str, at_most: int = 10) -> None:
    for row in raised.head(at_most).iter_rows(named=True):
        click.echo(f"alert: {number} {row[number]}, {row['subject']}: {row['alert']}", err=True)
    if raised.height > at_most:
        click.echo(f"alert: and {raised.height - at_most} more.", err=True)
