from hypothesis import given
from hypothesis import strategies as st
from romframe_report.prem.groups import released, smallest_group

from romframe.disclosure import SHOWN, DisclosurePolicy


SIZES = st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=6)


@given(SIZES, st.integers(2, 10))
def test_no_small_group_is_shown_and_none_is_the_difference_from_the_whole(sizes, smallest):
    shown = released(sizes, smallest)
    left_out = sum(sizes.values()) - sum(sizes[name] for name in shown)

    assert all(sizes[name] == 0 or sizes[name] >= smallest for name in shown)
    assert left_out == 0 or left_out >= smallest or not any(sizes[name] for name in shown)


@given(SIZES, st.integers(2, 10))
def test_nothing_is_held_back_without_need(sizes, smallest):
    if all(size == 0 or size >= smallest for size in sizes.values()):
        assert released(sizes, smallest) == tuple(sizes)


def test_the_smallest_of_the_others_is_left_out_with_a_lone_small_group():
    assert released({"a": 30, "b": 2, "c": 9}, 5) == ("a",)


def test_small_groups_that_are_enough_together_cost_no_other():
    assert released({"a": 30, "b": 2, "c": 3}, 5) == ("a",)
    assert released({"a": 30, "b": 2, "c": 3, "d": 6}, 5) == ("a", "d")


def test_what_is_held_for_another_reason_counts_among_what_is_left_out():
    assert released({"a": 30, "b": 6, "c": 0}, 5, ["b"]) == ("a", "c")
    assert released({"a": 30, "b": 6, "c": 2}, 5, ["c"]) == ("a",)


def test_a_group_has_five_returns_or_as_many_as_the_policy_says():
    assert smallest_group(SHOWN) == 5
    assert smallest_group(DisclosurePolicy("ten", "", threshold=10)) == 10
