import re

import pytest


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


def test_a_measure_without_a_total_is_told_answer_by_answer(place, told):
    known = place.measure(DIARY)
    place.rate_first(known, [item.id for item in known.items])

    page = told()

    assert "no score is given for it" in page.visible
    assert len(page.rows("Further answers")) == len(known.items)


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
