"""The export: the scores of a month, and a reason for every other score."""

from datetime import date, timedelta

import polars as pl
from romframe import ExportRequest, ExportResult, Workspace

FORMULA = r"^([=+\-@\t\r])"  # a spreadsheet runs a cell that begins so
COLUMNS = {
    "assessment_id": pl.Int64,
    "referral_id": pl.String,
    "completed_at": pl.String,
    "team": pl.String,
    "measure": pl.String,
    "version": pl.String,
    "score": pl.String,
    "value": pl.Float64,
    "band": pl.String,
    "reason": pl.String,
}


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write the return of a month; its name holds the provider and the month."""
    month = request.options.get("month") or last_month(request.today)
    judged = all_scores(workspace).with_columns(excluded=why_not(month))
    sent = judged.filter(pl.col("excluded").is_null())
    others = judged.filter(pl.col("excluded").is_not_null())
    name = f"{request.options['provider']}_{month}.csv"
    as_sent(sent, teams=request.options.get("teams", False)).write_csv(request.out / name)
    return ExportResult(
        files=(name,),
        counts={"sent": sent.height},
        exclusions=others.select("assessment_id", "measure", "score", reason="excluded"),
        findings=pl.DataFrame(),
        summary=(f"{month}: {sent.height} scores are sent, {others.height} are not.",),
    )


def last_month(today: date) -> str:
    """Give the last month that is over."""
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def all_scores(workspace: Workspace) -> pl.DataFrame:
    """Give a row a score of every measure, in an order that stays the same."""
    parts = [
        workspace.scores(name)
        .with_columns(pl.lit(name).alias("measure"))
        .select(pl.col(column).cast(dtype) for column, dtype in COLUMNS.items())
        for name in workspace.used_instruments()
    ]
    found = pl.concat(parts) if parts else pl.DataFrame(schema=COLUMNS)
    return found.sort("assessment_id", "measure", "score")


def why_not(month: str) -> pl.Expr:
    """Say why a score is not in the return of a month; null where it is."""
    return (
        pl.when(pl.col("completed_at").str.head(len(month)) != month)
        .then(pl.lit("another month"))
        .when(pl.col("value").is_null())
        .then(pl.lit("no score: ") + pl.col("reason").str.replace_all("_", " "))
    )


def as_sent(rows: pl.DataFrame, *, teams: bool) -> pl.DataFrame:
    """Give the columns of the register, none of which a spreadsheet would run."""
    return rows.select(
        pl.col("referral_id").alias("referral"),
        pl.col("completed_at").str.head(len("2026-06-30")).alias("completed_on"),
        *(["team"] if teams else []),
        "measure",
        "version",
        "score",
        "value",
        "band",
    ).with_columns(pl.col(pl.String).str.replace(FORMULA, r"'${1}"))
