"""The days that a report is about where nobody names them."""

from datetime import date

import pytest
from attrs import evolve

from romframe import period_in_words, reporting_period


@pytest.mark.parametrize(
    ("every", "over", "today", "first", "last"),
    [
        ("month", 12, (2026, 7, 1), (2025, 7, 1), (2026, 6, 30)),
        ("month", 1, (2026, 3, 31), (2026, 2, 1), (2026, 2, 28)),
        ("month", 6, (2026, 1, 15), (2025, 7, 1), (2025, 12, 31)),
        ("quarter", 12, (2026, 6, 30), (2025, 4, 1), (2026, 3, 31)),
        ("quarter", 3, (2026, 7, 1), (2026, 4, 1), (2026, 6, 30)),
        ("quarter", 3, (2026, 2, 10), (2025, 10, 1), (2025, 12, 31)),
        ("year", 12, (2026, 4, 1), (2025, 4, 1), (2026, 3, 31)),
        ("year", 12, (2026, 3, 31), (2024, 4, 1), (2025, 3, 31)),
        ("year", 24, (2026, 12, 31), (2024, 4, 1), (2026, 3, 31)),
    ],
)
def test_a_report_looks_back_from_the_last_whole_stretch(load, every, over, today, first, last):
    framework = evolve(load(), every=every, over=over)
    assert reporting_period(framework, date(*today)) == (date(*first), date(*last))


def test_days_that_are_given_stand(load):
    framework = evolve(load(), every="month", over=1)
    today, first, last = date(2026, 7, 1), date(2026, 1, 31), date(2026, 3, 30)
    assert reporting_period(framework, today, first, last) == (first, last)
    assert reporting_period(framework, today, first) == (first, date(2026, 6, 30))
    assert reporting_period(framework, today, end=last) == (date(2026, 2, 28), last)


def test_the_days_are_said_in_words(load):
    days = date(2026, 6, 1), date(2026, 6, 30)
    assert period_in_words(evolve(load(), over=1), *days) == (
        "The report is of 2026-06-01 to 2026-06-30 (the month up to the end of the last whole"
        " month, unless --from and --to say otherwise)."
    )
    assert "the 6 months up to the end of" in period_in_words(load(), *days)
