"""Two versions of one instrument, used in one period, are two measures."""

from datetime import date

import pytest
from attrs import evolve
from romframe_report.tidy.service import service_tables

from romframe.disclosure import SHOWN


@pytest.fixture
def both(service):
    old = evolve(service.instrument("honos"), version="old")
    service.known["honos-old"] = old
    ratings = {"q1": 3}, {"q1": 0}
    service.several(6, 20, 8, instrument="honos", ratings=ratings)
    service.several(7, 20, 20, instrument="honos-old", ratings=ratings)
    return service


def test_each_version_is_called_by_its_version_and_has_its_own_counts(both):
    now = both.instrument("honos")

    tables = service_tables(both, date(2025, 1, 1), date(2026, 6, 30), disclosure=SHOWN)

    found = {table.name: table.rows for table in tables}
    paired = {
        row["instrument"]: (row["count"], row["of"])
        for row in found["completeness"]
        if row["figure"] == "paired"
    }
    assert paired == {f"{now.name} ({now.version})": (6, 13), f"{now.name} (old)": (7, 13)}
    assert len({row["instrument"] for row in found["items"]}) == 2


def test_the_page_shows_them_side_by_side(both):
    page = both.report()

    assert 'id="classes-honos-total-title"' in page
    assert 'id="classes-honos-old-total-title"' in page
