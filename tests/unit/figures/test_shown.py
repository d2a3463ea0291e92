"""What of a framework's figures may be shown, how targets are judged, and runs over time."""

from datetime import date

import polars as pl
import pytest
from attrs import evolve

from romframe import (
    NHS_MONTHLY,
    SERVICE,
    FrameworkFigures,
    Target,
    Window,
    framework_figures,
    shown_figures,
    shown_run,
    shown_targets,
)
from romframe.disclosure import SHOWN
from romframe.frameworks.counted import of_indicator, of_measure
from romframe.frameworks.runs import figure_run
from romframe.frameworks.shown import told_by_subtraction
from romframe.summary import summarise


START, END = date(2025, 1, 1), date(2025, 12, 31)


@pytest.fixture(scope="module")
def figures(year, framework):
    return framework_figures(year, framework, START, END)


def indicator(framework, met, *targets, values=(), on="2025-06-01", end=END):
    """Figures of one indicator: whether each row is met, and the targets that it has."""
    well = framework.outcomes[1]
    part = evolve(well.indicators[0], targets=targets)
    asked = evolve(framework, outcomes=(evolve(well, measures=(), indicators=(part,)),))
    days = [on] * len(met) if isinstance(on, str) else on
    rows = pl.DataFrame(
        {"on": days, "met": met, "reason": ["late" if each is None else None for each in met]},
        schema={"on": pl.String, "met": pl.Boolean, "reason": pl.String},
    )
    counted = of_indicator(part.id, rows, summarise(values))
    return FrameworkFigures(asked, Window(START, end), {part.id: counted})


def judged(framework, met, target, policy=SHOWN, **more):
    (found,) = shown_targets(indicator(framework, met, target, **more), policy)
    return found.status, found.reason


@pytest.mark.parametrize(
    ("bounds", "status"),
    [
        ({"at_least": 60}, "met"),
        ({"at_least": 60.1}, "not_met"),
        ({"at_most": 60}, "met"),
        ({"at_most": 59.9}, "not_met"),
        ({"at_least": 50, "at_most": 70}, "met"),
    ],
)
def test_a_target_is_met_at_its_very_end(framework, bounds, status):
    met = [True] * 6 + [False] * 4
    assert judged(framework, met, Target("met", **bounds)) == (status, "")


def test_a_target_that_cannot_be_told_says_why(framework):
    target, median = Target("met", at_least=50), Target("median", at_most=7)

    nobody = ("cannot_be_told", "there is nobody to count")
    hidden = ("cannot_be_told", "small numbers are hidden")
    assert judged(framework, [None, None], target) == nobody
    assert judged(framework, [], median) == nobody
    assert judged(framework, [True, False], target, SERVICE) == hidden
    assert judged(framework, [True] * 3, median, SERVICE, values=[1, 2, 3]) == hidden
    assert judged(framework, [True], Target("recovered", at_least=1))[0] == "cannot_be_told"


def test_a_hidden_figure_is_judged_where_whatever_it_hides_gives_the_same_answer(framework):
    """Of 100 people 1 to 4 are met, which a reader sees as <5."""
    met = [True] * 2 + [False] * 98
    hidden = ("cannot_be_told", "small numbers are hidden")

    assert judged(framework, met, Target("met", at_most=4), SERVICE) == ("met", "")
    assert judged(framework, met, Target("met", at_least=5), SERVICE) == ("not_met", "")
    assert judged(framework, met, Target("met", at_most=3.9), SERVICE) == hidden
    assert judged(framework, met, Target("met", at_least=2), SERVICE) == hidden


def test_a_median_is_compared_in_days(framework):
    days = {"values": [3, 7, 7, 8, 30]}
    assert judged(framework, [True] * 5, Target("median", at_most=7), SERVICE, **days)[0] == "met"
    (found,) = shown_targets(
        indicator(framework, [True] * 5, Target("median", at_least=8), **days), SERVICE
    )
    assert (found.status, found.wanted, found.found.value) == ("not_met", "at least 8 days", 7)


def test_a_target_inside_the_interval_says_that_chance_could_decide(framework):
    close, far = Target("met", at_least=55), Target("met", at_least=5, at_most=99)
    figures = indicator(framework, [True] * 12 + [False] * 8, close, far)

    found = shown_targets(figures, SHOWN)

    assert [each.in_interval for each in found] == [True, False]
    assert [each.wanted for each in found] == ["at least 55%", "at least 5% and at most 99%"]


def test_a_figure_is_the_percentage_of_raw_counts_with_its_interval(framework):
    """Wilson's interval of 12 of 20 is 38.7 to 78.1."""
    (found,) = shown_figures(indicator(framework, [True] * 12 + [False] * 8), NHS_MONTHLY)

    assert (found.count, found.of, found.value) == ("10", "20", 60)
    assert (found.low, found.high) == (39, 78)


def test_what_the_table_hides_is_not_in_a_figure(framework):
    (found,) = shown_figures(indicator(framework, [True] * 27 + [False] * 2), SERVICE)

    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.count == "25\N{EN DASH}29"


def test_figures_stand_in_the_order_of_the_framework(figures):
    found = [(each.outcome, each.part, each.figure) for each in shown_figures(figures, SHOWN)]

    assert found[:3] == [
        ("better", "core_10", "paired"),
        ("better", "core_10", "good"),
        ("better", "core_10", "worse"),
    ]
    assert found[-3:] == [
        ("well", "seen", "met"),
        ("well", "seen", "median"),
        ("well", "involved", "met"),
    ]
    assert ("well", "core_10_well", "maintained") in found


def test_a_run_adds_up_to_the_figure_of_the_period(figures):
    for name, figure in (("core_10", "good"), ("core_10", "paired"), ("involved", "met")):
        months = figure_run(figures, name, figure, "month")
        quarters = figure_run(figures, name, figure, "quarter")
        whole = figures.counted[name].shares[figure]

        assert len(months.points), len(quarters.points) == (12, 4)
        for run in (months, quarters):
            assert sum(each.count for _, each in run.points) == whole.count
            assert sum(each.of for _, each in run.points) == whole.of
        first = [each for _, each in months.points[:3]]
        label, quarter = quarters.points[0]
        assert label == "Jan 2025 to Mar 2025"
        assert quarter.count == sum(each.count for each in first)


def test_what_is_still_open_is_in_no_month_of_a_run(year, framework):
    figures = framework_figures(year, evolve(framework, counted="open"), START, END)

    run = figure_run(figures, "core_10", "paired", "year")

    assert [label for label, _ in run.points] == ["Jan 2025 to Dec 2025"]
    assert run.points[0][1].of < figures.counted["core_10"].shares["paired"].of


def months(number, each=20):
    return [f"2025-{month:02d}-15" for month in range(1, number + 1) for _ in range(each)]


def test_a_run_is_shown_in_the_rhythm_asked_for_where_every_stretch_may_be_shown(framework):
    figures = indicator(framework, [True, False] * 120, on=months(12))

    run = shown_run(figures, "seen", "met", SERVICE)

    assert run.every == "month"
    assert [label for label, _ in run.points][:2] == ["Jan 2025", "Feb 2025"]


def test_a_run_with_a_small_month_is_shown_in_a_slower_rhythm_or_not_at_all(framework):
    thin = indicator(framework, [True, False] * 24, on=months(12, each=4))
    assert shown_run(thin, "seen", "met", SERVICE).every == "quarter"
    assert shown_run(thin, "seen", "met", SHOWN).every == "month"

    thinner = indicator(framework, [True, False] * 6, on=months(12, each=1))
    assert shown_run(thinner, "seen", "met", SERVICE) is None


def test_a_run_may_have_stretches_with_nobody_where_the_policy_shows_0(framework):
    figures = indicator(framework, [True, False] * 20, on=months(2))
    assert shown_run(figures, "seen", "met", SERVICE).every == "month"
    assert shown_run(figures, "seen", "met", NHS_MONTHLY) is None


def test_a_hidden_figure_has_no_run(framework):
    figures = indicator(framework, [True] * 3 + [False] * 37, on=months(2))
    assert shown_run(figures, "seen", "met", SERVICE) is None


def test_a_good_outcome_that_no_class_is_part_of_is_a_share_of_nobody(framework):
    rows = pl.DataFrame(
        {"on": ["2025-01-01"], "paired": [True], "same": [None], "good": [None], "reason": [None]},
        schema_overrides={"same": pl.Boolean, "good": pl.Boolean, "reason": pl.String},
    )
    found = of_measure("x", rows, ("same",), {"good": ()})
    assert found.shares["good"].of == 0
    assert found.main == "good"


@pytest.mark.parametrize(
    ("more", "policy", "held"),
    [
        ([], "service", False),  # the same people
        ([True], "service", True),
        ([True], "shown", False),
        ([True] + [False] * 9, "service", True),  # one of the ten who joined
        ([True] * 9 + [False], "service", True),
        ([True] * 5 + [False] * 5, "service", False),
        ([False] * 5, "service", False),
    ],
)
def test_figures_that_differ_by_a_few_people_are_not_set_side_by_side(
    framework, more, policy, held
):
    asked = evolve(framework, disclosure=policy)
    old = indicator(asked, [True, False] * 10)
    new = indicator(asked, [True, False] * 10 + more)

    assert bool(told_by_subtraction(old, new)) is held
    assert told_by_subtraction(old, new) == told_by_subtraction(new, old)


def test_another_rule_for_the_same_people_is_compared(framework):
    old, new = (indicator(framework, [True] * n + [False] * (20 - n)) for n in (10, 11))

    assert told_by_subtraction(old, new) == frozenset()
