"""A share of a table is hidden where its table hides it; any other share by itself."""

import pytest
from unit.disclosure.made import line

from romframe.disclosure import NHS_MONTHLY, SERVICE, SHOWN, ShownShare, share_of, shown_share
from romframe.summary import share


@pytest.mark.parametrize(
    ("parts", "name", "shown"),
    [
        ((20, 12), "p0", ShownShare("20", 20, "32", hidden=False, count_hidden=False)),
        ((3, 20, 9), "p0", ShownShare("<5", 1, "32", hidden=True, count_hidden=True)),
        ((3, 20, 9), "p2", ShownShare("8\N{EN DASH}11", 8, "32", hidden=True, count_hidden=True)),
        ((20, 0), "p0", ShownShare("16\N{EN DASH}20", 16, "20", hidden=True, count_hidden=True)),
        ((2, 0), "p1", ShownShare("0", 0, "<5", hidden=True, count_hidden=False)),
    ],
)
def test_a_share_of_a_table_is_shown_as_the_table_allows(parts, name, shown):
    table = line(*parts, shares=True)

    assert shown_share(share_of(table, name, "all"), SERVICE) == shown


def test_a_share_of_a_table_has_its_value_and_interval():
    found = share_of(line(20, 12), "p0", "all")

    assert (found.count, found.of, found.value) == (20, 32, 0.625)
    assert found.interval == share(20, 32).interval


@pytest.mark.parametrize(
    ("policy", "shown"),
    [
        (SHOWN, ShownShare("3", 3, "23", hidden=False, count_hidden=False)),
        (SERVICE, ShownShare("<5", 1, "23", hidden=True, count_hidden=True)),
        (NHS_MONTHLY, ShownShare("*", 0, "25", hidden=True, count_hidden=True)),
    ],
)
def test_a_share_without_a_table_stands_for_itself(policy, shown):
    assert shown_share(share(3, 23), policy) == shown
    assert not shown_share(share(20, 23), policy).hidden
