"""Warnings, burden, sentences and differences of a sound framework."""

from functools import partial

import pytest
from attrs import evolve
from unit.frameworks.conftest import SOUND

from romframe import FrameworkGroup
from romframe.frameworks.advice import advice, instruments_of
from romframe.frameworks.burden import burden
from romframe.frameworks.diff import Difference, definition_diff
from romframe.frameworks.overlaps import overlap
from romframe.frameworks.rule_words import pairing_in_words
from romframe.frameworks.wording import in_sentences, timing_in_sentences
from romframe.pairing import PairingPolicy


POEM = (
    "indicator: come_back\n        name: Referred back within 30 days\n        params: {days: 30}"
)
GOOD_SIDE = "indicator: good_side\n        name: POEM\n        params: {instrument: poem}"

MORE_TIMING = """\
  - id: later
    instruments: [core_10]
    group: treated
    anchor: assessment
    after: {weeks: 1}
    window: {after: 3}
    repeat: {every: {weeks: 1}, at_most: 6}
  - id: ward
    instruments: [core_10]
    anchor: admission
    window: {after: 3}
    where: {setting: ward}
  - {id: well, instruments: [phq_9], anchor: assessment, window: {after: 3}, group: kept_well}
sources:"""
AGAIN = ", repeat: {every: {months: 3}}"
WARD = """\
  - id: ward
    instruments: [core_10, honos]
    anchor: birth
    before: {days: 49}
    window: {after: 3}
    group: treated
sources:"""
FIT = SOUND.replace(
    "group: treated, anchor: referral, window: {after: 14}",
    f"anchor: referral, window: {{after: 14}}{AGAIN}",
)
UNTIMED = SOUND[: SOUND.index("timing:")] + SOUND[SOUND.index("sources:") :]


@pytest.fixture
def load(load):
    """Load a framework of which every figure is asked for, and of which nothing else is."""
    return partial(load, text=FIT)


def group(where):
    return FrameworkGroup("g", "G", where)


def test_a_framework_in_which_all_is_used_gets_no_warning(load, terms):
    assert advice(load(), terms) == []


def test_what_is_not_used_or_is_weak_is_a_warning_with_its_place(load, terms):
    found = load(
        (", source: contract}", "}"),
        ("group: kept_well}", "group: treated}"),
        ("core_well, instrument: core_10, score: total", "w, instrument: pbq, score: total"),
        ("instruments: [core_10]", "instruments: [core_10, pbq]"),
    )
    told = [(each.code, each.place.line, each.severity) for each in advice(found, terms)]
    assert told == [
        ("never-used", 13, "warning"),
        ("no-classes", 30, "warning"),
        ("never-used", 43, "warning"),
    ]


def warned(framework, terms):
    return [(each.code, each.place.line) for each in advice(framework, terms)]


def test_schedules_and_figures_that_do_not_fit_together_are_warned_of(load, terms):
    found = load(
        (AGAIN, ", group: treated"),
        ("instruments: [core_10]", "instruments: [core_10, phq_9]"),
        (POEM, GOOD_SIDE.replace("poem", "gad_7")),
    )
    assert warned(found, terms) == [
        ("asked-once", 23),
        ("never-asked", 30),
        ("never-asked", 37),
        ("never-used", 42),
    ]


def test_anonymous_returns_need_no_schedule_and_no_measure_does_where_there_is_none(load, terms):
    assert advice(load((POEM, GOOD_SIDE)), terms) == []
    assert advice(load(text=UNTIMED), terms) == []


@pytest.mark.parametrize(("most", "codes"), [(1, {"asked-once"}), (2, set())])
def test_what_is_repeated_is_asked_for_more_than_once(load, terms, most, codes):
    found = load((AGAIN, AGAIN[:-1] + f", at_most: {most}}}"))
    assert {code for code, _ in warned(found, terms)} == codes


def test_a_target_of_less_than_one_per_cent_is_probably_meant_as_a_share(load, terms):
    assert warned(load(("met, at_most: 5", "met, at_most: 0.05")), terms) == [("target-tiny", 39)]
    assert advice(load(("met, at_most: 5", "median, at_most: 0.5")), terms) == []


def test_scores_and_rules_that_nobody_verified_are_named(load, terms):
    rule = "instrument: phq_9\n        score: total\n        rule: talking_therapies_with_gad_7"
    found = load(
        ("instrument: core_10\n        score: total\n        rule: corc_manual", rule),
        ("instruments: [core_10]", "instruments: [core_10, phq_9]"),
    )
    (warning,) = advice(found, terms)
    assert (warning.code, warning.place.line) == ("unverified-rule", 25)
    said = " ".join(in_sentences(found, terms)[0]["sentences"])
    assert "with: instrument gad_7, score total" in said
    assert "(unverified)" in said
    score = "w, instrument: ocairs, score: total"
    third = load(
        ("core_well, instrument: core_10, score: total", score),
        ("instruments: [core_10]", "instruments: [core_10, ocairs]"),
    )
    codes = {each.code for each in advice(third, terms)}
    assert codes == {"unverified-score", "no-classes"}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({"pathway": "prevention"}, {"pathway": {"not": "prevention"}}, False),
        ({"team": "A"}, {"team": "B"}, False),
        ({"team": "A"}, {"setting": "B"}, True),
        ({"team": {"not": "A"}}, {"team": {"not": "B"}}, True),
        ({"age": {"less_than": 18}}, {"age": {"at_least": 18}}, False),
        ({"age": {"at_most": 18}}, {"age": {"at_least": 18}}, True),
        ({"closed_on": {"known": False}}, {"closed_on": {"at_least": "2024-01-01"}}, False),
        ({"closed_on": {"more_than": "2024-01-01"}}, {"closed_on": {"not": "2024-01-01"}}, True),
        ({"details.parity": {"at_least": 2}}, {"details.parity": {"less_than": 2}}, False),
        ({"details.parity": {"more_than": 2}}, {"details.parity": {"not": 1}}, True),
        ({}, {}, True),
        ({}, {"none": [{"team": "A"}]}, True),
    ],
)
def test_groups_overlap_where_some_referral_could_be_in_both(one, other, both):
    assert (overlap(group(one), group(other)) is not None) == both


def test_nothing_is_said_of_groups_with_too_many_cases_to_try():
    many = {name: [f"{n}" for n in range(60)] for name in ("team", "setting", "gender")}
    assert overlap(group(many), group(many)) is None


def test_an_overlap_is_told_with_such_a_referral(load, terms):
    found = load(("where: {pathway: prevention}", "where: {team: North}"))
    (warning,) = [each for each in advice(found, terms) if each.code == "groups-overlap"]
    assert "pathway treatment, team North" in warning.what
    everybody = load(("    where: {pathway: prevention}\n", ""))
    assert [each.code for each in advice(everybody, terms)] == ["groups-overlap"]


def counted(found, terms):
    return [
        (b.group, b.where, b.instrument, b.forms, b.again, b.total) for b in burden(found, terms)
    ]


def test_forms_and_minutes_that_schedules_ask_for_are_counted_for_each_group(load, terms):
    everybody = "        group: treated\n        targets: [{figure: met"
    found = load(
        (POEM, GOOD_SIDE),
        (everybody, "        targets: [{figure: met"),
        (AGAIN, f", group: treated{AGAIN}"),
        ("sources:", MORE_TIMING),
    )
    assert counted(found, terms) == [
        ("treated", "", "core_10", 7, ("3 months",), 21),
        ("treated", "", "poem", 1, (), None),
        ("treated", "setting is ward", "core_10", 1, (), 3),
        ("kept_well", "", "phq_9", 1, (), 3),
        ("kept_well", "", "poem", 1, (), None),
        ("kept_well", "setting is ward", "core_10", 1, (), 3),
    ]
    assert instruments_of(found) == ("core_10", "poem")


def test_without_schedules_the_forms_are_those_that_figures_need(load, terms):
    found = load((POEM, GOOD_SIDE), text=UNTIMED)
    assert counted(found, terms) == [
        ("treated", "", "core_10", 2, (), 6),
        ("treated", "", "poem", 1, (), None),
        ("kept_well", "", "core_10", 2, (), 6),
    ]


def test_measures_of_one_instrument_share_the_forms_of_the_same_timepoints(load, terms):
    def forms(last):
        more = f"        rule: barkham_2013\n        group: treated\n        last: [{last}]\n"
        extra = f"      - id: again\n        instrument: core_10\n        score: total\n{more}"
        text = "      - {id: core_well"
        found = load(
            (text, f"{extra}{text}"),
            ("first: [assessment, review]", "first: [assessment]"),
            ("instruments: [core_10]", "instruments: [phq_9]"),
        )
        return burden(found, terms)[1].forms

    assert (forms("discharge"), forms("review")) == (2, 3)


def test_every_figure_is_told_in_sentences(load, terms):
    treated, well, back = in_sentences(load(), terms)
    assert [treated["outcome"], treated["figure"]] == ["mental_health", "core_treated"]
    text = " ".join(treated["sentences"])
    for said in (
        "open on at least one day of the 6 months",
        "pathway is not prevention (or is not known)",
        "earliest rating taken at assessment or review and the latest one taken at discharge",
        "still open are not paired",
        "'corc_manual'",
        "reliable: at least 5; cut off: clinical at least 10",
        "(verified)",
        "recovered or improved",
        "at least 50 % (A made-up contract)",
        "at least 60 % (set in this framework)",
    ):
        assert said in text
    assert "A good outcome is maintained, a worse one relapsed;" in " ".join(well["sentences"])
    assert "'come_back' with days 30: Who comes back." in " ".join(back["sentences"])
    assert "true of at most 5 %" in " ".join(back["sentences"])


def test_every_schedule_is_told_in_sentences(load, terms):
    plain, ward, *_ = timing_in_sentences(
        load(
            (AGAIN, ", name: At the start, timepoint: assessment, defer: {at_most: 28}"),
            ("sources:", WARD),
        ),
        terms,
    )
    assert plain == {
        "schedule": "start",
        "sentences": [
            "At the start: CORE-10, as assessment.",
            "It is due on the day of the referral, and on time up to 14 days after.",
            "It is for everybody.",
            (
                "A clinician may put it off, with a reason, by 28 days at most after the day on"
                " which it is due."
            ),
        ],
    }
    assert ward["sentences"] == [
        "CORE-10, HoNOS.",
        "It is due 7 weeks before each birth, and on time up to 3 days after.",
        "It is for the group 'Referred for treatment'.",
    ]
    (_, other) = timing_in_sentences(
        load(("sources:", WARD.replace("group: treated", "where: {team: North}"))), terms
    )
    assert other["sentences"][2] == "It is for referrals for which team is North."


def test_a_class_that_is_good_for_those_to_be_kept_well_is_named_as_it_is_listed(load, terms):
    found = load(("good: [maintained]", "good: [unchanged]"))
    said = " ".join(in_sentences(found, terms)[1]["sentences"])
    assert "A good outcome is unchanged, a worse one relapsed;" in said


def test_lengths_of_time_differ_as_they_are_said(load):
    old = load(("sources:", WARD))
    new = load(
        ("sources:", WARD.replace("before: {days: 49}", "after: {days: 49}")),
        ("every: {months: 3}", "every: {months: 1, days: 3}"),
    )
    path = ("timing", "ward")
    assert definition_diff(old, load(("sources:", WARD.replace("days: 49", "weeks: 7")))) == ()
    assert definition_diff(old, new) == (
        Difference(("timing", "start", "every"), "changed", "3 months", "1 month and 3 days"),
        Difference((*path, "after"), "added", new="7 weeks"),
        Difference((*path, "before"), "removed", old="7 weeks"),
    )


def test_other_shapes_of_figures_are_told_too(load, terms):
    found = load(
        ("pairing: baseline_and_discharge\n", "pairing: first_and_last\n"),
        ("core_well, instrument: core_10, score: total", "w, instrument: pbq, score: total"),
        (
            (
                "        params: {days: 30}\n        group: treated\n"
                "        targets: [{figure: met, at_most: 5}]\n"
            ),
            "        targets: [{figure: median, at_most: 5}]\n",
        ),
        ("indicator: come_back", "indicator: good_side"),
        ("rule: corc_manual", "rule: jacobson_truax_2007"),
    )
    _, pbq, median = (" ".join(each["sentences"]) for each in in_sentences(found, terms))
    assert "at least 1 day apart" in pbq
    assert "pairs get no class" in pbq
    assert "by the day that the definition names: everybody." in median
    assert "the median at most 5 (" in median


def test_a_policy_of_a_services_own_is_told(terms):
    told = pairing_in_words(PairingPolicy("ours", same=(), minimum_gap_days=14))
    assert told == (
        "Compared are the earliest rating and the latest one, at least 14 days apart"
        " (pairing policy ours)."
    )


def test_a_framework_does_not_differ_from_itself_written_in_another_order(load):
    turned = load(
        (
            "      - {id: core_well, instrument: core_10, score: total, group: kept_well}\n",
            (
                "      - {score: total, group: kept_well, instrument: core_10, rule: barkham_2013,"
                " id: core_well}\n"
            ),
        ),
        ("first: [assessment, review]", "first: [review, assessment]"),
        (
            "    where: {pathway: {not: prevention}}\n",
            "    good: [improved, recovered]\n    where: {pathway: {not: prevention}}\n",
        ),
    )
    assert definition_diff(load(), turned) == ()


def test_each_difference_is_told_once_by_what_it_is_about(load):
    changed = load(
        ('version: "2019.1"', 'version: "2020.1"'),
        ("at_least: 50, source: contract", "at_least: 55, at_most: 90"),
        ("{id: core_well,", "{id: core_kept,"),
        ("where: {pathway: prevention}", "where: {team: North, pathway: prevention}"),
        ('sources: {contract: {cite: A made-up contract, url: "https://example.org"}}\n', ""),
        ("instruments: [core_10]", "instruments: [core_10, phq_9]"),
    )
    target = ("figures", "core_treated", "target of good")
    assert definition_diff(load(), changed) == (
        Difference(("figures", "core_kept"), "added"),
        Difference((*target, "at_least"), "changed", "50", "55"),
        Difference((*target, "at_most"), "added", new="90"),
        Difference((*target, "source"), "removed", old="contract"),
        Difference(("figures", "core_well"), "removed"),
        Difference(
            ("groups", "kept_well", "where"),
            "changed",
            "pathway is prevention",
            "pathway is prevention and team is North",
        ),
        Difference(("sources", "contract"), "removed"),
        Difference(("timing", "start", "instruments"), "changed", "core_10", "core_10, phq_9"),
        Difference(("version",), "changed", "2019.1", "2020.1"),
    )


OF_A_SERVICE = """\
romframe_framework: 1
id: made_up
version: "1"
name: Made up
reporting: {every: month, over: 1}
pairing: baseline_and_discharge
groups:
  - {id: well, name: Well, where: {pathway: prevention}, good: [maintained], worse: [relapsed]}
outcomes:
  - id: all
    says: Everything
    indicators:
      - id: worse
        indicator: relapse
        name: Got worse
        group: well
        params: {instrument: core_10, score: total, rule: corc_manual}
      - {id: usual, indicator: relapse, name: Worse, params: {instrument: core_10, score: total}}
      - id: both
        indicator: paired_rate
        name: Rated twice
        params: {instrument: core_10, score: total, pairing: first_and_last}
      - id: side
        indicator: better_side
        name: Below
        params: {instrument: pbq, score: total, cut_off: spain_2021}
      - id: depression
        indicator: better_side
        name: Below
        params: {instrument: core_10, score: total, cut_off: barkham_2013_depression}
      - {id: agree, indicator: favourable, name: Agree, params: {instrument: poem, item: q2e}}
      - {id: told, indicator: favourable, name: Told, params: {instrument: poem, item: comments}}
      - {id: asked, indicator: completeness, name: Asked, params: {instrument: core_10}}
      - id: high
        indicator: favourable
        name: High
        params: {instrument: dialog, item: q1, returns: identified}
"""


def test_an_indicator_says_which_ratings_which_rule_and_whose_word(load, terms):
    told = {
        each["figure"]: " ".join(each["sentences"])
        for each in in_sentences(load(text=OF_A_SERVICE), terms)
    }
    of_group = "the referrals of the group 'Well', for which pathway is prevention."
    assert (
        f"the month up to the end of a period, by the day that the definition names: {of_group}"
        in (told["worse"])
    )
    assert "(pairing policy baseline_and_discharge)" in told["worse"]
    assert "The rule is 'corc_manual'" in told["worse"]
    assert "The rule is 'barkham_2013'" in told["usual"]
    assert "Its source is Barkham M et al. (2013)" in told["usual"]
    assert "CORE-10, Clinical score (0 to 40, lower is better)." in told["both"]
    assert "(pairing policy first_and_last)" in told["both"]
    assert "The rule is" not in told["both"]
    assert "The cut-off is 'spain_2021', found with Spain" in told["side"]
    assert ": at least 13 means bonding difficulties. Its source is Torres" in told["side"]
    assert (
        "'barkham_2013_depression': at least 13 means likely depression. Sens"
        in (told["depression"])
    )
    assert "favourable is 3 disagree or 4 strongly disagree." in told["agree"]
    assert "The item is comments (comments and ideas)." in told["told"]
    assert "favourable are high answers." in told["high"]
    assert "The item" not in told["asked"]


def test_an_indicator_pairs_as_it_says_or_as_the_framework_says(load, terms):
    found = load(text=OF_A_SERVICE)
    worse, _, both, side, *_ = found.outcomes[0].indicators
    taken = terms.indicators["relapse"].params
    assert found.params_of(worse, taken)["pairing"] == "baseline_and_discharge"
    assert found.params_of(both, taken)["pairing"] == "first_and_last"
    assert found.params_of(side, terms.indicators["better_side"].params) == side.params
    none = load(("pairing: baseline_and_discharge\n", ""), text=OF_A_SERVICE)
    assert none.params_of(worse, taken) == worse.params


def test_of_change_that_no_rule_judges_an_indicator_names_no_rule(load, terms):
    found = load(text=OF_A_SERVICE)
    (outcome,) = found.outcomes
    usual = evolve(outcome.indicators[1], params={"instrument": "pbq", "score": "total"})
    bare = evolve(found, outcomes=(evolve(outcome, indicators=(usual,)),))
    (told,) = in_sentences(bare, terms)
    assert not [each for each in told["sentences"] if each.startswith("The rule is")]
