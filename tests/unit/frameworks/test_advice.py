"""Warnings, burden, sentences and differences of a sound framework."""

import pytest

from romframe import FrameworkGroup
from romframe.frameworks.advice import advice, instruments_of
from romframe.frameworks.burden import burden
from romframe.frameworks.diff import Difference, definition_diff
from romframe.frameworks.overlaps import overlap
from romframe.frameworks.wording import in_sentences, pairing_in_words
from romframe.pairing import PairingPolicy


POEM = (
    "indicator: come_back\n        name: Referred back within 30 days\n        params: {days: 30}"
)
GOOD_SIDE = "indicator: good_side\n        name: POEM\n        params: {instrument: poem}"


def group(where):
    return FrameworkGroup("g", "G", where)


def test_a_framework_in_which_all_is_used_gets_no_warning(load, terms):
    assert advice(load(), terms) == []


def test_what_is_not_used_or_is_weak_is_a_warning_with_its_place(load, terms):
    found = load(
        (", source: contract}", "}"),
        ("group: kept_well}", "group: treated}"),
        ("core_well, instrument: core_10, score: total", "w, instrument: pbq, score: total"),
    )
    told = [(each.code, each.place.line, each.severity) for each in advice(found, terms)]
    assert told == [
        ("never-used", 13, "warning"),
        ("no-classes", 30, "warning"),
        ("never-used", 43, "warning"),
    ]


def test_scores_and_rules_that_nobody_verified_are_named(load, terms):
    rule = "instrument: phq_9\n        score: total\n        rule: talking_therapies_with_gad_7"
    found = load(("instrument: core_10\n        score: total\n        rule: corc_manual", rule))
    (warning,) = advice(found, terms)
    assert (warning.code, warning.place.line) == ("unverified-rule", 25)
    said = " ".join(in_sentences(found, terms)[0]["sentences"])
    assert "with: instrument gad_7, score total" in said
    assert "(unverified)" in said
    score = "w, instrument: ocairs, score: total"
    codes = {
        each.code
        for each in advice(load(("core_well, instrument: core_10, score: total", score)), terms)
    }
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


def test_forms_and_minutes_are_counted_for_each_group(load, terms):
    found = load(
        (POEM, GOOD_SIDE),
        (
            "        group: treated\n        targets: [{figure: met",
            "        targets: [{figure: met",
        ),
    )
    told = [(b.group, b.instrument, b.forms, b.minutes, b.total) for b in burden(found, terms)]
    assert told == [
        ("treated", "core_10", 2, 3, 6),
        ("treated", "poem", 1, None, None),
        ("kept_well", "core_10", 2, 3, 6),
        ("kept_well", "poem", 1, None, None),
    ]
    assert instruments_of(found) == ("core_10", "poem")


def test_measures_of_one_instrument_share_the_forms_of_the_same_timepoints(load, terms):
    def forms(last):
        more = f"        rule: barkham_2013\n        group: treated\n        last: [{last}]\n"
        extra = f"      - id: again\n        instrument: core_10\n        score: total\n{more}"
        text = "      - {id: core_well"
        found = load(
            (text, f"{extra}{text}"), ("first: [assessment, review]", "first: [assessment]")
        )
        return burden(found, terms)[0].forms

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
    assert "recovered or improved or unchanged" in " ".join(well["sentences"])
    assert "'come_back' with days 30: Who comes back." in " ".join(back["sentences"])
    assert "true of at most 5 %" in " ".join(back["sentences"])


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
    assert "Everybody is counted" in median
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
