"""`romframe distribution`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    import polars as pl

    from romframe.workspace import Workspace


@click.command("distribution")
@click.argument("name", metavar="INSTRUMENT_OR_FILE")
@click.option("--instrument", "-i", metavar="ID", help="Of a FILE: by id or by its spec file.")
@click.option("--coding", metavar="NAME", help="Of a FILE: how answers are written.")
@click.option("--by", metavar="ID", help="Count separately by an item or another column.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def distribution_command(
    settings: Settings,
    name: str,
    instrument: str | None,
    coding: str | None,
    by: str | None,
    out: Path | None,
) -> None:
    """Count the answers to every item, in the workspace or in a FILE: a row an item and answer.

    Identified and anonymous returns of a workspace are counted apart and never added up.

    \b
    Examples:  romframe -w perinatal distribution poem --by respondent
               romframe distribution poem.csv -i poem --coding form_order
    """
    from romframe.cli.render import emit
    from romframe.distributions import distribution
    from romframe.tables import read_table

    if instrument is not None:
        known, catalogue = settings.instrument(instrument)
        emit(distribution(read_table(Path(name)), known, coding=coding, by=by).lazy(), out)
        settings.finish(catalogue.host)
    elif coding is not None:
        raise click.UsageError("--coding goes with a FILE and --instrument.")
    else:
        emit(_stored(settings.workspace(), name, by).lazy(), out)


def _stored(workspace: "Workspace", name: str, by: str | None) -> "pl.DataFrame":
    import polars as pl

    from romframe.distributions import distribution
    from romframe.instruments.model import STORED

    known = workspace.instrument(name)
    kinds = {
        "identified": (workspace.responses(name), known.storage != "anonymous"),
        "anonymous": (workspace.returns(name), known.storage != "identified"),
    }
    counted = [
        distribution(frame, known, coding=STORED.id, by=by).select(
            pl.lit(kind).alias("returned"), pl.all()
        )
        for kind, (frame, possible) in kinds.items()
        if possible
    ]
    return pl.concat(counted)
