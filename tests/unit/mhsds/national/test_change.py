"""The worked cases of change for children and for adults."""

import functools
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from romframe_mhsds.national.figures import percent
from romframe_mhsds.national.packs import load_pack

import romframe


VECTORS = Path(__file__).parents[4] / "tests" / "vectors" / "honos_core_change.json"
CODES = {
    "CORE-10": "718583008",
    "YP-CORE": "718437004",
    "GBO": "1638531000000102",
    "HoNOSCA item": "989751000000102",
}
RAW = {"I": "improved", "N": "unchanged", "D": "deteriorated"}
ROLLED = {
    "improvement": "improved",
    "no change": "unchanged",
    "deterioration": "deteriorated",
    "not paired": None,
}
SDQ_PROSOCIAL = "718147007"
SCORE_15 = "718455008"
RCADS_PANIC = "718658004"
ORS = "716613004"
REQOL = "1091071000000100"
DIALOG_1 = "1037651000000100"
DIALOG_8, DIALOG_9 = "1037721000000104", "1037731000000102"
DIALOG_10, DIALOG_11 = "1037741000000106", "1037751000000109"
CLINICIAN_ITEM = "989751000000102"
PARENT_PANIC = "718668009"
JUNE = "2025-06-15"


@functools.cache
def vector(name):
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))
    return next(case["expected"] for case in cases if case["id"] == name)


@pytest.fixture
def child(caseload):
    """Add a child whose referral was closed in June 2025."""

    def add(**facts):
        given = {"birth_date": date(2012, 3, 1), "team_types": [], "gender": "2"}
        return caseload.referral("2025-04-01", 80, **(given | facts))

    return add


@pytest.fixture
def adult(caseload):
    """Add an adult whose referral was closed in June 2025."""
    return lambda **facts: caseload.referral("2025-04-01", 80, team_types=["A06"], **facts)


def classes(found):
    return found.pairs.sort("referral_id", "concept_id")["class"].to_list()


@pytest.mark.parametrize("case", vector("cyp_thresholds"))
def test_a_change_of_a_threshold_or_more_is_a_change(caseload, child, case):
    measure, first, last, expected = case
    name = child()
    caseload.score(name, 10, first, CODES[measure])
    caseload.score(name, 60, last, CODES[measure])
    assert classes(caseload.preview("cyp_outcomes", JUNE)) == [RAW[expected]]


@pytest.mark.parametrize("kinds", list(vector("cyp_rollup")))
def test_scales_of_one_rater_roll_up(caseload, child, row_of, kinds):
    name = child()
    goals = ("1638531000000102", "1638541000000106", "1638551000000109")
    for concept, kind in zip(goals, json.loads(kinds.replace("'", '"')), strict=False):
        caseload.score(name, 10, 5, concept)
        caseload.score(name, 60, {"I": 8, "N": 6, "D": 2}[kind], concept)
    found = row_of(caseload.preview("cyp_outcomes", JUNE), name)
    assert found["class_self"] == ROLLED[vector("cyp_rollup")[kinds]]
    assert found["paired_self"] is (found["class_self"] is not None)


def test_each_rater_has_its_own_figure(caseload, child, figure_of):
    name = child()
    for concept, first, last in (
        (CODES["GBO"], 2, 5), (PARENT_PANIC, 20, 20), (CLINICIAN_ITEM, 1, 3),
    ):  # fmt: skip
        caseload.score(name, 10, first, concept)
        caseload.score(name, 60, last, concept)
    found = caseload.preview("cyp_outcomes", JUNE)
    assert figure_of(found, "MHS113_improved", "cyp") == (1, 1)
    assert figure_of(found, "MHS114_unchanged", "cyp") == (1, 1)
    assert figure_of(found, "MHS115_deteriorated", "cyp") == (1, 1)
    assert figure_of(found, "MHS115_improved", "cyp") == (0, 1)
    assert figure_of(found, "MHS112_any", "cyp") == (1, 1)


def test_a_score_counts_from_the_contacts_on(caseload, child, row_of):
    early, between, late = child(), child(), child()
    for name, days in ((early, (1, 2)), (between, (10, 15)), (late, (10, 20))):
        for day in days:
            caseload.score(name, day, 20)
    found = caseload.preview("cyp_outcomes", JUNE)
    assert row_of(found, early)["reason"] == "score_too_early"
    assert row_of(found, early)["assessed_any"] is False
    assert row_of(found, between)["reason"] == "score_too_early"
    assert row_of(found, between)["assessed_any"] is True
    assert row_of(found, late)["paired_any"] is True


def test_a_single_score_before_the_first_contact_is_none_since_it(caseload, child, row_of):
    name = child()
    caseload.score(name, 1, 20)
    found = caseload.preview("cyp_outcomes", JUNE)
    assert row_of(found, name)["reason"] == "no_score_since_first_contact"


def test_contacts_and_scores_count_up_to_the_day_of_discharge(caseload, child, row_of):
    name = child(contacts=(5, 81))
    assert row_of(caseload.preview("cyp_outcomes", JUNE), name)["contacts"] == 1
    caseload.contact(name, date(2025, 6, 20))
    caseload.score(name, 10, 20)
    caseload.score(name, 80, 12)
    caseload.score(name, 81, 2)
    found = caseload.preview("cyp_outcomes", JUNE)
    assert row_of(found, name)["paired_any"]
    assert found.pairs["last_score"].to_list() == [12]


def test_an_open_referral_is_still_open(caseload, row_of):
    name = caseload.referral("2025-01-01", None, birth_date=date(2012, 3, 1), team_types=[])
    assert row_of(caseload.preview("cyp_outcomes", JUNE), name)["reason"] == "still_open"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"birth_date": None}, "age_unknown"),
        ({"birth_date": date(2000, 1, 1)}, "age_not_in_scope"),
        ({"team_types": ["A14"]}, "team_not_in_scope"),
    ],
)
def test_who_is_no_child_of_these_services_has_the_reason(caseload, child, row_of, facts, reason):
    name = child(**facts)
    assert row_of(caseload.preview("cyp_outcomes", JUNE), name)["reason"] == reason


def test_an_old_code_and_a_new_one_are_one_scale(caseload, child):
    name = child()
    caseload.score(name, 10, 20, "958051000000104")
    caseload.score(name, 60, 12, CODES["CORE-10"])
    assert classes(caseload.preview("cyp_outcomes", JUNE)) == ["improved"]


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(20, 26.6, "improved"), (20.1, 26.7, "improved"),
                                    (26.7, 20.1, "deteriorated"), (20, 26.5, "unchanged")],
)  # fmt: skip
def test_a_difference_is_what_its_decimals_say(caseload, child, first, last, expected):
    name = child()
    caseload.score(name, 10, first, ORS)
    caseload.score(name, 60, last, ORS)
    assert classes(caseload.preview("cyp_outcomes", JUNE)) == [expected]


@pytest.mark.parametrize(("concept", "first", "last"), [(SDQ_PROSOCIAL, 2, 6), (SCORE_15, 40, 30)])
def test_directions_are_held_right_and_can_be_read_as_published(
    caseload, child, concept, first, last
):
    name = child()
    caseload.score(name, 10, first, concept)
    caseload.score(name, 60, last, concept)
    assert classes(caseload.preview("cyp_outcomes", JUNE)) == ["improved"]
    published = caseload.preview("cyp_outcomes", JUNE, directions="as_published")
    assert classes(published) == ["deteriorated"]


def test_rcads_is_compared_as_t_scores_of_gender_and_age(caseload, child):
    """A girl of 13: mean 5.03, SD 3.92, so that 8 points are 20.4, more than 18.29."""
    girl, boy = child(), child(gender="1")
    for name in (girl, boy):
        caseload.score(name, 10, 20, RCADS_PANIC)
        caseload.score(name, 60, 13, RCADS_PANIC)
    found = caseload.preview("cyp_outcomes", JUNE)
    changes = found.pairs["change"].round(3).to_list()
    assert changes == [round(-70 / 3.92, 3), round(-70 / 3.36, 3)]
    assert classes(found) == ["unchanged", "improved"]


@pytest.mark.parametrize("facts", [{"gender": "9"}, {"birth_date": date(2018, 3, 1)}])
def test_rcads_without_norms_stays_as_it_is(caseload, child, facts):
    name = child(**facts)
    caseload.score(name, 10, 20, RCADS_PANIC)
    caseload.score(name, 60, 13, RCADS_PANIC)
    assert caseload.preview("cyp_outcomes", JUNE).pairs["change"].to_list() == [-7]


@pytest.mark.parametrize("case", vector("reqol10"))
def test_reqol_10_recovers_across_its_cut_off(caseload, adult, figure_of, case):
    name = adult()
    caseload.score(name, 10, case["base"], REQOL)
    caseload.score(name, 60, case["fup"], REQOL)
    found = caseload.preview("cmh_proms", JUNE)
    (pair,) = found.pairs.iter_rows(named=True)
    assert pair["change"] == case["change"]
    said = {"ri": "improved", "rd": "deteriorated", "nochange": "unchanged"}
    assert pair["class"] == next(word for key, word in said.items() if case[key])
    recovered = figure_of(found, "reqol_recovered", "community")
    assert recovered == (int(case["rel_rec"]), int(case["in_den"]))
    assert figure_of(found, "reqol_improved", "community") == (int(case["ri"]), 1)


@pytest.mark.parametrize(
    ("last", "expected"), [(5, "improved"), (4, "unchanged"), (3, "deteriorated")]
)
def test_a_dialog_item_changes_by_one(caseload, adult, figure_of, last, expected):
    name = adult()
    caseload.score(name, 10, 4, DIALOG_1)
    caseload.score(name, 60, last, DIALOG_1)
    found = caseload.preview("cmh_proms", JUNE)
    assert figure_of(found, f"dialog_{expected}", "community") == (1, 1)
    assert figure_of(found, "gbo_improved", "community") == (0, 0)


@pytest.mark.parametrize(
    ("item", "measured"), [(DIALOG_8, 1), (DIALOG_9, 0), (DIALOG_10, 0), (DIALOG_11, 0)]
)
def test_change_is_measured_on_items_1_to_8_of_dialog_and_pairs_on_all(
    caseload, adult, figure_of, item, measured
):
    name = adult()
    caseload.score(name, 10, 4, item)
    caseload.score(name, 60, 6, item)
    found = caseload.preview("cmh_proms", JUNE)
    assert figure_of(found, "paired_dialog", "community") == (1, 1)
    assert figure_of(found, "dialog_improved", "community") == (measured, measured)
    assert figure_of(found, "dialog_unchanged", "community") == (0, measured)


def test_dialog_8_is_no_valid_score(caseload, adult, row_of):
    name = adult()
    caseload.score(name, 10, 4, DIALOG_1)
    caseload.score(name, 60, 8, DIALOG_1)
    assert row_of(caseload.preview("cmh_proms", JUNE), name)["reason"] == "score_not_valid"


@pytest.mark.parametrize(("days", "counted"), [(179, False), (180, True)])
def test_an_open_referral_of_adults_lasts_180_days(caseload, row_of, days, counted):
    received = date.fromordinal(date(2025, 6, 30).toordinal() - days).isoformat()
    name = caseload.referral(received, None, team_types=["A06"])
    assert row_of(caseload.preview("cmh_proms", JUNE), name)["counted"] is counted


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"team_types": ["C02"]}, "team_not_in_scope"),
        ({"team_types": []}, "team_not_in_scope"),
        ({"team_types": ["C02", "A06"]}, "no_score"),
        ({"reason_code": "08"}, "excluded_referral_reason"),
        ({"reason_code": "13"}, "no_score"),
        ({"birth_date": None}, "age_unknown"),
        ({"birth_date": date(2012, 1, 1)}, "age_not_in_scope"),
        ({"received_on": date(2019, 3, 31)}, "received_too_early"),
    ],
)
def test_who_is_no_adult_of_these_teams_has_the_reason(caseload, row_of, facts, reason):
    given = {"team_types": ["A06"]} | facts
    name = caseload.referral("2025-04-01", 80, **given)
    assert row_of(caseload.preview("cmh_proms", JUNE), name)["reason"] == reason


def test_two_scores_of_one_moment_pair_by_the_order_of_their_numbers(caseload, adult):
    name = adult()
    caseload.score(name, 10, 4, DIALOG_1)
    caseload.score(name, 10, 6, DIALOG_1)
    found = caseload.preview("cmh_proms", JUNE)
    assert found.pairs.select("first_score", "last_score").rows() == [(4, 6)]


def test_a_score_that_was_sent_twice_is_one_score(caseload, adult, row_of):
    name = adult()
    caseload.score(name, 10, 4, DIALOG_1)
    caseload.score(name, 10, 4, DIALOG_1)
    assert row_of(caseload.preview("cmh_proms", JUNE), name)["reason"] == "no_second_score"


@pytest.mark.parametrize(
    ("count", "of", "decimals", "expected"),
    [
        (24, 45, 1, 53.3),
        (1, 8, 0, 13),
        (5, 8, 0, 63),
        (1, 3, 2, 33.33),
        (0, 5, 1, 0),
        (0, 0, 1, None),
    ],
)
def test_percentages_round_halves_up(count, of, decimals, expected):
    assert percent(count, of, decimals) == expected


def test_every_pack_publishes_as_the_monthly_statistics_do():
    """The worked cases of suppression: counts below 5 and zero hidden, others to the nearest 5."""
    for name in ("cquin_2023_24", "cyp_outcomes", "cmh_proms"):
        policy = romframe.disclosure_policy(load_pack(name).publication.disclosure)
        counts = {0: "*", 1: "*", 4: "*", 5: "5", 7: "5", 8: "10", 12: "10", 13: "15", 17: "15",
                  18: "20", 22: "20", 23: "25", 254: "255", 1002: "1000"}  # fmt: skip
        assert {each: policy.count(each) for each in counts} == counts
        shares = {(4, 50): "*", (5, 8): "63", (12, 40): "30", (0, 30): "*", (17, 61): "28",
                  (30, 30): "100"}  # fmt: skip
        assert {each: policy.percentage(*each) for each in shares} == shares


def test_norms_and_thresholds_are_all_there():
    change = load_pack("cyp_outcomes").change
    assert change.norms.table.height == 2 * 10 * 12
    named = change.thresholds.drop_nulls("norm")["norm"].unique()
    assert set(named) == set(change.norms.table["norm"])
    wrong = change.thresholds.filter(pl.col("better") != pl.col("published_better"))
    assert wrong.height == 5
