"""Counting the contacts that count."""

from collections.abc import Iterator

import polars as pl

from romframe_mhsds.national.model import ContactKind, Mechanisms, Pack, Service


def with_contacts(referrals: pl.DataFrame, contacts: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Add `contacts`, how many count, and the days of the first two: `contact_1`, `contact_2`."""
    held = contacts.join(
        referrals.select("referral_id", "service", "closed_on", "month_end"), on="referral_id"
    )
    counted = (
        held.with_columns(_kind(pack).alias("kind"))
        .filter(pl.col("kind").is_not_null() & _in_time(pack))
        .sort("referral_id", "contact_on")
    )
    day = pl.col("contact_on")
    of_kinds = counted.group_by("referral_id", "service", "kind").len()
    larger = [each.id for each in pack.services if each.contacts.count == "larger_kind"]
    number = pl.when(pl.col("service").is_in(larger)).then(pl.col("most")).otherwise(pl.col("all"))
    numbers = (
        of_kinds.group_by("referral_id", "service")
        .agg(pl.col("len").max().alias("most"), pl.col("len").sum().alias("all"))
        .select("referral_id", number.cast(pl.Int64).alias("contacts"))
    )
    days = counted.group_by("referral_id").agg(
        day.first().alias("contact_1"), day.get(1, null_on_oob=True).alias("contact_2")
    )
    return (
        referrals.join(numbers, on="referral_id", how="left")
        .join(days, on="referral_id", how="left")
        .with_columns(pl.col("contacts").fill_null(0))
    )


def _kind(pack: Pack) -> pl.Expr:
    """Give the number of the kind that a contact of a referral's service is of."""
    return pl.coalesce(
        pl.when((pl.col("service") == service.id) & strikes).then(pl.lit(number))
        for service in pack.services
        for number, strikes in _kinds(service)
    )


def _kinds(service: Service) -> Iterator[tuple[int, pl.Expr]]:
    for number, kind in enumerate(service.contacts.kinds):
        yield number, _is_of(kind)


def _is_of(kind: ContactKind) -> pl.Expr:
    indirect = pl.col("direct").eq_missing(False)
    if kind.indirect:
        return indirect
    attended = pl.col("attended").fill_null(False)
    return ~indirect & attended & pl.any_horizontal(_takes(each) for each in kind.mechanisms)


def _takes(mechanisms: Mechanisms) -> pl.Expr:
    day = pl.col("contact_on")
    found = pl.col("mechanism").is_in(mechanisms.codes).fill_null(False)
    if mechanisms.start is not None:
        found = found & (day >= mechanisms.start)
    if mechanisms.end is not None:
        found = found & (day <= mechanisms.end)
    return found


def _in_time(pack: Pack) -> pl.Expr:
    day, end = pl.col("contact_on"), pl.col("month_end")
    until = pl.min_horizontal(end, "closed_on")
    year = end.dt.year() - (end.dt.month() < 4).cast(pl.Int32)
    ways = {
        "financial_year": (day >= pl.date(year, 4, 1)) & (day <= end),
        "to_month_end": day <= end,
        "to_discharge": day <= until,
    }
    return pl.coalesce(
        pl.when(pl.col("service") == each.id).then(ways[each.contacts.period])
        for each in pack.services
    )
