"""Which assessments a submission is about, and which of them cannot flow whatever they hold."""

from collections.abc import Mapping

import polars as pl

from romframe import Instrument, consent_lacking
from romframe_mhsds.codes.coding import NO_CODE, NO_ORIENTATION
from romframe_mhsds.moments import with_moments
from romframe_mhsds.period import Period
from romframe_mhsds.submission.parts import NO_SLOT


COLUMNS = {
    "assessment_id": pl.Int64,
    "instrument": pl.String,
    "version": pl.String,
    "referral_id": pl.String,
    "completed_at": pl.String,
    "timepoint": pl.String,
    "rater": pl.String,
    "care_professional_id": pl.String,
    "outcome": pl.String,
    "outcome_reason": pl.String,
    "care_activity_id": pl.String,
    "consent": pl.Int64,
    "recorded_at": pl.String,
}


def select(table: pl.DataFrame, period: Period, zone: str) -> pl.DataFrame:
    """Give those assessments whose local date is in the period.

    One whose time cannot be read belongs to no month, and is given for every period until the time
    is mended, so that it is not lost.
    """
    day = pl.col("local_date")
    moments = placed_in_time(table, zone)
    return moments.filter(day.is_null() | day.is_between(period.start, period.end))


def placed_in_time(table: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Give assessments with their local date and the timestamp that is sent."""
    columns = (pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())
    return with_moments(table.select(columns), zone)


def bar(
    assessments: pl.DataFrame,
    instruments: Mapping[str, Instrument],
    without_code: Mapping[str, tuple[str, str]],
    referrals: pl.Series,
) -> pl.DataFrame:
    """Add `reason` and `detail`: why an assessment cannot flow, null where nothing bars it.

    `instruments` are those with a spec; `without_code` gives, for those of them of which nothing
    can flow, the reason and what became of their codes; `referrals` are open in the period. A
    return that says that it must not leave the service never flows; where returns may be anonymous
    too, an identified one flows only where it says that it may.
    """
    name, outcome = pl.col("instrument"), pl.col("outcome")
    loaded = _look_up(name, {key: each.version for key, each in instruments.items()})
    anonymous = [key for key, each in instruments.items() if each.storage == "anonymous"]
    either = [key for key, each in instruments.items() if each.storage == "either"]
    lacking = consent_lacking(name.is_in(either))
    by_reason = {
        reason: {key: told for key, (each, told) in without_code.items() if each == reason}
        for reason in (NO_CODE, NO_ORIENTATION)
    }
    cases = {
        "unreadable_time": (pl.col("local_date").is_null(), pl.col("completed_at")),
        "not_completed": (
            outcome.ne_missing("completed"),
            pl.concat_str(outcome, "outcome_reason", separator=": ", ignore_nulls=True),
        ),
        "unknown_instrument": (loaded.is_null(), name),
        "anonymous": (name.is_in(anonymous), name),
        "other_version": (
            pl.col("version").ne_missing(loaded),
            pl.format("stored as {}, loaded is {}", pl.col("version").fill_null("?"), loaded),
        ),
        NO_CODE: _barred(name, by_reason[NO_CODE]),
        "no_consent": (lacking.is_not_null(), lacking),
        NO_ORIENTATION: _barred(name, by_reason[NO_ORIENTATION]),
        "no_open_referral": (
            ~pl.col("referral_id").is_in(referrals.implode()),
            pl.col("referral_id"),
        ),
    }
    return assessments.with_columns(*_choose(cases))


def judge(assessments: pl.DataFrame, parts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Settle `reason` and `detail` of the assessments that nothing bars; null where one flowed.

    `parts` are their coded answers and scores; `rows` the rows made of them, with the code of the
    fault that rejects a row in `fault`.
    """
    made = rows.group_by("assessment_id").agg(
        pl.col("fault").is_null().any().alias("__flowed"),
        pl.col("fault").drop_nulls().unique().sort().str.join("; ").alias("__faults"),
    )
    score = (pl.col("kind") == "score") & pl.col("why").is_not_null()
    told = pl.concat_str("part", pl.lit(": "), "why").sort_by("order")
    held = parts.group_by("assessment_id").agg(
        told.filter(pl.col("why").sort_by("order").is_not_null()).str.join("; ").alias("__held"),
        pl.col("why").str.starts_with(NO_SLOT).any().alias("__no_slot"),
        (score & (pl.col("why") != "sum_of_known")).any().alias("__refused"),
        score.any().alias("__unsent_score"),
    )
    joined = assessments.join(made, on="assessment_id", how="left").join(
        held, on="assessment_id", how="left"
    )
    cases = {
        "rejected_by_validation": (pl.col("__flowed").eq(False), pl.col("__faults")),
        NO_SLOT: (pl.col("__no_slot"), pl.col("__held")),
        "score_refused": (pl.col("__refused"), pl.col("__held")),
        "score_partial": (pl.col("__unsent_score"), pl.col("__held")),
        "nothing_to_send": (pl.lit(True), pl.col("__held")),
    }
    flowed = pl.col("__flowed").fill_null(False)
    open_ = pl.col("reason").is_null() & ~flowed
    return joined.with_columns(
        pl.when(open_).then(settled).otherwise(pl.col(name)).alias(name)
        for name, settled in zip(("reason", "detail"), _choose(cases), strict=True)
    ).select(assessments.columns)


def _choose(cases: Mapping[str, tuple[pl.Expr, pl.Expr]]) -> tuple[pl.Expr, pl.Expr]:
    """Give the first reason that holds, and its detail."""
    reason = detail = pl.lit(None, pl.String)
    for slug, (holds, told) in reversed(list(cases.items())):
        reason = pl.when(holds).then(pl.lit(slug)).otherwise(reason)
        detail = pl.when(holds).then(told).otherwise(detail)
    return reason.alias("reason"), detail.alias("detail")


def _barred(name: pl.Expr, told: Mapping[str, str]) -> tuple[pl.Expr, pl.Expr]:
    """Give a case that holds for the instruments that are told of, with what is told."""
    return name.is_in(list(told)), _look_up(name, told)


def _look_up(name: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    return name.replace_strict(
        list(table), list(table.values()), default=None, return_dtype=pl.String
    )
