"""Each indicator against referrals worked by hand: the expected value stands beside its reason."""

import pytest

from romframe import UsageError, open_workspace


MOOD = """\
romframe: 1
id: mood
version: "1"
name: Mood (made up)
type: prom
raters: [service_user]
licence: {owner: Nobody, terms: free, wording: site_supplied, evidence: made up}
response_scales:
  five: {codes: {0: none, 1: a little, 2: some, 3: much, 4: most}}
items:
  - {id: q1, label: mood, scale: five}
scores:
  - id: total
    name: Total
    items: all
    method: sum
    missing: {at_most: 0, source: ours}
    range: [0, 4]
    better: lower
    source: ours
cut_offs:
  - {id: low, score: total, at_least: 3, means: unwell, source: ours}
sources:
  ours: {cite: made up for a test, status: local}
"""


def test_a_re_referral_counts_from_the_day_of_closing_up_to_the_last_day_asked_for(filled):
    filled.refer(
        ("exactly 30", "P1", "2023-11-01", "2024-01-31"),
        ("back over a leap day", "P1", "2024-03-01", None),  # 31 January and 30 days: 1 March
        ("on day 31", "P2", "2023-11-01", "2024-01-31"),
        ("too late", "P2", "2024-03-02", None),
        ("the same day", "P3", "2024-01-01", "2024-02-10"),
        ("at once", "P3", "2024-02-10", None),
        ("never", "P4", "2024-01-01", "2024-03-15"),  # 14 April is over on the 15th
        ("overlapping", "P5", "2023-10-01", "2024-01-10"),
        ("began before it ended", "P5", "2024-01-09", None),
    )

    assert filled.told("re_referral", days=30) == {
        "exactly 30": True,
        "on day 31": False,
        "the same day": True,
        "never": False,
        "overlapping": False,
    }


def test_a_re_referral_is_told_of_nobody_before_the_days_are_over(filled):
    filled.refer(
        ("not yet", "P1", "2024-01-01", "2024-03-16"),  # the thirtieth day is today
        ("back already", "P2", "2024-01-01", "2024-03-16"),
        ("back", "P2", "2024-03-20", None),
    )

    assert filled.told("re_referral", days=30) == {
        "not yet": "days_not_over",
        "back already": "days_not_over",
    }


def test_a_re_referral_cannot_be_told_of_nobody_knows_who_or_when(filled):
    filled.refer(
        ("whose", "P1", "2023-01-01", "2023-06-01"),
        ("when", "P2", "2023-01-01", "2023-06-01"),
        ("undated", "P2", "2023-07-01", None),
        ("back all the same", "P3", "2023-01-01", "2023-06-01"),
        ("dated", "P3", "2023-06-02", None),
        ("also undated", "P3", "2023-06-02", None),
    )
    filled.forget("whose", "service_user_id")
    filled.forget("undated", "received_on")
    filled.forget("also undated", "received_on")

    assert filled.told("re_referral", days=30) == {
        "whose": "person_not_known",
        "when": "referral_without_date",
        "back all the same": True,
    }


def test_a_re_referral_may_be_bounded_to_a_team_and_to_reasons_for_closing(filled):
    filled.refer(
        ("R1", "P1", "2023-01-01", "2023-06-01", {"team": "North", "close_reason": "completed"}),
        ("R2", "P1", "2023-06-02", "2023-07-01", {"team": "South", "close_reason": "moved"}),
        ("R3", "P1", "2023-07-01", None, {"team": "South"}),
    )

    assert filled.told("re_referral", days=30) == {"R1": True, "R2": True}
    assert filled.told("re_referral", days=30, same_team=True) == {"R1": False, "R2": True}
    assert filled.told("re_referral", days=30, close_reasons=["completed"]) == {"R1": True}


@pytest.fixture
def rated(filled):
    """CORE-10 changes by 6 points or more by its default rule; ten answers of 1 make 10 points."""
    well = {"pathway": "prevention"}
    filled.refer(
        ("relapsed", "P1", "2024-01-01", "2024-03-01", well),
        ("stayed well", "P2", "2024-01-01", "2024-03-01", well),
        ("rated once", "P3", "2024-01-01", "2024-03-01", well),
        ("treated", "P4", "2024-01-01", "2024-03-01"),
        ("declined", "P5", "2024-01-01", "2024-03-01"),
        ("open", "P6", "2024-01-01", None, well),
    )
    filled.core_10(
        ("relapsed", "2024-01-02", "assessment", 0),
        ("relapsed", "2024-02-28", "discharge", 2),
        ("stayed well", "2024-01-02", "assessment", 1),
        ("stayed well", "2024-02-28", "discharge", 0),
        ("rated once", "2024-02-28", "discharge", 1),
        ("treated", "2024-01-02", "assessment", 1),
        ("treated", "2024-02-28", "discharge", 3),
        ("declined", "2024-01-02", "assessment", None),
        ("open", "2024-01-02", "assessment", 0),
        ("open", "2024-02-28", "review", 3),
    )
    return filled


def test_relapse_is_of_closed_kept_well_referrals_alone(rated):
    found = rated.told("relapse", instrument="core_10", score="total")

    assert found == {"relapsed": True, "stayed well": False, "rated once": "single_assessment"}


def test_relapse_cannot_be_told_where_the_rule_cannot_judge(rated):
    """The rule judges PHQ-9 and GAD-7 together, and of this person there is no GAD-7."""
    items = {f"q{n}": 0 for n in range(1, 10)}
    days = (("2024-01-02", "assessment"), ("2024-02-28", "discharge"))
    about = {"referral_id": "relapsed", **items}
    rows = [about | {"completed_at": day, "timepoint": timepoint} for day, timepoint in days]
    rated.bring("instrument: phq_9\n", rows)

    rule = "talking_therapies_with_gad_7"
    found = rated.told("relapse", instrument="phq_9", score="total", rule=rule)

    assert found["relapsed"] == "not_classified"


def test_completeness_is_of_closed_referrals_and_may_ask_for_a_timepoint(rated):
    assert rated.told("completeness", instrument="core_10") == {
        "relapsed": True,
        "stayed well": True,
        "rated once": True,
        "treated": True,
        "declined": False,
    }
    found = rated.told("completeness", instrument="core_10", timepoint="assessment")
    assert found["rated once"] is False
    assert found["treated"] is True


def test_the_paired_rate_is_of_closed_referrals(rated):
    assert rated.told("paired_rate", instrument="core_10", score="total") == {
        "relapsed": True,
        "stayed well": True,
        "rated once": False,
        "treated": True,
        "declined": False,
    }


def test_a_wait_ends_at_the_latest_on_the_last_day_allowed(filled):
    filled.refer(
        ("exactly 28", "P1", "2024-02-01", None),  # the 29th of February
        ("on day 29", "P2", "2024-02-01", None),
        ("never", "P3", "2024-02-01", None),
        ("at once", "P4", "2024-02-01", None),
        ("not over", "P5", "2024-03-18", None),  # the 28th day is today
        ("closed on day 28", "P6", "2024-02-01", "2024-02-29"),
        ("closed on day 29", "P7", "2024-02-01", "2024-03-01"),
        ("undated", "P8", "2024-02-01", None),
    )
    filled.core_10(
        ("exactly 28", "2024-02-29", "assessment", 1),
        ("exactly 28", "2024-03-20", "assessment", 1),
        ("on day 29", "2024-03-01", "assessment", 1),
        ("on day 29", "2024-02-02", "review", 1),
        ("never", "2024-02-02", "assessment", None),
        ("at once", "2024-02-01", "assessment", 1),
        ("not over", "2024-03-19", "assessment", 1),
    )
    filled.forget("undated", "received_on")

    found = filled.told("wait", "value", **{"from": "referral", "to": "assessment", "within": 28})

    assert found == {
        "exactly 28": (True, 28),
        "on day 29": (False, 29),
        "never": (False, None),
        "at once": (True, 0),
        "not over": ("days_not_over", None),
        "closed on day 28": ("closed_first", None),
        "closed on day 29": (False, None),
    }


def test_treatment_is_the_second_day_with_an_attended_contact(filled):
    filled.refer(
        ("twice", "P1", "2024-01-01", None),
        ("twice on a day", "P2", "2024-01-01", None),
        ("once missed", "P3", "2024-01-01", None),
        ("no contact", "P4", "2024-01-01", None),
        ("seen before", "P5", "2024-01-01", None),
    )
    contacts = (
        ("twice", "2024-01-20", 1),
        ("twice", "2024-01-10", 1),
        ("twice on a day", "2024-01-10", 1),
        ("twice on a day", "2024-01-10", 1),
        ("once missed", "2024-01-10", 1),
        ("once missed", "2024-01-12", 0),
        ("seen before", "2023-12-31", 1),
    )
    names = ("referral_id", "contact_on", "attended")
    rows = [
        {"care_contact_id": number, **dict(zip(names, each, strict=True))}
        for number, each in enumerate(contacts)
    ]
    filled.bring("kind: care_contact\n", rows)

    waits = filled.told("wait", "value", **{"from": "contact", "to": "treatment", "within": 10})
    firsts = filled.told("wait", "value", **{"from": "referral", "to": "contact", "within": 9})

    assert waits == {
        "twice": (True, 10),
        "twice on a day": (False, None),
        "once missed": (False, None),
        "no contact": ("no_beginning", None),
        "seen before": (False, None),
    }
    assert firsts["twice"] == (True, 9)
    assert firsts["no contact"] == (False, None)
    assert firsts["seen before"] == ("end_before_beginning", None)


POEM = ["q1a", "q1b", *(f"q2{letter}" for letter in "abcdefghijkl")]


def poem(**answers):
    return dict.fromkeys(POEM, 2) | {"respondent": "patient", "service": "community"} | answers


def test_an_answer_is_favourable_by_its_meaning_and_anonymous_returns_are_nobodys(filled):
    """Of POEM's form the codes 1 and 2 agree; to disagree with `too little involved` is good."""
    filled.bring(
        "instrument: poem\ncoding: form_order\ncolumns: {completed_at: sent}\n",
        [
            poem(q2e=3, sent="2024-02-29", team="North"),
            poem(q2e=1, sent="2024-02-01", team="South"),
            poem(q2e="", sent="2024-01-31", team="North"),
        ],
    )

    found = filled.ask("favourable", instrument="poem", item="q2e")

    assert found.select("referral_id", "on", "team", "met", "reason").rows() == [
        (None, "2024-01", "North", None, "not_answered"),
        (None, "2024-02", "North", True, None),
        (None, "2024-02", "South", False, None),
    ]
    assert filled.ask("favourable", instrument="poem", item="q2d")["met"].to_list() == [True] * 3


def test_returns_with_a_name_are_asked_for_and_never_added_to_the_others(filled):
    filled.refer(("R1", "P1", "2024-01-01", None))
    about = {"referral_id": "R1", "completed_at": "2024-02-29", "rater": "service_user"}
    filled.bring("instrument: poem\ncoding: form_order\nanonymous: false\n", [poem(q2e=4) | about])
    asked = {"instrument": "poem", "item": "q2e"}

    assert filled.ask("favourable", **asked).is_empty()
    (row,) = filled.ask("favourable", returns="identified", **asked).to_dicts()
    assert (row["referral_id"], row["on"], row["met"]) == ("R1", "2024-02-29", True)


@pytest.mark.parametrize(
    ("item", "code", "mend"),
    [
        ("q2_e", "unknown-item", "Did you mean 'q2e'?"),
        ("respondent", "no-favourable-side", "Choose one that has: q1a, "),
    ],
)
def test_an_item_that_has_no_favourable_side_is_refused(filled, item, code, mend):
    with pytest.raises(UsageError) as caught:
        filled.ask("favourable", instrument="poem", item=item)

    assert caught.value.problems[0].code == code
    assert mend in str(caught.value)


def test_a_pairing_policy_may_be_named(rated):
    asked = {"instrument": "core_10", "score": "total"}
    rated.core_10(("rated once", "2024-01-15", "review", 2))

    by_time = rated.told("paired_rate", **asked, pairing="first_and_last")
    by_name = rated.told("paired_rate", **asked, pairing="baseline_and_discharge")

    assert (by_time["rated once"], by_name["rated once"]) == (True, False)
    found = rated.told("relapse", **asked, pairing="baseline_and_discharge")
    assert found["rated once"] == "no_first"
    with pytest.raises(UsageError, match="There is no pairing policy 'first'"):
        rated.ask("relapse", **asked, pairing="first")


def test_the_last_rating_is_on_one_side_of_a_published_cut_off(rated):
    """Of CORE-10, 11 and above is clinical by one source, above 10 by another: 10 is on neither."""
    asked = {"instrument": "core_10", "score": "total"}
    one_answer = {**dict.fromkeys((f"q{n}" for n in range(1, 11)), ""), "q1": 1}
    row = {"referral_id": "declined", "completed_at": "2024-02-01", **one_answer}
    rated.bring("instrument: core_10\ncoding: scored\n", [row])
    expected = {
        "relapsed": False,
        "stayed well": True,
        "rated once": True,
        "treated": False,
        "declined": "last_refused",
    }

    assert rated.told("better_side", **asked, cut_off="barkham_2013") == expected
    assert rated.told("better_side", **asked, cut_off="corc_manual") == expected
    first = rated.told("better_side", **asked, cut_off="barkham_2013", timepoints=["assessment"])
    assert first == {
        "relapsed": True,
        "stayed well": True,
        "rated once": "no_assessment",
        "treated": True,
        "declined": "no_assessment",
    }


@pytest.mark.parametrize(
    ("answer", "better", "side", "met"),
    [
        (3, "lower", "at_least", False),
        (2, "lower", "at_least", True),
        (3, "lower", "more_than", True),
        (3, "lower", "at_most", True),
        (3, "lower", "less_than", False),
        (3, "higher", "at_least", True),
        (3, "higher", "more_than", False),
        (3, "higher", "at_most", False),
        (3, "higher", "less_than", True),
    ],
)
def test_which_side_is_better_depends_on_the_score(filled, answer, better, side, met):
    spec = filled.workspace.path / "measures" / "mood.yaml"
    spec.write_text(MOOD.replace("lower", better).replace("at_least", side), encoding="utf-8")
    with_it = open_workspace(filled.workspace.path, today=filled.workspace.today)
    filled.workspace.store.close()
    filled.workspace = with_it
    filled.refer(("R1", "P1", "2024-01-01", "2024-03-01"))
    row = {"referral_id": "R1", "completed_at": "2024-01-02", "q1": answer}
    filled.bring("instrument: mood\n", [row])

    assert filled.told("better_side", instrument="mood", score="total", cut_off="low") == {
        "R1": met
    }


def test_a_cut_off_that_does_not_exist_is_told_with_those_that_do(rated):
    with pytest.raises(UsageError, match="Did you mean 'barkham_2013'") as caught:
        rated.ask("better_side", instrument="core_10", score="total", cut_off="barkam_2013")
    assert caught.value.problems[0].code == "unknown-cut-off"
