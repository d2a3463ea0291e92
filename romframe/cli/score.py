"""`romframe score`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    import polars as pl

    from romframe.workspace import Workspace


@click.command("score")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--instrument", "-i", metavar="ID", help="Instrument, by id or by its spec file.")
@click.option("--coding", metavar="NAME", help="How answers are written: position, scored, ...")
@click.option("--shape", type=click.Choice(["tidy", "wide"]), default="tidy", show_default=True)
@click.option(
    "--score", "scores", multiple=True, metavar="ID", help="Only this score (repeatable)."
)
@click.option("--missing", metavar="NAME", help="Another missing-answer policy, by name.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def score_command(settings: Settings, /, file: Path | None, **options: Any) -> None:
    """Score a file of answers, or every assessment in the workspace.

    FILE is CSV or Parquet, a row an assessment, its columns named by item id; other columns are
    kept as keys. Without FILE, the workspace's assessments are scored and the scores stored.

    \b
    Examples:  romframe score answers.csv --instrument core_10 --coding position
               romframe score answers.parquet -i honos --shape wide --out scores.parquet
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
    from romframe.scoring import scorer

    if options["instrument"] is None:
        raise click.UsageError(
            "Name the instrument: --instrument ID (see `romframe measures list`)."
        )
    instrument, catalogue = settings.instrument(options["instrument"])
    ready = scorer(
        instrument,
        catalogue.scoring_methods,
        coding=options["coding"],
        scores=options["scores"] or None,
        missing=options["missing"],
    )
    frame = tables.read_table(file)
    wide = ready.wide(frame)
    emit(wide if options["shape"] == "wide" else ready.tidy(wide), options["out"])
    for cell in invalid_cells(frame, ready.items, ready.coding, file.name):
        click.echo(f"warning: {cell}", err=True)
    _tell(alerts(frame, instrument, catalogue.scoring_methods, ready.coding.id), "row")
    settings.finish(catalogue.host)


def _score_workspace(settings: Settings, options: dict[str, Any]) -> None:
    from romframe.clock import now

    for name in ("coding", "scores", "missing", "out"):
        if options[name]:
            option = f"--{name.removesuffix('s')}"
            raise click.UsageError(f"{option} goes with a FILE. Leave it out, or name the file.")
    workspace = settings.workspace()
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
