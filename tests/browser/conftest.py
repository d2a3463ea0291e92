"""A headless Chromium, and the pages that romframe makes of the demo service.

Without Chromium on the machine these tests are skipped; `.ci/run` installs it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright


FRAMEWORK = Path(__file__).parents[2] / "examples" / "commissioner_framework" / "framework.yaml"
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
def pages(tmp_path_factory, browser):
    """The demo's pages by name."""
    place = tmp_path_factory.mktemp("pages") / "service"
    _romframe("demo", str(place))
    made = {"service": place / "report.html", "prem": place / "prem.html"}
    for reader in ("clinician", "service_user"):
        made[reader] = place / f"{reader}.html"
        brief = ("report", "person", "P10073", "--for", reader, "--out", str(made[reader]))
        _romframe("-w", str(place), *brief)
    made["commissioner"] = place / "pack.html"
    year = ("--from", "2025-07-01", "--to", "2026-06-30", "--out", str(made["commissioner"]))
    _romframe("-w", str(place), "report", "commissioner", str(FRAMEWORK), *year)
    return made


def _romframe(*arguments):
    command = [sys.executable, "-m", "romframe", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
