from datetime import date

import pytest

from romframe import UsageError, Window, check_window, referrals_in, undated_referrals


WINDOW = Window(date(2025, 4, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("2025-01-01", None, True),
        ("2025-01-01", "2025-04-01", True),
        ("2025-06-30", None, True),
        ("2025-06-30T09:00:00", "2025-07-02", True),
        ("2025-01-01", "2025-03-31", False),
        ("2025-07-01", None, False),
    ],
)
def test_a_referral_counts_when_it_was_open_on_a_day_of_the_window(service, start, end, inside):
    service.refer("R1", start=start, end=end)

    assert (referrals_in(service, WINDOW).height == 1) is inside


def test_a_window_may_be_of_one_team(service):
    service.refer("R1", team="Team A")
    service.refer("R2", team="Team B")

    found = referrals_in(service, Window(WINDOW.start, WINDOW.end, "Team B"))

    assert found["referral_id"].to_list() == ["R2"]


@pytest.mark.parametrize(("on", "inside"), [("2025-06-30T16:00:00", True), ("2025-07-01", False)])
def test_a_referral_without_a_start_counts_from_its_first_assessment(service, on, inside):
    service.refer("R1", start=None)
    service.tried("R1", on=on)

    assert (referrals_in(service, WINDOW).height == 1) is inside
    assert undated_referrals(service, WINDOW) == 0


def test_a_referral_with_nothing_dated_is_in_no_window_and_is_counted(service):
    service.refer("R1", start=None)

    assert referrals_in(service, WINDOW).is_empty()
    assert undated_referrals(service, WINDOW) == 1
    assert "1 referrals have neither a start date nor an assessment" in service.report()


def test_a_backward_window_and_an_unknown_team_are_said_at_once(service):
    service.refer("R1", team="Team A")

    with pytest.raises(UsageError) as caught:
        check_window(service, Window(date(2025, 7, 1), date(2025, 6, 30), "Taem A"))

    assert [problem.code for problem in caught.value.problems] == [
        "period-backwards",
        "unknown-team",
    ]
    assert "Did you mean 'Team A'?" in str(caught.value)


def test_a_period_of_centuries_is_a_mistyped_year(service):
    with pytest.raises(UsageError, match="period-long"):
        check_window(service, Window(date(1, 1, 1), date(2025, 6, 30)))
