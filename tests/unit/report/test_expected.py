import statistics
from datetime import date

import pytest
from romframe_report.forms import ServiceForms
from romframe_report.sections import expected

from romframe import SERVICE, Window, shown_share


WINDOW = Window(date(2026, 1, 1), date(2026, 6, 30))


@pytest.fixture
def history(service):
    """24 people of before who began at 20, and 22 of now; others who are none of these."""
    for number in range(24):
        service.several(1, 20, number, end="2025-06-30")
        service.several(1 if number < 22 else 0, 21, number, end="2026-05-31")
    service.several(30, 20, 20, end="2025-06-30", pathway="prevention")
    return service


def test_this_period_is_set_beside_earlier_people_who_began_alike(history):
    found = expected.build(history, WINDOW)

    (row,) = found["blocks"][0].rows
    earlier, now = [20 - n for n in range(24)], [21 - n for n in range(22)]
    assert row.earlier.gain.n == 24
    assert row.earlier.gain.median == statistics.median(earlier)
    assert row.now.median == statistics.median(now)
    assert row.label == "all"
    assert (row.better.count, row.better.of) == (sum(each >= 6 for each in earlier), 24)
    assert shown_share(row.better, SERVICE).of == "24"


def test_the_page_shows_ranges_with_their_number_and_source(history):
    page = history.report(WINDOW.start, WINDOW.end, disclosure=SERVICE)

    assert "Of 24 earlier people" in page
    assert "general population" in page
    assert "mean \u00b1 1 SD" in page


def _released_before_and_after(service, path, **about):
    """Give the page before and after one more pair, which the first release does not have."""
    service.path = path
    pages = []
    for more in (0, 1):
        service.several(more, 21, 20, **about)
        made = ServiceForms(service, WINDOW.start, WINDOW.end, None, SERVICE, release=True)
        made.write(page=path / "page.html")
        pages.append((path / "page.html").read_text(encoding="utf-8"))
    return pages


def test_ranges_of_this_period_are_held_back_with_their_table(history, tmp_path):
    before, after = _released_before_and_after(history, tmp_path, end="2026-05-31")

    assert "In this period the middle half" in before
    assert "This period, first: middle half" in before
    assert "Of 24 earlier people" in after
    assert "In this period the middle half" not in after
    assert "This period, first: middle half" not in after


def test_ranges_of_earlier_people_are_held_back_with_their_table(history, tmp_path):
    history.change("core_10", norms=())
    before, after = _released_before_and_after(history, tmp_path, end="2025-06-30")

    assert "Of 24 earlier people" in before
    assert "earlier people (" not in after
    assert "Of 25 earlier people" not in after
    assert "Withheld: too little has changed since an earlier release." in after


def test_too_few_earlier_people_give_no_range(service):
    service.several(19, 20, 8, end="2025-06-30")
    service.several(5, 20, 8, end="2026-05-31")

    found = expected.build(service, WINDOW)

    assert found["without"] == ["CORE-10: Clinical score"]
    assert found["blocks"][0].rows == ()
