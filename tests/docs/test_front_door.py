"""README.md and CONTRIBUTING.md are true: measures, extras, scripts, and where their links lead."""

import re
import tomllib
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(path):
    """The anchors that GitHub and the site give to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings_that_exist(page):
    links = [link for link in LINK.findall(read(page)) if not link.startswith("http")]
    dead = []
    for link in links:
        name, _, anchor = link.partition("#")
        path = ROOT / (name or page)
        if not path.exists() or (anchor and anchor not in anchors(path)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_files_that_are_named_exist(page):
    roots = "benchmarks|docs|examples|instrument_specs|plugins|romframe|tests"
    named = re.findall(rf"(?<![\w/-])(?:{roots})/[\w./]*\w", read(page))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_names_every_shipped_measure_and_no_other(shipped):
    text = read("README.md")
    table = text[text.index("## What is in the box") :]
    named = {each for each in re.findall(r"`([a-z0-9_-]+)`", table) if each in shipped.ids}
    assert named == set(shipped.ids)
    count = re.search(r"^- (\d+) measures as specs", read("CHANGELOG.md"), re.MULTILINE)
    assert int(count[1]) == len(shipped.ids)


def test_the_readme_says_what_every_extra_is_for():
    extras = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]
    told = re.findall(r"^\| `romframe\[(\w+)\]` \|", read("README.md"), re.MULTILINE)
    assert sorted(told) == sorted(extras.keys() - {"dev", "test"})


def test_the_readme_has_one_command_for_the_tests():
    lines = read("README.md").splitlines()
    commands = [line for line in lines if line.startswith("python3") and "pytest" in line]
    assert len(commands) == 1
    assert "README.md" in read(".ci/run")
    assert commands[0] in read("CONTRIBUTING.md")


def test_contributing_names_every_script_that_makes_what_is_kept():
    made = {*ROOT.glob("examples/make_*.py"), ROOT / "docs/generate.py"}
    made |= {ROOT / f"tests/compatibility/{name}.py" for name in ("outcomes", "public_api")}
    text = read("CONTRIBUTING.md")
    assert [path for path in made if f"`python {path.relative_to(ROOT)}`" not in text] == []
