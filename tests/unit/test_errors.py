"""Errors are part of the interface: where, what, how to mend it, and an exit code of their own."""

import pytest

from romframe import errors
from romframe.errors import Place, Problem, UserError, did_you_mean


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place("a.yaml"), "a.yaml"),
        (Place("a.yaml", 3), "a.yaml:3"),
        (Place("a.yaml", 3, 7), "a.yaml:3:7"),
        (Place("a.csv", row=4, field="q1"), "a.csv, row 4, q1"),
        (Place(field="--set"), "--set"),
    ],
)
def test_a_place_reads_like_an_address(place, text):
    assert str(place) == text


def test_a_problem_says_where_what_mend_and_code():
    problem = Problem("code", "It is wrong.", "Mend it.", Place("a.yaml", 2))
    assert str(problem) == "a.yaml:2: It is wrong. Mend it. [code]"
    assert str(Problem("code", "It is wrong.", "Mend it.")) == "It is wrong. Mend it. [code]"


def test_problems_are_told_in_the_order_of_their_places():
    later, earlier = Problem("b", "", "", Place("f", 9)), Problem("a", "", "", Place("f", 2))
    assert UserError([later, earlier]).problems == (earlier, later)


def test_every_kind_of_error_has_an_exit_code_of_its_own():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, UserError) and kind is not UserError
    ]
    codes = [kind.exit_code for kind in kinds]
    assert sorted(codes) == [2, 10, 11, 12, 13, 14, 15]


def test_the_nearest_name_is_offered_or_all_are():
    assert did_you_mean("totl", ["total", "risk"]) == "Did you mean 'total'?"
    assert did_you_mean("CORE-10", ["core_10", "risk"]) == "Did you mean 'core_10'?"
    assert did_you_mean("x", ["total", "risk"]) == "Known: risk, total."
    assert did_you_mean("x", []) == "None is known."
