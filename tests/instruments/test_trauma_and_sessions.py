"""PCL-5, IES-R, City BiTS, ORS and SRS: worked examples, and what is not to be reproduced."""

import json
from pathlib import Path

import polars as pl
import pytest

import romframe
from romframe import UsageError
from romframe.api import catalogue


VECTORS = Path(__file__).parents[1] / "vectors" / "ors_pcl_5_worked.json"


def vectors():
    return {case["id"]: case for case in json.loads(VECTORS.read_text(encoding="utf-8"))}


def scored(answers, instrument, **options):
    frame = pl.DataFrame([{f"q{n}": each for n, each in enumerate(answers, 1)}])
    tidy = romframe.score(frame, instrument, **options)
    return dict(tidy.select(pl.col("score").cast(pl.String), "value").iter_rows())


def classed(first, last, instrument, rule=None):
    frame = pl.DataFrame({"first": [first], "last": [last]}, strict=False)
    judged = romframe.classify(frame, instrument, score="total", rule=rule)
    return judged["class"].cast(pl.String).item()


def cut_off(instrument, name):
    found = {each.id: each for each in catalogue().instrument(instrument).cut_offs}[name]
    return found.comparator, found.value


PCL = [3, 2, 1, 3, 2, 3, 2, 1, 2, 3, 2, 1, 2, 0, 1, 0, 3, 2, 2, 3]


def test_pcl_5_as_worked_in_its_dossier():
    found = scored(PCL, "pcl_5")
    assert found["total"] == 38
    assert [found[f"symptoms_{each}"] for each in "bcde"] == [4, 2, 4, 4]
    assert found["provisional_ptsd"] == 1
    assert sum(found[f"cluster_{each}"] for each in "bcde") == 38


def test_one_pcl_5_cluster_too_few_is_no_pattern_whatever_the_total():
    without_avoidance = [*PCL[:5], 1, 1, *PCL[7:]]
    found = scored(without_avoidance, "pcl_5")
    assert (found["total"], found["provisional_ptsd"]) == (35, 0)


def test_pcl_5_change_is_judged_by_a_rule_that_is_named():
    rules = ("va_5", "blanchard_9", "va_10", "marx_15", "marx_18")
    classes = [classed(38, 25, "pcl_5", rule) for rule in rules]
    assert classes == [*["improved"] * 3, "unchanged", "unchanged"]
    with pytest.raises(UsageError, match="no default change rule"):
        classed(38, 25, "pcl_5")
    assert classed(44, 28, "pcl_5", "marx_15_and_28") == "recovered"
    assert classed(44, 29, "pcl_5", "marx_15_and_28") == "improved"
    assert classed(44, 28, "pcl_5", "marx_18_and_28") == "unchanged"
    assert classed(46, 28, "pcl_5", "marx_18_and_28") == "recovered"


def test_pcl_5_cut_offs_stand_side_by_side():
    case = vectors()["pcl5-1"]
    side, value = cut_off("pcl_5", "provisional_33")
    assert side == "at_least"
    first, last = case["input"]["total"], case["input"]["followup"]
    assert (first >= value, last >= value) == tuple(case["expected"].values())
    assert cut_off("pcl_5", "provisional_31") == ("at_least", 31)
    assert cut_off("pcl_5", "uk_veterans_34") == ("at_least", 34)
    assert cut_off("pcl_5", "canada_45") == ("at_least", 45)


def test_ies_r_cut_offs_differ_by_population():
    found = {each.id: each.value for each in catalogue().instrument("ies_r").cut_offs}
    assert found == {"creamer_33": 33, "morina_34": 34, "chang_25": 25, "uk_veterans_46": 46}


def test_an_incomplete_pcl_5_has_no_total_and_no_pattern():
    found = scored([*PCL[:-1], None], "pcl_5")
    assert (found["total"], found["provisional_ptsd"], found["cluster_b"]) == (None, None, 11)


IES = [2] * 22
for number, answer in {1: 4, 3: 3, 5: 1, 7: 0, 9: 3, 10: 3, 14: 1, 20: 1, 22: 3}.items():
    IES[number - 1] = answer


def test_ies_r_as_worked_in_its_dossier():
    found = scored(IES, "ies_r")
    assert found["total"] == 45
    sums = [found[name] for name in ("avoidance", "intrusion", "hyperarousal")]
    assert sums == [14, 17, 14]
    means = [found[f"{name}_mean"] for name in ("avoidance", "intrusion", "hyperarousal")]
    assert means == [1.75, pytest.approx(17 / 7), 2.0]


def test_ies_r_items_are_shared_out_once():
    scores = {score.id: score for score in catalogue().instrument("ies_r").scores}
    shared = [i for name in ("avoidance", "intrusion", "hyperarousal") for i in scores[name].items]
    assert sorted(shared) == sorted(scores["total"].items)
    assert len(shared) == 22


BITS = [2, 0, 1, 3, 1, 1, 0, 0, 1, 2, 0, 1, 0, 0, 1, 0, 2, 0, 0, 1]


def city_bits(**changes):
    """Give the worked form, with changes."""
    form = {"q1": "yes", "q2": "no", **{f"q{n}": each for n, each in enumerate(BITS, 3)}}
    form |= {"q23": 0, "q24": 0, "q25": "after_birth", "q26": "long_enough"}
    form |= {"q27": "yes", "q28": "no", "q29": "no", **changes}
    tidy = romframe.score(pl.DataFrame([form]), "city_bits", scores=CITY_SCORES)
    return dict(tidy.select(pl.col("score").cast(pl.String), "value").iter_rows())


CITY_SCORES = [score.id for score in catalogue().instrument("city_bits").scores]


def test_city_bits_as_worked_in_its_dossier():
    found = city_bits()
    assert found["total"] == 16
    assert (found["cognitions_mood"], found["hyperarousal"]) == (3, 3)
    assert found["diagnostic_criteria"] == 1
    assert (found["birth_related"], found["general_symptoms"]) == (11, 5)
    assert (found["with_dissociation"], found["with_delayed_onset"]) == (0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"q29": "yes"},
        {"q29": "sometimes"},
        {"q1": "no"},
        {"q26": "too_short"},
        {"q27": "no"},
        {"q11": 0, "q12": 0},
        {"q17": 0, "q19": 0},
        {"q8": 0, "q9": 0},
    ],
)
def test_city_bits_criteria_fail_by_any_one_of_them(changes):
    assert city_bits(**changes)["diagnostic_criteria"] == 0


def test_city_bits_qualifies_the_diagnosis():
    assert city_bits(q24=1)["with_dissociation"] == 1
    assert city_bits(q25="delayed")["with_delayed_onset"] == 1
    assert city_bits(q24=1, q1="no")["with_dissociation"] == 0


def test_city_bits_dissociation_is_outside_the_total():
    assert city_bits(q23=3, q24=3)["total"] == 16


def test_a_missing_city_bits_item_is_not_a_0():
    found = city_bits(q5=None)
    assert (found["total"], found["diagnostic_criteria"]) == (None, None)


@pytest.mark.parametrize("code", [0, 1, 2])
def test_city_bits_qualifiers_are_never_read_from_bare_numbers(code):
    """Data sets write yes as 0 or as 1, so a number says nothing."""
    assert city_bits(q29=str(code))["diagnostic_criteria"] is None


def test_city_bits_subscales_are_given_only_when_asked():
    scores = {score.id: score for score in catalogue().instrument("city_bits").scores}
    asked = {name for name, score in scores.items() if score.on_request}
    assert asked == {"birth_related", "general_symptoms"}


def test_ors_keeps_tenths_and_its_threshold_is_met_exactly():
    one, two = vectors()["ors-1"], vectors()["ors-2"]
    found = scored(one["input"]["vas"], "ors")
    assert found["total"] == one["expected"]["total"]
    assert cut_off("ors", "adult_25") == ("less_than", 25)
    assert (found["total"] < 25) == one["expected"]["below_adult_cut_25"]
    first, last = two["input"]["baseline"], two["input"]["followup"]
    assert classed(first, last, "ors") == two["expected"]["nhse_threshold_6_6"]
    assert classed(first, last, "ors", "nhse_unrounded") == two["expected"]["unrounded_6_55"]
    assert classed(first, 20.5, "ors") == "unchanged"
    assert cut_off("ors", "young_28") == ("less_than", 28)


def test_ors_is_measured_to_the_millimetre():
    assert scored([3.25, 4.1, 2.8, 3.9], "ors")["total"] is None


def test_srs_is_better_high_and_its_cut_off_stands_with_both_boundaries():
    spec = catalogue().instrument("srs")
    assert spec.score("total").better == "higher"
    assert cut_off("srs", "concern_36") == ("at_most", 36)
    assert cut_off("srs", "concern_below_36") == ("less_than", 36)
    assert scored([9.5, 9.0, 8.7, 9.0], "srs")["total"] == pytest.approx(36.2)
    assert (spec.type, spec.change_rules) == ("prem", ())
