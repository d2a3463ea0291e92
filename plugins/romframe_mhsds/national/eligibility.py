"""Which referrals a pack is about, and which of them count."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from romframe_mhsds.national.contacts import with_contacts
from romframe_mhsds.national.model import Ages, Pack, Service, Teams
from romframe_mhsds.national.period import Month


def judged(
    referrals: pl.DataFrame, contacts: pl.DataFrame, pack: Pack, month: Month
) -> pl.DataFrame:
    """Give the referrals that were open at some time from the first month that is added up.

    Each has `cohort`, `month_end` (of the month in which it was closed, or else of the month that
    the preview is about), `age`, `service`, `contacts`, and `reason`: the first test that it does
    not pass, null where it counts. `counted` says the latter.
    """
    live = _live(referrals, month)
    placed = live.with_columns(_age().alias("age")).with_columns(_service(pack).alias("service"))
    with_counts = with_contacts(placed, contacts, pack)
    reason = first_reason(
        [
            ("no_received_date", pl.col("received_on").is_null()),
            *(_TESTS[name](asked) for name, asked in pack.eligible.items()),
            *_service_tests(pack),
            *_cohort_tests(pack),
            (
                "too_few_contacts",
                ~_by_service(pack, lambda each: each.contacts.needed.holds(pl.col("contacts"))),
            ),
        ]
    )
    return (
        with_counts.with_columns(reason.alias("reason"))
        .with_columns(pl.col("reason").is_null().alias("counted"))
        .sort("referral_id")
    )


def first_reason(tests: Iterable[tuple[str, pl.Expr]]) -> pl.Expr:
    """Give the name of the first test that strikes; null where none does."""
    return pl.coalesce(pl.when(strikes).then(pl.lit(name)) for name, strikes in tests)


def _live(referrals: pl.DataFrame, month: Month) -> pl.DataFrame:
    received, closed = pl.col("received_on"), pl.col("closed_on")
    begun = received.is_null() | (received <= month.end)
    in_window = closed.is_between(month.window_start, month.end).fill_null(False)
    gone = (closed < month.window_start).fill_null(False)
    end = pl.when(in_window).then(closed.dt.month_end()).otherwise(pl.lit(month.end))
    until = pl.when(in_window).then(closed).otherwise(pl.lit(month.end))
    return referrals.filter(begun & ~gone).with_columns(
        pl.when(in_window).then(pl.lit("closed")).otherwise(pl.lit("open")).alias("cohort"),
        end.alias("month_end"),
        (until - received).dt.total_days().alias("days"),
    )


def _age() -> pl.Expr:
    """Give the age in whole years on the day on which the referral was received."""
    born, then = pl.col("birth_date").dt, pl.col("received_on").dt
    before = (then.month().cast(pl.Int32) * 100 + then.day()) < (
        born.month().cast(pl.Int32) * 100 + born.day()
    )
    return then.year() - born.year() - before.cast(pl.Int32)


def _rejected(_: Any) -> tuple[str, pl.Expr]:
    return "rejected", pl.col("rejected_on").is_not_null()


def _residence(asked: Mapping[str, Any]) -> tuple[str, pl.Expr]:
    place = pl.col("residence").str.strip_chars()
    blank = place.fill_null("") == ""
    inside = place.str.starts_with(asked["starts_with"]) | (blank & asked["blank"])
    return "outside_england", ~inside.fill_null(asked["blank"])


def _inpatient(_: Any) -> tuple[str, pl.Expr]:
    return "inpatient_spell", pl.col("inpatient")


def _received_from(asked: str) -> tuple[str, pl.Expr]:
    return "received_too_early", pl.col("received_on") < date.fromisoformat(asked)


def _referral_reason(asked: list[str]) -> tuple[str, pl.Expr]:
    return "excluded_referral_reason", pl.col("reason_code").is_in(asked)


_TESTS: Mapping[str, Callable[[Any], tuple[str, pl.Expr]]] = {
    "not_rejected": _rejected,
    "residence": _residence,
    "no_inpatient_spell": _inpatient,
    "received_from": _received_from,
    "not_referral_reason": _referral_reason,
}


def _service(pack: Pack) -> pl.Expr:
    """Give the first service whose age and team fit."""
    return pl.coalesce(
        pl.when(_fits_age(each.ages) & _fits_team(each.teams)).then(pl.lit(each.id))
        for each in pack.services
    )


def _service_tests(pack: Pack) -> list[tuple[str, pl.Expr]]:
    nowhere = pl.col("service").is_null()
    no_age = ~pl.any_horizontal(_fits_age(each.ages) for each in pack.services)
    return [
        ("age_unknown", nowhere & no_age & pl.col("age").is_null()),
        ("age_not_in_scope", nowhere & no_age),
        ("team_not_in_scope", nowhere),
    ]


def _fits_age(ages: Ages) -> pl.Expr:
    age = pl.col("age")
    low = age >= ages.low if ages.low is not None else pl.lit(True)
    below = age < ages.below if ages.below is not None else pl.lit(True)
    return pl.when(age.is_null()).then(pl.lit(ages.unknown)).otherwise(low & below)


def _fits_team(teams: Teams) -> pl.Expr:
    held = pl.col("team_types").list.drop_nulls()
    codes = pl.lit(list(teams.codes), dtype=pl.List(pl.String))
    same = held.list.set_difference(codes) if teams.excluded else held.list.set_intersection(codes)
    some = held.list.len().fill_null(0) > 0
    return pl.when(some).then(same.list.len() > 0).otherwise(pl.lit(teams.blank))


def _cohort_tests(pack: Pack) -> list[tuple[str, pl.Expr]]:
    tests = []
    for name, missing in (("closed", "closed_in_month"), ("open", "still_open")):
        cohort = pack.cohort(name)
        inside = pl.col("cohort") == name
        if cohort is None:
            tests.append((missing, inside))
        elif cohort.length is not None:
            tests.append(("not_long_enough", inside & ~cohort.length.holds(pl.col("days"))))
    return tests


def _by_service(pack: Pack, of: Callable[[Service], pl.Expr]) -> pl.Expr:
    return pl.coalesce(
        pl.when(pl.col("service") == each.id).then(of(each)) for each in pack.services
    )
