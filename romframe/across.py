"""Scores over the goals of one moment, and pairs over the goals that were rated at both ends."""

import polars as pl

from romframe.bands import all_bands, band_of
from romframe.instruments.evidence import evidence
from romframe.instruments.model import Instrument, Score
from romframe.methods import Ratio
from romframe.pairing import VERDICTS
from romframe.scoring import EVIDENCE, REASON, STATUS, VERDICT, scaled


MOMENT = ("referral_id", "completed_at", "rater", "version")

# How near each verdict comes to a pair, the nearest last: nothing was done; it was declined; the
# referral is still open; one rating only; a rating that was refused; no rating at the timepoint
# asked for; a later rating that does not agree with the first; one that came too soon.
NEAREST_LAST = pl.Enum(
    [
        "no_assessment",
        "declined",
        "still_open",
        "single_assessment",
        "first_refused",
        "last_refused",
        "no_first",
        "no_last",
        "rater_differs",
        "version_differs",
        "setting_differs",
        "gap_too_short",
        "paired",
    ]
)


def over_moments(tidy: pl.DataFrame, instrument: Instrument, score: Score) -> pl.DataFrame:
    """Give a score across goals: a row a referral, moment, rater and version.

    It is the mean over the goals that have a value then, and refused where none has one; `answered`
    counts them. `tidy` has the scores of single goals; the columns are the same, with the lowest
    `assessment_id` of the moment and what is known of that assessment.
    """
    goals = tidy.filter(pl.col("score") == score.across).sort("assessment_id")
    status, reason = (pl.col(name).cast(pl.String) for name in ("status", "reason"))
    found = goals.group_by(MOMENT, maintain_order=True).agg(
        pl.exclude(*MOMENT, "score", *VERDICT).first(),
        __sum=pl.col("value").sum(),
        __goals=pl.col("value").count(),
        __prorated=(status == "prorated").any(),
        __partial=(reason == "sum_of_known").any(),
    )
    number = scaled(Ratio(pl.col("__sum"), pl.col("__goals")), score)
    found = found.with_columns(value=pl.when(pl.col("__goals") > 0).then(number))
    return found.select(*_verdict(tidy, instrument, score))


def _verdict(tidy: pl.DataFrame, instrument: Instrument, score: Score) -> list[pl.Expr]:
    given = pl.col("value").is_not_null()
    prorated, partial = pl.col("__prorated"), pl.col("__partial")
    status = pl.when(prorated).then(pl.lit("prorated")).otherwise(pl.lit("scored"))
    reason = (
        pl.when(~given)
        .then(pl.lit("input_refused"))
        .when(prorated)
        .then(pl.lit("items_missing"))
        .when(partial)
        .then(pl.lit("sum_of_known"))
    )
    labels = pl.Enum(list(dict.fromkeys(band.label for band in all_bands(score))))
    made = {
        "score": pl.lit(score.id),
        "status": pl.when(given).then(status).otherwise(pl.lit("refused")).cast(STATUS),
        "reason": reason.cast(REASON),
        "answered": pl.col("__goals").cast(pl.Int16),
        "required": pl.lit(1, pl.Int16),
        "band": band_of(score, pl.col("value"), labels, tidy.columns).cast(pl.String),
        "policy": pl.lit(None, pl.String),
        "evidence": pl.lit(evidence(instrument, score), EVIDENCE),
    }
    return [made.get(name, pl.col(name)).alias(name) for name in tidy.columns]


def goals_of(
    referrals: pl.DataFrame, rated: pl.DataFrame, recorded: pl.DataFrame, goal: str
) -> pl.DataFrame:
    """Give the referrals with a row for each goal, rated or only recorded; null where none is."""
    known = recorded.select("referral_id", pl.col("goal_id").alias(goal))
    both = pl.concat([rated.select("referral_id", goal), known])
    return referrals.join(both.drop_nulls(goal).unique(), on="referral_id", how="left")


def over_goals(pairs: pl.LazyFrame, goal: str) -> pl.LazyFrame:
    """Give a row a referral from a row a referral and goal: the means of the goals that are paired.

    `firsts` and `lasts` list those goals' ratings, in the order of the goals; `n_goals` says how
    many goals were set and `n_paired` how many are paired. A referral without a paired goal has the
    verdict of the goal that came nearest to a pair.
    """
    paired = pl.col("verdict") == "paired"
    own = ("verdict", "first_id", "last_id", "first_at", "last_at", "first", "last")
    nearest = pl.col("verdict").cast(pl.String).cast(NEAREST_LAST).max()
    return (
        pairs.sort("referral_id", goal)
        .group_by("referral_id", maintain_order=True)
        .agg(
            pl.exclude("referral_id", goal, *own).first(),
            nearest.cast(pl.String).cast(VERDICTS).alias("verdict"),
            *_ends(paired),
            pl.col("first").filter(paired).alias("firsts"),
            pl.col("last").filter(paired).alias("lasts"),
            pl.col(goal).count().cast(pl.Int64).alias("n_goals"),
            paired.sum().cast(pl.Int64).alias("n_paired"),
        )
        .with_columns(first=pl.col("firsts").list.mean(), last=pl.col("lasts").list.mean())
    )


def _ends(paired: pl.Expr) -> list[pl.Expr]:
    """Give the earliest first and the latest last rating of the goals that are paired."""
    return [
        pl.col(f"{end}_{part}")
        .filter(paired)
        .sort_by(
            pl.col(f"{end}_at").filter(paired),
            pl.col(f"{end}_id").filter(paired),
            descending=end == "last",
        )
        .first()
        for end in ("first", "last")
        for part in ("id", "at")
    ]
