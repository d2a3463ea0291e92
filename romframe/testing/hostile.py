"""Hostile data, shipped as files: what a plugin meets sooner or later in a service's workspace.

`data/README.md` says of each data set what is hostile in it.
"""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from romframe.ingest import import_file
from romframe.instruments.model import Instrument
from romframe.testing.forms import form_of
from romframe.testing.hosts import AWKWARD, DATA, catalogue_of
from romframe.workspace import Workspace, create_workspace


DATA_SETS = (
    "empty",
    "one_person",
    "unicode_names",
    "formula_cells",
    "answer_states",
    "double_ratings",
    "reported_totals",
)
HOSTILE_FILES = tuple(sorted(path.name for path in (DATA / "files").iterdir()))
TODAY = date(2026, 7, 10)  # everything in the data sets is of June 2026
_NOW = datetime(2026, 7, 10, 9, tzinfo=UTC)
_RECORDS = ("service_user", "referral", "care_professional")
_ANONYMOUS = ("completed_at", "team")


def made_workspace(
    folder: Path,
    plugin: Any,
    data_set: str = "one_person",
    measures: Sequence[str] = (AWKWARD,),
    today: date = TODAY,
) -> Workspace:
    """Make a workspace in a new folder in which a plugin is loaded, with one of the data sets.

    Every assessment of the data set is there once for each of the measures.
    """
    workspace = create_workspace(folder, "Made up", today=today)
    workspace.catalogue = catalogue_of(plugin)
    fill(workspace, data_set, measures)
    return workspace


def fill(workspace: Workspace, data_set: str, measures: Sequence[str] = (AWKWARD,)) -> None:
    """Import a data set into a workspace, through the door that a service uses.

    What does not fit a measure, such as a total where it has none, is left out.
    """
    folder = DATA / "workspaces" / data_set
    for kind in _RECORDS:
        if (folder / f"{kind}.csv").exists():
            import_file(workspace, folder / f"{kind}.csv", target=kind, actor="the kit", now=_NOW)
    if not (folder / "assessments.csv").exists():
        return
    rows = pl.read_csv(folder / "assessments.csv", infer_schema=False)
    for name in measures:
        instrument = workspace.instrument(name)
        _bring(workspace, name, _answered(instrument, rows))
        if instrument.scores and not instrument.repeats and instrument.storage == "identified":
            _bring(workspace, name, _reported(instrument, rows))


def _answered(instrument: Instrument, rows: pl.DataFrame) -> pl.DataFrame:
    answered = rows.filter(pl.col("reported").is_null())
    forms = [form_of(instrument, name) for name in answered["answers"].fill_null("blank")]
    cells = {
        item.id: [None if form[item.id] is None else str(form[item.id]) for form in forms]
        for item in instrument.items
    }
    table = _envelope(instrument, answered).with_columns(
        pl.Series(name, values, pl.String) for name, values in cells.items()
    )
    said = [item.id for item in instrument.items if item.scale.kind == "text"]
    remark = pl.when(pl.col("answers").is_not_null()).then("remark")
    words = answered.select(remark.alias(name) for name in said)
    return table.with_columns(words.get_columns())


def _reported(instrument: Instrument, rows: pl.DataFrame) -> pl.DataFrame:
    reported = rows.filter(pl.col("reported").is_not_null())
    ends = {"lowest": "low", "highest": "high"}
    totals = {
        f"score:{score.id}": [getattr(score, ends[name]) for name in reported["reported"]]
        for score in instrument.scores
        if not score.across
    }
    return _envelope(instrument, reported).with_columns(
        pl.Series(name, values, pl.Float64) for name, values in totals.items()
    )


def _envelope(instrument: Instrument, rows: pl.DataFrame) -> pl.DataFrame:
    """Give what stands around the answers; of an anonymous return only month and team."""
    if instrument.storage != "identified":
        return rows.select(_ANONYMOUS)
    about = rows.drop("answers", "reported", "remark").with_columns(
        rater=pl.lit(instrument.raters[0])
    )
    if instrument.repeats is None:
        return about
    return about.with_columns(pl.lit("goal 1").alias(instrument.repeats.by))


def _bring(workspace: Workspace, name: str, table: pl.DataFrame) -> None:
    if table.is_empty():
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        table.write_csv(file)
        import_file(workspace, file, target=name, coding="scored", actor="the kit", now=_NOW)
