"""`romframe rejected`."""

from pathlib import Path

import click

from romframe.cli.context import Settings, settings


@click.command("rejected")
@click.option("--batch", type=int, metavar="N", help="Only those of this import.")
@click.option("--all", "everything", is_flag=True, help="Those that were resolved, too.")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file.")
@settings
def rejected_command(
    settings: Settings, /, batch: int | None, everything: bool, out: Path | None
) -> None:
    """List the rows that imports set aside: where, why, and the row as it came.

    \b
    Example:  romframe -w perinatal rejected --out to_mend.csv
    """
    import polars as pl

    from romframe.cli.render import emit_safe

    found = settings.workspace().store.rejected(batch)
    if not everything:
        found = found.filter(pl.col("resolved_by").is_null())
    emit_safe(found, out)
