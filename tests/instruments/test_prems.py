"""Friends and Family Test and patient experience questionnaires: counted, never added up."""

import json
from pathlib import Path

import polars as pl
import pytest

import romframe
from romframe import UsageError


VECTORS = Path(__file__).parents[1] / "vectors" / "prems_worked.json"
FFT = ("very_good", "good", "neither", "poor", "very_poor", "dont_know")


def fft(*counts):
    answers = [code for code, count in zip(FFT, counts, strict=True) for _ in range(count)]
    return romframe.distribution(pl.DataFrame({"experience": answers}), "fft")


def test_positive_is_of_all_answers_and_dont_know_is_one():
    found = fft(41, 22, 7, 3, 2, 5)
    assert set(found["of"]) == {80}
    assert set(found["favourable_share"]) == {0.7875}
    assert set(found["unfavourable_share"]) == {0.0625}
    assert set(found["favourable_percent"]) == {"78.8"}
    assert found["side"].to_list() == [
        *["favourable"] * 2,
        "neither",
        *["unfavourable"] * 2,
        "neither",
    ]


@pytest.mark.parametrize("case", json.loads(VECTORS.read_text(encoding="utf-8")))
def test_vectors(case):
    found = fft(*(case["input"][each] for each in FFT))
    assert found["favourable_share"][0] * 100 == pytest.approx(case["expected"]["pct_positive"])
    assert found["unfavourable_share"][0] * 100 == pytest.approx(case["expected"]["pct_negative"])


def test_do_not_reproduce_numbers_for_answers_of_the_friends_and_family_test():
    """Two public programs number the same answers 1 to 5 and 5 to 1: a number is no answer."""
    found = romframe.distribution(pl.DataFrame({"experience": [1, 5, 6, 0]}), "fft")
    assert (found["n"].sum(), found["invalid"][0]) == (0, 4)


def test_the_old_question_inside_the_perinatal_questionnaire_has_codes_of_its_own():
    answers = {**{f"q{n}": [2] * 6 for n in range(1, 7)}, "fft": [5, 4, 3, 2, 1, 0]}
    found = romframe.distribution(pl.DataFrame(answers), "apeq_cpft_perinatal")
    rows = found.filter(pl.col("item") == "fft").select("code", "answer", "side").rows()
    assert rows[0] == ("5", "extremely likely", "favourable")
    assert rows[-1] == ("0", "don't know", "neither")


def test_involved_in_decisions_can_be_read_both_ways():
    answers = {f"q{n}": [2] * 31 + [1] * 9 + [0] * 2 for n in range(1, 7)}
    found = romframe.distribution(pl.DataFrame({**answers, "fft": [5] * 42}), "apeq_cpft_perinatal")
    shares = dict(found.filter(pl.col("item") == "q6").select("answer", "n").iter_rows())
    assert shares == {"no": 2, "to some extent": 9, "yes": 31}
    assert found.filter(pl.col("item") == "q6")["favourable_percent"][0] == "73.8"
    both = found.filter(pl.col("item") == "q6").filter(pl.col("answer") != "no")["share"].sum()
    assert both == pytest.approx(0.952, abs=5e-4)


def test_not_applicable_counts_in_no_share():
    answers = {"q1": [4], "q2": [4], "q3": [3], "q4": [2], "q5": [4], "q6": ["NA"]}
    found = romframe.distribution(pl.DataFrame(answers), "peq_treatment")
    asked = found.group_by("item", maintain_order=True).first()
    assert asked["of"].to_list() == [1, 1, 1, 1, 1, 0]
    assert asked["not_applicable"].to_list() == [0, 0, 0, 0, 0, 1]
    good = found.filter(pl.col("side") == "favourable")["n"].sum()
    assert good / asked["of"].sum() == 0.8


def test_the_assessment_questionnaire_is_coded_in_two_ways():
    letters = {"q1": ["Y"], "q2": ["N"], "q3": ["NA"], "q4": ["Y"], "satisfaction": [4]}
    national = romframe.distribution(pl.DataFrame(letters), "peq_assessment")
    numbers = {"q1": [1], "q2": [0], "q3": [2], "satisfaction": [4]}
    local = romframe.distribution(pl.DataFrame(numbers), "apeqpt")
    for item in ("q1", "q2", "q3", "satisfaction"):
        for name in ("of", "not_applicable", "favourable_share", "invalid"):
            one, other = (
                found.filter(pl.col("item") == item)[name][0] for found in (national, local)
            )
            assert one == other
    swapped = romframe.distribution(pl.DataFrame(numbers | {"q4": [1]}), "peq_assessment")
    assert swapped.filter(pl.col("item") == "q1")["invalid"][0] == 1


@pytest.mark.parametrize(
    "name", ["fft", "peq_assessment", "peq_treatment", "apeqpt", "apeq_cpft_perinatal"]
)
def test_do_not_reproduce_a_mean_of_experience(name):
    with pytest.raises(UsageError) as refused:
        romframe.score(pl.DataFrame({"q1": [4]}), name)
    assert refused.value.problems[0].code == "no-totals"
