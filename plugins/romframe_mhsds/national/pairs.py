"""First and last scores: which scores count, and which of them pair."""

from collections.abc import Callable

import polars as pl

from romframe_mhsds.national.model import Pack, Pairing


_ORDER = ("moment", "assessment_id", "concept_id", "value")


def usable(scores: pl.DataFrame, referrals: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Give the scores in time on scales that count, as numbers, with `valid`: in its range.

    One score that stands twice under a term, at one moment and with the same value, is kept once.
    Of a referral without a service there are none.
    """
    about = ("referral_id", "service", "closed_on", "month_end", "contact_1", "contact_2")
    number = pl.col("value").str.strip_chars().cast(pl.Float64, strict=False)
    in_range = number.is_between(pl.col("low"), pl.col("high")).fill_null(False)
    day = pl.col("moment").dt.date()
    until_discharge = _rule(pack, lambda each: each.until == "discharge")
    end = (
        pl.when(until_discharge)
        .then(pl.min_horizontal("month_end", "closed_on"))
        .otherwise(pl.col("month_end"))
    )
    return (
        scores.join(referrals.drop_nulls("service").select(about), on="referral_id")
        .join(pack.scales, on="concept_id")
        .filter(day <= end)
        .with_columns(in_range.alias("valid"), number.alias("number"), day.alias("day"))
        .sort("referral_id", "term", *_ORDER)
        .unique(("referral_id", "term", "moment", "value"), keep="first", maintain_order=True)
    )


def paired(scores: pl.DataFrame, pack: Pack, *, anchored: bool = True) -> pl.DataFrame:
    """Give every first score of a referral with the last one that pairs with it, if there is one.

    `anchored`: scores before the contacts from which they count are left out, where the pack says
    so. The columns of the last score are null where nothing pairs.
    """
    held = _anchored(scores, pack) if anchored else scores.with_columns(pl.lit(True).alias("late"))
    ranked = held.with_columns(
        _key(pack, lambda each: each.first_per).alias("first_key"),
        _key(pack, lambda each: each.last_per).alias("last_key"),
    ).sort("referral_id", "first_key", *_ORDER)
    ranked = ranked.with_columns(
        pl.int_range(pl.len()).over("referral_id", "first_key").alias("place")
    )
    first = ranked.filter(pl.col("place") == 0)
    later = (
        ranked.filter((pl.col("place") > 0) & pl.col("late"))
        .select(
            "referral_id",
            "last_key",
            pl.col("moment").alias("last_moment"),
            pl.col("number").alias("last_score"),
            pl.col("place").alias("last_place"),
        )
        .join(
            first.select("referral_id", "last_key", "moment", "service"),
            on=["referral_id", "last_key"],
        )
        .filter(
            _rule(pack, lambda each: each.same_moment) | (pl.col("last_moment") > pl.col("moment"))
        )
        .sort("referral_id", "last_key", "last_moment", "last_place")
        .unique(("referral_id", "last_key"), keep="last", maintain_order=True)
        .drop("moment", "service", "last_place")
    )
    return (
        first.join(later, on=["referral_id", "last_key"], how="left")
        .rename({"moment": "first_moment", "number": "first_score"})
        .select(
            "referral_id", "service", "concept_id", "term", "tool", "category", "rater",
            "first_moment", "first_score", "last_moment", "last_score",
        )
        .sort("referral_id", "term", "concept_id")
    )  # fmt: skip


def _anchored(scores: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Leave out scores before contact 1, and mark in `late` those from contact 2 on."""
    free = ~_rule(pack, lambda each: each.after_contacts)
    day = pl.col("day")
    return scores.filter(free | (day >= pl.col("contact_1")).fill_null(False)).with_columns(
        (free | (day >= pl.col("contact_2")).fill_null(False)).alias("late")
    )


def _rule(pack: Pack, of: Callable[[Pairing], bool]) -> pl.Expr:
    """Say whether something holds of the pairing of a referral's service."""
    return pl.col("service").is_in([each.id for each in pack.services if of(each.pairing)])


def _key(pack: Pack, of: Callable[[Pairing], str]) -> pl.Expr:
    per_code = _rule(pack, lambda each: of(each) == "code")
    return pl.when(per_code).then(pl.col("concept_id")).otherwise(pl.col("term"))
