import itertools
import random
import re
from datetime import date

import polars as pl
import pytest
from romframe_report.person.page import person_brief

from romframe import UsageError


LEVELS = {"high": "3" * 10, "mild": "2111102121", "low": "0" * 9 + "1", "middle": "2" * 10}
DIARY = """\
romframe: 1
id: diary
version: "1"
name: Diary
type: prom
raters: [service_user]
licence: {owner: us, terms: ours, wording: ships}
totals: {forbidden: a made-up reason}
response_scales:
  mood: {codes: {0: low, 1: fair}, scored: false}
  letters: {codes: {a: yes, b: no}, scored: false}
items:
  - {id: mood, label: mood of the day, scale: mood}
  - {id: rest, label: rest, scale: letters}
scores: []
sources: {}
"""

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


def _mean(answers):
    given = [int(answer) for answer in answers if answer != "-"]
    return sum(given) / len(given) * 10


def _band(score):
    starts = {0: "healthy", 6: "low level", 11: "mild", 15: "moderate"}
    starts |= {20: "moderate to severe", 25: "severe"}
    return starts[max(start for start in starts if score >= start)]


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


def _signed(number):
    return f"{number:+.1f}".replace("-", "\u2212")


def test_the_class_at_the_last_rating_is_that_of_the_change_from_first_to_last(place, told):
    answers = [LEVELS[name] for name in ("high", "middle", "low")]
    place.core_10(*(("R1", f"2025-0{n}-12", given) for n, given in enumerate(answers, 2)))
    changes = place.workspace.changes("core_10")

    rows = told().rows("Clinical score: every rating")

    assert changes.item(0, "class") == "recovered"
    assert [row[2] for row in rows] == ["", "reliably better", "reliably better"]
    middle = place.workspace.scores("core_10").filter(pl.col("value") == 20)
    assert middle.height == 1  # 30 to 20 is a fall of 10, and 6 points are reliable


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


@pytest.mark.parametrize(("scores", "clinician", "person"), SENTENCES)
def test_change_is_told_in_words_to_each_reader(place, told, scores, clinician, person):
    first, last, band = scores
    place.core_10(("R1", "2025-02-12", LEVELS[first]), ("R1", "2025-03-12", LEVELS[last]))

    assert f"Clinical score: {clinician}; now in the band \u201c{band}\u201d." in told().visible
    plain = told(reader="service_user").visible
    assert f"{person}; now in the range called \u201c{band}\u201d." in plain


def test_without_a_rating_the_page_says_so_and_asks_for_one(told):
    assert "No score yet: nothing was completed that can be scored." in told().visible
    assert "Show this page to the person" in told().visible
    person = told(reader="service_user")
    assert "There are no answers yet." in person.visible
    assert "What is going well is worth telling your clinician." in person.visible
    assert not person.all("svg")


def test_a_person_who_is_registered_and_was_never_referred_has_a_page(place, told):
    place.bring("service_user", ["service_user_id", "gender"], ("P9", "2"))

    assert "No score yet" in told("P9").visible


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


def test_a_referral_of_its_own_leaves_the_others_out(place, told):
    place.refer(("R2", "P1", "2025-09-01", None))
    place.core_10(("R1", "2025-02-12", LEVELS["high"]), ("R2", "2025-09-12", LEVELS["low"]))

    assert len(told("R2").rows("Clinical score: every rating")) == 1
    assert len(told("P1").rows("Clinical score: every rating")) == 2


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


def test_alerts_come_first_and_say_what_the_spec_says(place, told):
    place.core_10(("R1", "2025-02-12", "3333323333"), ("R1", "2025-03-12", "3333313333"))

    page = told()
    first = page.all("section")[0]

    assert first["id"] == "alerts"
    assert "Risk item endorsed: ask about safety today" in page.said(first)
    assert "CORE-10, 12 March 2025, by the service user: suicide plans." in page.said(first)
    assert "(local)" in page.said(first)
    assert "12 February" not in page.said(first)
    (earlier,) = [s for s in page.all("summary") if "earlier" in s["words"]]
    assert page.said(earlier) == "Alerts of earlier ratings: 1"
    rows = page.rows("Last answers beside the ones before")
    assert rows == [["Alert suicide plans", "sometimes", "only occasionally \u25b2 better"]]


def test_the_person_is_told_of_an_alert_with_care(place, told):
    place.core_10(("R1", "2025-02-12", "3333303333"), ("R1", "2025-03-12", "3333323333"))

    page = told(reader="service_user")

    sections = [section["id"] for section in page.all("section")]
    assert sections[:2] == ["strengths", "alerts"]
    said = page.said(page.part("alerts"))
    assert "12 March 2025 there is something that your team takes seriously" in said
    assert "You can speak with your clinician" in said
    assert "NHS 111" in said
    assert not re.search("suicide|alert|risk", page.visible, re.IGNORECASE)
    assert "Talk with your clinician about how safe and how well you feel" in page.visible


def test_an_alert_that_has_passed_is_no_alert_of_now(place, told):
    place.core_10(("R1", "2025-02-12", "3333323333"), ("R1", "2025-03-12", "3333303333"))

    assert told().part("alerts") is None
    assert "Talk about the alert" not in told().visible


def test_an_alert_at_a_score_is_told_by_the_scores_name(place, told, root):
    spec = (root / "plugins/romframe_demo/data/feeding_confidence.yaml").read_text()
    known = place.measure(spec)
    place.rate_first(known, [item.id for item in known.items])

    said = told().said(told().part("alerts"))

    assert said.endswith("Feeding confidence, 12 February 2025, by the service user: Total.")


def test_answers_stand_beside_the_ones_before_in_words(place, told):
    place.core_10(("R1", "2025-02-12", "0300000001"), ("R1", "2025-03-12", "4100-00001"))

    rows = told().rows("Last answers beside the ones before")

    assert rows == [
        ["anxiety and tension", "not at all", "most or all of the time \u25bc worse"],
        # item 2 is turned: it counts 3 where `only occasionally` was ticked
        ["support from somebody", "only occasionally", "often \u25b2 better"],
        ["panic", "not at all", "not answered"],
    ]
    folded = told().rows("Further answers")
    assert [row[0] for row in folded][:2] == ["coping with setbacks", "contact felt as too much"]
    assert len(folded) == 7


def test_at_most_six_answers_of_a_measure_stand_open(place, told):
    place.core_10(("R1", "2025-02-12", "0000000000"), ("R1", "2025-03-12", "1111101124"))

    rows = told().rows("Last answers beside the ones before")

    assert [row[0] for row in rows][:2] == ["distressing memories", "low mood"]
    assert len(rows) == 6
    assert len(told().rows("Further answers")) == 4


def test_answers_that_did_not_change_are_said_to_be_the_same(place, told):
    place.core_10(("R1", "2025-02-12", "1" * 5 + "0" * 5), ("R1", "2025-03-12", "1" * 5 + "0" * 5))

    assert "No answer has changed since 12 February 2025." in told().visible


def test_what_others_rated_is_folded_away_for_the_person(place, told):
    place.honos(("R1", "2025-02-12", "0" * 12), ("R1", "2025-03-12", "4" * 12))
    page = told(reader="service_user")

    assert "overactive or aggressive behaviour" not in page.visible
    assert "No answer has changed" not in page.visible
    assert "overactive or aggressive behaviour" in told().visible
    assert "rated by your clinician" in page.visible


def test_strengths_name_what_got_better(place, told):
    place.core_10(("R1", "2025-02-12", LEVELS["high"]), ("R1", "2025-03-12", LEVELS["low"]))

    said = told(reader="service_user")

    well = said.said(said.part("strengths"))
    assert "CORE-10: clearly better than at the start" in well
    assert "CORE-10: better than last time in anxiety and tension; support from somebody;" in well


def test_an_item_that_can_raise_an_alert_is_never_among_the_strengths(place, told):
    place.core_10(("R1", "2025-02-12", "3333343333"), ("R1", "2025-03-12", "3333303333"))

    page = told(reader="service_user")

    assert "suicide" not in page.visible
    assert "suicide plans" in page.said(page.all("details")[0])


def test_where_nothing_got_better_what_holds_steady_is_told(place, told):
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]), ("R1", "2025-03-12", LEVELS["mild"]))

    said = told(reader="service_user")

    assert "CORE-10: about the same as at the start" in said.said(said.part("strengths"))


def test_events_and_the_ends_of_referrals_are_lines_with_labels(place, told):
    place.refer(("R2", "P1", "2025-04-01", "2025-06-01"))
    place.happen(("R1", "birth", "2025-02-20"), ("R1", "admission", "2025-04-01"))
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))

    page = told()
    (picture,) = page.all("svg")
    labels = {page.said(text) for text in page.all("text", picture)}

    assert {"birth", "referred", "closed", "admitted, referred"} <= labels
    assert {"mild", "healthy", "12", "Feb 2025"} <= labels
    assert (
        "Dotted lines: referred on 10 January 2025; birth on 20 February 2025; admitted, referred"
        " on 1 April 2025; closed on 1 June 2025."
    ) in page.visible


def test_nothing_that_came_after_the_day_is_told(place, told):
    place.refer(("R2", "P1", "2025-09-01", None))
    place.happen(("R1", "birth", "2025-08-20"))
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]), ("R1", "2025-07-12", "3333333333"))

    page = told(as_of=date(2025, 7, 11))

    assert "12 July 2025" not in page.found[0]["words"]
    assert "birth" not in [page.said(text) for text in page.all("text")]
    assert "as known on 11 July 2025" in page.visible
    assert page.part("alerts") is None


def test_nobody_else_is_on_the_page(place, told):
    place.refer(("R7", "P7", "2025-01-10", None))
    place.core_10(("R7", "2025-02-12", "3333333333"), ("R1", "2025-02-13", LEVELS["mild"]))

    page = told()

    assert page.part("alerts") is None
    assert len(page.rows("Clinical score: every rating")) == 1
    assert "P7" not in page.found[0]["words"]


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


def test_rules_are_named_with_their_sources_to_the_clinician_alone(place, told):
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))
    place.honos(("R1", "2025-02-12", "2" * 12))
    place.honos(("R1", "2025-02-14", "1" * 12), rater="team")

    said = told().said(told().part("rules"))

    assert said.count("rule parabiaghi_2005.") == 1
    assert "A change of 6 points or more counts as reliable" in said
    assert "Barkham M et al. (2013)" in said
    person = told(reader="service_user")
    assert person.part("rules") is None
    assert "barkham_2013" not in person.found[0]["words"]


def test_the_persons_page_has_no_score_as_a_number(place, told):
    place.core_10(("R1", "2025-02-12", LEVELS["high"]), ("R1", "2025-03-12", LEVELS["low"]))

    page = told(reader="service_user")
    numbers = re.findall(r"\d+\.\d", page.found[0]["words"].partition("</style>")[2])

    assert [row[1] for row in page.rows("Clinical score: every rating")] == ["severe", "healthy"]
    assert numbers == []
    assert not {"30", "1", "30.0"} & {page.said(text) for text in page.all("text")}


def test_goals_are_told_by_number_and_never_in_their_words(place, told):
    columns = [
        "goal_id",
        "referral_id",
        "instrument",
        "set_on",
        "state",
        "state_on",
        "slot",
        "words",
    ]
    place.bring(
        "goal",
        columns,
        ("g1", "R1", "gbo", "2025-01-12", "achieved", "2025-04-12", 2, "SECRET swim"),
        ("g2", "R1", "gbo", "2025-01-12", "open", "", "", "SECRET sleep"),
        ("g3", "R1", "gbo", "2025-01-13", "open", "", "", "SECRET sing"),
    )
    place.goals(
        ("R1", "2025-01-12", "g1", 2),
        ("R1", "2025-04-12", "g1", 9),
        ("R1", "2025-01-12", "g2", 4),
        ("R1", "2025-04-12", "g2", 3),
        ("R1", "2025-02-12", "g9", 3),
    )

    page = told()
    goals = page.part("goals")
    said = [page.said(each) for each in page.all("li", goals)]

    assert said == [
        (
            "Goal 1: no change beyond the measure's own noise."
            " 4.0 on 12 January 2025, 3.0 on 12 April 2025 (change \u22121.0)."
        ),
        (
            "Goal 2 (achieved): better by more than the measure's own noise."
            " 2.0 on 12 January 2025, 9.0 on 12 April 2025 (change +7.0)."
        ),
        "Goal 3: set, and not rated yet.",
        "Goal 4: rated once; a second rating will show how it goes. 3.0 on 12 February 2025.",
    ]
    labels = [page.said(text) for text in page.all("text", goals)]
    assert {"Goal 1", "Goal 2", "Goal 4"} <= set(labels)
    assert "9" not in labels  # the values of lines that cross are left to the table
    assert len(page.rows("Goal 2, the service user: every rating")) == 2
    assert "SECRET" not in page.found[0]["words"]
    person = told(reader="service_user")
    assert "Goal 2 (achieved): clearly better than at" in person.said(person.part("strengths"))
    assert "SECRET" not in person.found[0]["words"]


def test_goals_rated_with_two_scores_are_told_score_by_score(place, told):
    columns = ["referral_id", "completed_at", "rater", "problem_id", "performance_rating"]
    columns.append("satisfaction_rating")
    place.bring(
        "copm",
        columns,
        ("R1", "2025-02-12", "service_user", "a", 2, 3),
        ("R1", "2025-03-12", "service_user", "a", 6, 3),
    )

    page = told()
    said = [page.said(each) for each in page.all("li", page.part("goals"))]

    assert said[0].startswith(
        "Goal 1, Performance of one problem, by the service user: better since the first rating;"
        " no rule says whether by more than noise."
    )
    assert "the same since the first rating" in said[1]
    assert len(page.all("svg", page.part("goals"))) == 2


def test_a_measure_of_experience_is_not_told(place, told):
    known = place.measure(DIARY.replace("type: prom", "type: prem"))
    place.rate_first(known, [item.id for item in known.items])

    assert "Diary" not in told().found[0]["words"]


def test_a_measure_without_a_total_is_told_answer_by_answer(place, told):
    known = place.measure(DIARY)
    place.rate_first(known, [item.id for item in known.items])

    page = told()

    assert "no score is given for it" in page.visible
    assert len(page.rows("Further answers")) == len(known.items)


def test_assessments_with_a_measure_that_is_gone_are_counted_as_unknown(place, told):
    known = place.measure(DIARY)
    place.rate_first(known, [item.id for item in known.items])
    (place.workspace.path / "measures" / f"{known.id}.yaml").unlink()
    place.reopen()

    assert f"assessments with {known.id}, a measure or version" in told().visible


def test_a_wording_pack_gives_the_words_of_items_and_answers(place, told):
    pack = (
        "romframe_wording: 1\ninstrument: core_10\nversion: '2007'\nlocale: en\n"
        "permission: made up for this test\ntitle: A form of ours\n"
        "items: {q1: Something of our own <made up>}\n"
        "response_scales: {frequency: {3: ever so often}}\n"
    )
    (place.workspace.path / "wording" / "core_10.en.yaml").write_text(pack)
    place.core_10(("R1", "2025-02-12", "0000000000"), ("R1", "2025-03-12", "3000000000"))

    page = told()

    assert page.rows("Last answers beside the ones before") == [
        ["Something of our own <made up>", "not at all", "ever so often \u25bc worse"]
    ]
    assert page.said(page.all("h3")[0]).startswith("A form of ours")


def test_a_page_is_whole_by_itself_and_escapes_what_it_is_given(place):
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))

    for reader in ("clinician", "service_user"):
        page = place.brief(reader=reader)
        assert "<service>" not in page
        assert "Fen &lt;service&gt;" in page
        assert "default-src 'none'" in page
        assert not re.search(r"<script|<link|src=|href=\"http", page)
        assert place.brief(reader=reader) == page


def test_headings_go_down_one_step_at_a_time_and_ids_are_unique(place, told):
    place.core_10(("R1", "2025-02-12", "3333323333"))
    place.honos(("R1", "2025-02-12", "2" * 12))
    place.goals(("R1", "2025-02-12", "g1", 2))

    for reader in ("clinician", "service_user"):
        page = told(reader=reader)
        levels = [int(e["tag"][1]) for e in page.found if re.fullmatch("h[1-6]", e["tag"])]
        ids = [each["id"] for each in page.found if "id" in each]
        assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
        assert len(ids) == len(set(ids))
        named = [e["aria-labelledby"].split() for e in page.found if "aria-labelledby" in e]
        assert {name for names in named for name in names} <= set(ids)


def test_an_id_that_is_nobodys_is_refused(place):
    with pytest.raises(UsageError, match="unknown-person"):
        place.brief("P404")


def test_an_id_that_is_one_persons_and_anothers_referral_is_refused(place):
    place.refer(("P1", "P2", "2025-01-10", None))

    with pytest.raises(UsageError, match="person-ambiguous"):
        place.brief("P1")


def test_a_service_user_whose_referral_has_the_same_id_is_one_person(place, told):
    place.refer(("S1", "S1", "2025-01-10", None))
    place.core_10(("S1", "2025-02-12", LEVELS["mild"]))

    assert len(told("S1").rows("Clinical score: every rating")) == 1


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


@pytest.mark.parametrize(
    ("favourable", "told_as"),
    [("favourable: high, ", "\u25b2 better"), ("favourable: low, ", "\u25bc worse"), ("", "")],
)
def test_an_items_own_good_end_says_which_way_is_better(place, told, favourable, told_as):
    known = place.measure(STEPS.replace("FAVOURABLE", favourable))
    rows = [("R1", f"2025-0{n}-12", "service_user", value) for n, value in ((2, 1.5), (3, 2.5))]
    place.bring(known.id, ["referral_id", "completed_at", "rater", "walked"], *rows)

    assert told().rows("Last answers beside the ones before") == [
        ["hours walked", "1.5", f"2.5 {told_as}".strip()]
    ]


def test_a_score_of_which_neither_way_is_better_is_told_as_a_direction(place, told):
    known = place.measure(STEPS.replace("FAVOURABLE", ""))
    rows = [("R1", f"2025-0{n}-12", "service_user", value) for n, value in ((2, 1.5), (3, 2.5))]
    place.bring(known.id, ["referral_id", "completed_at", "rater", "walked"], *rows)

    assert "Walked: higher since the first rating; no rule says whether by more" in told().visible


def test_another_version_of_a_measure_is_not_taken_for_the_one_that_was_used(place, told):
    items = [item.id for item in place.workspace.instrument("pbq-2001").items]
    columns = ["referral_id", "completed_at", "rater", *items]
    place.bring("pbq-2001", columns, ("R1", "2025-02-12", "service_user", *"0" * len(items)))

    assert len(told().all("article")) == 1


def _by_hand(first, last):
    """Judge two CORE-10 scores as Barkham 2013: 6 points, and 11 or more is clinical."""
    if abs(last - first) < 6 - 1e-9:
        return "unchanged"
    return "reliably better" if last < first else "reliably worse"


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


class Watched:
    """A workspace of which only parts may be read."""

    def __init__(self, workspace):
        self.workspace, self.asked = workspace, []

    def __getattr__(self, name):
        return getattr(self.workspace, name)

    def table(self, name, among):
        self.asked.append(name)
        return self.workspace.table(name, among)

    def responses(self, name, among):
        return self.workspace.responses(name, among)

    def scores(self, name, *, among):
        return self.workspace.scores(name, among=among)


def test_nothing_is_read_but_what_is_the_persons(place):
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))
    place.goals(("R1", "2025-02-12", "g1", 2))
    watched = Watched(place.workspace)

    person_brief(watched, "P1")

    assert set(watched.asked) == {"referral", "service_user", "assessment", "event", "goal"}
