"""Change between a first and a last score, and what it comes to for a referral."""

import polars as pl

from romframe_mhsds.national.model import Change, Family, Pack


_EXACT = 6  # decimals: a difference of 6.6 is 6.6, whatever binary fractions make of it


def classified(pairs: pl.DataFrame, referrals: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Add `change` (last minus first), `class`, `below_cut_off` and `recovered` to pairs.

    `class` is improved, unchanged or deteriorated; null where nothing pairs, or where the scale has
    no threshold. Where there are norms, both scores are first turned into T-scores; of a person
    without norms they are taken as they are, as the published code does.
    """
    if pack.change is None:
        none = {"change": pl.Float64, "class": pl.String}
        flags = {"below_cut_off": pl.Boolean, "recovered": pl.Boolean}
        return pairs.with_columns(
            pl.lit(None, dtype).alias(name) for name, dtype in (none | flags).items()
        )
    known = pairs.join(pack.change.thresholds.drop("rater"), on="concept_id", how="left")
    scaled = _with_t_scores(known, referrals, pack.change)
    first, last = pl.col("__first"), pl.col("__last")
    change = (last - first).round(_EXACT)
    towards = pl.when(pl.col(pack.change.better) == "higher").then(change).otherwise(-change)
    threshold = pl.col("threshold")
    kind = (
        pl.when(towards >= threshold)
        .then(pl.lit("improved"))
        .when(towards <= -threshold)
        .then(pl.lit("deteriorated"))
        .when(towards.abs() < threshold)
        .then(pl.lit("unchanged"))
    )
    below = (first < pl.col("cut_off")) & last.is_not_null()
    recovered = below & (last >= pl.col("cut_off")) & (pl.col("class") == "improved")
    return (
        scaled.with_columns(
            change.alias("change"), kind.alias("class"), below.alias("below_cut_off")
        )
        .with_columns(recovered.alias("recovered"))
        .select(*pairs.columns, "change", "class", "below_cut_off", "recovered")
    )


def _with_t_scores(pairs: pl.DataFrame, referrals: pl.DataFrame, change: Change) -> pl.DataFrame:
    first, last = pl.col("first_score"), pl.col("last_score")
    if change.norms is None:
        return pairs.with_columns(first.alias("__first"), last.alias("__last"))
    gender = pl.col("gender").replace_strict(
        list(change.norms.genders), list(change.norms.genders.values()), default=None,
        return_dtype=pl.String,
    )  # fmt: skip
    people = referrals.select("referral_id", gender, pl.col("age").cast(pl.Float64))
    held = pairs.join(people, on="referral_id", how="left").join(
        change.norms.table, on=["gender", "age", "norm"], how="left", maintain_order="left"
    )
    return held.with_columns(
        pl.when(pl.col("mean").is_null())
        .then(score)
        .otherwise(50 + 10 * (score - pl.col("mean")) / pl.col("sd"))
        .alias(name)
        for name, score in (("__first", first), ("__last", last))
    )


def of_family(pairs: pl.DataFrame, family: Family) -> pl.DataFrame:
    """Give the pairs on scales of a family."""
    wanted = {"category": family.categories, "rater": family.raters, "tool": family.tools}
    return pairs.filter(
        pl.lit(True),
        *(pl.col(name).is_in(values) for name, values in wanted.items() if values),
    )


def rolled_up(pairs: pl.DataFrame) -> pl.DataFrame:
    """Give a row a referral: `assessed`, `paired`, `class`, and the first and last day.

    Any deterioration makes a referral deteriorated; else any improvement makes it improved; else it
    is unchanged where a scale is.
    """
    found = pl.col("class")
    kind = pl.coalesce(
        pl.when((found == name).any()).then(pl.lit(name))
        for name in ("deteriorated", "improved", "unchanged")
    )
    return pairs.group_by("referral_id").agg(
        pl.lit(True).alias("assessed"),
        pl.col("last_moment").is_not_null().any().alias("paired"),
        kind.alias("class"),
        pl.col("first_moment").min().dt.date().alias("first_on"),
        pl.col("last_moment").max().dt.date().alias("last_on"),
    )
