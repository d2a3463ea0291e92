"""The numbers of a pack: each a count out of another, as it is and as it would be published."""

from collections.abc import Iterator

import polars as pl
from attrs import frozen

from romframe import disclosure_policy
from romframe_mhsds.national.change import of_family
from romframe_mhsds.national.model import Cohort, Figure, Group, Pack
from romframe_mhsds.national.period import Month


SCHEMA = {
    "figure": pl.String,
    "label": pl.String,
    "group": pl.String,
    "group_label": pl.String,
    "cohort": pl.String,
    "from_month": pl.String,
    "to_month": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "percent": pl.Float64,
    "target": pl.Float64,
    "published_numerator": pl.String,
    "published_denominator": pl.String,
    "published_percent": pl.String,
}


@frozen
class Judged:
    """Referrals with what each comes to, and their pairs with class; both of one month."""

    referrals: pl.DataFrame
    pairs: pl.DataFrame


def percent(count: int, of: int, decimals: int) -> float | None:
    """Give a percentage with so many decimals, halves rounded up; None of nothing."""
    if of == 0:
        return None
    scale: int = 10**decimals
    return (2 * 100 * scale * count + of) // (2 * of) / scale


def figures(judged: Judged, pack: Pack, month: Month) -> pl.DataFrame:
    """Give every figure of the pack for each group of services and cohort, a row each."""
    return pl.DataFrame(list(_rows(judged, pack, month)), schema=SCHEMA, orient="row")


def groups(pack: Pack) -> tuple[Group, ...]:
    """Give the services, each as a group of one, and the groups of several."""
    alone = tuple(Group(each.id, each.label, (each.id,)) for each in pack.services)
    return (*alone, *pack.groups)


def _rows(judged: Judged, pack: Pack, month: Month) -> Iterator[tuple[object, ...]]:
    policy = disclosure_policy(pack.publication.disclosure)
    for group in groups(pack):
        for cohort in pack.cohorts:
            for figure in pack.figures:
                if cohort.id not in figure.cohorts:
                    continue
                count, of = _count(judged, pack, figure, group, cohort)
                start = month.window_start if cohort.id == "closed" else month.start
                yield (
                    figure.id,
                    figure.label,
                    group.id,
                    group.label,
                    cohort.id,
                    f"{start:%Y-%m}",
                    month.name,
                    count,
                    of,
                    percent(count, of, pack.percent_decimals),
                    figure.targets.get(group.id),
                    policy.count(count),
                    policy.count(of),
                    policy.percentage(count, of),
                )


def _count(
    judged: Judged, pack: Pack, figure: Figure, group: Group, cohort: Cohort
) -> tuple[int, int]:
    inside = (
        pl.col("counted")
        & (pl.col("cohort") == cohort.id)
        & pl.col("service").is_in(group.services)
    )
    held = judged.referrals.filter(inside)
    if figure.unit == "pairs":
        return _count_pairs(judged.pairs, pack, figure, held)
    name = figure.family
    if figure.of == "eligible":
        return int(held.get_column(f"{figure.count}_{name}").sum()), held.height
    of = held.filter(f"paired_{name}")
    return int((of.get_column(f"class_{name}") == figure.count).sum()), of.height


def _count_pairs(
    pairs: pl.DataFrame, pack: Pack, figure: Figure, held: pl.DataFrame
) -> tuple[int, int]:
    family = next(each for each in pack.families if each.id == figure.family)
    wanted = of_family(pairs, family).join(held, on="referral_id", how="semi")
    wanted = wanted.filter(pl.col("class").is_not_null())
    if figure.of == "below_cut_off":
        of = wanted.filter("below_cut_off")
        return int(of.get_column("recovered").sum()), of.height
    return int((wanted.get_column("class") == figure.count).sum()), wanted.height
