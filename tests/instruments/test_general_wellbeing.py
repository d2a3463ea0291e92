"""The other general measures against worked cases of tests/vectors."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest
from oracles.worked import alerts, case, change, cut_off, judged, values, vectors, verdicts, words

from romframe import UsageError
from romframe.api import catalogue


# SWEMWBS, WEMWBS, WHO-5


def test_swemwbs_keeps_the_raw_sum_and_the_metric_score():
    given, expected = case("swemwbs-1")
    assert values(given["items"], "swemwbs") == expected


def test_swemwbs_raw_and_metric_change_may_disagree():
    given, expected = case("swemwbs-2")
    raw = change(given["baseline_raw"], given["followup_raw"], "swemwbs", "raw")
    assert (raw["change"], raw["class"]) == (
        expected["raw_change"],
        expected["nhse_raw_threshold_3"],
    )
    table = catalogue().instrument("swemwbs").score("metric").params["table"]
    metric = change(*(table[given[key]] for key in given), "swemwbs", "metric")
    assert metric["change"] == pytest.approx(expected["metric_change"])
    assert metric["class"] == words(expected["metric_threshold_2_87"])


def test_swemwbs_with_a_gap_has_neither_score():
    found = verdicts([3, 4, 2, None, 3, 4, 2], "swemwbs")
    assert (found["raw"]["value"], found["metric"]["value"]) == (None, None)


def test_swemwbs_codes_only_the_raw_sum_for_mhsds():
    spec = catalogue().instrument("swemwbs")
    assert [each.id for each in spec.scores if each.codes] == ["raw"]


@pytest.mark.parametrize("name", ["wemwbs-1", "wemwbs-2"])
def test_wemwbs_9_against_8_55(name):
    given, expected = case(name)
    pair = (given["baseline"], given["followup"], "wemwbs")
    assert change(*pair)["change"] == expected["change"]
    assert judged(*pair) == words(expected["threshold_9"])
    unrounded = judged(*pair, rule="nhse_unrounded")
    assert unrounded == words(expected.get("threshold_8_55", expected["threshold_9"]))


def test_who_5_as_a_percentage():
    given, expected = case("who5-1")
    found = verdicts(given["items"], "who_5")
    numbers = [found[name]["value"] for name in ("raw", "percent")]
    assert numbers == [expected["raw"], expected["percent"]]
    assert (found["percent"]["band"] == "poor well-being") == expected["low_wellbeing"]
    given, expected = case("who5-2")
    moved = judged(
        given["baseline_pct"], given["followup_pct"], "who_5", "percent", rule="ten_points"
    )
    assert (moved == "improved") == expected["meets_10_points"]


def test_who_5_bands_are_those_of_the_percentage_not_of_the_raw_sum():
    bands = [verdicts([each] * 5, "who_5")["percent"]["band"] for each in (2, 3)]
    assert bands == ["poor well-being", "not poor"]
    assert verdicts([3, 3, 3, 2, 2], "who_5")["percent"]["band"] == "not poor"


# WSAS, QPR, K10, WHODAS


def test_wsas_total_and_band():
    given, expected = case("wsas-1")
    found = verdicts(given["items"], "wsas")["total"]
    assert (found["value"], found["band"]) == (expected["total"], "significant impairment")
    assert catalogue().instrument("wsas").score("total").high == expected["max"]
    assert values([8] * 5, "wsas")["total"] == 40


def test_wsas_of_somebody_without_a_job_has_the_total_of_four_only():
    given, expected = case("wsas-2")
    found = verdicts(["na", *given["items"][1:]], "wsas")
    assert found["total_without_work"]["value"] == expected["total"]
    assert found["total_without_work"]["band"] is None
    assert (found["total"]["value"], found["total"]["reason"]) == (None, "too_many_missing")
    assert catalogue().instrument("wsas").score("total_without_work").high == expected["max"]


def test_qpr_total():
    given, expected = case("qpr15-1")
    assert values(given["items"], "qpr_15") == {"total": expected["total"]}


@pytest.mark.parametrize("name", ["qpr_15", "reqol_10", "swemwbs", "wemwbs", "who_5", "dialog"])
def test_higher_is_better_where_a_national_table_has_it_the_other_way_round(name):
    assert {score.better for score in catalogue().instrument(name).scores} == {"higher"}


def test_k10_from_1_and_from_0_give_the_same_total():
    given, expected = case("k10-1")
    answers = given["items_1to5"]
    from_0 = [each - 1 for each in answers]
    found = verdicts(answers, "k_10", coding="from_1")["total"]
    assert found["value"] == expected["total_10_50"] == expected["mhsds_v6_value"]
    assert found["band"] == words(expected["abs_band"])
    assert values(from_0, "k_10", coding="from_0")["total"] == found["value"]
    assert sum(from_0) == expected["total_0_40"]


def test_k10_clinical_bands_are_given_when_asked_for():
    options = catalogue().instrument("k_10").score("total").with_bands("clinical").bands
    assert [band.label for band in options if band.start <= 31][-1] == "severe"


@pytest.mark.parametrize("name", ["k_10", "whodas_12"])
def test_codings_that_overlap_must_be_named(name):
    count = len(catalogue().instrument(name).items)
    with pytest.raises(UsageError, match=r"from_0.*from_1|from_1.*from_0"):
        values([2] * count, name)


def test_k10_prorates_one_gap_and_refuses_two():
    found = verdicts([2] * 9 + [None], "k_10", coding="from_1")["total"]
    assert (found["value"], found["status"], found["policy"]) == (20, "prorated", "one_missing")
    assert verdicts([2] * 8 + [None] * 2, "k_10", coding="from_1")["total"]["value"] is None
    assert values([2] * 9 + [None], "k_10", coding="from_1", missing="strict")["total"] is None


def test_k6_is_six_of_the_ten_items():
    given, expected = case("k6-1")
    answers = dict(zip((2, 4, 5, 8, 9, 10), given["items_1to5"], strict=True))
    found = values([answers.get(n, 1) for n in range(1, 11)], "k_10", coding="from_1")["k6"]
    assert found == expected["total_6_30"] == expected["total_0_24"] + 6
    assert cut_off("k_10", "k6_serious", found)


def test_whodas_simple_sum_in_both_codings():
    given, expected = case("whodas12-1")
    found = values(given["items_0to4"], "whodas_12", coding="from_0")
    assert found == {"total": expected["simple_sum"]}
    assert found["total"] * 100 / 48 == expected["percent_of_max"]
    by_who = values([each + 1 for each in given["items_0to4"]], "whodas_12", coding="from_1")
    assert by_who == found


def test_whodas_with_a_gap_is_refused_because_no_rule_was_read():
    given, _ = case("whodas12-2")
    found = verdicts(given["items_0to4"], "whodas_12", coding="from_0")["total"]
    assert (found["value"], found["reason"]) == (None, "too_many_missing")


# ReQoL, HADS, AUDIT-C


def test_reqol_turns_items_1_3_6_and_9():
    given, expected = case("reqol10-1")
    found = verdicts([*given["raw"], None], "reqol_10", coding="position")["total"]
    assert found["value"] == expected["total"]
    assert (found["band"] == "clinical range") == expected["clinical_range"]
    spec = catalogue().instrument("reqol_10")
    turned = [int(item.id[1:]) for item in spec.items if item.reversed]
    assert turned == given["negative_items"]


def test_reqol_of_another_program_with_item_11_left_out():
    given, expected = case("reqol10-4")
    boxes = given["boxes_1_to_5"]
    found = values(boxes, "reqol_10", coding="boxes_1_to_5")
    assert found == {"total": expected["total"]}
    assert values([*expected["items"], None], "reqol_10", coding="scored") == found


@pytest.mark.parametrize("name", ["reqol10-2", "reqol10-3"])
def test_reqol_reliable_recovery_needs_5_points_and_the_cut_off(name):
    given, expected = case(name)
    found = change(given["baseline"], given["followup"], "reqol_10")
    assert found["change"] == expected["change"]
    assert found["reliable"] == words(expected["reliable"])
    assert (found["class"] == "recovered") == expected["reliable_recovery"]


@pytest.mark.parametrize(("box", "found"), [(1, []), (2, ["q6"]), (5, ["q6"])])
def test_reqol_item_6_alerts_from_the_second_box_on(box, found):
    answers = [3, 3, 3, 3, 3, box, 3, 3, 3, 3, 1]
    assert alerts(answers, "reqol_10", coding="boxes_1_to_5") == found


def test_hads_odd_items_are_anxiety_and_even_ones_depression():
    given, expected = case("hads-1")
    found = values(given["items"], "hads", coding="scored")
    assert found == {name: expected[name] for name in ("anxiety", "depression")}
    assert sum(found.values()) == expected["total"]
    assert cut_off("hads", "anxiety_case", found["anxiety"]) == expected["case_A_8"]
    assert cut_off("hads", "depression_case", found["depression"]) == expected["case_D_8"]


def test_hads_boxes_from_the_top():
    given, expected = case("hads-3")
    assert values(given["boxes_1_to_4"], "hads", coding="boxes_1_to_4") == expected


def test_hads_half_rule_and_at_most_one_are_different_policies():
    given, expected = case("hads-2")
    assert values(given["items"], "hads", coding="scored")["anxiety"] is None
    found = values(given["items"], "hads", coding="scored", missing="half_rule")
    assert found["anxiety"] == pytest.approx(expected["anxiety"], abs=5e-4)
    assert found["depression"] == expected["depression"]
    gaps = [2, 1, None, 0, None, 1, None, 2, 3, 1, 2, 1, 1, 0]
    half = values(gaps, "hads", coding="scored", missing="half_rule")
    assert half["anxiety"] == 8 / 4 * 7
    asked = verdicts(gaps, "hads", coding="scored", missing="at_most_one")["anxiety"]
    assert (asked["value"], asked["reason"]) == (None, "too_many_missing")


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        ([1, 0, 1, 0], "none"),
        ([1, 1, 1, 0], "mild"),
        ([2, 1, 1, 2], "moderate"),
        ([3, 3, 3, 0], "severe"),
    ],
)
def test_phq_4_bands_start_at_3_6_and_9(answers, band):
    assert verdicts(answers, "phq_4")["total"]["band"] == band


def test_qpr_labels_name_no_topic_that_was_not_read():
    labels = {each.id: each.label for each in catalogue().instrument("qpr_15").items}
    assert [labels[f"q{number}"] for number in range(9, 16)] == [
        f"item {number}" for number in range(9, 16)
    ]


def test_who_5_has_no_change_rule_by_default_as_its_threshold_is_only_quoted():
    assert not any(rule.default for rule in catalogue().instrument("who_5").change_rules)


def test_audit_c_uk_band_and_positive():
    given, expected = case("auditc-1")
    found = verdicts(given["items"], "audit_c")["total"]
    assert found["value"] == expected["total"]
    assert found["band"].split()[0] in expected["uk_band"]
    assert cut_off("audit_c", "uk", found["value"]) == expected["uk_positive"]


def test_audit_c_uk_and_us_cut_offs_differ():
    given, expected = case("auditc-2")
    total = values(given["items"], "audit_c")["total"]
    assert total == expected["total"]
    assert cut_off("audit_c", "uk", total) == expected["uk_positive"]
    assert cut_off("audit_c", "us_women", total) == expected["va_female_positive"]


def test_only_phq_9_has_loinc_codes_because_those_of_the_others_were_not_read_in_a_form():
    coded = {
        name
        for name in catalogue().ids
        for each in (*catalogue().instrument(name).items, *catalogue().instrument(name).scores)
        if any(code.system == "loinc" for code in each.codes)
    }
    assert coded == {"phq_9"}


GENERAL = ["gad_7", "dialog", "phq_9", "swemwbs", "wemwbs", "qpr_15", "k_10", "reqol_10"]


@pytest.mark.parametrize("name", GENERAL)
def test_snomed_ids_in_force_are_accepted_by_mhsds_with_a_range_that_holds_ours(name):
    path = files("romframe_mhsds") / "data" / "codes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    known = {row["concept_id"]: row for row in csv.DictReader(lines)}
    spec = catalogue().instrument(name)
    parts = [(score.codes, score.low, score.high) for score in spec.scores]
    parts += [(item.codes, item.scale.low, item.scale.high) for item in spec.items]
    for codes, low, high in parts:
        for code in codes:
            if code.system == "snomed" and not code.valid_to:
                row = known[code.id]
                assert (row["valid_to"], float(row["low"])) == ("", low)
                assert high <= float(row["high"])


def test_every_worked_case_is_used():
    ours = Path(__file__).parent.glob("test_general_*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in ours)
    assert [name for name in vectors() if f'"{name}"' not in text] == []
