"""The documentation site: pages made from the code are true, and it builds without a warning."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest


DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        yield runpy.run_path(str(DOCS / "generate.py"))["pages"]()
    for name in [each for each in sys.modules if each.partition(".")[0] == "pages"]:
        del sys.modules[name]


def test_pages_made_from_the_code_say_what_the_code_says(made):
    kept = {
        str(path.relative_to(DOCS / "reference")): path.read_text(encoding="utf-8")
        for path in (DOCS / "reference").rglob("*.md")
    }
    assert kept == made, "run `python docs/generate.py`"


def test_every_key_has_a_meaning_and_no_meaning_is_left_over(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    from pages import keys

    meanings = keys.read_yaml_file(keys.MEANINGS).data
    for name, language in keys.LANGUAGES.items():
        used = {keys.line_for(path, meanings[name]) for path, _ in keys.paths(language.schema)}
        assert used == set(meanings[name])


def test_the_site_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "dummy", DOCS, tmp_path / "site"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
