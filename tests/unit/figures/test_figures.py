from collections import Counter
from datetime import date

import polars as pl
import pytest
from attrs import evolve
from oracles import framework as oracle

from romframe import Indicator, PluginError, UsageError, framework_figures


START, END = date(2025, 1, 1), date(2025, 12, 31)
BETTER = ("good", ("recovered", "improved")), ("worse", ("deteriorated", "harmed"))
WELL = ("good", ("recovered", "improved", "unchanged")), BETTER[1]


def counts(figures, name):
    return {figure: (each.count, each.of) for figure, each in figures.counted[name].shares.items()}


@pytest.fixture(scope="module")
def figures(year, framework):
    return framework_figures(year, framework, START, END)


@pytest.mark.parametrize("team", [None, "North"])
def test_a_measure_counts_what_plain_loops_count(year, framework, team):
    found = framework_figures(year, framework, START, END, team)

    for name, well, sides in (("core_10", False, BETTER), ("core_10_well", True, WELL)):
        referrals = oracle.closed(year, START, END, team, kept_well=well)
        expected = oracle.measure(year, referrals, *sides)
        assert counts(found, name).items() >= expected.items()
        assert expected["good"][0] > 5


def test_every_class_of_change_is_counted(year, figures):
    classes = oracle.core_10_classes(year)
    referrals = oracle.closed(year, START, END, kept_well=False)
    expected = Counter(
        classes[each["referral_id"]] for each in referrals if each["referral_id"] in classes
    )

    found = counts(figures, "core_10")

    assert {name: found[name][0] for name in expected} == expected
    assert set(found) == {
        "paired",
        "good",
        "worse",
        "recovered",
        "improved",
        "unchanged",
        "deteriorated",
        "harmed",
    }
    assert set(counts(figures, "core_10_well")) == {
        "paired",
        "good",
        "worse",
        "maintained",
        "relapsed",
    }


def test_every_referral_is_paired_or_has_one_reason(year, figures):
    referrals = len(oracle.closed(year, START, END, kept_well=False))
    table = figures.counted["core_10"].left_out

    assert table.counts["counted"] == referrals
    assert referrals == table.counts["told"] + sum(
        table.counts[reason] for reason in figures.counted["core_10"].reasons
    )
    assert figures.counted["core_10"].reasons == ("single_assessment",)


def test_people_to_be_kept_well_are_in_no_count_of_improvement_whatever_a_group_says(
    year, framework
):
    treated, well = framework.groups
    everybody = evolve(framework, groups=(evolve(treated, where={}), well))

    found = framework_figures(year, everybody, START, END)

    referrals = oracle.closed(year, START, END, kept_well=False)
    assert counts(found, "core_10").items() >= oracle.measure(year, referrals, *BETTER).items()


def test_an_indicator_counts_what_plain_loops_count(year, figures):
    referrals = oracle.closed(year, START, END, kept_well=False)
    assert counts(figures, "back")["met"] == oracle.back(year, referrals, 30)

    returns = year.returns("poem").collect().to_dicts()
    answered = [row["q2e"] for row in returns if row["q2e"] is not None]
    disagree = sum(each in (3, 4) for each in answered)
    found = counts(figures, "involved")["met"]
    assert found[1] == len(answered) < len(returns)
    assert found[0] == disagree
    assert figures.counted["involved"].reasons == ("not_answered",)


def test_a_month_counts_whole_where_a_period_has_a_day_of_it(year, framework):
    found = framework_figures(year, framework, date(2025, 3, 31), date(2025, 4, 1), "South")

    months = ("2025-03", "2025-04")
    returns = year.returns("poem").filter(pl.col("month").is_in(months), team="South").collect()
    assert found.counted["involved"].left_out.counts["counted"] == returns.height > 0


def test_a_framework_may_count_the_referrals_that_were_open(year, framework):
    found = framework_figures(year, evolve(framework, counted="open"), END, END)

    was_open = [
        row
        for row in year.table("referral").to_dicts()
        if row["received_on"] <= "2025-12-31" <= (row["closed_on"] or "9999")
        and row["pathway"] != "prevention"
    ]
    assert counts(found, "core_10")["paired"][1] == len(was_open) > 0


def test_a_score_that_nothing_judges_has_pairs_and_no_classes(year, framework):
    better, _ = framework.outcomes
    plain = evolve(better, measures=(evolve(better.measures[0], rule=""),), indicators=())

    found = framework_figures(year, evolve(framework, outcomes=(plain,)), START, END)

    assert set(found.counted["core_10"].shares) == {"paired"}
    assert found.counted["core_10"].shares["paired"].count > 0
    assert found.counted["core_10"].main == "paired"


def test_a_wait_has_a_summary_of_the_days(figures):
    days = figures.counted["seen"].values
    assert days.low == 0
    assert days.high == 14
    assert days.n == figures.counted["seen"].shares["met"].of - sum(
        row is None for row in figures.counted["seen"].rows.drop_nulls("met")["value"]
    )


def test_a_period_and_a_team_that_do_not_fit_are_refused(year, framework):
    with pytest.raises(UsageError) as caught:
        framework_figures(year, framework, END, START, "Nroth")
    assert [each.code for each in caught.value.problems] == ["period-backwards", "unknown-team"]


def test_an_indicator_that_lacks_a_column_is_its_plugins_fault(year, framework):
    bare = Indicator(
        "bare", "Nothing.", lambda workspace, params: pl.DataFrame({"on": ["2025-01"]})
    )
    year.catalogue.host.offer("test", "indicators", "bare", bare)
    better, _ = framework.outcomes
    asked = evolve(
        better, measures=(), indicators=(evolve(better.indicators[0], indicator="bare"),)
    )

    with pytest.raises(PluginError) as caught:
        framework_figures(year, evolve(framework, outcomes=(asked,)), START, END)

    assert caught.value.problems[0].code == "indicator-columns"
    assert "referral_id, team, met" in str(caught.value)
