"""Intervals come from scipy, and only where one is asked for."""

import subprocess
import sys

import pytest

from romframe.effects import effect_size
from romframe.errors import UsageError
from romframe.grouped import group_anchor
from romframe.summary import share


BEFORE = [3, 5, 9, 6, 7, 5, 4]
AFTER = [3, 3, 6, 8, 8, 2, 1]


@pytest.fixture
def no_scipy(monkeypatch):
    for name in ("scipy", "scipy.stats", "scipy.special"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: share(1, 2),
        lambda: effect_size(BEFORE, AFTER, definition="d_z"),
        lambda: group_anchor([1, 2, 3], 2),
    ],
)
def test_without_scipy_it_is_said_how_to_get_it(no_scipy, ask):
    with pytest.raises(UsageError, match=r"pip install 'romframe\[stats\]'.*library-missing"):
        ask()


def test_what_needs_no_scipy_works_without_it(no_scipy):
    assert share(0, 0).interval is None
    assert effect_size(BEFORE, AFTER, definition="glass_pre").interval.kind == "normal"
    assert effect_size(BEFORE, AFTER, definition="d_z", interval="normal").n == 7


def test_importing_does_not_load_scipy():
    code = "import sys, romframe.grouped, romframe.cli.grouped; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
