"""`romframe mhsds reconcile`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click


if TYPE_CHECKING:
    import polars as pl

    from romframe_mhsds.reconcile.reconcile import Reconciled

_AT_MOST = 40


@click.command("reconcile")
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--period", metavar="YYYY-MM", help="The month (default: the one that is named).")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A .csv or .parquet file for all findings."
)
@click.option("--json", "as_json", is_flag=True, help="Findings and counts as JSON.")
@click.pass_obj
def command(
    settings: Any, results: Path, period: str | None, out: Path | None, as_json: bool
) -> None:
    """Say which assessments the portal rejected or warned of, and why.

    RESULTS is the zip file of the portal's result files, or a folder with them. The counts of the
    portal stand beside those of the pre-flight.

    \b
    Example:  romframe mhsds reconcile RESULT.zip
    Example:  romframe mhsds reconcile RESULT.zip --period 2026-11 --out to_mend.csv
    """
    from romframe import write_table
    from romframe_mhsds.reconcile.reconcile import reconcile

    done = reconcile(settings.workspace(), results, period)
    if out is not None:
        write_table(done.findings, out)
    if as_json:
        told = {
            "period": done.period,
            "findings": done.findings.to_dicts(),
            "counts": done.counts.to_dicts(),
            "absent": list(done.absent),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in _lines(done):
        click.echo(line)


def _lines(done: Reconciled) -> Iterator[str]:
    import polars as pl

    findings = done.findings
    ours = findings.drop_nulls("assessment_id")
    rejected = ours.filter(pl.col("effect").str.contains("rejected"))
    others = findings.filter(pl.col("assessment_id").is_null())
    yield (
        f"{done.period}: {findings.get_column('finding').n_unique()} findings on rows, "
        f"{ours.get_column('finding').n_unique()} of them on {_number(ours)} assessments of ours; "
        f"{_number(rejected)} of these were rejected."
    )
    for name in done.absent:
        yield f"{name}.csv was not there."
    yield from _found(ours)
    if others.height:
        yield f"On no assessment of ours (rows of the host system): {others.height}"
        tally = others.group_by("code", "effect", "what").len().sort("code")
        for code, effect, what, count in tally.iter_rows():
            yield f"  {code} {count} times, {effect}: {what}"
    yield "Counts, at the portal and in the pre-flight:"
    for code, portal, preflight, verdict in done.counts.iter_rows():
        yield f"  {code}: {portal}, {preflight} ({verdict})"


def _found(ours: pl.DataFrame) -> Iterator[str]:
    """Tell of each assessment, those that were rejected first."""
    import polars as pl

    rejects = pl.col("effect").str.contains("rejected")
    ordered = ours.sort(rejects, "assessment_id", "finding", descending=[True, False, False])
    for row in ordered.head(_AT_MOST).iter_rows(named=True):
        unsure = f" ({row['match']})" if row["match"] else ""
        yield (
            f"assessment {row['assessment_id']}{unsure}, {row['instrument']} ({row['part']}), "
            f"referral {row['referral_id']}, {row['completed_at']}"
        )
        yield f"  {row['code']}, {row['effect']}: {row['what']} {row['mend']}".rstrip()
    if ours.height > _AT_MOST:
        yield f"and {ours.height - _AT_MOST} more: write all of them with --out FILE.csv."


def _number(findings: pl.DataFrame) -> int:
    return findings.get_column("assessment_id").n_unique()
