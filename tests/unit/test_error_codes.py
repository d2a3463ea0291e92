"""docs/errors.md lists every problem code that the product can tell, and no other."""

import ast
import re

import pytest

from romframe import errors


SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
NO_CODES = {  # words of this form that are not codes
    "utf-8",
    "utf-8-sig",
    "romframe-demo",
    "build-system",
    "build-backend",
}
PUT_TOGETHER = {"unknown-referral", "unknown-service-user"}  # "unknown-" and a table of the store


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs/errors.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sources(root):
    files = [*root.glob("romframe/**/*.py"), *root.glob("plugins/**/*.py")]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}


def slugs(tree):
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {each.value for each in constants if SLUG.fullmatch(str(each.value))} - NO_CODES


def test_the_page_lists_every_code_and_no_other(page, sources):
    told = PUT_TOGETHER.union(*map(slugs, sources.values()))
    listed = re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE)
    assert " ".join(told - set(listed)) == ""
    assert " ".join(set(listed) - told) == ""
    assert len(listed) == len(set(listed))


def test_every_code_has_a_cause_and_a_mend(page):
    rows = re.findall(r"^\| `[a-z0-9-]+` \|(.*)\|$", page, re.MULTILINE)
    assert rows
    for row in rows:
        cells = [cell.strip() for cell in row.split(" | ")]
        assert len(cells) == 2
        assert all(cells)


def test_codes_that_are_written_out_have_the_form_that_the_page_relies_on(sources):
    """A code without a hyphen would be overlooked by the test above."""
    for path, tree in sources.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Problem"):
                code = node.args[0] if node.args else None
                if isinstance(code, ast.Constant):
                    assert SLUG.fullmatch(code.value), f"{path}:{node.lineno}"


def test_the_page_lists_every_exit_code(page):
    listed = set(map(int, re.findall(r"^\| (\d+) \|", page, re.MULTILINE)))
    kinds = errors.UserError.__subclasses__()
    assert {kind.exit_code for kind in kinds} | {0, 1, 130} == listed
