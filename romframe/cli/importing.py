"""`romframe import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings


if TYPE_CHECKING:
    import polars as pl

    from romframe.importing.prepared import Prepared


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--as", "target", metavar="WHAT", help="An instrument, or service_user, referral, ..."
)
@click.option("--map", "mapping", type=click.Path(path_type=Path), help="A mapping file.")
@click.option("--coding", metavar="NAME", help="How answers are written: position, scored, ...")
@click.option("--dry-run", is_flag=True, help="Say what would happen and store nothing.")
@click.option("--retry", type=int, metavar="BATCH", help="Try an import's rejected rows again.")
@settings
def import_command(settings: Settings, /, file: Path | None, **options: Any) -> None:
    """Import assessments, or service users, referrals, contacts and events, into the workspace.

    All of a file is stored, or none of it. Rows that cannot be stored are kept with their reason;
    the exit code is 0 all the same, and the last line says how many there are.

    \b
    Examples:  romframe -w perinatal import referrals.csv --as referral
               romframe -w perinatal import core10.csv --map mappings/core10.yaml
               romframe -w perinatal import --retry 7
    """
    import getpass

    from romframe.clock import now
    from romframe.ingest import import_file, preview, retry_import, source

    batch = options.pop("retry")
    if (file is None) == (batch is None):
        raise click.UsageError("Give a FILE, or --retry with the number of an import.")
    if batch is not None and (options["dry_run"] or options["target"]):
        raise click.UsageError("--dry-run and --as go with a FILE, not with --retry.")
    workspace = settings.workspace()
    by: dict[str, Any] = {"actor": getpass.getuser(), "now": now()}
    dry_run = options.pop("dry_run")
    if file is None:
        options.pop("target")
        done = retry_import(workspace, batch, **options, **by)
    elif dry_run:
        _preview(preview(workspace, file, source(workspace, **options)))
        return
    else:
        done = import_file(workspace, file, **options, **by)
    result = done.result
    _show(done.warnings, "warning")
    rejected = workspace.store.rejected(batch or result.batch_id)
    _show(rejected.filter(rejected["resolved_by"].is_null()), "rejected")
    click.echo(
        f"Import {result.batch_id}: {result.read} rows read, {result.accepted} stored, "
        f"{result.unchanged} unchanged, {result.corrected} corrected, {result.rejected} rejected."
    )


def _preview(prepared: "Prepared") -> None:
    _show(prepared.warnings, "warning")
    _show(prepared.rejected, "rejected")
    click.echo(
        f"Dry run: {prepared.read} rows read, {prepared.accepted.height} could be stored, "
        f"{prepared.unchanged} repeated, {prepared.rejected.height} rejected. Nothing was stored."
    )


def _show(findings: "pl.DataFrame", word: str, at_most: int = 20) -> None:
    for row in findings.head(at_most).iter_rows(named=True):
        where = f"row {row['row']}" if row["row"] else "file"
        column = f", {row['column']}" if row["column"] else ""
        click.echo(
            f"{word}: {where}{column}: {row['what']} {row['mend']} [{row['code']}]", err=True
        )
    if findings.height > at_most:
        click.echo(f"{word}: and {findings.height - at_most} more.", err=True)
