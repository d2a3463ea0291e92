"""Which two assessments of a referral are compared: a named policy, one verdict for every referral.

Where an instrument is rated goal by goal, it is one verdict for every goal of a referral. Order in
time is `completed_at`; of two assessments at the same moment the one with the lower
`assessment_id`, recorded earlier, counts as the earlier one. This tie rule is part of every policy.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl
from attrs import frozen

from romframe.expressions import first_match


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
_DAY = 24 * 60 * 60


@frozen
class PairingPolicy:
    """How a first and a last assessment are chosen.

    The first is the earliest usable assessment (of `first_timepoints`, if given), the last the
    latest usable one (of `last_timepoints`) that agrees with the first in every attribute of `same`
    and comes at least `minimum_gap_days` calendar days after it. `closed_only` leaves open
    referrals unpaired. An assessment is usable when its score was not refused.
    """

    id: str
    first_timepoints: tuple[str, ...] = ()
    last_timepoints: tuple[str, ...] = ()
    same: tuple[Attribute, ...] = ("rater", "version", "setting")
    minimum_gap_days: int = 0
    closed_only: bool = False


FIRST_AND_LAST = PairingPolicy("first_and_last", minimum_gap_days=1)
BASELINE_AND_DISCHARGE = PairingPolicy(
    "baseline_and_discharge", ("assessment",), ("discharge",), closed_only=True
)
POLICIES: Mapping[str, PairingPolicy] = {
    policy.id: policy for policy in (FIRST_AND_LAST, BASELINE_AND_DISCHARGE)
}


def pair(
    assessments: pl.LazyFrame,
    referrals: pl.LazyFrame | None,
    policy: PairingPolicy = FIRST_AND_LAST,
    goal: str = "",
) -> pl.LazyFrame:
    """Give one row a referral: its verdict and, where paired, both scores, ids and moments.

    With `goal`, a column of both frames, it is one row a referral and goal. `assessments` has
    referral_id, assessment_id (whole numbers), completed_at (a date or one with time) and value
    (null where the score was refused); it may have outcome, timepoint and the attributes that the
    policy compares. `referrals` has referral_id and may have closed_on; without it, the referrals
    are those of the assessments.
    """
    unit = ["referral_id", *([goal] if goal else [])]
    schema = assessments.collect_schema()
    columns = schema.names()
    same = [name for name in policy.same if name in columns]
    done = pl.lit(True) if "outcome" not in columns else pl.col("outcome") == "completed"
    usable = done & pl.col("value").is_not_null()
    keyed = assessments.with_columns(_key=_key(schema["completed_at"])).with_columns(
        _done=pl.when(done).then("_key"), _usable=pl.when(usable).then("_key")
    )
    keyed, first = _candidates(keyed, "first", policy.first_timepoints, columns)
    keyed, latest = _candidates(keyed, "latest", policy.last_timepoints, columns)
    chosen = keyed.group_by(unit).agg(
        pl.col("_done").count().alias("_n_completed"),
        pl.col("_done").min().alias("_earliest_done"),
        pl.col("_usable").count().alias("_n_usable"),
        pl.col("_usable").min().alias("_earliest_usable"),
        pl.col(first).min().alias("_first_key"),
        pl.col("value").min_by(first).alias("first"),
        pl.col(latest).max().alias("_latest_key"),
        pl.col("value").max_by(latest).alias("latest"),
        *(pl.col(name).min_by(first).alias(f"_first_{name}") for name in same),
        *(pl.col(name).max_by(latest).alias(f"_latest_{name}") for name in same),
        _tried=pl.len(),
    )
    if referrals is not None:
        chosen = referrals.join(chosen, on=unit, how="left", nulls_equal=bool(goal))
    if same:
        agreeing = _agreeing(keyed, chosen, same, latest, unit)
        chosen = chosen.join(agreeing, on=unit, how="left", nulls_equal=bool(goal))
    else:
        chosen = chosen.with_columns(_last_key="_latest_key", last="latest")
    names = unit if referrals is None else referrals.collect_schema().names()
    verdict = _verdict(names, policy, same)
    return chosen.with_columns(verdict=verdict).select(*names, "verdict", *_pair_columns())


def _key(dtype: pl.DataType) -> pl.Expr:
    """Give one whole number that orders assessments by moment, then by id."""
    moment = pl.col("completed_at")
    if dtype == pl.Date:
        seconds = moment.cast(pl.Int32).cast(pl.Int64) * _DAY
    else:
        seconds = moment.cast(pl.Datetime("ms")).cast(pl.Int64) // 1000
    return (seconds + _EPOCH) * (1 << _ID_BITS) + pl.col("assessment_id").cast(pl.Int64)


def _candidates(
    keyed: pl.LazyFrame, name: str, timepoints: Sequence[str], columns: Sequence[str]
) -> tuple[pl.LazyFrame, str]:
    """Give the name of the column that holds the keys among which the first or latest is chosen."""
    if not timepoints or "timepoint" not in columns:
        return keyed, "_usable"
    among = pl.when(pl.col("timepoint").is_in(timepoints)).then("_usable")
    return keyed.with_columns(among.alias(f"_{name}")), f"_{name}"


def _agreeing(
    keyed: pl.LazyFrame,
    chosen: pl.LazyFrame,
    same: Sequence[str],
    latest: str,
    unit: Sequence[str],
) -> pl.LazyFrame:
    """Give each referral's (or goal's) latest usable assessment that agrees with its first."""
    known = chosen.select(*unit, *(f"_first_{name}" for name in same))
    agrees = (pl.col(name).eq_missing(pl.col(f"_first_{name}")) for name in same)
    return (
        keyed.filter(pl.col(latest).is_not_null())
        .join(known, on=unit)
        .filter(pl.all_horizontal(agrees))
        .group_by(unit)
        .agg(
            pl.col(latest).max().alias("_last_key"),
            pl.col("value").max_by(latest).alias("last"),
        )
    )


def _verdict(columns: Sequence[str], policy: PairingPolicy, same: Sequence[str]) -> pl.Expr:
    completed = pl.col("_n_completed").fill_null(0)
    starts_usable = pl.col("_earliest_usable") == pl.col("_earliest_done")
    gap = _seconds("_last_key") // _DAY - _seconds("_first_key") // _DAY
    apart = (pl.col("_last_key") > pl.col("_first_key")).fill_null(False)
    is_open = pl.col("closed_on").is_null() if "closed_on" in columns else pl.lit(False)
    tests: list[tuple[pl.Expr, str]] = [
        ((completed == 0) & pl.col("_tried").is_not_null(), "declined"),
        (completed == 0, "no_assessment"),
        (is_open & pl.lit(policy.closed_only), "still_open"),
        (completed == 1, "single_assessment"),
        ((pl.col("_n_usable") < 2) & starts_usable.ne_missing(True), "first_refused"),
        (pl.col("_n_usable") < 2, "last_refused"),
        (pl.col("_first_key").is_null(), "no_first"),
        (~apart & ~(pl.col("_latest_key") > pl.col("_first_key")).fill_null(False), "no_last"),
        *(
            (
                ~apart & pl.col(f"_latest_{name}").ne_missing(pl.col(f"_first_{name}")),
                f"{name}_differs",
            )
            for name in same
        ),
        (~apart, "no_last"),
        (gap < policy.minimum_gap_days, "gap_too_short"),
    ]
    cases = [(condition, pl.lit(name, VERDICTS)) for condition, name in tests]
    return first_match(cases, pl.lit("paired", VERDICTS))


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
