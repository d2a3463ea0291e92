"""Make `examples/reports` again from the demo: `python examples/make_reports.py [--pictures]`.

The same code gives the same bytes, whatever the day. With `--pictures` the pictures of the README
(`docs/pictures`) are taken anew as well, by Chromium.
"""

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from click.testing import CliRunner
from romframe_report.chart import what_when_chart
from romframe_report.commissioner.page import commissioner_pack
from romframe_report.person.page import person_brief

from romframe import (
    Workspace,
    disclosure_policy,
    framework_figures,
    open_workspace,
    read_framework,
)
from romframe.cli import cli


ROOT = Path(__file__).parents[1]
REPORTS, PICTURES = ROOT / "examples" / "reports", ROOT / "docs" / "pictures"
TODAY = date(2026, 7, 1)
PERSON = "P10073"
FRAMEWORK = ROOT / "examples" / "commissioner_framework" / "cambridgeshire.yaml"
YEAR = date(2025, 7, 1), date(2026, 6, 30)
NAMES = {
    "service_report.png": "service.html",
    "person_brief.png": "clinician.html",
    "prem_report.png": "prem.html",
    "commissioner_pack.png": "commissioner.html",
}
WIDTH, HEIGHT = 1100, 1180
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def reports(workspace: Workspace) -> dict[str, bytes]:
    """Give each report of a demo that has been run, by the name of its file."""
    made = {"service.html": "report.html", "prem.html": "prem.html"}
    found = {name: (workspace.path / file).read_bytes() for name, file in made.items()}
    for reader in ("clinician", "service_user"):
        found[f"{reader}.html"] = person_brief(workspace, PERSON, reader, None).encode("utf-8")
    framework = read_framework(workspace, str(FRAMEWORK))
    figures = framework_figures(workspace, framework, *YEAR)
    pack = commissioner_pack(workspace, figures, disclosure_policy(framework.disclosure))
    chart = what_when_chart(workspace, str(FRAMEWORK))
    return found | {
        "commissioner.html": pack.encode("utf-8"),
        "chart.html": chart.encode("utf-8"),
    }


def make() -> None:
    """Run the demo and write its reports."""
    REPORTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "service"
        CliRunner().invoke(cli, ["demo", str(place)], catch_exceptions=False)
        workspace = open_workspace(place, today=TODAY)
        with workspace.store:
            for name, content in reports(workspace).items():
                (REPORTS / name).write_bytes(content)


def take_pictures() -> None:
    """Show each page to Chromium and keep the upper part of what it shows."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (for pictures alone)

    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for picture, name in NAMES.items():
            page.goto((REPORTS / name).as_uri())
            page.screenshot(path=PICTURES / picture)
        browser.close()


if __name__ == "__main__":
    make()
    if "--pictures" in sys.argv:
        take_pictures()
