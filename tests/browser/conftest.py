"""A headless Chromium, and the pages that romframe makes of the demo service.

Without Chromium on the machine these tests are skipped; `.ci/run` installs it.
"""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright


REPORTS = Path(__file__).parents[2] / "examples" / "reports"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser):
    """Open a file in a window of some width; its own rules against scripts are set aside."""
    opened = []

    def open_page(path, width):
        page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
        opened.append(page)
        page.goto(path.as_uri())
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture(scope="session")
def pages(browser):
    """The demo's pages by name: those kept as examples, which are the bytes that it makes."""
    return {path.stem: path for path in REPORTS.glob("*.html")}
