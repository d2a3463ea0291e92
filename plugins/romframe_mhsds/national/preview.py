"""A pack applied to a store for one month."""

from datetime import date

import polars as pl
from attrs import frozen

from romframe_mhsds.national.change import classified, of_family, rolled_up
from romframe_mhsds.national.eligibility import first_reason, judged
from romframe_mhsds.national.figures import Judged, figures
from romframe_mhsds.national.frames import Frames
from romframe_mhsds.national.model import Pack
from romframe_mhsds.national.pairs import paired, usable
from romframe_mhsds.national.period import Month
from romframe_mhsds.national.tables import reasons
from romframe_mhsds.national.whatif import effects, would_change


@frozen
class Preview:
    """What a pack makes of a store.

    `referrals`: a row each, with the one `reason` for which it is not paired, null where it is.
    `pairs`: each first score with the last that pairs with it, and their change. `would_change`:
    the referrals that lack only something, and `effects`: what the figure would be without that.
    """

    pack: Pack
    month: Month
    referrals: pl.DataFrame
    pairs: pl.DataFrame
    figures: pl.DataFrame
    would_change: pl.DataFrame
    effects: pl.DataFrame


def preview(frames: Frames, pack: Pack, as_of: date) -> Preview:
    """Apply a pack to the month of `as_of`; the order of the rows of the frames does not matter."""
    closed = pack.cohort("closed")
    month = Month.of(as_of, closed.months if closed else 1)
    eligible = judged(frames.referrals, frames.contacts, pack, month)
    scores = usable(frames.scores, eligible, pack)
    valid = scores.filter("valid")
    pairs = classified(paired(valid, pack), eligible, pack)
    known = _with_families(eligible, pairs, pack)
    counterfactual = {
        "__if_valid": paired(scores, pack),
        "__if_late": paired(valid, pack, anchored=False),
    }
    reasoned = _with_reasons(known, scores, counterfactual, pack)
    lacking = would_change(reasoned, pack)
    return Preview(
        pack,
        month,
        reasoned.drop("rated"),
        pairs,
        figures(Judged(reasoned, pairs), pack, month),
        lacking,
        effects(lacking, reasoned, pack),
    )


def _with_families(referrals: pl.DataFrame, pairs: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Add to each referral what it comes to in each family, and the days of the main one."""
    found = referrals
    for family in pack.families:
        names = {name: f"{name}_{family.id}" for name in ("assessed", "paired", "class")}
        keep = ["first_on", "last_on"] if family.id == pack.main else []
        told = rolled_up(of_family(pairs, family)).rename(names)
        found = found.join(
            told.select("referral_id", *names.values(), *keep),
            on="referral_id",
            how="left",
            maintain_order="left",
        ).with_columns(pl.col(names["assessed"], names["paired"]).fill_null(False))
    return found


def _with_reasons(
    referrals: pl.DataFrame,
    scores: pl.DataFrame,
    counterfactual: dict[str, pl.DataFrame],
    pack: Pack,
) -> pl.DataFrame:
    """Settle why referrals that count are not paired, and explain every reason."""
    family = next(each for each in pack.families if each.id == pack.main)
    mine = of_family(scores, family)
    valid = mine.filter("valid")
    facts = referrals.with_columns(
        _among(mine).alias("__scored"),
        _among(valid).alias("__valid"),
        _among(_twice(valid)).alias("__again"),
        *(
            _among(of_family(pairs, family).drop_nulls("last_moment")).alias(name)
            for name, pairs in counterfactual.items()
        ),
    )
    why = first_reason(
        [
            ("no_score", ~pl.col("__scored")),
            ("score_not_valid", pl.col("__if_valid")),
            ("no_valid_score", ~pl.col("__valid")),
            ("score_too_early", pl.col("__if_late")),
            ("no_score_since_first_contact", ~pl.col(f"assessed_{pack.main}")),
            ("second_of_another_scale", pl.col("__again")),
            ("no_second_score", pl.lit(True)),
        ]
    )
    open_ = pl.col("counted") & ~pl.col(f"paired_{pack.main}")
    settled = pl.when(open_).then(why).otherwise(pl.col("reason"))
    told = pl.col("reason").replace_strict(reasons(), default=None, return_dtype=pl.String)
    rated = valid.group_by("referral_id").agg(
        pl.col("term").unique().sort().str.join("; ").alias("rated")
    )
    return (
        facts.with_columns(settled.alias("reason"))
        .with_columns(told.alias("explanation"))
        .join(rated, on="referral_id", how="left", maintain_order="left")
        .drop("^__.*$")
    )


def _among(frame: pl.DataFrame) -> pl.Expr:
    return pl.col("referral_id").is_in(frame.get_column("referral_id").unique().to_list())


def _twice(scores: pl.DataFrame) -> pl.DataFrame:
    """Give the referrals with scores of more than one moment."""
    moments = scores.group_by("referral_id").agg(pl.col("moment").n_unique().alias("moments"))
    return moments.filter(pl.col("moments") > 1)
