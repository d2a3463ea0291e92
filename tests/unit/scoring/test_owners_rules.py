"""What owners' rules ask of the language: stand-ins, shifted codings, criteria, evidence, bands."""

import polars as pl
import pytest

import romframe
from romframe.errors import UsageError


def verdicts(instrument, *answers, **options):
    frame = pl.DataFrame([{f"q{n}": answer for n, answer in enumerate(answers, 1)}])
    return {each["score"]: each for each in romframe.score(frame, instrument, **options).to_dicts()}


# A gap that the owner gives a value


@pytest.fixture
def confidence(make):
    return make(
        """
        response_scales:
          level:
            codes: {0: a, 1: b, 2: c, 3: d}
            missing: {NA: not_applicable, NK: not_known}
            counts_as: {not_applicable: 2}
            source: invented
        items:
          - {id: q1, label: one, scale: level}
          - {id: q2, label: two, scale: level}
        scores:
          - {id: total, name: T, items: all, method: sum, range: [0, 6], better: higher}
        """
    )


def test_not_applicable_counts_what_the_owner_says(confidence):
    found = verdicts(confidence, "NA", "3")["total"]
    assert (found["value"], found["status"], found["answered"]) == (5.0, "scored", 2)


def test_other_gaps_stay_gaps(confidence):
    assert verdicts(confidence, "NK", "3")["total"]["reason"] == "too_many_missing"
    assert verdicts(confidence, "", "3")["total"]["reason"] == "too_many_missing"


# Shifted codings


@pytest.fixture
def distress(make):
    return make(
        """
        response_scales:
          often: {codes: {1: never, 2: some, 3: much}, missing: {9: declined}}
          letter: {codes: {A: {label: a, value: 0}, B: {label: b, value: 5}}}
        codings:
          from_1: {note: answers from 1}
          from_0: {add: 1, note: answers from 0}
        items:
          - {id: q1, label: one, scale: often}
          - {id: q2, label: two, scale: often}
          - {id: q3, label: three, scale: letter}
        scores:
          - {id: total, name: T, items: [q1, q2], method: sum, range: [2, 6], better: lower}
          - {id: letter, name: L, items: [q3], method: sum, range: [0, 5], better: lower}
        """
    )


def test_data_must_say_where_their_numbers_begin(distress):
    with pytest.raises(UsageError, match="coding-needed") as refused:
        verdicts(distress, 1, 1, "A")
    assert '"from_0" (answers from 0)' in refused.value.problems[0].mend


@pytest.mark.parametrize(
    ("coding", "total", "reason"),
    [
        ("from_1", 5.0, None),
        ("scored", 5.0, None),
        ("from_0", None, "invalid_response"),
    ],
)
def test_the_same_numbers_mean_what_the_coding_says(distress, coding, total, reason):
    found = verdicts(distress, 2, 3, "B", coding=coding)
    assert (found["total"]["value"], found["total"]["reason"]) == (total, reason)
    assert found["letter"]["value"] == 5.0


def test_a_shift_leaves_missing_codes_alone(distress):
    assert verdicts(distress, 0, 9, "A", coding="from_0")["total"]["reason"] == "too_many_missing"
    assert verdicts(distress, "0", "2.0", "A", coding="from_0")["total"]["value"] == 4.0
    assert verdicts(distress, 0.0, 1.5, "A", coding="from_0")["total"]["reason"] == (
        "invalid_response"
    )


# Values that are not evenly spaced


@pytest.fixture
def attachment(make):
    codes = "1: {label: a, value: 1}, 2: {label: b, value: 2.3}, 3: {label: c, value: 3.6}, "
    return make(
        f"""
        response_scales:
          four: {{codes: {{{codes}4: {{label: d, value: 5}}}}}}
          two: {{codes: {{1: {{label: a, value: 1}}, 2: {{label: b, value: 5}}}}}}
        items:
          - {{id: q1, label: one, scale: four}}
          - {{id: q2, label: two, scale: four, reversed: true}}
          - {{id: q3, label: three, scale: two}}
        scores:
          - {{id: total, name: T, items: all, method: sum, range: [3, 15], better: higher}}
        """
    )


def test_fractions_of_different_scales_add_up_exactly(attachment):
    assert verdicts(attachment, 2, 3, 2, coding="scored")["total"]["value"] == 10.9


def test_a_turned_box_counts_what_the_box_as_far_from_the_other_end_counts(attachment):
    assert verdicts(attachment, 2, 2, 1, coding="position")["total"]["value"] == 2.3 + 3.6 + 1
    assert verdicts(attachment, 1, 4, 1, coding="position")["total"]["value"] == 3.0


def test_uneven_codes_are_turned_by_place_too(make):
    instrument = make(
        """
        response_scales:
          uneven: {codes: {0: a, 1: b, 4: c}}
        items:
          - {id: q1, label: one, scale: uneven, reversed: true}
        scores:
          - {id: total, name: T, items: all, method: sum, range: [0, 4], better: higher}
        """
    )
    found = [verdicts(instrument, n, coding="position")["total"]["value"] for n in (0, 1, 4)]
    assert found == [4.0, 1.0, 0.0]


# Criteria over scores, and constants


@pytest.fixture
def screen(make):
    return make(
        """
        response_scales:
          level: {codes: {0: a, 1: b, 2: c}}
        items:
          - {id: q1, label: one, scale: level}
          - {id: q2, label: two, scale: level}
        scores:
          - {id: core, name: C, items: [q1], method: sum, range: [0, 2], better: lower}
          - id: all_items
            name: All
            items: all
            method: sum
            times: 100
            divided_by: 4
            range: [0, 100]
            better: lower
          - id: some
            name: Some but not all
            of: [core, all_items]
            method: criteria
            met: {core: {at_least: 1}, all_items: {at_least: 50, at_most: 75}}
            range: [0, 1]
            better: lower
            bands: [{from: 0, label: not met}, {from: 1, label: met}]
            source: invented
        """
    )


@pytest.mark.parametrize(
    ("answers", "met"), [((1, 1), 1), ((2, 1), 1), ((2, 2), 0), ((0, 2), 0), ((1, 0), 0)]
)
def test_criteria_hold_together_or_not_at_all(screen, answers, met):
    found = verdicts(screen, *answers)["some"]
    assert (found["value"], found["band"]) == (met, "met" if met else "not met")


def test_criteria_on_a_refused_score_are_refused(screen):
    assert verdicts(screen, 2, None)["some"]["reason"] == "input_refused"


def test_a_score_can_be_a_share_of_its_highest(screen):
    assert verdicts(screen, 1, 0)["all_items"]["value"] == 25.0


# What is unverified is asked for by name


@pytest.fixture
def weak(make):
    spec = """
        response_scales:
          level: {codes: {0: a, 1: b}}
        items:
          - {id: q1, label: one, scale: level}
          - {id: q2, label: two, scale: level, source: memory}
        scores:
          - id: sure
            name: S
            items: [q1]
            method: sum
            range: [0, 1]
            better: lower
            source: paper
            missing_options:
              lax: {at_least: 1, then: sum_of_known, source: memory}
          - {id: unsure, name: U, items: all, method: sum, range: [0, 2], better: lower,
             source: paper, on_request: true}
          - {id: made, name: M, of: [unsure], method: sum_of_scores, range: [0, 2], better: lower,
             source: paper, on_request: true}
        sources:
          paper: {cite: a paper, status: verified}
          memory: {cite: from memory, status: unverified}
        """
    return make(spec)


def test_an_unverified_item_taints_every_score_made_of_it(weak):
    assert set(verdicts(weak, 1, 1)) == {"sure"}
    found = verdicts(weak, 1, 1, scores=["sure", "made"])
    evidence = {name: each["evidence"] for name, each in found.items()}
    assert evidence == {"sure": "verified", "unsure": "unverified", "made": "unverified"}


def test_a_score_says_by_which_policy_it_was_made(weak):
    usual = verdicts(weak, 1, 1)["sure"]
    lax = verdicts(weak, 1, 1, missing="lax")["sure"]
    assert (usual["policy"], usual["evidence"]) == ("default", "verified")
    assert (lax["policy"], lax["evidence"]) == ("lax", "unverified")


# Sets of bands


def test_another_set_of_bands_is_chosen_by_name(make):
    instrument = make(
        """
        response_scales:
          level: {range: [0, 10]}
        items:
          - {id: q1, label: one, scale: level}
        scores:
          - id: total
            name: T
            items: all
            method: sum
            range: [0, 10]
            better: lower
            source: invented
            bands: [{from: 0, label: low}, {from: 5, label: high}]
            band_options:
              clinic: {bands: [{from: 0, label: well}, {from: 7, label: ill}], source: invented}
        """
    )
    assert verdicts(instrument, 6)["total"]["band"] == "high"
    assert verdicts(instrument, 6, bands="clinic")["total"]["band"] == "well"
    with pytest.raises(UsageError, match="no set of bands 'clinical'"):
        verdicts(instrument, 6, bands="clinical")


# Alerts on low values


def test_an_alert_can_be_on_low_values(make):
    instrument = make(
        """
        response_scales:
          level: {range: [0, 10]}
        items:
          - {id: q1, label: one, scale: level,
             alert: {at_most: 3, text: look, source: invented}}
        scores:
          - {id: total, name: T, items: all, method: sum, range: [0, 10], better: higher}
        """
    )
    found = romframe.alerts(pl.DataFrame({"q1": [0, 3, 4, None]}), instrument)
    assert found["row"].to_list() == [1, 2]
