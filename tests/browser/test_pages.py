"""Pages as a browser shows them: accessible, whole at phone width, and ready for paper."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe


DESKTOP, PHONE = 1200, 390
WHOLE = """
() => [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > window.innerWidth + 1)
    .filter(each => !each.closest('.scroll') && !each.closest('svg'))
    .map(each => each.outerHTML.slice(0, 120))
"""
CUT = """
() => [...document.querySelectorAll('figure svg')]
    .filter(each => {
        for (let around = each; around; around = around.parentElement)
            if (getComputedStyle(around).breakInside.startsWith('avoid')) return false;
        return true;
    })
    .map(each => each.outerHTML.slice(0, 120))
"""
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => +h.tagName[1])"
PAGES = ("service", "prem", "clinician", "service_user", "commissioner", "chart")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_an_accessibility_engine_finds_no_violation(pages, open_page, name, width):
    found = Axe().run(open_page(pages[name], width))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_at_the_width_of_a_phone(pages, open_page, name):
    assert open_page(pages[name], PHONE).evaluate(WHOLE) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_chart_is_cut_by_the_end_of_a_sheet(pages, open_page, name):
    page = open_page(pages[name], DESKTOP)
    page.emulate_media(media="print")
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time(pages, open_page, name):
    levels = open_page(pages[name], DESKTOP).evaluate(HEADINGS)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_and_runs_nothing(pages, browser, name):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())
    assert asked == [pages[name].as_uri()]
    assert page.locator("script").count() == 0
    page.close()
