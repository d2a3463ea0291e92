"""DIALOG, PHQ-9, GAD-7, PHQ-4 and EPDS against worked cases of tests/vectors."""

import polars as pl
import pytest
from oracles.worked import alerts, case, change, cut_off, form, judged, values, verdicts, words

import romframe
from romframe import UsageError
from romframe.api import catalogue


# DIALOG


def dialog(answers, **options):
    helps = {f"help_{n}": ["yes"] for n in range(1, 12)}
    frame = form(answers).with_columns(**{name: pl.Series(each) for name, each in helps.items()})
    return {each["score"]: each for each in romframe.score(frame, "dialog", **options).to_dicts()}


def test_dialog_means_of_outcome_and_of_experience():
    given, expected = case("dialog-1")
    found = dialog(given["items"])
    assert found["quality_of_life"]["value"] == expected["prom_mean"]
    assert found["treatment_satisfaction"]["value"] == expected["prem_mean"]
    assert found["all_items"]["value"] == pytest.approx(sum(given["items"]) / 11)


def test_dialog_takes_a_mean_of_what_was_answered_only_when_asked_and_says_unverified():
    given, expected = case("dialog-2")
    strict = dialog(given["items"])["quality_of_life"]
    assert (strict["value"], strict["reason"]) == (None, "too_many_missing")
    asked = dialog(given["items"], missing="mean_of_answered")["quality_of_life"]
    assert asked["value"] == pytest.approx(expected["prom_mean"], abs=5e-5)
    assert (asked["answered"], asked["evidence"]) == (expected["answered_prom"], "unverified")


def test_dialog_changes_item_by_item():
    given, expected = case("dialog-3")
    found = judged(given["baseline_item"], given["followup_item"], "dialog", "q1")
    assert found == words(expected["item_change"])
    assert judged(4, 3, "dialog", "q7") == "deteriorated"
    assert judged(4, 5, "dialog", "q9") == "improved"


def test_dialog_8_is_no_answer_whatever_the_national_range_says():
    given, expected = case("dialog-4")
    found = dialog([given["item"], *[4] * 10])
    assert found["quality_of_life"]["value"] is None
    assert found["quality_of_life"]["reason"] == "too_many_missing"
    assert not expected["valid"]
    assert found["treatment_satisfaction"]["value"] == 4


def test_dialog_items_6_and_7_have_no_id_that_is_guessed():
    spec = catalogue().instrument("dialog")
    dated = {code.id: code.valid_to for n in (6, 7) for code in spec.item(f"q{n}").codes}
    assert dated == {"1037701000000108": "2024-03-31", "1037711000000105": "2024-03-31"}


# PHQ-9, GAD-7, PHQ-4


def test_phq_9_algorithm_counts_core_and_other_symptoms():
    given, expected = case("phq9-1", "phq_9_worked.json")
    names = ["core_symptoms", "other_symptoms", "symptoms", "major_syndrome", "other_syndrome"]
    found = values([*given["items"], None], "phq_9", scores=names)
    theirs = ("n_core", "n_other", "n_total", "major_depressive_syndrome")
    assert [found[name] for name in names[:4]] == [expected[key] for key in theirs]
    assert found["other_syndrome"] == expected["other_depressive_syndrome"] == 0


def test_phq_9_prorates_up_to_two_gaps_when_asked_and_says_secondary():
    given, expected = case("phq9-4", "phq_9_worked.json")
    found = verdicts([*given["items"], None], "phq_9", missing="prorate")["total"]
    assert found["value"] == expected["prorated_option"]
    assert (found["policy"], found["evidence"]) == ("prorate", "secondary")
    three = verdicts([1, 1, 1, 1, 1, 1, None, None, None, None], "phq_9", missing="prorate")
    assert three["total"]["reason"] == "too_many_missing"


def test_gad_7_total_and_band():
    given, expected = case("gad7-1")
    found = verdicts(given["items"], "gad_7")["total"]
    assert (found["value"], found["band"]) == (expected["total"], expected["band"])
    assert cut_off("gad_7", "caseness", found["value"]) == expected["caseness"]


def test_gad_7_of_another_program():
    given, expected = case("gad7-3")
    answers = [box - 1 for box in given["boxes_1_to_4"]]
    assert answers == expected["items"]
    assert values(answers, "gad_7") == {"total": expected["total"]}


def test_gad_7_rounding_decides_about_a_change_of_4():
    given, expected = case("gad7-2")
    pair = (given["baseline"], given["followup"], "gad_7")
    found = change(*pair)
    assert found["change"] == expected["change"]
    assert found["reliable"] == expected["reliable_rounded_4"]
    assert (found["clinical"] == "clinical_to_non_clinical") == expected["recovered"]
    unrounded = judged(*pair, rule="nhse_unrounded")
    assert unrounded == words(expected["reliable_unrounded_4_22"])


def test_phq_4_and_its_two_halves():
    given, expected = case("phq4-1")
    found = values([*given["gad2"], *given["phq2"]], "phq_4")
    assert found == {"total": 7, "gad_2": expected["gad2"], "phq_2": expected["phq2"]}
    assert cut_off("phq_4", "gad_2_positive", found["gad_2"]) == expected["gad2_positive"]
    assert cut_off("phq_4", "phq_2_positive", found["phq_2"]) == expected["phq2_positive"]


# EPDS


def test_epds_boxes_from_the_top_are_turned_once():
    given, expected = case("epds-1")
    boxes, items = given["boxes_1_to_4"], expected["items"]
    found = values(boxes, "epds", coding="boxes_1_to_4")
    assert found == {name: expected[name] for name in ("total", "anxiety_3a")}
    assert values(items, "epds", coding="scored") == found
    assert values([box - 1 for box in boxes], "epds", coding="position") == found
    assert cut_off("epds", "likely", found["total"]) == expected["likely"]


def test_epds_asks_which_coding_it_is_given_because_turning_twice_would_show_nothing():
    with pytest.raises(UsageError, match="coding"):
        values([1] * 10, "epds")


@pytest.mark.parametrize(
    ("answer", "coding"), [(1, "scored"), (2, "position"), (3, "boxes_1_to_4")]
)
def test_epds_item_10_alerts_in_every_coding(answer, coding):
    assert alerts([*[1] * 9, answer], "epds", coding=coding) == ["q10"]
    none = {"scored": 0, "position": 3, "boxes_1_to_4": 4}[coding]
    assert alerts([*[1] * 9, none], "epds", coding=coding) == []
    assert alerts([*[1] * 9, None], "epds", coding=coding) == []


def test_epds_without_item_10_has_no_total():
    found = verdicts([*[1] * 9, None], "epds", coding="scored")
    assert found["total"]["value"] is None
    assert found["anxiety_3a"]["value"] == 3


def test_epds_recovery_asks_for_4_points_and_for_crossing_12_13():
    given, expected = case("epds-2")
    assert [judged(*pair, "epds") for pair in given["pairs"]] == expected["classes"]


def test_epds_important_difference_is_not_the_same_both_ways():
    rule = "mcid_pregnancy"
    assert [judged(12, last, "epds", rule=rule) for last in (9, 8, 14, 15)] == [
        "unchanged",
        "improved",
        "unchanged",
        "deteriorated",
    ]
