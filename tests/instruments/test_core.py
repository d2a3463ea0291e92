"""The CORE family: worked examples, published rules, and what must not be reproduced."""

import functools
import json
from pathlib import Path

import polars as pl
import pytest

import romframe
from romframe.api import catalogue


VECTORS = Path(__file__).parents[1] / "vectors"
POSITIVE = {3, 4, 7, 12, 19, 21, 31, 32}
WELL_BEING = {4, 14, 17, 31}
PROBLEMS = {2, 5, 8, 11, 13, 15, 18, 20, 23, 27, 28, 30}
FUNCTIONING = {1, 3, 7, 10, 12, 19, 21, 25, 26, 29, 32, 33}
RISK = {6, 9, 16, 22, 24, 34}
PARTS = ("gp_core", "core_sf_a", "core_sf_b")

part = pytest.mark.parametrize("name", PARTS)


@functools.cache
def vectors():
    text = (VECTORS / "honos_core_change.json").read_text(encoding="utf-8")
    return {case["id"]: case for case in json.loads(text)}


def spec(name):
    return catalogue().instrument(name)


def numbers(name):
    return [int(item.id.removeprefix("q")) for item in spec(name).items]


def verdicts(form, name, coding="scored", **options):
    """Score one form, a dict of answers by item number; an item without an answer is blank."""
    row = {f"q{n}": [form.get(n)] for n in numbers(name)}
    frame = pl.DataFrame(row, schema_overrides=dict.fromkeys(row, pl.Int64))
    tidy = romframe.score(frame, name, coding=coding, **options)
    return {each["score"]: each for each in tidy.iter_rows(named=True)}


def total(form, name, coding="scored", **options):
    return verdicts(form, name, coding, **options)["total"]


def same_box(name, box):
    return dict.fromkeys(numbers(name), box)


def core_om(coding):
    case = vectors()["coreom_full"]
    answers = case["inputs"]["raw"] if coding == "position" else case["expected"]["scored"]
    return dict(enumerate(answers, 1))


def judged(first, last, name, rule=None, **person):
    frame = pl.DataFrame({"first": [first], "last": [last]} | {k: [v] for k, v in person.items()})
    return romframe.classify(frame, name, score="total", rule=rule).row(0, named=True)


# CORE-OM and CORE-10: what must not be reproduced


@pytest.mark.parametrize("name", ["core_om", "core_10"])
@pytest.mark.parametrize("policy", [None, "unlimited"])
def test_an_empty_form_is_not_a_score_of_0(name, policy):
    found = verdicts({}, name, missing=policy)
    assert {each["value"] for each in found.values()} == {None}
    assert {each["reason"] for each in found.values()} == {"nothing_answered"}


@pytest.mark.parametrize("name", ["core_om", "core_10"])
def test_a_score_prorated_without_limit_says_so(name):
    found = total({1: 2, 2: 3}, name, missing="unlimited")
    assert (found["value"], found["status"], found["policy"]) == (25, "prorated", "unlimited")
    assert total({1: 2, 2: 3}, name)["reason"] == "too_many_missing"


@pytest.mark.parametrize("name", ["core_om", "core_10"])
def test_the_misprinted_band_of_the_manual_is_not_used(name):
    """It prints mild as 10 to 18, beside moderate from 15 to 19."""
    starts = {band.label: band.start for band in spec(name).score("total").bands}
    assert starts["mild"] == {"core_om": 10, "core_10": 11}[name]
    assert (starts["moderate"], starts["moderate to severe"], starts["severe"]) == (15, 20, 25)
    eighteen = same_box("core_10", 2) | {1: 0}
    assert total(eighteen, "core_10")["band"] == "moderate"


@pytest.mark.parametrize("name", ["core_om", "core_10"])
def test_a_fall_is_improvement_also_under_the_rule_of_the_manual(name):
    """It subtracts last from first and then calls a negative result improvement."""
    better, worse = judged(22, 17, name, "corc_manual"), judged(17, 22, name, "corc_manual")
    assert (better["class"], better["change"]) == ("improved", -5)
    assert (worse["class"], worse["change"]) == ("deteriorated", 5)
    assert judged(16, 10, name, "corc_manual")["class"] == "improved"
    assert judged(16, 9, name, "corc_manual")["class"] == "recovered"


def test_core_10_answers_go_to_4_and_not_to_3():
    """OpenScales gives CORE-10 answers a range of 0 to 3."""
    assert total(same_box("core_10", 4), "core_10")["value"] == 40
    assert total(same_box("core_10", 5), "core_10")["reason"] == "invalid_response"


def test_core_10_turns_items_2_and_3_and_not_4():
    """The SOCAS page names 3 and 4, which are those of CORE-OM; OpenScales names none."""
    zeros = same_box("core_10", 0)
    turned = {n: total(zeros | {n: 4}, "core_10", "position")["value"] - 8 for n in zeros}
    assert {n for n, moved in turned.items() if moved < 0} == {2, 3}
    assert [item.id for item in spec("core_10").items if item.reversed] == ["q2", "q3"]


def test_core_om_turns_eight_items_and_item_30_is_not_one():
    """awell-score turns item 30 too, which is worded negatively."""
    zeros = same_box("core_om", 0)
    base = total(zeros, "core_om", "position")["value"]
    fell = {n for n in zeros if total(zeros | {n: 4}, "core_om", "position")["value"] < base}
    assert fell == POSITIVE


def test_a_sum_of_56_over_34_items_is_not_cut_down_to_16():
    """SOCAS prints a mean of 1.64 and a clinical score of 16 for it."""
    form = same_box("core_om", 1) | dict.fromkeys(range(1, 23), 2)
    found = total(form, "core_om")
    assert found["value"] == pytest.approx(560 / 34)
    assert round(found["value"], 1) == 16.5


def test_cut_offs_and_norms_stand_side_by_side_with_their_sources():
    told = {
        name: {(c.value, c.comparator, c.source) for c in spec(name).cut_offs}
        for name in ("core_om", "core_10")
    }
    assert told["core_om"] == {
        (9.9, "at_least", "connell_2007"),
        (10, "at_least", "core_ims"),
        (10, "more_than", "corc_manual"),
    }
    assert told["core_10"] == {
        (11, "at_least", "barkham_2013"),
        (13, "at_least", "barkham_2013"),
        (10, "more_than", "corc_manual"),
    }
    norms = {norm.id: norm for norm in spec("core_10").norms}
    given = vectors()["core10_norms"]["inputs"]
    clinical, general = norms["counselling"], norms["general"]
    assert (clinical.mean, clinical.sd, clinical.reliability) == (
        given["mc"],
        given["sc"],
        given["alpha"],
    )
    assert (general.mean, general.sd, general.n) == (given["mf"], given["sf"], 535)


# GP-CORE and CORE-SF: parts of CORE-OM


def test_gp_core_has_all_positive_items_and_none_on_risk():
    found = set(numbers("gp_core"))
    counts = [len(found & domain) for domain in (WELL_BEING, PROBLEMS, FUNCTIONING, RISK)]
    assert counts == [2, 4, 8, 0]
    assert found >= POSITIVE
    assert not any(item.alert for item in spec("gp_core").items)


def test_the_two_short_forms_share_the_four_items_on_well_being():
    one, other = set(numbers("core_sf_a")), set(numbers("core_sf_b"))
    assert one & other == WELL_BEING
    assert set(range(1, 35)) - one - other == {9, 24}
    for form in (one, other):
        counts = [len(form & domain) for domain in (WELL_BEING, PROBLEMS, FUNCTIONING, RISK)]
        assert counts == [4, 6, 6, 2]


@part
def test_items_are_those_of_core_om(name):
    whole = spec("core_om")
    for item in spec(name).items:
        assert item == whole.item(item.id)
    assert spec(name).derivations[0].items == {item.id: item.id for item in spec(name).items}


@part
def test_a_part_read_out_of_a_core_om(name):
    scored = core_om("scored")
    expected = sum(scored[n] for n in numbers(name)) / len(numbers(name)) * 10
    assert total(scored, name)["value"] == pytest.approx(expected)
    assert total(core_om("position"), name, "position") == total(scored, name)


def test_gp_core_worked_by_hand():
    """2 3 4 7 8 12 18 19 21 25 27 29 31 32 are 3 3 2 2 3 2 3 2 3 1 3 2 3 2: 34 over 14."""
    assert total(core_om("scored"), "gp_core")["value"] == pytest.approx(340 / 14)


@part
def test_one_item_may_be_missing_and_not_two(name):
    """A list beside the scoring code of CORE-SF says "down to 16" of 18; code and owner say 17."""
    full = same_box(name, 3)
    one, two = (dict(list(full.items())[gone:]) for gone in (1, 2))
    assert total(one, name)["status"] == "prorated"
    assert total(one, name)["value"] == 30
    assert total(two, name)["reason"] == "too_many_missing"


@pytest.mark.parametrize("name", ["core_sf_a", "core_sf_b"])
@pytest.mark.parametrize("score", ["well_being", "problems", "functioning", "risk"])
def test_a_domain_of_a_short_form_takes_no_gap(name, score):
    full = same_box(name, 3)
    gone = int(spec(name).score(score).items[0].removeprefix("q"))
    assert verdicts(full, name)[score]["value"] == 30
    assert verdicts(full | {gone: None}, name)[score]["reason"] == "too_many_missing"


@pytest.mark.parametrize("name", ["core_om", "core_10", "core_sf_a", "core_sf_b", "yp_core"])
def test_every_risk_item_raises_an_alert_from_1(name):
    risk = {"core_10": {6}, "yp_core": {4}}.get(name, RISK & set(numbers(name)))
    alerts = {item.id: item.alert.at_least for item in spec(name).items if item.alert}
    assert alerts == {f"q{n}": 1 for n in risk}


# YP-CORE


def test_yp_core_turns_items_3_5_and_10():
    assert total(same_box("yp_core", 0), "yp_core", "position")["value"] == 12
    assert total(same_box("yp_core", 4), "yp_core", "position")["value"] == 28
    zeros = same_box("yp_core", 0)
    fell = {n for n in zeros if total(zeros | {n: 4}, "yp_core", "position")["value"] < 12}
    assert fell == {3, 5, 10}


def test_yp_core_with_gaps():
    form = dict.fromkeys(range(2, 11), 2)
    assert total(form, "yp_core")["value"] == 20
    assert total(form, "yp_core")["status"] == "prorated"
    three = {1: 2, 2: 1, 3: 0}
    assert total(three, "yp_core")["reason"] == "too_many_missing"
    awell = total(three, "yp_core", missing="unlimited")
    assert (awell["value"], awell["policy"]) == (10, "unlimited")


def test_a_prorated_yp_core_score_is_no_worse_off_for_being_a_fraction():
    """awell-score names scores by whole numbers, so that a fraction gets no name; here none do."""
    form = dict.fromkeys(range(1, 10), 1) | {1: 2}
    assert total(form, "yp_core")["value"] == pytest.approx(100 / 9)
    assert spec("yp_core").score("total").bands == ()


# Cut-offs of lookupCSC2.R (item means times 10): gender, first age, last age, cut-off.
YP_CUT_OFFS = {
    "twigg_2016": [
        ("male", 11, 13, 10.3),
        ("male", 14, 16, 14.1),
        ("female", 11, 13, 14.4),
        ("female", 14, 16, 15.9),
    ],
    "di_biase_2021": [
        ("female", 11, 14, 13.4),
        ("female", 15, 17, 14.7),
        ("male", 11, 14, 11.8),
        ("male", 15, 15, 12.3),
        ("male", 16, 17, 11.8),
    ],
    "blackshaw": [
        *[("male", age, age, 10) for age in (11, 12, 13)],
        ("male", 14, 14, 13),
        ("male", 15, 15, 14),
        ("male", 16, 16, 15),
        ("female", 11, 11, 11),
        ("female", 12, 12, 15),
        ("female", 13, 13, 14),
        ("female", 14, 14, 16),
        ("female", 15, 15, 16),
        ("female", 16, 16, 15),
    ],
}
EACH_CUT_OFF = [(rule, *row) for rule, rows in YP_CUT_OFFS.items() for row in rows]


@pytest.mark.parametrize(("rule", "gender", "youngest", "oldest", "cut_off"), EACH_CUT_OFF)
def test_yp_core_cut_offs_by_age_and_gender(rule, gender, youngest, oldest, cut_off):
    for age in (youngest, youngest + 0.5, oldest, oldest + 0.99):
        person = {"age": age, "gender": gender}
        at = judged(30, cut_off, "yp_core", rule, **person)
        below = judged(30, round(cut_off - 0.1, 1), "yp_core", rule, **person)
        assert (at["clinical"], at["class"]) == ("stayed_clinical", "improved")
        assert (below["clinical"], below["class"]) == ("clinical_to_non_clinical", "recovered")


@pytest.mark.parametrize("rule", YP_CUT_OFFS)
@pytest.mark.parametrize(
    "person",
    [
        {},
        {"age": 12, "gender": None},
        {"age": None, "gender": "female"},
        {"age": 12, "gender": "other"},
        {"age": 10.9, "gender": "male"},
        {"age": 18, "gender": "male"},
    ],
)
def test_nobody_gets_a_yp_core_cut_off_that_is_not_theirs(rule, person):
    assert judged(30, 5, "yp_core", rule, **person)["class"] == "not_classified"


def test_yp_core_changes_reliably_by_8_whoever_the_person_is():
    assert judged(20, 12, "yp_core")["class"] == "improved"
    assert judged(20, 13, "yp_core")["class"] == "unchanged"
    assert judged(12, 20, "yp_core")["class"] == "deteriorated"
