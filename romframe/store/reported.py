"""Scores that came as such: kept for assessments whose answers nobody has."""

import sqlite3
from collections.abc import Iterable

import polars as pl

from romframe.importing.kinds import SCORE
from romframe.store.batches import refusals
from romframe.store.frames import fetch_for, insert


_STORED = {"supersedes": pl.Int64(), "score": pl.String(), "value": pl.Float64()}


def said(columns: Iterable[str]) -> pl.Expr:
    """Give the scores that each row reports, as one text; null where it reports none."""
    names = sorted(name for name in columns if name.startswith(SCORE))
    parts = [_pair(pl.lit(name.removeprefix(SCORE)), pl.col(name)) for name in names]
    joined = pl.concat_str([pl.lit(None, pl.String), *parts], separator="|", ignore_nulls=True)
    return pl.when(joined != "").then(joined).alias("reported")


def with_stored(connection: sqlite3.Connection, stored: pl.DataFrame) -> pl.DataFrame:
    """Add `reported` to stored assessments, which are named by `supersedes`."""
    query = (
        "SELECT assessment_id, score, value FROM reported_score"
        " WHERE assessment_id IN (SELECT value FROM json_each(?))"
    )
    scores = fetch_for(connection, query, stored["supersedes"], _STORED).sort("score")
    texts = scores.group_by("supersedes").agg(
        _pair(pl.col("score"), pl.col("value")).str.join("|").alias("reported")
    )
    return stored.join(texts, on="supersedes", how="left", maintain_order="left")


def over_answers(rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse scores for assessments of which the store has the answers, and thus the scores."""
    answered = pl.col("reported:stored").is_null() & (pl.col("outcome:stored") == "completed")
    what = pl.format(
        "The store has the answers of this assessment ({}), and they do not give this score.",
        "supersedes",
    )
    mend = "Correct the score or the answers: a score alone never takes the place of answers."
    chosen = rows.filter(pl.col("reported").is_not_null() & answered)
    return refusals(chosen, "correction-refused", "", what, mend)


def save(connection: sqlite3.Connection, rows: pl.DataFrame) -> None:
    """Keep the scores that numbered rows report."""
    names = [name for name in rows.columns if name.startswith(SCORE)]
    tidy = rows.unpivot(names, index="assessment_id", variable_name="score", value_name="value")
    kept = tidy.drop_nulls("value").with_columns(pl.col("score").str.strip_prefix(SCORE))
    insert(connection, "reported_score", kept.sort("assessment_id", "score"))


def _pair(score: pl.Expr, value: pl.Expr) -> pl.Expr:
    return score + pl.lit("=") + value.cast(pl.String)
