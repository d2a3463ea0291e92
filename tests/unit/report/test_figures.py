import polars as pl
import pytest
from attrs import evolve
from romframe_report.bins import bins_of
from romframe_report.counts import moves_table
from romframe_report.figures import HEADINGS, figures, number

from romframe import NHS_MONTHLY, SERVICE
from romframe.disclosure import SHOWN


@pytest.fixture
def score(service):
    return service.instrument("core_10").score("total")


def _pairs(*pairs, sign=-1):
    return pl.DataFrame(
        [(float(a), float(b), sign * (b - a)) for a, b in pairs],
        schema=["first", "last", "improvement"],
        orient="row",
    )


def _figures(pairs, score):
    return figures(pairs, score, None, moves_table("key", bins_of(score), pairs))


def test_figures_come_in_whole_rows(score):
    found = _figures(_pairs((20, 10), (22, 16), (30, 30)), score)

    assert HEADINGS == ("", "n", "Mean", "SD", "Median", "Middle half")
    assert found.rows(SHOWN) == (
        ("First", "3", "24.0", "5.3", "22.0", "21.0 to 26.0"),
        ("Last", "3", "18.7", "10.3", "16.0", "13.0 to 23.0"),
        ("Improvement", "3", "5.3", "5.0", "6.0", "3.0 to 8.0"),
    )
    assert found.medians(SHOWN) == ("22.0", "16.0")


def test_a_score_with_no_better_end_shows_change_instead_of_improvement(score):
    found = _figures(_pairs((20, 10), (22, 16)), evolve(score, better="neither"))

    assert found.rows(SHOWN)[2][0] == "Change"


def test_one_pair_has_a_dash_for_its_spread(score):
    assert _figures(_pairs((20, 10)), score).rows(SHOWN)[0][3] == "\u2013"


def test_a_small_group_shows_no_figures_at_all(score):
    found = _figures(_pairs((20, 10), (22, 16)), score)

    assert found.rows(SERVICE) == ()
    assert found.medians(SERVICE) is None


def test_n_is_rounded_where_the_policy_rounds(score):
    found = _figures(_pairs(*[(20, 10)] * 8), score)

    assert {row[1] for row in found.rows(NHS_MONTHLY)} == {"10"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "\u2013"), (0.04, "0.0"), (-0.04, "0.0"), (-1.25, "\u22121.2"), (7, "7.0")],
)
def test_numbers_have_one_decimal_and_a_real_minus(value, text):
    assert number(value) == text
