"""Every page in a made-up language: what is not in it is data, or is listed here.

Data are what a service, a framework or a spec says: names, labels, notes and sources, ids of rules
and fields, comments, days. `EXEMPT` is everything else that is in English.
"""

import re
import runpy
import shutil
import textwrap
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from oracles.pseudo import pseudo_locale, unmarked
from romframe_report.commissioner.page import commissioner_pack
from romframe_report.prem.page import prem_report
from romframe_report.service import service_report
from ruamel.yaml import YAML

from romframe import SERVICE, framework_figures, open_workspace, read_framework


ROOT = Path(__file__).parents[3]
FRAMEWORK = ROOT / "examples" / "commissioner_framework" / "cambridgeshire.yaml"
START, END = date(2025, 7, 1), date(2026, 6, 30)
EXEMPT = {
    "first_and_last",  # the id of a pairing policy
}
# Babel does not know the made-up language, so its months are English.
MONTHS = r"(?:\d+ )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}"


@pytest.fixture(scope="module")
def workspace(demo, tmp_path_factory):
    """The demo's workspace, speaking the made-up language."""
    place = tmp_path_factory.mktemp("spoken") / "service"
    shutil.copytree(demo.workspace.path, place)
    (place / "locales").mkdir()
    sentences = runpy.run_path(str(ROOT / "examples" / "make_messages.py"))["messages"]()
    (place / "locales" / "qps.po").write_bytes(pseudo_locale(sentences))
    with (place / "romframe.yaml").open("a", encoding="utf-8") as config:
        config.write("locale: qps\n")
    spoken = open_workspace(place, today=demo.workspace.today)
    yield spoken
    spoken.store.close()


@pytest.fixture(scope="module")
def data(workspace):
    """What a page has from elsewhere, whole and line by line as in charts, the longest first."""
    specs = workspace.catalogue.host.registry("instruments").values()
    files = [FRAMEWORK, *workspace.path.glob("*.yaml"), *(spec.path for spec in specs)]
    found = EXEMPT | {text for file in files for text in _texts(YAML(typ="safe").load(file))}
    referrals = workspace.table("referral")
    found |= {*referrals["team"].drop_nulls(), *(s.title() for s in referrals["setting"].unique())}
    for instrument in ("poem", "fft"):
        answers = workspace.returns(instrument).collect()
        found |= {
            text for column in answers.select(pl.col(pl.String)) for text in column.drop_nulls()
        }
    lines = {line for text in found for line in textwrap.wrap(text, 24, max_lines=3)}
    return sorted(found | lines, key=len, reverse=True)


def _texts(node):
    if isinstance(node, dict):
        return {text for pair in node.items() for each in pair for text in _texts(each)}
    if isinstance(node, list):
        return {text for each in node for text in _texts(each)}
    return {node.strip()} if isinstance(node, str) else set()


def _left(page, data):
    """Give what is left of a page where its marked sentences, days and data are taken away."""
    names = "|".join([MONTHS, *map(re.escape, data)])
    known = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
    left = (known.sub("", stretch) for stretch in unmarked(page))
    return {each for each in left if re.search(r"[^\W\d_]", each)}


def test_the_service_report_is_in_the_language_of_its_workspace(workspace, data):
    page = service_report(workspace, START, END)
    assert '<html lang="qps">' in page
    assert _left(page, data) == set()


def test_the_report_of_returns_is_in_the_language_of_its_workspace(workspace, data):
    assert _left(prem_report(workspace, (), ("2025-07", "2026-06")), data) == set()


def test_the_pack_for_a_commissioner_is_in_the_language_of_its_workspace(workspace, data):
    asked = read_framework(workspace, str(FRAMEWORK))
    found = framework_figures(workspace, asked, START, END, None)
    assert _left(commissioner_pack(workspace, found, SERVICE), data) == set()


def test_a_sentence_that_no_template_translates_is_found():
    assert unmarked("<p>\u27e6marked\u27e7 8 and</p><svg><title>Bare</title></svg>") == {
        "8 and",
        "Bare",
    }
