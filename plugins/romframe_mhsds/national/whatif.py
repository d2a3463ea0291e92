"""What would change the figure: the referrals that lack only one thing."""

from collections.abc import Iterator

import polars as pl
from attrs import frozen

from romframe_mhsds.national.figures import percent
from romframe_mhsds.national.model import Cohort, Pack, Service
from romframe_mhsds.national.tables import lacks


_BY_REASON = {
    "second_of_another_scale": "second_rating",
    "no_second_score": "second_rating",
    "score_not_valid": "valid_score",
    "score_too_early": "later_dates",
    "no_score": "both_ratings",
    "no_valid_score": "both_ratings",
    "no_score_since_first_contact": "both_ratings",
}
SUMMARY = {
    "lacks": pl.String,
    "service": pl.String,
    "cohort": pl.String,
    "referrals": pl.Int64,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "new_numerator": pl.Int64,
    "new_denominator": pl.Int64,
    "sentence": pl.String,
}


def would_change(referrals: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Give the referrals that lack only something, with what: `lacks` and `rated` terms.

    A referral stands here once. `rated` are the scales that have a first score.
    """
    main = pack.main
    short = pl.coalesce(
        pl.when(
            (pl.col("service") == each.id) & (pl.col("contacts") == each.contacts.needed.least - 1)
        ).then(pl.lit(True))
        for each in pack.services
    ).fill_null(False)
    lacking = (
        pl.when((pl.col("reason") == "too_few_contacts") & short)
        .then(
            pl.when(pl.col(f"paired_{main}"))
            .then(pl.lit("one_contact"))
            .otherwise(pl.lit("one_contact_and_rating"))
        )
        .otherwise(
            pl.col("reason").replace_strict(
                list(_BY_REASON), list(_BY_REASON.values()), default=None, return_dtype=pl.String
            )
        )
    )
    return (
        referrals.with_columns(lacking.alias("lacks"))
        .drop_nulls("lacks")
        .select("lacks", "referral_id", "service", "cohort", "reason", "contacts", "rated")
        .sort("lacks", "service", "cohort", "referral_id")
    )


def effects(lacking: pl.DataFrame, referrals: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Say for each thing that is lacked what the figure of paired scores would be with it."""
    rows = [row for part in _parts(referrals, pack) for row in _effects(lacking, part, pack)]
    return pl.DataFrame(rows, schema=SUMMARY, orient="row")


@frozen
class _Part:
    """The referrals to one service in one cohort: their count, and how many are paired."""

    service: Service
    cohort: Cohort
    paired: int
    counted: int


def _parts(referrals: pl.DataFrame, pack: Pack) -> Iterator[_Part]:
    for service in pack.services:
        for cohort in pack.cohorts:
            counted = referrals.filter(
                "counted", pl.col("service") == service.id, pl.col("cohort") == cohort.id
            )
            paired = int(counted.get_column(f"paired_{pack.main}").sum())
            yield _Part(service, cohort, paired, counted.height)


def _effects(lacking: pl.DataFrame, part: _Part, pack: Pack) -> Iterator[tuple[object, ...]]:
    mine = lacking.filter(
        pl.col("service") == part.service.id, pl.col("cohort") == part.cohort.id
    ).get_column("lacks")
    for name, words in lacks().items():
        number = int((mine == name).sum())
        if not number:
            continue
        paired = part.paired + (number if name != "one_contact_and_rating" else 0)
        counted = part.counted + (number if name.startswith("one_contact") else 0)
        was = _share(part.paired, part.counted, pack.percent_decimals)
        then = _share(paired, counted, pack.percent_decimals)
        who = f"1 referral {words[0]}" if number == 1 else f"{number} referrals {words[1]}"
        where = f"{part.service.label}, {part.cohort.label.lower()}"
        yield (
            name,
            part.service.id,
            part.cohort.id,
            number,
            part.paired,
            part.counted,
            paired,
            counted,
            f"{where}: {who}. Paired now {was}; with it {then}.",
        )


def _share(count: int, of: int, decimals: int) -> str:
    share = percent(count, of, decimals)
    return f"{count}/{of}" if share is None else f"{count}/{of} ({share:g} %)"
