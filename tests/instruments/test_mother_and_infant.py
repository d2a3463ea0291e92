"""BMIS, PBQ, MPAS, MAAS, KPCS, MORS-SF: the worked examples, and the traps on the way."""

import polars as pl
import pytest

import romframe
from romframe import UsageError
from romframe.api import catalogue


def scored(answers, name, coding="scored", **options):
    """Score one form, its answers in the order of the spec; give value, band and so on by score."""
    items = [item.id for item in catalogue().instrument(name).items]
    frame = pl.DataFrame(
        [{key: "" if a is None else str(a) for key, a in zip(items, answers, strict=True)}]
    )
    tidy = romframe.score(frame, catalogue().instrument(name), coding=coding, **options)
    return {row["score"]: row for row in tidy.iter_rows(named=True)}


def values(answers, name, coding="scored", **options):
    return {key: row["value"] for key, row in scored(answers, name, coding, **options).items()}


# BMIS

WEEK_1, WEEK_4 = [2, 1, 2, 2, 1, 1, 1], [1, 0, 1, 1, 0, 0, 1]


def test_bmis_gives_no_score_unasked_for_its_scales_are_unverified():
    with pytest.raises(UsageError) as refused:
        scored(WEEK_1, "bmis")
    assert refused.value.problems[0].code == "no-scores"


def test_bmis_scores_asked_for_by_name_say_that_they_are_unverified():
    names = ["maternal", "all_scales", "risk_scale", "baby_scale"]
    first = scored(WEEK_1, "bmis", scores=names)
    assert [first[name]["value"] for name in names] == [9, 10, 1, 1]
    assert {row["evidence"] for row in first.values()} == {"unverified"}
    assert {row["band"] for row in first.values()} == {None}
    last = values(WEEK_4, "bmis", scores=names)
    assert (last["maternal"], last["all_scales"]) == (3, 4)


def test_a_rise_in_risk_that_a_total_hides_shows_by_itself():
    worse = [1, 0, 1, 1, 0, 2, 1]
    names = ["all_scales", "risk_scale"]
    before, after = values(WEEK_1, "bmis", scores=names), values(worse, "bmis", scores=names)
    assert after["all_scales"] < before["all_scales"]
    assert after["risk_scale"] > before["risk_scale"]


# PBQ

POSITIVE = {1, 4, 8, 9, 11, 16, 22, 25}


def pbq_form():
    """The form of the reference, as boxes from always (0) to never (5), in the order of 2006."""
    form = {n: 1 if n in POSITIVE else 4 for n in range(1, 26)} | {22: 3, 18: 5}
    form |= dict.fromkeys((3, 7, 20), 3) | dict.fromkeys((13, 14, 21), 2)
    return [form[n] for n in range(1, 26)]


PBQ = {
    "impaired_bonding": 15,
    "rejection_anger": 12,
    "infant_anxiety": 7,
    "incipient_abuse": 1,
    "total": 35,
}


def test_pbq_by_boxes():
    found = scored(pbq_form(), "pbq", "position")
    assert {name: row["value"] for name, row in found.items()} == PBQ
    bands = {name: row["band"] for name, row in found.items()}
    assert bands == {
        "impaired_bonding": "high",
        "rejection_anger": "below the cut-off",
        "infant_anxiety": "below the cut-off",
        "incipient_abuse": "below the cut-off",
        "total": None,
    }


def test_pbq_of_2001_has_the_irritated_item_two_places_earlier():
    form = pbq_form()
    moved = [*form[:7], form[9], form[7], form[8], *form[10:]]
    assert values(moved, "pbq-2001", "position") == PBQ
    assert values(form, "pbq-2001", "position") != PBQ


def test_pbq_cut_offs_are_those_of_the_version():
    form = pbq_form()
    form[13] = 1  # angry: one point more on factor 2, 13 in all
    form[23] = 3  # one point more on factor 4, 2 in all
    new, old = scored(form, "pbq", "position"), scored(form, "pbq-2001", "position")
    for name in ("rejection_anger", "incipient_abuse"):
        assert (new[name]["band"], old[name]["band"]) == ("high", "below the cut-off")


def test_cut_offs_of_the_total_stand_side_by_side():
    for name in ("pbq", "pbq-2001"):
        found = catalogue().instrument(name).cut_offs
        assert [cut.value for cut in found if cut.score == "total"] == [13, 19]


def test_any_answer_but_never_on_harm_is_an_alert():
    frame = pl.DataFrame({f"q{n}": [box] for n, box in enumerate(pbq_form(), 1)})
    for harm, raised in (({}, ["q24"]), ({"q18": 4}, ["q18", "q24"]), ({"q24": 5}, [])):
        form = frame.with_columns(**{name: pl.lit(box) for name, box in harm.items()})
        assert romframe.alerts(form, "pbq", coding="position")["subject"].to_list() == raised


def test_do_not_reproduce_six_for_never():
    """A public script recodes the negative items 0=6 ... 6=0; a 6 is no answer here."""
    found = scored([6, *pbq_form()[1:]], "pbq", "position")
    assert found["total"]["reason"] == "invalid_response"


def test_do_not_reproduce_a_missing_answer_that_counts_0():
    found = scored([None, *pbq_form()[1:]], "pbq", "position")
    assert (found["total"]["value"], found["total"]["reason"]) == (None, "too_many_missing")
    assert found["infant_anxiety"]["value"] == 7


def test_answers_of_the_pbq_must_say_how_they_are_coded():
    with pytest.raises(UsageError) as refused:
        scored(pbq_form(), "pbq", None)
    assert refused.value.problems[0].code == "coding-needed"


# MPAS and MAAS

MPAS = [4, 5, 4, 3, 3, 3, 2, 1, 2, 2, 2, 1, 1, 1, 3, 2, 2, 3, 3]


def test_mpas_as_printed():
    found = values(MPAS, "mpas", "position")
    assert found == {
        "quality": 34.2,
        "absence_of_hostility": 17.2,
        "pleasure": 23.0,
        "total": 74.4,
    }


def test_mpas_in_exact_steps():
    found = values(MPAS, "mpas-exact", "position")
    assert {name: round(value, 2) for name, value in found.items()} == {
        "quality": 34.67,
        "absence_of_hostility": 17.33,
        "pleasure": 23.0,
        "total": 75.0,
    }


def test_maas_counts_item_7_in_the_global_score_alone():
    form = dict.fromkeys(range(1, 20), 3) | {
        1: 5,
        3: 4,
        6: 5,
        7: 5,
        8: 2,
        9: 4,
        12: 5,
        13: 4,
        18: 4,
        19: 5,
    }
    found = values([form[n] for n in range(1, 20)], "maas")
    assert found == {"quality": 39, "time": 26, "total": 39 + 26 + 5}


def test_maas_alerts_where_the_wish_to_hurt_has_been_felt():
    frame = pl.DataFrame({f"q{n}": [3, 3] for n in range(1, 20)} | {"q12": [4, 3]})
    found = romframe.alerts(frame, "maas", coding="scored")
    assert found.select("row", "subject").rows() == [(2, "q12")]
    printed = frame.with_columns(q12=pl.Series([2, 3]))
    assert romframe.alerts(printed, "maas", coding="position")["row"].to_list() == [2]


# KPCS

KPCS = ["NA", 2, 3, 2, 3, 2, 3, 1, "NA", 3, 2, 3, 2, 3, 2]


def test_kpcs_counts_not_applicable_as_2():
    found = scored(KPCS, "kpcs")["total"]
    assert (found["value"], found["status"], found["band"]) == (35, "scored", "low confidence")


@pytest.mark.parametrize(("total", "band"), [(39, "low confidence"), (40, "above the cut-off")])
def test_kpcs_cut_off_is_39_or_less(total, band):
    form = [3] * 15
    form[1] -= 45 - total if total > 42 else 3
    form[2] -= 42 - total
    assert scored(form, "kpcs")["total"]["band"] == band


def test_kpcs_takes_not_applicable_on_two_items_only_and_never_a_blank():
    assert scored([3, "NA", *[3] * 13], "kpcs")["total"]["reason"] == "invalid_response"
    assert scored([None, *[3] * 14], "kpcs")["total"]["reason"] == "too_many_missing"


def test_kpcs_zero_is_an_answer():
    assert scored([0] * 15, "kpcs")["total"]["value"] == 0


def test_not_applicable_is_told_apart_where_answers_are_counted():
    frame = pl.DataFrame([{f"q{n}": str(a) for n, a in enumerate(KPCS, 1)}])
    row = romframe.distribution(frame, "kpcs").filter(pl.col("item") == "q1").row(0, named=True)
    assert (row["of"], row["not_applicable"]) == (0, 1)


# MORS-SF


def test_mors_scores_are_there_for_the_asking_and_say_that_they_are_unverified():
    warm, invading = iter([4, 4, 3, 5, 4, 3, 4]), iter([1, 2, 2, 1, 0, 3, 4])
    items = catalogue().instrument("mors_sf").items
    form = [next(warm if item.section == "warmth" else invading) for item in items]
    found = scored(form, "mors_sf", scores=["warmth", "invasion"])
    assert (found["warmth"]["value"], found["invasion"]["value"]) == (27, 13)
    assert {row["evidence"] for row in found.values()} == {"unverified"}
    with pytest.raises(UsageError):
        scored(form, "mors_sf")
