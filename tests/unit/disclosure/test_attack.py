"""The attacker finds no hidden count, by brute force or with a solver (see oracles.attacker)."""

import re

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.attacker import possible, reach, reads_as, rounded_as
from unit.disclosure.made import grid, line

from romframe.disclosure import NHS_MONTHLY, SERVICE, CountTable, Sum, protect


STRICTER = evolve(SERVICE, id="stricter", threshold=3, placeholder="<3", ranges=False)
NO_ZERO = evolve(STRICTER, id="no_zero", zero="hidden", placeholder="low")
POLICIES = (SERVICE, NHS_MONTHLY, STRICTER, NO_ZERO)
COUNT = st.one_of(st.integers(0, 6), st.integers(0, 30))
PERCENTAGES = st.booleans()


@st.composite
def grids(draw, rows, columns):
    height, width = draw(st.integers(2, rows)), draw(st.integers(2, columns))
    row = st.lists(COUNT, min_size=width, max_size=width)
    counts = draw(st.lists(row, min_size=height, max_size=height))
    return grid(counts, percentages=draw(PERCENTAGES))


@st.composite
def lines(draw):
    parts = draw(st.lists(COUNT, min_size=1, max_size=5))
    return line(*parts, shares=draw(PERCENTAGES), percentages=draw(PERCENTAGES))


@st.composite
def classes(draw):
    """Classes with two overlapping sums, as a table of outcomes has them."""
    a, b, c, d, other = draw(st.tuples(*[COUNT] * 5))
    counts = {"a": a, "b": b, "c": c, "d": d, "ab": a + b, "cd": c + d, "judged": a + b + c + d}
    sums = [("judged", "abcd"), ("ab", "ab"), ("cd", "cd"), ("pairs", ("judged", "other"))]
    return CountTable(
        "classes",
        counts | {"other": other, "pairs": counts["judged"] + other},
        tuple(Sum(total, tuple(parts)) for total, parts in sums),
        shares={"judged": ("a", "b", "c", "d", "ab", "cd")},
        percentages=True,
    )


def _attack(table, policy, released=()):
    shown = protect(table, policy, released)
    assert shown.exposed == ()
    for name, cell in shown.cells.items():
        assert cell.allows(table.counts[name])
        if shown.hides(name):
            low, high = reach(table, shown, name)
            assert low < high, (name, shown)
            told = re.fullmatch("(\\d+)\N{EN DASH}(\\d+)", cell.text)
            assert not told or (int(told[1]) <= low and high <= int(told[2]))
        else:
            assert cell.text == policy.count(table.counts[name])
    return shown


@settings(max_examples=25, deadline=None)
@given(table=grids(3, 4), policy=st.sampled_from(POLICIES))
def test_no_hidden_count_of_rows_and_columns_can_be_worked_out(table, policy):
    _attack(table, policy)


@settings(max_examples=25, deadline=None)
@given(table=lines(), policy=st.sampled_from(POLICIES))
def test_no_hidden_share_of_a_total_can_be_worked_out(table, policy):
    _attack(table, policy)


@settings(max_examples=25, deadline=None)
@given(table=classes(), policy=st.sampled_from(POLICIES))
def test_no_hidden_count_of_overlapping_sums_can_be_worked_out(table, policy):
    _attack(table, policy)


@settings(max_examples=30, deadline=None)
@given(
    counts=st.lists(st.integers(0, 8), min_size=4, max_size=6),
    policy=st.sampled_from([(SERVICE, reads_as), (NHS_MONTHLY, rounded_as), (STRICTER, reads_as)]),
    percentages=PERCENTAGES,
)
def test_trying_every_table_that_reads_the_same_leaves_each_hidden_count_open(
    counts, policy, percentages
):
    half = len(counts) // 2
    table = grid([counts[:half], counts[half : 2 * half]], percentages=percentages)
    policy, read = policy

    shown = protect(table, policy)
    values = possible(table, shown, read, most=table.counts["all"] + 2)

    assert all(len(values[name]) > 1 for name in table.counts if shown.hides(name))


@settings(max_examples=25, deadline=None)
@given(table=grids(3, 3), joined=st.data())
def test_no_small_difference_between_releases_can_be_worked_out(table, joined):
    more = {
        each: joined.draw(st.sampled_from([0, 0, 1, 3, 6, -1]), each)
        for each in table.counts
        if "r" in each and "c" in each
    }
    rows = {each.total: each.parts for each in table.sums if each.total.startswith("r")}
    later = grid(
        [[max(0, table.counts[n] + more[n]) for n in parts] for parts in rows.values()],
        percentages=table.percentages,
    )
    first = protect(table, SERVICE)

    second = _attack(later, SERVICE, [first])

    for name, before in first.cells.items():
        change = later.counts[name] - table.counts[name]
        if 0 < abs(change) < SERVICE.threshold and before.exact:
            assert second.hides(name)


def test_the_attacker_works_out_what_is_not_protected():
    """Otherwise these tests would promise nothing."""
    table = grid([[3, 7], [8, 9]])
    shown = protect(table, SERVICE)
    open_cells = {
        name: evolve(cell, text=str(count), low=count, high=count, reason="")
        if cell.reason == "secondary"
        else cell
        for (name, cell), count in zip(shown.cells.items(), table.counts.values(), strict=True)
    }
    careless = evolve(shown, cells=open_cells)

    assert [name for name in shown.cells if shown.hides(name)] == ["r0c0", "r0c1", "r1c0", "r1c1"]
    assert possible(table, careless, reads_as, most=20)["r0c0"] == {3}
    assert reach(table, careless, "r0c0") == (3, 3)
