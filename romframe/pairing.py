"""Which two assessments of a referral are compared: a named policy, one verdict for every referral.

Order in time is `completed_at`; of two assessments at the same moment the one with the lower
`assessment_id`, recorded earlier, counts as the earlier one. This tie rule is part of every policy.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, cast

import polars as pl
from attrs import frozen


Attribute = Literal["rater", "version", "setting"]

VERDICTS = pl.Enum(
    [
        "paired",
        "no_assessment",
        "declined",
        "single_assessment",
        "first_refused",
        "last_refused",
        "no_first",
        "no_last",
        "rater_differs",
        "version_differs",
        "setting_differs",
        "gap_too_short",
        "still_open",
    ]
)

_ID_BITS = 29
_EPOCH = 1 << 33


@frozen
class PairingPolicy:
    """How a first and a last assessment are chosen.

    The first is the earliest usable assessment (of `first_timepoints`, if given), the last the
    latest usable one (of `last_timepoints`) that agrees with the first in every attribute of `same`
    and comes at least `minimum_gap_days` after it. `closed_only` leaves open referrals unpaired. An
    assessment is usable when its score was not refused.
    """

    id: str
    first_timepoints: tuple[str, ...] = ()
    last_timepoints: tuple[str, ...] = ()
    same: tuple[Attribute, ...] = ("rater", "version", "setting")
    minimum_gap_days: int = 0
    closed_only: bool = False


FIRST_AND_LAST = PairingPolicy("first_and_last")
BASELINE_AND_DISCHARGE = PairingPolicy(
    "baseline_and_discharge", ("assessment",), ("discharge",), closed_only=True
)
POLICIES: Mapping[str, PairingPolicy] = {
    policy.id: policy for policy in (FIRST_AND_LAST, BASELINE_AND_DISCHARGE)
}


def pair(
    assessments: pl.LazyFrame, referrals: pl.LazyFrame | None, policy: PairingPolicy = FIRST_AND_LAST
) -> pl.LazyFrame:
    """Give one row a referral: its verdict and, where paired, both scores, ids and moments.

    `assessments` has referral_id, assessment_id (whole numbers), completed_at (a date or a date with
    time) and value (null where the score was refused); it may have outcome, timepoint and the
    attributes that the policy compares. `referrals` has referral_id and may have closed_on; without
    it, the referrals are those of the assessments.
    """
    columns = assessments.collect_schema().names()
    same = [name for name in policy.same if name in columns]
    completed = pl.col("outcome") == "completed" if "outcome" in columns else pl.lit(True)
    usable = completed & pl.col("value").is_not_null()
    keyed = assessments.with_columns(
        _done=pl.when(completed).then(_key()),
        _first=pl.when(usable & _among(policy.first_timepoints, columns)).then(_key()),
        _latest=pl.when(usable & _among(policy.last_timepoints, columns)).then(_key()),
    )
    chosen = keyed.group_by("referral_id").agg(
        pl.col("_done").count().alias("_completed"),
        usable.sum().alias("_usable"),
        usable.min_by("_done").alias("_starts_usable"),
        pl.col("_first").min().alias("_first_key"),
        pl.col("value").min_by("_first").alias("first"),
        pl.col("_latest").max().alias("_latest_key"),
        pl.col("value").max_by("_latest").alias("latest"),
        *(pl.col(name).min_by("_first").alias(f"_first_{name}") for name in same),
        *(pl.col(name).max_by("_latest").alias(f"_latest_{name}") for name in same),
        _tried=pl.len(),
    )
    if referrals is not None:
        chosen = referrals.join(chosen, on="referral_id", how="left")
    if same:
        chosen = chosen.join(_agreeing(keyed, chosen, same), on="referral_id", how="left")
    else:
        chosen = chosen.with_columns(_last_key="_latest_key", last="latest")
    names = ["referral_id"] if referrals is None else referrals.collect_schema().names()
    verdict = _verdict(names, policy, same)
    return chosen.with_columns(verdict=verdict).select(*names, "verdict", *_pair_columns())


def _key() -> pl.Expr:
    seconds = pl.col("completed_at").cast(pl.Datetime("ms")).cast(pl.Int64) // 1000
    return (seconds + _EPOCH) * (1 << _ID_BITS) + pl.col("assessment_id").cast(pl.Int64)


def _among(timepoints: Sequence[str], columns: Sequence[str]) -> pl.Expr:
    if not timepoints or "timepoint" not in columns:
        return pl.lit(True)
    return pl.col("timepoint").is_in(timepoints)


def _agreeing(keyed: pl.LazyFrame, chosen: pl.LazyFrame, same: Sequence[str]) -> pl.LazyFrame:
    """Give each referral's latest usable assessment that agrees with its first."""
    known = chosen.select("referral_id", *(f"_first_{name}" for name in same))
    agrees = (pl.col(name).eq_missing(pl.col(f"_first_{name}")) for name in same)
    return (
        keyed.filter(pl.col("_latest").is_not_null())
        .join(known, on="referral_id")
        .filter(pl.all_horizontal(agrees))
        .group_by("referral_id")
        .agg(
            pl.col("_latest").max().alias("_last_key"),
            pl.col("value").max_by("_latest").alias("last"),
        )
    )


def _verdict(columns: Sequence[str], policy: PairingPolicy, same: Sequence[str]) -> pl.Expr:
    completed = pl.col("_completed").fill_null(0)
    day = pl.lit(24 * 3600)
    gap = (_seconds("_last_key") - _seconds("_first_key")) // day
    apart = (pl.col("_last_key") > pl.col("_first_key")).fill_null(False)
    is_open = pl.col("closed_on").is_null() if "closed_on" in columns else pl.lit(False)
    tests: list[tuple[pl.Expr, str]] = [
        ((completed == 0) & pl.col("_tried").is_not_null(), "declined"),
        (completed == 0, "no_assessment"),
        (is_open & pl.lit(policy.closed_only), "still_open"),
        (completed == 1, "single_assessment"),
        ((pl.col("_usable") < 2) & ~pl.col("_starts_usable"), "first_refused"),
        (pl.col("_usable") < 2, "last_refused"),
        (pl.col("_first_key").is_null(), "no_first"),
        (~apart & ~(pl.col("_latest_key") > pl.col("_first_key")).fill_null(False), "no_last"),
        *(
            (~apart & pl.col(f"_latest_{name}").ne_missing(pl.col(f"_first_{name}")), f"{name}_differs")
            for name in same
        ),
        (~apart, "no_last"),
        (gap < policy.minimum_gap_days, "gap_too_short"),
    ]
    first, *rest = tests
    chain = pl.when(first[0]).then(pl.lit(first[1], VERDICTS))
    for condition, name in rest:
        chain = cast("pl.Then", chain.when(condition).then(pl.lit(name, VERDICTS)))
    return chain.otherwise(pl.lit("paired", VERDICTS))


def _seconds(key: str) -> pl.Expr:
    return pl.col(key) // (1 << _ID_BITS) - _EPOCH


def _pair_columns() -> list[pl.Expr]:
    paired = pl.col("verdict") == "paired"
    chosen: dict[str, pl.Expr] = {}
    for name in ("first", "last"):
        key = pl.col(f"_{name}_key")
        moment = (_seconds(f"_{name}_key") * 1000).cast(pl.Datetime("ms"))
        chosen[f"{name}_id"] = key % (1 << _ID_BITS)
        chosen[f"{name}_at"] = moment
        chosen[name] = pl.col(name)
    order = ("first_id", "last_id", "first_at", "last_at", "first", "last")
    return [pl.when(paired).then(chosen[name]).alias(name) for name in order]
