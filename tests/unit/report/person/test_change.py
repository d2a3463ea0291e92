import random

import polars as pl
import pytest


LEVELS = {"high": "3" * 10, "mild": "2111102121", "low": "0" * 9 + "1", "middle": "2" * 10}
STEPS = """\
romframe: 1
id: steps
version: "1"
name: Steps
type: prom
raters: [service_user]
licence: {owner: us, terms: ours, wording: ships}
response_scales:
  hours: {range: [0, 9], step: 0.5}
items:
  - {id: walked, label: hours walked, FAVOURABLEscale: hours}
scores:
  - {id: walked_hours, name: Walked, items: all, method: sum, source: us,
     range: [0, 9], better: neither, decimals: 1}
sources:
  us: {cite: made up for this test, status: local}
"""
NOISE = "more than the measure's own noise"
MORE = "more than ordinary ups and downs"
SENTENCES = [
    (
        ("high", "low", "healthy"),
        f"better by {NOISE}, and out of the clinical range",
        "Clearly better than at the start, and well again by this questionnaire",
    ),
    (
        ("high", "middle", "moderate to severe"),
        f"better by {NOISE}",
        f"Clearly better than at the start: {MORE}",
    ),
    (
        ("mild", "mild", "mild"),
        "no change beyond the measure's own noise",
        "About the same as at the start: no more than ordinary ups and downs",
    ),
    (
        ("middle", "high", "severe"),
        f"worse by {NOISE}",
        f"Clearly harder than at the start: {MORE}",
    ),
    (
        ("low", "high", "severe"),
        f"worse by {NOISE}, and now in the clinical range",
        f"Clearly harder than at the start: {MORE}",
    ),
]


def _mean(answers):
    given = [int(answer) for answer in answers if answer != "-"]
    return sum(given) / len(given) * 10


def _band(score):
    starts = {0: "healthy", 6: "low level", 11: "mild", 15: "moderate"}
    starts |= {20: "moderate to severe", 25: "severe"}
    return starts[max(start for start in starts if score >= start)]


def _signed(number):
    return f"{number:+.1f}".replace("-", "\u2212")


def _by_hand(first, last):
    """Judge two CORE-10 scores as Barkham 2013: 6 points, and 11 or more is clinical."""
    if abs(last - first) < 6 - 1e-9:
        return "unchanged"
    return "reliably better" if last < first else "reliably worse"


def test_every_score_on_the_page_is_the_one_that_the_answers_give(place, told):
    answers = ["4343433344", "4-33433344", "2211221122", "1100110011", "0000-00001", "3120000000"]
    days = [f"2025-{month:02}-12" for month in range(2, 8)]
    place.core_10(*(("R1", day, given) for day, given in zip(days, answers, strict=True)))

    page = told()

    expected = [f"{_mean(given):.1f} ({_band(_mean(given))})" for given in answers]
    rows = page.rows("Clinical score: every rating")
    assert [row[1] for row in rows] == expected
    assert [row[3] for row in rows] == ["", "scored from 9 of 10 answers", "", "", rows[4][3], ""]
    assert rows[4][3] == "scored from 9 of 10 answers"
    change = _mean(answers[-1]) - _mean(answers[0])
    assert f"({_signed(change)})" not in page.visible
    assert f"(change {_signed(change)})." in page.visible


def test_the_class_at_the_last_rating_is_that_of_the_change_from_first_to_last(place, told):
    answers = [LEVELS[name] for name in ("high", "middle", "low")]
    place.core_10(*(("R1", f"2025-0{n}-12", given) for n, given in enumerate(answers, 2)))
    changes = place.workspace.changes("core_10")

    rows = told().rows("Clinical score: every rating")

    assert changes.item(0, "class") == "recovered"
    assert [row[2] for row in rows] == ["", "reliably better", "reliably better"]
    middle = place.workspace.scores("core_10").filter(pl.col("value") == 20)
    assert middle.height == 1  # 30 to 20 is a fall of 10, and 6 points are reliable


@pytest.mark.parametrize(("scores", "clinician", "person"), SENTENCES)
def test_change_is_told_in_words_to_each_reader(place, told, scores, clinician, person):
    first, last, band = scores
    place.core_10(("R1", "2025-02-12", LEVELS[first]), ("R1", "2025-03-12", LEVELS[last]))

    assert f"Clinical score: {clinician}; now in the band \u201c{band}\u201d." in told().visible
    plain = told(reader="service_user").visible
    assert f"{person}; now in the range called \u201c{band}\u201d." in plain


def test_one_rating_has_nothing_to_be_compared_with(place, told):
    place.core_10(("R1", "2025-02-12", LEVELS["high"]))

    page = told()

    assert (
        "one rating so far, in the band \u201csevere\u201d; a second one will show" in page.visible
    )
    assert "30.0 on 12 February 2025." in page.visible
    assert "Agree when to rate again" in page.visible
    assert "You have taken the time to answer." in told(reader="service_user").visible


def test_the_first_rating_of_a_later_referral_is_not_compared_with_an_earlier_one(place, told):
    place.refer(("R2", "P1", "2025-09-01", None))
    place.core_10(("R1", "2025-02-12", LEVELS["high"]), ("R2", "2025-09-12", LEVELS["low"]))

    assert "one rating so far of this referral" in told().visible
    assert "one rating so far since you were last" in told(reader="service_user").visible.lower()
    assert [row[2] for row in told().rows("Clinical score: every rating")] == ["", ""]


def test_ratings_in_another_setting_or_by_another_rater_are_not_compared(place, told):
    columns = ["referral_id", "completed_at", "rater", "setting", *(f"q{n}" for n in range(1, 11))]
    rows = [
        ("R1", "2025-02-12", "service_user", "01", *LEVELS["high"]),
        ("R1", "2025-03-12", "service_user", "02", *LEVELS["low"]),
    ]
    place.bring("core_10", columns, *rows)

    assert "the last rating cannot be compared with the ones before, in the" in told().visible


def test_a_first_timepoint_that_the_pairing_asks_for_is_where_change_begins(place, told):
    config = place.workspace.path / "romframe.yaml"
    config.write_text(
        "name: Fen\npairing: own\npairing_policies: {own: {first_timepoints: [assessment]}}\n"
    )
    columns = ["referral_id", "completed_at", "timepoint", *(f"q{n}" for n in range(1, 11))]
    rows = [
        ("R1", "2025-02-12", "review", *LEVELS["high"]),
        ("R1", "2025-03-12", "assessment", *LEVELS["middle"]),
        ("R1", "2025-04-12", "review", *LEVELS["mild"]),
    ]
    place.bring("core_10", columns, *rows)
    place.reopen()

    assert "20.0 on 12 March 2025, 12.0 on 12 April 2025 (change \u22128.0)." in told().visible


def test_a_score_that_was_refused_is_a_gap_with_its_reason(place, told):
    place.core_10(
        ("R1", "2025-02-12", LEVELS["high"]),
        ("R1", "2025-03-12", "33---33333"),
        ("R1", "2025-04-12", "declined"),
        ("R1", "2025-05-12", "missed"),
    )

    page = told()
    reason = "12 March 2025: no score: too many answers are missing (7 of 10 are there)."

    assert reason in page.visible
    assert "Not filled in: 12 April 2025 (declined); 12 May 2025 (missed)." in page.visible
    assert "?" in [page.said(text) for text in page.all("text")]
    rows = page.rows("Clinical score: every rating")
    assert [row[1] for row in rows] == ["30.0 (severe)", "\u2013", "\u2013", "\u2013"]
    assert rows[2][3] == "not filled in (declined)"
    assert "Ask whether this measure is still of use" in page.visible
    person = told(reader="service_user").visible
    assert reason in person
    assert "Not filled in" not in person


def test_a_measure_of_which_no_score_was_given_has_no_picture(place, told):
    place.core_10(("R1", "2025-02-12", "3---------"))

    page = told()

    assert "Clinical score: no score yet." in page.visible
    assert not page.all("svg")
    assert "Go through the missing answers together" in page.visible


def test_a_measure_that_was_only_declined_is_told(place, told):
    place.core_10(("R1", "2025-02-12", "declined"))

    assert "CORE-10: offered and not filled in (12 February 2025)." in told().visible


def test_two_raters_of_a_measure_are_told_apart(place, told):
    place.honos(("R1", "2025-02-12", "2" * 12), ("R1", "2025-03-12", "0" * 12))
    place.honos(("R1", "2025-02-14", "1" * 12), rater="team")

    page = told()

    heads = [page.said(head) for head in page.all("h3")]
    assert heads == ["HoNOS rated by the clinician", "HoNOS rated by the team"]
    assert "Total: better by more than the measure's own noise." in page.visible
    assert "24.0 on 12 February 2025, 0.0 on 12 March 2025 (change \u221224.0)." in page.visible
    titles = page.all("title")
    assert page.said(titles[1]) == "HoNOS, rated by the clinician"
    captions = [page.said(each) for each in page.all("caption")]
    assert "Behaviour: every rating" in captions  # further scores, folded away


def test_a_cut_off_by_age_and_gender_is_that_of_the_person(place, told):
    config = place.workspace.path / "romframe.yaml"
    config.write_text("name: Fen\nmeasures: {yp_core: {rules: {total: twigg_2016}}}\n")
    person = ["service_user_id", "birth_date", "gender"]
    place.bring("service_user", person, ("P1", "2010-06-15", "female"))
    place.reopen()
    known = place.workspace.instrument("yp_core")
    columns = ["referral_id", "completed_at", "rater", *(item.id for item in known.items)]
    answers = (("2025-02-12", "3" * 10), ("2025-03-12", "1" * 10))
    place.bring("yp_core", columns, *(("R1", day, "service_user", *each) for day, each in answers))
    changes = place.workspace.changes("yp_core")
    (expected,) = changes.filter(pl.col("verdict").cast(pl.String) == "paired")["class"].to_list()

    assert expected == "recovered"
    assert "better by more than the measure's own noise, and out of the clinical" in told().visible


def test_a_score_of_which_neither_way_is_better_is_told_as_a_direction(place, told):
    known = place.measure(STEPS.replace("FAVOURABLE", ""))
    rows = [("R1", f"2025-0{n}-12", "service_user", value) for n, value in ((2, 1.5), (3, 2.5))]
    place.bring(known.id, ["referral_id", "completed_at", "rater", "walked"], *rows)

    assert "Walked: higher since the first rating; no rule says whether by more" in told().visible


@pytest.mark.parametrize("seed", range(4))
def test_every_mark_is_what_the_rule_says_by_hand(place, told, seed):
    draw = random.Random(seed)
    answers = ["".join(draw.choices("01234-", [4, 4, 4, 4, 4, 2], k=10)) for _ in range(9)]
    days = [f"2025-0{n}-12" for n in range(1, 10)]
    place.core_10(*(("R1", day, given) for day, given in zip(days, answers, strict=True)))
    given = [_mean(each) if each.count("-") <= 1 else None for each in answers]
    first = next(n for n, score in enumerate(given) if score is not None)

    expected = [
        "" if score is None or n == first else _by_hand(given[first], score)
        for n, score in enumerate(given)
    ]

    rows = told().rows("Clinical score: every rating")
    assert [row[2] for row in rows] == expected
    assert [row[1] for row in rows] == [
        "\u2013" if score is None else f"{score:.1f} ({_band(score)})" for score in given
    ]
