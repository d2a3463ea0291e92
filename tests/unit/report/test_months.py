from datetime import date

import pytest
from romframe_report import theme
from romframe_report.charts.described import drawn
from romframe_report.control import shown_run, within
from romframe_report.sections import months

from romframe import NHS_MONTHLY, SERVICE, ChartWords, RunChart, Window, protect, share
from romframe.disclosure import SHOWN


WINDOW = Window(date(2025, 11, 15), date(2026, 2, 10))
CALM = [(f"M{n}", share(10 + n % 2, 25)) for n in range(12)]
WORDS = ChartWords("run", "Title", "Description")


def plain(points):
    return [(label, found.count, found.of) for label, found in points]


def run_of(points, policy, wider=()):
    return shown_run(RunChart(WORDS, tuple(points), tuple(wider)), policy)


def svg(points, policy=SERVICE):
    return drawn(RunChart(WORDS, tuple(points)), policy).svg


def test_referrals_count_in_the_month_in_which_they_were_closed(service):
    service.several(2, 20, 8, end="2025-11-20")
    service.never_assessed(1, end="2025-11-30T10:00")
    service.several(1, 20, 8, end="2026-02-10")
    service.several(1, 20, 8, end="2026-02-11")
    service.several(1, 20, 8, end="2025-11-14")
    service.several(1, 20, 8)

    points = months.build(service, WINDOW)["paired"].chart.points

    assert plain(points) == [
        ("Nov 2025", 2, 3),
        ("Dec 2025", 0, 0),
        ("Jan 2026", 0, 0),
        ("Feb 2026", 1, 1),
    ]


def test_in_a_report_of_one_month_the_month_and_the_stretch_have_a_table_each(service):
    service.several(2, 20, 8, end="2025-11-20")
    one_month = Window(date(2025, 11, 1), date(2025, 11, 30))

    chart = months.build(service, one_month)["paired"].chart

    found = [share.table.id for points in (chart.points, chart.wider) for _, share in points]
    assert found == ["months-paired-by-month", "months-paired-by-three"]


def test_the_better_are_counted_among_treated_pairs_that_could_be_judged(service):
    service.several(3, 20, 8, end="2025-12-01")
    service.several(2, 15, 14, end="2025-12-02")
    service.several(4, 20, 8, end="2025-12-03", pathway="prevention")
    service.never_assessed(2, end="2025-12-03")
    service.several(2, 0, 5, end="2025-12-04")
    service.change_rule("core_10", method="percentage", params={"improved": 50})

    (block,) = months.build(service, WINDOW)["better"]

    assert block.title == "CORE-10: Clinical score"
    assert plain(block.chart.points)[1] == ("Dec 2025", 3, 5)
    assert plain(block.chart.wider) == [("Nov 2025 to Jan 2026", 3, 5), ("Feb 2026", 0, 0)]


def test_without_a_closed_referral_there_is_no_such_section(service):
    service.several(6, 20, 8)

    assert months.build(service, WINDOW) is None


def test_a_month_with_too_few_referrals_has_no_mark_and_no_part_in_the_limits():
    run = run_of([*CALM, ("Few", share(0, 4)), ("None", share(0, 0))], SERVICE)

    assert run.places == tuple(range(12))
    assert run.limits == run_of(CALM, SERVICE).limits
    assert run.limits.mean == pytest.approx(42)


def test_the_run_begins_after_the_last_month_whose_share_is_hidden():
    run = run_of([("A", share(19, 20)), ("B", share(3, 20)), *CALM], SERVICE)

    assert run.places == tuple(range(2, 14))
    assert run.limits == run_of(CALM, SERVICE).limits


def test_a_run_goes_by_threes_where_too_many_months_would_be_hidden():
    points = [(f"M{n}", share(3, 6)) for n in range(8)]
    wider = [("M0 to M2", share(9, 18)), ("M3 to M5", share(9, 18)), ("M6 to M7", share(6, 12))]

    run = run_of(points, SERVICE, wider)

    assert run.points == tuple(wider)
    assert run.sentences[0].startswith("The mean of the 3 stretches of three months shown is 50%")


def test_which_months_are_shown_does_not_depend_on_how_well_they_went():
    """Were months with 1 to 4 left out, the rest would say that nobody ever got better."""
    three = [("A", share(0, 6)), ("B", share(3, 6)), ("C", share(3, 6))]

    run = run_of(three * 3, SERVICE, [("A to C", share(6, 18))] * 3)

    assert (run.points[0], run.limits.mean) == (("A to C", share(6, 18)), pytest.approx(100 / 3))
    assert run_of([("A", share(0, 6)), ("B", share(1, 6))] * 3, SERVICE) is None


def test_a_month_hidden_by_its_table_has_the_run_begin_after_it(service):
    """Twelve months: the first has few pairs, so its count and another must be hidden."""
    for month in range(1, 13):
        end = f"2025-{month:02}-10"
        service.several(3 if month == 1 else 9 + month % 3, 20, 8, end=end)
        service.never_assessed(7, end=end)
    whole = Window(date(2025, 1, 1), date(2025, 12, 31))

    chart = months.build(service, whole)["paired"].chart
    run = shown_run(chart, SERVICE)
    safe = protect(chart.points[0][1].table, SERVICE)

    hidden = [place for place, (_, each) in enumerate(chart.points) if safe.hides(each.name)]
    assert (hidden[0], safe.exposed) == (0, ())
    assert run.places == tuple(range(max(hidden) + 1, 12))


@pytest.mark.parametrize("points", [[], CALM[:1], [("A", share(1, 3))] * 2])
def test_a_run_that_may_not_be_shown_is_none(points):
    assert run_of(points, SERVICE) is None


def test_a_run_is_told_in_words():
    calm = run_of(CALM, SHOWN)
    assert calm.sentences == (
        "The mean of the 12 months shown is 42%; from 31% to 53% is usual.",
        "There is no signal: nothing here is more than the usual ups and downs.",
    )
    odd = run_of([*CALM[:6], ("Odd", share(20, 20))], SHOWN)
    assert odd.sentences[1:] == (
        "These are trial limits: there are fewer than 12 points.",
        "Signals that something has changed: Odd.",
    )
    assert odd.signals == {6: "beyond a limit"}


def test_limits_are_shown_between_0_and_100():
    assert [within(each) for each in (-3.0, 40.0, 103.0)] == [0, 40, 100]


@pytest.mark.parametrize("policy", [SHOWN, SERVICE, NHS_MONTHLY])
def test_signals_differ_in_shape_and_are_named_beside_the_chart(policy):
    calm = svg(CALM * 2, policy)
    high = svg([*CALM[:6], ("High", share(20, 20))], policy)
    low = svg([*CALM[:6], ("Low", share(0, 20))], SHOWN)

    assert "Signal" not in calm
    assert "Signal above the mean" in high
    assert "Signal below the mean" in low
    assert theme.STRONG in low
    assert theme.STRONG not in high


def test_trial_limits_are_called_so():
    assert ">Trial limits<" in svg(CALM[:11])
    assert ">Limits<" in svg(CALM)


def test_a_run_that_is_held_back_is_not_drawn(service):
    empty = svg([("A", share(1, 6))] * 2)
    assert ">Limits<" not in empty
    assert empty == svg([("A", share(4, 6))] * 2)


def test_the_page_holds_a_run_back_that_it_may_not_show(service):
    service.several(3, 20, 8, end="2025-11-20")

    page = service.report(disclosure=SERVICE)

    assert page.count("Held back: there are too few referrals to show") == 2


def test_the_page_names_each_months_share_and_signal(service):
    for month in range(1, 7):
        service.several(5, 20, 8, end=f"2025-{month:02d}-20")
        service.never_assessed(5 + month % 2, end=f"2025-{month:02d}-20")
    service.several(12, 20, 8, end="2025-07-20")

    page = " ".join(service.report(end=date(2025, 7, 31)).split())

    assert "Signals that something has changed: Jul 2025." in page
    assert '<th scope="row">Jan 2025</th><td>5 of 11 (45%)</td><td class="text">none</td>' in page
    assert '<td>12 of 12 (100%)</td><td class="text">beyond a limit</td>' in page
