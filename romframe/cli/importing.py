"""`romframe import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from romframe.cli.context import Settings, settings
from romframe.cli.render import plain


if TYPE_CHECKING:
    import polars as pl

    from romframe.ingest import Rehearsed
    from romframe.store import ImportResult
    from romframe.workspace import Workspace


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--as", "target", metavar="WHAT", help="An instrument, or service_user, referral, ..."
)
@click.option("--from", "importer", metavar="NAME", help="An importer (see `romframe plugins`).")
@click.option("--map", "mapping", type=click.Path(path_type=Path), help="A mapping file.")
@click.option("--coding", metavar="NAME", help="How answers are written: position, scored, ...")
@click.option("--dry-run", is_flag=True, help="Say what would happen and store nothing.")
@click.option("--retry", type=int, metavar="BATCH", help="Try an import's rejected rows again.")
@settings
def import_command(settings: Settings, /, file: Path | None, **options: Any) -> None:
    """Import assessments, or service users, referrals, contacts and events, into the workspace.

    All of a file is stored, or none of it. Rows that cannot be stored are kept with their reason;
    the exit code is 0 all the same, and the last line says how many there are. With --from an
    importer reads an outside format, which may be a folder and hold several kinds of record.

    \b
    Examples:  romframe -w perinatal import referrals.csv --as referral
               romframe -w perinatal import core10.csv --map mappings/core10.yaml
               romframe -w perinatal import november --from mhsds
               romframe -w perinatal import --retry 7
    """
    import getpass

    from romframe.clock import now
    from romframe.importing.kinds import DEFERRAL
    from romframe.ingest import import_file, preview, retry_import, source

    batch, importer = options.pop("retry"), options.pop("importer")
    _check(file, batch, importer, options)
    workspace = settings.workspace()
    by: dict[str, Any] = {"actor": getpass.getuser(), "now": now()}
    dry_run = options.pop("dry_run")
    if importer and file:
        by["mapping"] = options["mapping"]
        _outside(workspace, file, importer, by, dry_run=dry_run)
        return
    before = workspace.table(DEFERRAL)
    if file is None:
        options.pop("target")
        done = retry_import(workspace, batch, **options, **by)
    elif dry_run:
        _preview(preview(workspace, file, source(workspace, **options)))
        return
    else:
        done = import_file(workspace, file, **options, **by)
    _show(done.warnings, "warning")
    _show_rejected(workspace, batch or done.result.batch_id)
    kind = _kind(workspace, done.result)
    if kind == DEFERRAL:
        from romframe.timing.deferring import deferral_notices

        for notice in deferral_notices(workspace, before):
            click.echo(plain(f"notice: {notice}"), err=True)
    click.echo(f"Import {done.result.batch_id}: {_counts(done.result, kind)}")


def _check(
    file: Path | None, batch: int | None, importer: str | None, options: dict[str, Any]
) -> None:
    """Raise click's UsageError for options that do not go together."""
    if (file is None) == (batch is None):
        raise click.UsageError("Give a FILE, or --retry with the number of an import.")
    if batch is not None and (options["dry_run"] or options["target"] or importer):
        raise click.UsageError("--dry-run, --as and --from go with a FILE, not with --retry.")
    if importer and any(options[name] for name in ("target", "coding")):
        raise click.UsageError("--as and --coding do not go with --from.")


def _outside(
    workspace: "Workspace", file: Path, importer: str, by: dict[str, Any], *, dry_run: bool
) -> None:
    """Import what an importer reads, or only say what would happen."""
    from romframe.incoming import import_outside, read_outside
    from romframe.ingest import rehearse

    if dry_run:
        outside = read_outside(workspace, file, importer, **by)
        rehearsed = rehearse(workspace, outside.parts)
        for part, told in zip(outside.parts, rehearsed, strict=True):
            _preview(told, f" ({part.target.id})")
        _show(outside.unread, "set aside")
    else:
        outside, done = import_outside(workspace, file, importer, **by)
        for kind, each in zip(outside.kinds, done, strict=True):
            _show(each.warnings, "warning")
            _show_rejected(workspace, each.result.batch_id)
            click.echo(f"Import {each.result.batch_id} ({kind}): {_counts(each.result, kind)}")
    for notice in outside.notices:
        click.echo(f"notice: {notice}", err=True)
    what = f"The importer {importer} could make nothing of {outside.unread.height} rows"
    click.echo(f"{what}{': they are set aside' if outside.unread.height else ''}.")


def _kind(workspace: "Workspace", result: "ImportResult") -> str:
    batches = workspace.table("import_batch").filter(import_batch_id=result.batch_id)
    kind: str = batches["kind"].item()
    return kind


def _counts(result: "ImportResult", kind: str, stored: str = "stored") -> str:
    """Tell the counts; what says something new of a plan moves or withdraws it."""
    from romframe.importing.kinds import RECORD_KINDS

    changing = kind in RECORD_KINDS and RECORD_KINDS[kind].changing
    return (
        f"{result.read} rows read, {result.accepted} {stored}, {result.unchanged} unchanged, "
        f"{result.corrected} {'moved or withdrawn' if changing else 'corrected'}, "
        f"{result.rejected} rejected."
    )


def _show_rejected(workspace: "Workspace", batch_id: int) -> None:
    rejected = workspace.store.rejected(batch_id)
    _show(rejected.filter(rejected["resolved_by"].is_null()), "rejected")


def _preview(told: "Rehearsed", about: str = "") -> None:
    _show(told.warnings, "warning")
    _show(told.rejected, "rejected")
    for row in told.examples.iter_rows(named=True):
        said = ", ".join(f"{key} {value}" for key, value in row.items() if value is not None)
        click.echo(f"example: {said}")
    click.echo(
        f"Dry run{about}: {_counts(told.result, told.kind, 'could be stored')} Nothing was stored."
    )


def _show(findings: "pl.DataFrame", word: str, at_most: int = 20) -> None:
    for row in findings.head(at_most).iter_rows(named=True):
        where = f"row {row['row']}" if row["row"] else "file"
        column = f", {row['column']}" if row["column"] else ""
        told = f"{word}: {where}{column}: {row['what']} {row['mend']} [{row['code']}]"
        click.echo(plain(told), err=True)
    if findings.height > at_most:
        click.echo(f"{word}: and {findings.height - at_most} more.", err=True)
