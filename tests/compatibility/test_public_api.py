"""The public names, the hooks and the command line only grow."""

import json

import pytest
from compatibility import public_api


FROZEN = json.loads(public_api.FROZEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now():
    return public_api.public_api()


def bare(names):
    return [each.removesuffix("*") for each in names]


def broken_promises(old, new):
    """Say what callers of the old can no longer do."""
    if new is None:
        return ["it is gone"]
    lost = [f"{each} is gone" for each in bare(old) if each not in bare(new)]
    asked = {each for each in new if each.endswith("*")} - set(old)
    return [*lost, *(f"{each.removesuffix('*')} must be given now" for each in sorted(asked))]


@pytest.mark.parametrize("kind", FROZEN)
def test_what_was_promised_is_still_there(kind, now):
    broken = {
        name: found
        for name, old in FROZEN[kind].items()
        if (found := broken_promises(old, now[kind].get(name)))
    }
    assert broken == {}


def test_what_is_given_by_position_keeps_its_place(now):
    moved = {
        name
        for name, old in FROZEN["names"].items()
        if bare(now["names"][name])[: len(old)] != bare(old)
    }
    assert moved == set()


def test_a_promise_that_is_broken_is_found():
    assert broken_promises(["a*", "b"], ["a*", "b", "c"]) == []
    assert broken_promises(["a*", "b"], ["a", "b"]) == []
    assert broken_promises(["a"], None) == ["it is gone"]
    assert broken_promises(["a*", "b"], ["a*"]) == ["b is gone"]
    assert broken_promises(["a"], ["a*", "d*"]) == ["a must be given now", "d must be given now"]


def test_what_is_new_is_added_and_nothing_taken_out():
    old = {"names": {"f": ["a*", "gone"], "lost": []}}
    new = {"names": {"f": ["a", "b"], "g": ["c*"]}}
    assert public_api.grown(old, new) == {
        "names": {"f": ["a*", "gone", "b"], "lost": [], "g": ["c*"]}
    }


def test_the_top_of_the_changes_is_this_release(root):
    import re

    import romframe

    headings = re.findall(r"^## (\S+)", (root / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == romframe.__version__
    numbers = [tuple(map(int, each.split("."))) for each in headings]
    assert all(len(each) == 3 for each in numbers)
    assert numbers == sorted(numbers, reverse=True)
