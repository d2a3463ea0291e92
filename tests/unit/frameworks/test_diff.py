"""What two versions of a framework define differently: each change once, nothing else, mirrored."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from romframe.frameworks import build
from romframe.frameworks.diff import Difference, definition_diff
from romframe.yaml_source import Document


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)
BOUNDS = st.one_of(st.integers(0, 10**9), st.floats(0, 100)).filter(lambda bound: bound != 50)


def treated(data):
    return data["outcomes"][0]["measures"][0]


def back(data):
    return data["outcomes"][1]["indicators"][0]


def put(find, key):
    """Give an edit that writes a value under a key of what `find` gives."""

    def edit(data, value):
        find(data)[key] = value

    return edit


def drop(find, key):
    def edit(data, value):
        del find(data)[key]

    return edit


def add(find, entry):
    def edit(data, value):
        find(data).append({**entry, "id": f"new_{entry['id']}"})

    return edit


def other(strategy, usual):
    return strategy.filter(lambda value: value != usual)


def top(data):
    return data


FIGURES = ("figures", "core_treated")
# Which difference an edit makes, the edit, and what it may write.
EDITS = [
    (("version",), "changed", put(top, "version"), other(WORDS, "2019.1")),
    (("name",), "changed", put(top, "name"), WORDS.map("New {}".format)),
    (("commissioner",), "changed", drop(top, "commissioner"), st.none()),
    (
        ("every",),
        "changed",
        put(lambda data: data["reporting"], "every"),
        st.sampled_from(["quarter", "year"]),
    ),
    (
        ("over",),
        "changed",
        put(lambda data: data["reporting"], "over"),
        other(st.integers(1, 120), 6),
    ),
    (("pairing",), "changed", put(top, "pairing"), st.just("first_and_last")),
    (
        ("may_not_conclude",),
        "changed",
        put(top, "may_not_conclude"),
        st.lists(WORDS, min_size=2, unique=True),
    ),
    (
        ("groups", "treated", "where"),
        "changed",
        put(lambda data: data["groups"][0], "where"),
        st.dictionaries(
            st.sampled_from(["team", "setting"]),
            st.one_of(WORDS, st.lists(WORDS, min_size=2, unique=True)),
            min_size=1,
        ),
    ),
    (
        ("groups", "new_well"),
        "added",
        add(lambda data: data["groups"], {"id": "well", "name": "Well"}),
        st.none(),
    ),
    (
        ("outcomes", "mental_health", "says"),
        "changed",
        put(lambda data: data["outcomes"][0], "says"),
        WORDS.map("New {}".format),
    ),
    ((*FIGURES, "rule"), "changed", put(treated, "rule"), st.just("barkham_2013")),
    ((*FIGURES, "first"), "removed", drop(treated, "first"), st.none()),
    (
        (*FIGURES, "target of good", "at_least"),
        "changed",
        put(lambda data: treated(data)["targets"][0], "at_least"),
        BOUNDS,
    ),
    (
        (*FIGURES, "target of harmed"),
        "added",
        lambda data, value: treated(data)["targets"].append({"figure": "harmed", "at_most": value}),
        BOUNDS,
    ),
    (
        ("figures", "core_well"),
        "removed",
        lambda data, value: data["outcomes"][0]["measures"].pop(),
        st.none(),
    ),
    (
        ("figures", "back", "params"),
        "changed",
        put(back, "params"),
        st.dictionaries(
            st.sampled_from(["days", "same_team", "close_reasons"]),
            st.one_of(st.integers(31), st.booleans(), st.lists(WORDS, min_size=1)),
            min_size=1,
        ),
    ),
    (("figures", "back", "group"), "removed", drop(back, "group"), st.none()),
    (
        ("timing", "start", "after"),
        "added",
        put(lambda data: data["timing"][0], "after"),
        st.fixed_dictionaries({"days": st.integers(1, 999)}),
    ),
    (
        ("timing", "start", "instruments"),
        "changed",
        put(lambda data: data["timing"][0], "instruments"),
        st.lists(st.sampled_from(["phq_9", "gad_7"]), min_size=1, unique=True),
    ),
    (
        ("sources", "contract", "cite"),
        "changed",
        put(lambda data: data["sources"]["contract"], "cite"),
        WORDS.map("New {}".format),
    ),
]


def framework(data, terms):
    return build.framework(Document("", data), terms)


def reordered(data, draw):
    """Give the same framework, written down in another order of keys and entries."""
    if isinstance(data, dict):
        keys = draw(st.permutations(list(data)))
        return {key: reordered(data[key], draw) for key in keys}
    if isinstance(data, list) and all(isinstance(each, dict) for each in data):
        return [reordered(each, draw) for each in draw(st.permutations(data))]
    return data


@settings(max_examples=40)  # each is an edit of many, in another order
@given(st.data())
def test_each_edit_is_told_once_and_nothing_else_in_whatever_order_it_is_written(
    terms, plain, data
):
    edited, expected = deepcopy(plain), {}
    numbers = data.draw(st.sets(st.integers(0, len(EDITS) - 1)))
    for path, kind, edit, values in (EDITS[number] for number in sorted(numbers)):
        edit(edited, data.draw(values))
        expected[path] = kind
    old, new = framework(plain, terms), framework(reordered(edited, data.draw), terms)

    found = definition_diff(old, new)

    assert [(each.path, each.kind) for each in found] == sorted(expected.items())
    assert all(each.old != each.new for each in found if each.kind == "changed")
    assert definition_diff(old, new) == found
    assert definition_diff(new, new) == ()
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert definition_diff(new, old) == tuple(
        Difference(each.path, turned[each.kind], each.new, each.old) for each in found
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"team": "North"}, {"team": ["North"]}, None),
        ({"team": ["A", "B"]}, {"team": ["B", "A"]}, None),
        ({"team": "A or B"}, {"team": ["A", "B"]}, ('{"team": "A or B"}', '{"team": ["A", "B"]}')),
        ({"details.n": "1"}, {"details.n": 1}, ('{"details.n": "1"}', '{"details.n": 1}')),
        ({"age": {"at_least": 18.0}}, {"age": {"at_least": 18}}, None),
    ],
)
def test_conditions_differ_by_what_they_mean_and_not_by_their_words(terms, plain, old, new, words):
    versions = []
    for where in (old, new):
        data = deepcopy(plain)
        data["groups"][0]["where"] = where
        versions.append(framework(data, terms))
    path = ("groups", "treated", "where")
    expected = (Difference(path, "changed", *words),) if words else ()
    assert definition_diff(*versions) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(1_000_001, "1000001"), (49.5, "49.5"), (49.0, "49"), (True, "true"), ("1.0", "1.0")],
)
def test_values_are_told_in_full(terms, plain, value, text):
    data = deepcopy(plain)
    back(data)["params"] = {"days": value}
    (told,) = definition_diff(framework(plain, terms), framework(data, terms))
    assert told.new == f"days {text}"
