"""What a framework declares in vain is told, each thing once, at its place."""

import pytest

from romframe.frameworks.advice import advice
from romframe.frameworks.recorded import recorded_advice


ASKED = "instruments: [core_10], group: treated, anchor: referral, window: {after: 14}}"
TWICE = (
    "instruments: [core_10], timepoint: assessment, anchor: assessment, window: {after: 14}}\n"
    "  - {id: end, instruments: [core_10], timepoint: discharge, anchor: discharge,"
    " window: {after: 7}}\n"
)
MEASURES = (
    "    measures:\n      - id: core_treated\n        instrument: core_10\n        score: total\n"
    "        rule: corc_manual\n        group: treated\n        first: [assessment, review]\n"
    "        last: [discharge]\n        targets: [{figure: good, at_least: 50, source: contract},"
    " {figure: paired, at_least: 60}]\n"
    "      - {id: core_well, instrument: core_10, score: total, group: kept_well}\n"
)
BOTH = (
    "    indicators:\n      - {{id: both, indicator: paired_rate, name: Both, group: {group},"
    " params: {{instrument: core_10, score: total{more}}}}}\n"
)


def told(load, terms, *changes):
    found = advice(load((ASKED, TWICE), *changes), terms)
    return [(each.code, each.place.line, each.what) for each in found]


def test_what_is_used_is_not_warned_of(load, terms):
    assert told(load, terms) == []


@pytest.mark.parametrize(
    ("change", "code", "line", "what"),
    [
        (("over: 6", "over: 2"), None, None, None),
        (("month, over: 6", "quarter, over: 2"), "look-back-short", 6, "no whole quarter"),
        (("paired, at_least: 60", "paired, at_least: 0"), "target-always-met", 29, "'paired'"),
        (("paired, at_least: 60", "paired, at_most: 100"), "target-always-met", 29, "'paired'"),
        (("met, at_most: 5", "median, at_most: 100"), None, None, None),
        (("[assessment, review]", "[session, review]"), "never-asked", 27, "at session or review."),
        (("last: [discharge]", "last: [review]"), "never-asked", 28, "at review."),
        (
            ("name: Referred for treatment", "name: Referred for treatment\n    worse: [harmed]"),
            None,
            None,
            None,
        ),
    ],
)
def test_what_can_make_no_difference_is_told(load, terms, change, code, line, what):
    found = told(load, terms, change)
    assert [(each[0], each[1]) for each in found] == ([(code, line)] if code else [])
    assert not code or what in found[0][2]


def test_a_class_that_no_rule_of_the_group_gives_is_told(load, terms):
    found = told(
        load,
        terms,
        ("rule: corc_manual", "rule: nhse_cyp"),
        (
            "name: Referred for treatment",
            "name: Referred for treatment\n    good: [improved, recovered]",
        ),
    )
    assert [each for each in found if each[0] == "never-used"] == [
        ("never-used", 12, "No rule of a measure of 'treated' ever says 'recovered'.")
    ]


@pytest.mark.parametrize(("more", "told_of"), [("", False), (", pairing: first_and_last", True)])
def test_a_pairing_policy_that_pairs_nothing_is_told(load, terms, more, told_of):
    found = told(load, terms, (MEASURES, BOTH.format(group="kept_well", more=more)))
    what = "No figure compares two ratings by the policy 'baseline_and_discharge'."
    assert (what in [each[2] for each in found]) is told_of


def test_a_measure_with_which_nobody_is_rated_is_told(load, workspace):
    found = load(("core_well, instrument: core_10", "core_well, instrument: ors"))
    (warning,) = (each for each in recorded_advice(workspace, found) if "assessment" in each.what)
    assert (warning.code, warning.what) == ("never-recorded", "No stored assessment is with 'ors'.")


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("{age: {at_least: 90}}", "No stored referral is in the group 'kept_well'."),
        ("{team: Nroth}", "No stored record has team 'Nroth'."),  # which says why
    ],
)
def test_a_group_in_which_nobody_is_is_told_once(load, workspace, where, what):
    found = load(("where: {pathway: prevention}", f"where: {where}"))
    (warning,) = recorded_advice(workspace, found)
    assert (warning.code, warning.what) == ("never-recorded", what)
