"""The HoNOS family: worked examples, published rules, and what must not be reproduced."""

import functools
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import romframe
from romframe.api import catalogue
from romframe.importing.mapping import parse_mapping
from romframe.importing.prepare import prepare
from romframe.tables import read_table


VECTORS = Path(__file__).parents[1] / "vectors"
FAMILY = ("honos", "honos_65", "honosca")
ITEMS = {"honos": 12, "honos_65": 12, "honosca": 15}
FULL = [1, 0, 2, 0, 1, 3, 2, 3, 2, 1, 0, 2]
POLICIES = ("strict", "ignore", "min_valid_sum", "min_valid_prorate")

family = pytest.mark.parametrize("name", FAMILY)
adults = pytest.mark.parametrize("name", ["honos", "honos_65"])


@functools.cache
def vectors(file="honos_core_change.json"):
    cases = json.loads((VECTORS / file).read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}


def verdicts(form, name, **options):
    row = {f"q{n}": [answer] for n, answer in enumerate(form, 1)}
    frame = pl.DataFrame(row, schema_overrides=dict.fromkeys(row, pl.Int64))
    tidy = romframe.score(frame, name, **options)
    return {each["score"]: each for each in tidy.iter_rows(named=True)}


def values(form, name, **options):
    return {score: each["value"] for score, each in verdicts(form, name, **options).items()}


def judged(first, last, name, score="total", **options):
    frame = pl.DataFrame({"first": [first], "last": [last]})
    return romframe.classify(frame, name, score=score, **options).row(0, named=True)


# Totals, subscales, counts


@adults
def test_total_subscales_and_counts_of_a_complete_rating(name):
    found = values(FULL, name)
    assert found == {
        "total": 17,
        "behaviour": 3,
        "impairment": 1,
        "symptom": 8,
        "social": 5,
        "items_2_or_more": 6,
        "items_3_or_more": 2,
    }


@adults
@pytest.mark.parametrize(
    ("score", "two_unknown", "three_unknown"),
    [
        ("total", [None, 15, 15, 18.0], [None, 14, None, None]),
        ("items_2_or_more", [None, 5, 5, 6.0], [None, 5, None, None]),
        ("items_3_or_more", [None, 2, 2, 2.4], [None, 2, None, None]),
    ],
)
def test_every_missing_policy_by_its_name(name, score, two_unknown, three_unknown):
    for unknown, expected in ((2, two_unknown), (3, three_unknown)):
        form = FULL[: 12 - unknown] + [9] * unknown
        found = [verdicts(form, name, missing=policy)[score] for policy in POLICIES]
        assert [each["value"] for each in found] == expected
        assert [each["policy"] for each in found] == list(POLICIES)
        assert verdicts(form, name)[score] == found[0]


def test_an_unverified_policy_says_so_on_the_score():
    evidence = {p: verdicts(FULL, "honos", missing=p)["total"]["evidence"] for p in POLICIES}
    assert evidence == {
        "strict": "verified",
        "ignore": "verified",
        "min_valid_sum": "unverified",
        "min_valid_prorate": "unverified",
    }


@family
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("blank", [9, None])
def test_a_form_without_ratings_is_not_a_total_of_0(name, policy, blank):
    found = verdicts([blank] * ITEMS[name], name, missing=policy)
    assert {each["value"] for each in found.values()} == {None}
    assert {each["reason"] for each in found.values()} == {"nothing_answered"}


@family
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("code", [7, 8])
def test_codes_of_other_layouts_are_never_numbers(name, policy, code):
    """NOCC writes 7 and METEOR 8; whoever has such files says so in the mapping."""
    form = [code] + [1] * (ITEMS[name] - 1)
    found = verdicts(form, name, missing=policy)["total"]
    assert (found["value"], found["reason"]) == (None, "invalid_response")


def test_four_factors_are_given_on_request_only_and_say_that_they_are_unverified():
    assert not any(name.startswith("factor_") for name in values(FULL, "honos"))
    factors = [f"factor_{each}" for each in ("personal", "emotional", "social", "severe")]
    found = verdicts(FULL, "honos", scores=factors)
    assert [found[name]["value"] for name in factors] == [2, 5, 4, 6]
    assert sum(found[name]["value"] for name in factors) == 17
    assert {each["evidence"] for each in found.values()} == {"unverified"}


def test_names_for_totals_after_the_clinical_global_impression_are_there_by_name_only():
    score = catalogue().instrument("honos").score("total")
    assert score.bands == ()
    chosen = score.with_bands("cgi_severity").bands
    assert [band.start for band in chosen] == [3, 6, 11, 17, 26, 36]


# HoNOSCA


def test_honosca_total_subscales_and_section_b():
    case = vectors()["honosca"]
    found, expected = values(case["inputs"]["items"], "honosca"), case["expected"]
    assert found["total"] == expected["A"]
    assert found["section_b"] == expected["B"]
    assert found["total"] + found["section_b"] == expected["AB"]
    subscales = [found[name] for name in ("behaviour", "impairment", "symptom", "social")]
    assert subscales == [expected[name] for name in ("beh", "imp", "sym", "soc")]


def test_honosca_total_is_never_over_fifteen_items():
    found = values([4] * 15, "honosca")
    assert (found["total"], found["section_b"]) == (52, 8)
    assert values([0] * 13 + [4, 4], "honosca")["total"] == 0
    unknown_b = values([1] * 13 + [9, 9], "honosca")
    assert (unknown_b["total"], unknown_b["section_b"]) == (13, None)


def test_honosca_with_unknown_ratings():
    case = vectors()["honosca_missing"]
    form, expected = list(case["inputs"]["items"]), case["expected"]
    found = verdicts(form, "honosca", missing="ignore")["total"]
    assert (found["value"], found["answered"]) == (expected["A_ignore"], expected["valid"])
    assert values(form, "honosca", missing="min_valid_sum")["total"] == 13
    assert values(form, "honosca")["total"] is None
    form[0] = 9
    assert values(form, "honosca", missing="min_valid_sum")["total"] is None
    assert values(form, "honosca", missing="ignore")["total"] == 11


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [(3, 1, "improved"), (3, 2, "unchanged"), (1, 3, "deteriorated"), (0, 4, "deteriorated")],
)
def test_honosca_items_change_by_two_points(first, last, found):
    row = judged(first, last, "honosca", "q1")
    assert (row["class"], row["rule"]) == (found, "nhse_cyp")


# Low and high


@family
def test_every_rating_is_low_or_high_and_none_is_called_severe(name):
    """The CORC manual calls 2 to 4 mild, moderate and severe, and then 3 and more severe."""
    instrument = catalogue().instrument(name)
    for item in instrument.items:
        if item.scale.scored:
            assert [(b.start, b.label) for b in item.scale.bands] == [(0, "low"), (3, "high")]
    assert "severe" not in instrument.score("items_3_or_more").name


@family
@pytest.mark.parametrize(
    ("first", "last", "move", "found"),
    [
        (1, 3, "low_to_high", "deteriorated"),
        (3, 1, "high_to_low", "improved"),
        (2, 3, "low_to_high", "deteriorated"),
        (4, 3, "stayed_high", "unchanged"),
        (0, 2, "stayed_low", "unchanged"),
    ],
)
def test_high_and_low_are_named_in_the_order_of_time(name, first, last, move, found):
    """CDU's labels name the later state first: a person who got worse would read as improved."""
    row = judged(first, last, name, "q1", rule="low_high")
    assert (row["clinical"], row["class"]) == (move, found)


# Change of the total


@pytest.mark.parametrize(
    ("rule", "first", "last", "found"),
    [
        (None, 20, 12, "improved"),
        (None, 20, 13, "unchanged"),
        (None, 12, 20, "deteriorated"),
        ("parabiaghi_2005_severe", 20, 13, "improved"),
        ("parabiaghi_2005_severe", 20, 14, "unchanged"),
        ("parabiaghi_2005_improvement", 19, 10, "recovered"),
        ("parabiaghi_2005_improvement", 19, 11, "improved"),
        ("parabiaghi_2005_improvement_severe", 19, 11, "recovered"),
        ("parabiaghi_2005_improvement_severe", 19, 12, "improved"),
        ("parabiaghi_2005_remission", 14, 4, "recovered"),
        ("parabiaghi_2005_remission", 14, 5, "improved"),
        ("parabiaghi_2014", 10, 6, "improved"),
        ("parabiaghi_2014", 10, 7, "unchanged"),
        ("parabiaghi_2014_8", 20, 12, "improved"),
        ("parabiaghi_2014_8", 20, 13, "unchanged"),
    ],
)
def test_published_rules_for_the_total_stand_side_by_side(rule, first, last, found):
    assert judged(first, last, "honos", rule=rule)["class"] == found


def test_cut_offs_of_both_papers_are_listed():
    honos = catalogue().instrument("honos")
    assert {each.id: each.value for each in honos.cut_offs} == {
        "improvement_2005": 11,
        "improvement_severe_2005": 12,
        "remission_2005": 5,
        "moderate_2014": 10,
        "severe_2014": 13,
    }


def test_the_share_that_worsened_is_not_the_misprinted_one():
    stable, improved, worsened = 4361, 269, 129
    share = 100 * worsened / (stable + improved + worsened)
    note = catalogue().instrument("honos").sources["parabiaghi_2005"].note
    assert f"give {share:.1f} %" in note
    assert "1.8 %" in note


def test_no_rule_for_honos_is_passed_off_as_one_for_older_adults():
    older = catalogue().instrument("honos_65")
    assert [rule.id for rule in older.change_rules] == ["low_high"]


def test_norms_of_older_adults_are_those_of_the_paper():
    norms = {norm.id: norm for norm in catalogue().instrument("honos_65").norms}
    case = vectors("statistics.json")["mujic2018_paired"]["inputs"]
    before, after = norms["mujic_before"], norms["mujic_after"]
    assert (before.n, before.mean, before.sd) == (case["n"], case["m_pre"], case["sd_pre"])
    assert (after.n, after.mean, after.sd) == (case["n"], case["m_post"], case["sd_post"])
    first = norms["mujic_first"]
    assert (first.n, first.mean, first.sd) == (1081, 12.53, 4.125)


# What is kept with a rating


@family
def test_items_have_the_codes_that_the_data_set_takes(name):
    for item in catalogue().instrument(name).items:
        section_b = item.id in ("q14", "q15")
        if item.scale.scored and not section_b:
            assert [code.system for code in item.codes] == ["snomed"]
        elif section_b:
            assert item.codes == ()


def test_items_have_notes_for_the_time_around_birth():
    noted = {item.id for item in catalogue().instrument("honos").items if "perinatal" in item.note}
    assert noted == {"q5", "q9", "q10", "q11", "q12"}


RATING = {f"q{n}": "1" for n in range(1, 13)} | {"q8_type": "K", "glossary": "revised"}


def imported(tmp_path, name, rating, mapping=""):
    about = {"referral_id": "R1", "completed_at": "2026-01-10", "timepoint": "assessment"}
    row = about | {"rater": "clinician"} | rating
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join([",".join(row), ",".join(row.values())]) + "\n", encoding="utf-8")
    known = parse_mapping(f"instrument: {name}\n{mapping}", "mapping.yaml")
    instrument = catalogue().instrument(name)
    return prepare(read_table(path, ","), instrument, known, today=date(2026, 1, 31))


@adults
@pytest.mark.parametrize("letter", "ABCDEFGHIJK")
def test_every_letter_of_item_8_is_kept_and_with_it_the_glossary(tmp_path, name, letter):
    found = imported(tmp_path, name, RATING | {"q8_type": letter})
    assert found.accepted.select("q8_type", "glossary").row(0) == (letter, "revised")


@adults
@pytest.mark.parametrize("change", [{"q8_type": "L"}, {"glossary": "1996"}, {"q3": "7"}])
def test_what_the_form_does_not_have_is_refused_by_name(tmp_path, name, change):
    found = imported(tmp_path, name, RATING | change)
    assert found.accepted.height == 0
    assert found.rejected.select("code", "column").row(0) == ("answer-invalid", next(iter(change)))


def test_the_glossary_may_be_left_out_and_other_codes_for_unknown_can_be_named(tmp_path):
    rating = RATING | {"q1": "7", "q2": "8", "q3": "9"}
    del rating["glossary"]
    codes = "missing_codes: {7: blank, 8: not_known}\n"
    found = imported(tmp_path, "honos", rating, codes).accepted
    assert found.select("q1", "q2", "q3", "q4", "glossary").row(0) == (None, None, None, 1, None)
    assert json.loads(found["states"][0]) == {"q2": "not_known", "q3": "not_known"}
