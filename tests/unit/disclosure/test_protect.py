"""Which counts of a table are hidden, why, and what stands in their place."""

import pytest
from attrs import evolve
from unit.disclosure.made import grid, line, reasons, texts

from romframe.disclosure import (
    DISCLOSURE_POLICIES,
    NHS_MONTHLY,
    SERVICE,
    SHOWN,
    CountTable,
    Sum,
    protect,
)
from romframe.disclosure.rings import cheapest_ring, web


LARGE = [[12, 7, 30], [9, 40, 22], [11, 8, 15]]
IDS = {"ids": lambda policy: policy.id}


@pytest.mark.parametrize("policy", DISCLOSURE_POLICIES.values(), **IDS)
def test_nothing_is_hidden_where_no_count_is_small(policy):
    table = grid(LARGE)

    assert texts(protect(table, policy)) == [policy.count(n) for n in table.counts.values()]


def test_shown_hides_nothing():
    table = line(3, 0, 1, shares=True)

    assert texts(protect(table, SHOWN, [protect(line(2, 0, 1), SHOWN)])) == ["3", "0", "1", "4"]


def test_one_small_count_hides_three_more_and_the_smallest_that_will_do():
    table = grid([[3, 7, 30], [9, 40, 22], [11, 8, 15]])

    shown = protect(table, SERVICE)

    assert reasons(shown) == {
        "r0c0": "primary",
        "r0c1": "secondary",
        "r2c0": "secondary",
        "r2c1": "secondary",
    }
    assert texts(shown)[:3] == ["<5", "6\N{EN DASH}9", "30"]
    assert shown.text("r2c1") == "6\N{EN DASH}9"


def test_two_small_counts_may_hide_each_other():
    assert reasons(protect(line(3, 2, 9), SERVICE)) == {"p0": "primary", "p1": "primary"}


def test_two_small_counts_at_the_end_of_the_range_do_not_hide_each_other():
    shown = protect(line(4, 4), SERVICE)

    assert texts(shown) == ["<5", "<5", "5\N{EN DASH}8"]


def test_rounding_protects_where_no_percentage_undoes_it():
    rounded, told = (line(3, 12, 8, percentages=each) for each in (False, True))

    assert texts(protect(rounded, NHS_MONTHLY)) == ["*", "10", "10", "25"]
    assert texts(protect(told, NHS_MONTHLY)) == ["*", "10", "*", "25"]


def test_a_total_is_hidden_rather_than_a_zero_that_would_hide_nothing():
    shown = protect(line(0, 0, 2, 6), SERVICE)

    assert texts(shown) == ["0", "0", "<5", "5\N{EN DASH}7", "8"]
    assert texts(protect(line(0, 1, 5), SERVICE)) == ["0", "<5", "5", "6\N{EN DASH}9"]


def test_counts_that_are_known_elsewhere_are_not_hidden_for_others():
    shown = protect(line(0, 1, 5, known=frozenset({"all"})), SERVICE)

    assert shown.exposed == ()
    assert texts(shown) == ["0\N{EN DASH}6"] * 3 + ["6"]
    assert reasons(shown) == {"p0": "secondary", "p1": "primary", "p2": "secondary"}


def test_a_count_that_known_counts_give_away_is_named():
    shown = protect(line(3, 9, known=frozenset({"p1", "all"})), SERVICE)

    assert shown.exposed == ("p0",)
    assert texts(shown) == ["\N{EN DASH}", "9", "12"]


def test_a_policy_that_hides_a_single_value_says_nothing_of_it():
    one = evolve(SERVICE, id="one", threshold=2, placeholder="<2")

    shown = protect(line(1, 8, 9), one)

    assert shown.exposed == ()
    assert set(texts(shown)) == {"\N{EN DASH}"}


@pytest.mark.parametrize("parts", [(30, 0, 0), (27, 3, 0), (26, 2, 2)])
def test_all_of_a_total_look_like_nearly_all(parts):
    shown = protect(line(*parts, shares=True), SERVICE)

    assert texts(shown) == ["26\N{EN DASH}30", "0\N{EN DASH}4", "0\N{EN DASH}4", "30"]
    assert reasons(shown) == dict.fromkeys(("p0", "p1", "p2"), "complement")


def test_all_of_a_total_are_hidden_in_published_tables_too():
    shown = protect(line(30, 0, shares=True, percentages=True), NHS_MONTHLY)

    assert texts(shown) == ["*", "*", "30"]


def test_a_class_of_everybody_is_hidden_by_its_parts_as_well():
    table = CountTable(
        "classes",
        {"recovered": 15, "improved": 16, "worse": 0, "better": 31, "all": 31},
        (Sum("all", ("recovered", "improved", "worse")), Sum("better", ("recovered", "improved"))),
        shares={"all": ("recovered", "improved", "worse", "better")},
    )

    shown = protect(table, SERVICE)

    assert shown.text("better") == "27\N{EN DASH}31"
    assert shown.text("worse") == "0\N{EN DASH}4"
    assert reasons(shown)["recovered"] == "secondary"


@pytest.mark.parametrize("parts", [(5, 0), (3, 2), (1, 4)])
def test_of_the_smallest_total_shown_every_split_looks_the_same(parts):
    shown = protect(line(*parts, shares=True), SERVICE)

    assert texts(shown) == ["0\N{EN DASH}5", "0\N{EN DASH}5", "5"]


def test_a_hidden_total_hides_its_shares_and_needs_no_more():
    shown = protect(line(3, 0, shares=True), SERVICE)

    assert texts(shown) == ["<5", "0", "<5"]
    assert shown.hides_share("p1", of="all")
    assert not protect(line(20, 20, shares=True), SERVICE).hides_share("p0", of="all")


def test_shares_that_are_not_told_may_be_of_all():
    assert texts(protect(line(30, 0), SERVICE)) == ["30", "0", "30"]


def _before(**counts):
    return protect(CountTable("months", counts), SERVICE)


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (12, "12"),
        (13, "13\N{EN DASH}16"),
        (16, "13\N{EN DASH}16"),
        (17, "17"),
        (10, "8\N{EN DASH}11"),
    ],
)
def test_a_count_that_a_few_people_joined_or_left_is_hidden_in_the_next_release(now, text):
    """Many joined the other one, so that who joined this one is not all that is told."""
    shown = protect(CountTable("months", {"n": now, "m": 90}), SERVICE, [_before(n=12, m=60)])

    assert shown.text("n") == text
    assert shown.cells["n"].reason == ("" if now in (12, 17) else "differencing")
    assert (shown.text("m"), shown.held) == ("90", False)


def test_a_count_that_can_only_have_shrunk_to_one_value_is_hidden_among_those_above():
    shown = protect(CountTable("months", {"n": 5, "m": 90}), SERVICE, [_before(n=6, m=60)])

    assert shown.text("n") == "5\N{EN DASH}10"


@pytest.mark.parametrize("joined", [(1, 0), (0, -2), (1, -1), (4, 4)])
def test_where_only_a_few_have_joined_or_left_all_is_withheld(joined):
    """Whoever it was, the table looks the same: it does not say which count they are in."""
    known = frozenset({"all"})
    before = protect(line(20, 30, 40, known=known), SERVICE)
    more, less = joined

    shown = protect(line(20 + more, 30 + less, 40, known=known), SERVICE, [before])

    if abs(more + less) < SERVICE.threshold:
        assert shown.held
        assert set(texts(shown)) == {"\u2013"}
        assert all((cell.low, cell.high) == (0, None) for cell in shown.cells.values())
    else:
        assert not shown.held


def test_what_has_not_changed_is_shown_again():
    before = protect(line(20, 3, 40), SERVICE)

    assert protect(line(20, 3, 40), SERVICE, [before]).cells == before.cells


def test_only_exact_figures_of_the_same_table_are_compared():
    rounded = protect(line(20, 30), NHS_MONTHLY)
    other = evolve(protect(line(20, 30), SERVICE), id="another")
    hidden = protect(CountTable("line", {"p0": 4}), SERVICE)
    fewer = evolve(protect(line(20), SERVICE), cells={})

    assert reasons(protect(line(21, 30), NHS_MONTHLY, [rounded])) == {}
    assert reasons(protect(line(21, 30), SERVICE, [other, fewer])) == {}
    assert reasons(protect(line(5, 30), SERVICE, [hidden])) == {}


def test_what_a_difference_hides_cannot_be_worked_out_from_the_total():
    before = protect(line(20, 30), SERVICE)

    shown = protect(line(21, 60), SERVICE, [before])

    assert reasons(shown)["p0"] == "differencing"
    assert len(reasons(shown)) > 1


def test_a_known_count_is_shown_as_the_table_before_shows_it():
    parts = {"a": 3, "b": 12, "c": 20, "all": 35}
    first = CountTable("first", parts, (Sum("all", ("a", "b", "c")),), known=frozenset({"all"}))
    rows = {"b1": 7, "b2": 5, "b": 12}
    second = CountTable(
        "second", rows, (Sum("b", ("b1", "b2")),), known=frozenset({"b"}), after=first
    )

    before, shown = protect(first, SERVICE), protect(second, SERVICE)

    assert before.text("b") == shown.text("b") == "11\N{EN DASH}14"
    assert len(reasons(shown)) > 1
    assert shown.exposed == ()
    assert reasons(protect(evolve(second, after=None), SERVICE)) == {}


def test_a_count_that_is_not_shown_is_protected_where_it_is_small():
    quiet = frozenset({"p0"})

    few, many = (protect(line(n, 9, unshown=quiet), SERVICE) for n in (2, 9))

    assert few.hides("p0")
    assert few.hides("all") or few.hides("p1")
    assert texts(many) == ["\u2013", "9", "18"]


def test_the_order_of_counts_and_sums_decides_nothing():
    table = grid([[3, 7, 30], [9, 40, 22], [11, 8, 15]])
    turned = evolve(
        table, counts=dict(reversed(table.counts.items())), sums=tuple(reversed(table.sums))
    )

    assert reasons(protect(turned, SERVICE)) == reasons(protect(table, SERVICE))


def test_most_of_a_large_table_with_few_small_counts_is_shown():
    rows = [[10 + (7 * r + 5 * c) % 23 for c in range(6)] for r in range(20)]
    rows[3][2] = rows[11][4] = 2

    assert len(reasons(protect(grid(rows), SERVICE))) <= 8


def test_sums_that_each_count_stands_in_many_times_end_in_withholding_not_in_a_wrong_promise():
    names = tuple(f"p{number}" for number in range(9))
    counts = dict.fromkeys(names, 6) | {"p0": 1}
    sums = tuple(
        Sum(f"s{left}{right}", (left, right)) for left in names for right in names if left < right
    )
    totals = {each.total: sum(counts[part] for part in each.parts) for each in sums}
    table = CountTable("pairs", counts | totals, sums, known=frozenset(totals))

    shown = protect(table, SERVICE)

    assert shown.exposed == names


def test_a_ring_takes_the_cheapest_way():
    sums = (Sum("all", ("a", "b", "c")),)

    ring = cheapest_ring(
        web(["a", "b", "c", "all"], sums), "a", lambda name, _: {"b": 2}.get(name, 3)
    )

    assert ring.price == 5
    assert set(ring.steps) == {"a", "b"}
    assert sum(ring.steps.values()) == 0


def test_a_count_that_cannot_change_is_on_no_ring():
    assert cheapest_ring(web(["a"], ()), "a", lambda *_: None) is None


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"sums": (Sum("a", ("b",)),)}, "do not add up"),
        ({"sums": (Sum("a", ("c",)),)}, "no count called 'c'"),
        ({"shares": {"a": ("d",)}}, "no count called 'd'"),
        ({"known": frozenset({"e"})}, "no count called 'e'"),
        ({"unshown": frozenset({"e"})}, "no count called 'e'"),
        ({"known": {"a"}, "after": CountTable("other", {"a": 2})}, "has another 'a'"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(more, message):
    with pytest.raises(ValueError, match=message):
        CountTable("wrong", {"a": 1, "b": 2}, **more)
