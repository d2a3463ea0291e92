import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from romframe import CONTROL_SIGNALS, ENOUGH_POINTS, control_run


WORKED = [50, 52, 48, 55, 51, 49, 53, 47, 54, 50, 52, 51]
CALM = [50, 52] * 8
FIGURES = st.lists(st.integers(0, 100), min_size=2, max_size=30)


def signals(values):
    return [set(each) for each in control_run(values).signals]


def test_the_worked_example_of_the_method_comes_out():
    """From the scoring dossier, E3, which is after NHSRplotthedots."""
    run = control_run(WORKED)

    assert run.limits.mean == 51
    assert run.limits.moving_range == pytest.approx(3.9091, abs=5e-5)
    assert (run.limits.low, run.limits.high) == pytest.approx((40.6018, 61.3982), abs=5e-5)
    near = (run.limits.near_low, run.limits.near_high)
    assert near == pytest.approx((44.0679, 57.9321), abs=5e-5)
    assert run.limits.range_limit == pytest.approx(12.771, abs=5e-4)
    assert not any(run.signals)


@pytest.mark.parametrize(("points", "trial"), [(11, True), (12, False)])
def test_limits_of_fewer_than_twelve_points_are_on_trial(points, trial):
    assert ENOUGH_POINTS == 12
    assert control_run(WORKED[:points]).limits.trial is trial


@pytest.mark.parametrize("values", [[], [50]])
def test_one_point_makes_no_run(values):
    assert control_run(values) is None


def test_two_points_have_limits():
    assert control_run([40, 60]).limits.high == pytest.approx(50 + 2.66 * 20)


def test_a_point_beyond_a_limit_is_a_signal_and_one_on_it_is_none():
    assert signals([*CALM, 90])[-1] == {"beyond"}
    assert signals([*CALM, 10])[-1] == {"beyond"}
    assert signals([50.0] * 8) == [set()] * 8


def test_seven_on_one_side_of_the_mean_are_a_signal_and_six_are_none():
    six = [90, 10, *[56, 54] * 3, 10, 90, 10, 90, 20, 40]
    seven = [90, 10, *[56, 54] * 3, 56, 10, 90, 10, 90, 20, 40]

    assert not any("shift" in each for each in signals(six))
    flagged = [place for place, each in enumerate(signals(seven)) if "shift" in each]
    assert flagged == [*range(2, 9)]


def test_a_point_on_the_mean_is_on_no_side():
    values = [48, 49, 48, 50, 49, 48, 49, 52, 51, 52, 51, 53]

    assert statistics.fmean(values) == 50
    assert not any("shift" in each for each in signals(values))


@pytest.mark.parametrize("step", [3, -3])
def test_seven_that_only_rise_or_fall_are_a_signal_and_six_are_none(step):
    start = [50, 70, 30, 50 + 4 * step]
    rise = [50 + step * n for n in range(-3, 4)]

    found = signals([*start, *rise, 50 - step])
    six = signals([*start, *rise[:6], rise[5], 50 - step])

    assert [place for place, each in enumerate(found) if "trend" in each] == [*range(4, 11)]
    assert not any("trend" in each for each in six)


def test_two_of_three_near_the_same_limit_are_a_signal_when_all_three_are_on_its_side():
    calm = [49, 51] * 12

    assert signals([*calm, 54.4, 50.5, 54.4])[-3:] == [{"near"}, set(), {"near"}]
    assert signals([*calm, 54.4, 49, 54.4])[-3:] == [set(), set(), set()]
    assert signals([*calm, 54.4, 50.5, 51])[-3:] == [set(), set(), set()]


def test_every_signal_has_words():
    assert set(CONTROL_SIGNALS) == {"beyond", "shift", "trend", "near"}


@given(FIGURES)
def test_a_run_turned_upside_down_has_the_same_signals(values):
    assert signals([100 - value for value in values]) == signals(values)


@given(FIGURES)
def test_a_run_told_backwards_has_the_same_limits_and_the_signals_backwards(values):
    backwards = control_run(values[::-1])

    assert backwards.limits.moving_range == pytest.approx(control_run(values).limits.moving_range)
    assert [set(each) for each in backwards.signals] == signals(values)[::-1]
