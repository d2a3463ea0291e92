"""The worked cases of the perinatal outcomes CQUIN of 2023/24, and what stands around them."""

from datetime import date

import pytest
from attrs import evolve
from romframe_mhsds.national.packs import load_pack

from romframe import UsageError


CORE_10 = "718583008"
CORE_OM = "865876006"
HONOS_1 = "979641000000103"
HONOS_2 = "979651000000100"
NOVEMBER = "2023-11-15"


def closed(caseload, days=60, **facts):
    """A perinatal referral that was closed in November 2023."""
    received = date(2023, 11, 20).toordinal() - days
    return caseload.referral(date.fromordinal(received).isoformat(), days, **facts)


def test_two_video_contacts_are_no_two_face_to_face_ones(caseload, row_of):
    name = closed(caseload, contacts=(5, 50), mechanism="11")
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (found["service"], found["cohort"]) == ("perinatal", "closed")
    assert (found["contacts"], found["counted"]) == (0, False)
    assert found["reason"] == "too_few_contacts"


def test_the_other_reading_of_the_sources_counts_video(caseload, row_of):
    name = closed(caseload, contacts=(5, 50), mechanism="11")
    found = caseload.preview("cquin_2023_24", NOVEMBER, perinatal_contacts="with_video")
    assert (row_of(found, name)["contacts"], row_of(found, name)["counted"]) == (2, True)
    assert found.pack.readings[0].chosen.id == "with_video"


def test_core_10_on_day_5_and_day_50_is_paired_as_any_and_as_prom(caseload, row_of):
    name = closed(caseload)
    caseload.score(name, 5, 20)
    caseload.score(name, 50, 12)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert found["counted"]
    assert found["paired_any"]
    assert found["paired_prom"]
    assert found["reason"] is None
    assert (found["last_on"] - found["first_on"]).days == 45


def test_honos_alone_is_paired_as_any_and_not_as_prom(caseload, row_of):
    name = closed(caseload)
    caseload.score(name, 5, 3, HONOS_1)
    caseload.score(name, 50, 1, HONOS_1)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (found["paired_any"], found["paired_prom"]) == (True, False)


def test_core_10_and_then_core_om_are_no_pair(caseload, row_of):
    name = closed(caseload)
    caseload.score(name, 5, 20)
    caseload.score(name, 50, 15, CORE_OM)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (found["assessed_any"], found["paired_any"]) == (True, False)
    assert found["reason"] == "second_of_another_scale"


@pytest.mark.parametrize(("days", "counted"), [(14, False), (15, True)])
def test_a_closed_referral_lasted_more_than_14_days(caseload, row_of, days, counted):
    name = closed(caseload, days, contacts=(1, 5))
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert found["counted"] is counted
    assert (found["reason"] == "not_long_enough") is not counted


@pytest.mark.parametrize(("days", "counted"), [(182, False), (183, True)])
def test_an_open_referral_lasted_more_than_182_days(caseload, row_of, days, counted):
    received = date.fromordinal(date(2023, 11, 30).toordinal() - days)
    name = caseload.referral(received.isoformat(), None)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (found["cohort"], found["counted"]) == ("open", counted)


def test_closed_figures_add_up_three_months(caseload, figure_of):
    for day, paired, count in (
        ("2023-09-20", 10, 20), ("2023-10-20", 5, 10), ("2023-11-20", 9, 15),
    ):  # fmt: skip
        received = date.fromordinal(date.fromisoformat(day).toordinal() - 60).isoformat()
        for number in range(count):
            name = caseload.referral(received, 60)
            caseload.score(name, 5, 20)
            if number < paired:
                caseload.score(name, 50, 12)
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert figure_of(found, "paired", "perinatal") == (24, 45)
    assert figure_of(found, "paired", "cyp_and_perinatal") == (24, 45)
    closed_rows = found.figures.filter(figure="paired", group="cyp_and_perinatal", cohort="closed")
    (row,) = closed_rows.iter_rows(named=True)
    assert (row["percent"], row["target"]) == (53.3, 50)
    assert (row["from_month"], row["to_month"]) == ("2023-09", "2023-11")
    published = (row["published_numerator"], row["published_denominator"])
    assert (*published, row["published_percent"]) == ("25", "45", "53")
    september = caseload.preview("cquin_2023_24", "2023-09-30")
    assert figure_of(september, "paired", "perinatal") == (10, 20)


def test_one_item_of_honos_rated_twice_makes_a_pair(caseload, row_of):
    name = closed(caseload)
    caseload.score(name, 5, 3, HONOS_1)
    caseload.score(name, 50, 9, HONOS_1)
    caseload.score(name, 5, 2, HONOS_2)
    caseload.score(name, 50, 0, HONOS_2)
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert row_of(found, name)["paired_any"]
    lasts = dict(found.pairs.select("concept_id", "last_score").iter_rows())
    assert lasts == {HONOS_1: None, HONOS_2: 0}


def test_honos_9_is_no_valid_score_and_is_named_as_what_is_lacking(caseload, row_of):
    name = closed(caseload)
    caseload.score(name, 5, 3, HONOS_1)
    caseload.score(name, 50, 9, HONOS_1)
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert row_of(found, name)["reason"] == "score_not_valid"
    assert found.would_change["lacks"].to_list() == ["valid_score"]


@pytest.mark.parametrize(
    ("team", "age", "service"),
    [
        ("C02", 30, "perinatal"),
        ("A06", 30, "community"),
        ("C02", 16, "cyp"),
        ("C01", 16, "cyp"),
        (None, 16, "cyp"),
        (None, 30, "community"),
        ("F02", 30, None),
        ("E01", 16, None),
        ("C02", None, "perinatal"),
        ("A14", None, None),
    ],
)
def test_the_age_and_the_team_decide_the_service(caseload, row_of, team, age, service):
    born = None if age is None else date(2023 - age, 1, 1)
    name = closed(caseload, birth_date=born, team_types=[team] if team else [])
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert found["service"] == service
    if service is None:
        assert found["reason"] == "team_not_in_scope"


def test_a_birthday_makes_an_adult_on_its_day(caseload, row_of):
    young = caseload.referral("2023-09-20", 60, birth_date=date(2005, 9, 21))
    adult = caseload.referral("2023-09-20", 60, birth_date=date(2005, 9, 20))
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert row_of(found, young)["service"] == "cyp"
    assert row_of(found, adult)["service"] == "perinatal"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"rejected_on": date(2023, 10, 1)}, "rejected"),
        ({"residence": "W06000015"}, "outside_england"),
        ({"inpatient": True}, "inpatient_spell"),
        ({"received_on": None}, "no_received_date"),
        ({"residence": "E06000052"}, "no_score"),
        ({"residence": " "}, "no_score"),
        ({"inpatient": None}, "no_score"),
    ],
)
def test_a_referral_that_is_not_eligible_has_its_reason(caseload, row_of, facts, reason):
    name = closed(caseload, **facts)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert found["reason"] == reason
    assert found["explanation"]


def test_the_first_test_that_is_not_passed_is_the_reason(caseload, row_of):
    name = closed(caseload, rejected_on=date(2023, 10, 1), inpatient=True, contacts=())
    assert row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)["reason"] == "rejected"


def test_contacts_of_the_financial_year_count_up_to_the_end_of_the_month(caseload, row_of):
    name = caseload.referral("2023-01-01", None, contacts=())
    for day in ("2023-03-31", "2023-04-01", "2023-11-30", "2023-12-01"):
        caseload.contact(name, date.fromisoformat(day))
    caseload.contact(name, date(2023, 6, 1), attended=False)
    caseload.contact(name, date(2023, 6, 2), attended=None)
    caseload.contact(name, date(2023, 6, 3), "02")
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert found["contacts"] == 2
    january = row_of(caseload.preview("cquin_2023_24", "2024-01-31"), name)
    assert january["contacts"] == 3


def test_of_children_the_larger_of_direct_and_indirect_contacts_counts(caseload, row_of):
    name = closed(caseload, birth_date=date(2010, 1, 1), contacts=(5,))
    for day in (3, 4):
        caseload.contact(name, date(2023, 10, day), None, direct=False, attended=None)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (found["service"], found["contacts"]) == ("cyp", 2)


def test_a_mechanism_counts_in_its_time(caseload, row_of):
    community = {"team_types": ["A06"], "contacts": ()}
    old = caseload.referral("2021-07-01", None, **community)
    for day in ("2021-09-30", "2021-10-01"):
        caseload.contact(old, date.fromisoformat(day), "03")
        caseload.contact(old, date.fromisoformat(day), "11")
    found = row_of(caseload.preview("cquin_2023_24", "2022-03-31"), old)
    assert found["contacts"] == 2


def test_an_old_code_and_a_new_one_of_a_scale_are_no_pair(caseload, row_of):
    adult = closed(caseload)
    child = closed(caseload, birth_date=date(2010, 1, 1))
    for name in (adult, child):
        caseload.score(name, 5, 20, "958051000000104")
        caseload.score(name, 10, 20, CORE_10)
        caseload.score(name, 50, 12, CORE_10)
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert row_of(found, adult)["reason"] == "second_of_another_scale"
    assert row_of(found, child)["paired_any"]


def test_two_scores_of_one_moment_are_no_pair(caseload, row_of):
    name = closed(caseload)
    caseload.score(name, 5, 20)
    caseload.score(name, 5, 12)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (found["paired_any"], found["reason"]) == (False, "no_second_score")


def test_scores_after_the_month_do_not_count(caseload, row_of):
    name = caseload.referral("2023-01-01", None, contacts=(200, 210))
    caseload.score(name, 5, 20)
    caseload.score(name, 340, 12)
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert row_of(found, name)["reason"] == "no_second_score"
    assert row_of(caseload.preview("cquin_2023_24", "2023-12-31"), name)["paired_any"]


@pytest.mark.parametrize("value", ["41", "-1", "A", "", "nan", "inf"])
def test_a_value_that_is_no_number_in_range_is_no_valid_score(caseload, row_of, value):
    name = closed(caseload)
    caseload.score(name, 5, value)
    found = row_of(caseload.preview("cquin_2023_24", NOVEMBER), name)
    assert (found["assessed_any"], found["reason"]) == (False, "no_valid_score")


def test_what_began_later_or_ended_earlier_is_not_looked_at(caseload):
    caseload.referral("2023-12-01", None)
    caseload.referral("2023-06-01", 60)
    after = caseload.referral("2023-06-01", 190, contacts=(5, 20))
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert found.referrals.select("referral_id", "cohort").rows() == [(after, "open")]


def test_a_store_without_anything_has_every_figure_of_nothing(caseload):
    found = caseload.preview("cquin_2023_24", NOVEMBER)
    assert found.figures["denominator"].unique().to_list() == [0]
    assert found.figures["percent"].null_count() == found.figures.height == 32
    assert set(found.figures["published_percent"]) == {"*"}
    assert found.effects.is_empty()


@pytest.mark.parametrize("day", ["0001-01-31", "1899-12-31"])
def test_a_day_before_anybody_lived_is_refused(caseload, day):
    with pytest.raises(UsageError, match="1900"):
        caseload.preview("cquin_2023_24", day)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [("2024-02-29", "2023-12", "2024-02"), ("2024-01-01", "2023-11", "2024-01"),
     ("2023-12-31", "2023-10", "2023-12")],
)  # fmt: skip
def test_three_months_reach_over_the_turn_of_the_year(caseload, day, first, last):
    figures = caseload.preview("cquin_2023_24", day).figures.filter(cohort="closed")
    assert set(figures.select("from_month", "to_month").iter_rows()) == {(first, last)}


def test_a_figure_is_given_for_its_own_cohorts(caseload):
    pack = load_pack("cquin_2023_24")
    first, *rest = pack.figures
    own = evolve(pack, figures=(evolve(first, cohorts=("open",)), *rest))
    found = caseload.preview(own, NOVEMBER).figures
    assert set(found.filter(figure=first.id)["cohort"]) == {"open"}
    assert set(found.filter(figure=rest[0].id)["cohort"]) == {"open", "closed"}


def test_a_pack_about_open_referrals_leaves_out_closed_ones(caseload, row_of):
    pack = load_pack("cquin_2023_24")
    name = closed(caseload)
    own = evolve(pack, cohorts=pack.cohorts[1:], figures=())
    assert row_of(caseload.preview(own, NOVEMBER), name)["reason"] == "closed_in_month"
