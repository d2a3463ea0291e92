import pytest
from attrs import evolve
from romframe_report.bins import bins_of

from romframe.instruments.model import Keyed


def test_bands_are_the_stretches_where_a_score_has_them(service):
    bins = bins_of(service.instrument("core_10").score("total"))

    assert bins.labels[:2] == ("healthy (0 to <6)", "low level (6 to <11)")
    assert bins.labels[-1] == "severe (25 to 40)"


@pytest.mark.parametrize(
    ("low", "high", "ranges"),
    [
        (0, 48, ("0 to 5", "6 to 11", "42 to 48")),
        (0, 12, ("0 to 1", "2 to 3", "10 to 12")),
        (0, 8, ("0", "1", "8")),
    ],
)
def test_a_score_without_bands_is_cut_into_equal_steps(service, low, high, ranges):
    score = evolve(service.instrument("honos").score("total"), low=low, high=high)

    found = bins_of(score).ranges

    assert (found[0], found[1], found[-1]) == ranges
    assert len(found) <= 9


def test_steps_of_a_score_with_decimals_meet_without_a_gap(service):
    score = evolve(service.instrument("core_10").score("total"), bands=())

    assert bins_of(score).ranges[0] == "0 to <5"
    assert bins_of(score).ranges[-1] == "35 to 40"
    assert bins_of(evolve(score, high=8)).ranges[-1] == "7 to 8"


def test_bands_that_depend_on_the_person_are_not_used(service):
    score = evolve(service.instrument("core_10").score("total"), bands=Keyed(("gender",), ()))

    assert bins_of(score).labels[0] == "0 to <5"


def test_every_value_is_counted_once_and_a_start_belongs_to_its_own_stretch(service):
    bins = bins_of(service.instrument("core_10").score("total"))

    assert [bins.place(value) for value in (0, 5.99, 6, 10.9, 11, 40)] == [0, 0, 1, 1, 2, 5]
    assert bins.place(-1) == 0
    assert [bins.end_above(value) for value in (5.9, 6, 40)] == [6, 11, 40]
