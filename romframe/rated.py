"""What the pairs of an instrument are made from, read once for all its scores."""

import polars as pl
from attrs import frozen

from romframe.pairing import PairingPolicy


_KEYS = ("referral_id", "assessment_id", "completed_at", "timepoint", "rater", "version", "setting")
SCORED = (*_KEYS, "score", "value")  # what pairs are made from


@frozen
class Rated:
    """Scores, attempts that came to nothing (they have no score), all referrals, how to pair."""

    attempts: pl.DataFrame
    referrals: pl.DataFrame
    policy: PairingPolicy

    def on(self, score: str) -> pl.LazyFrame:
        """Give what there is of one score, and every attempt that came to nothing."""
        mine = (pl.col("score") == score) | (pl.col("outcome") != "completed")
        return self.attempts.lazy().filter(mine).drop("score")


def rated(
    scores: pl.DataFrame, attempts: pl.DataFrame, referrals: pl.DataFrame, policy: PairingPolicy
) -> Rated:
    """Put together the scores of an instrument and its attempts that were not completed."""
    done = scores.lazy().select(
        *_KEYS, pl.col("score").cast(pl.String), "value", outcome=pl.lit("completed")
    )
    not_done = (
        attempts.lazy()
        .filter(pl.col("outcome") != "completed")
        .select(
            *_KEYS,
            pl.lit(None, pl.String).alias("score"),
            pl.lit(None, pl.Float64).alias("value"),
            "outcome",
        )
    )
    both = pl.concat([done, not_done], how="vertical_relaxed")
    return Rated(both.with_columns(moment("completed_at")).collect(), referrals, policy)


def moment(column: str) -> pl.Expr:
    """Read a stored moment (a day, or a day with time) as a date with time, local wall time."""
    text = pl.col(column).str.slice(0, 19)
    return (
        pl.when(text.str.len_chars() == 10)
        .then(text + pl.lit("T00:00:00"))
        .otherwise(text)
        .str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms")
        .alias(column)
    )
