"""Every step of a score in words, whatever the method."""

import polars as pl
import pytest

from romframe.api import catalogue
from romframe.config import Choice
from romframe.errors import DataError
from romframe.explain import explain_row
from romframe.methods import Ratio, ScoringMethod


def told(instrument, *answers, coding=None, methods=None, **chosen):
    frame = pl.LazyFrame([{f"q{n}": answer for n, answer in enumerate(answers, 1)}])
    known = {**catalogue().scoring_methods, **(methods or {})}
    return explain_row(instrument, known, frame, 1, coding, chosen=Choice(**chosen)).splitlines()


@pytest.fixture
def every_method(make):
    return make(
        """
        response_scales:
          level: {codes: {0: none, 1: some, 2: much}, missing: {9: declined}}
        items:
          - {id: q1, label: one, scale: level}
          - {id: q2, label: two, scale: level, reversed: true}
        cut_offs:
          - {id: high, score: sum, at_least: 3, means: a lot, source: invented}
          - {id: low, score: sum, at_most: 3, means: not too much, source: invented}
          - {id: over, score: sum, more_than: 3, means: more, source: invented}
          - {id: under, score: sum, less_than: 3, means: less, source: invented}
        scores:
          - {id: sum, name: Sum, items: all, method: sum, range: [0, 4], better: lower,
             source: invented, missing: {at_most: 1, then: prorate}}
          - {id: mean, name: Mean, items: all, method: mean, times: 10, divided_by: 4,
             range: [0, 5], better: lower}
          - {id: count, name: Count, items: all, method: count_at_least, threshold: 1,
             range: [0, 2], better: lower, source: invented}
          - {id: weighted, name: W, items: all, method: weighted_sum, weights: {q1: 2, q2: 0.5},
             range: [0, 5], better: lower}
          - {id: top, name: Top, items: all, method: highest, range: [0, 2], better: lower}
          - {id: gap, name: Gap, of: [sum, count], method: difference, range: [-2, 4],
             better: lower}
          - {id: both, name: Both, of: [sum, count], method: sum_of_scores, range: [0, 6],
             better: lower}
          - {id: table, name: Table, of: [mean], method: lookup, round: half_up,
             table: {4: 40}, range: [0, 100], better: lower}
          - {id: met, name: Met, of: [sum, count], method: criteria, source: invented,
             met: {sum: {at_least: 2}, count: {at_least: 1, at_most: 1}}, range: [0, 1],
             better: lower}
        """
    )


def test_every_built_in_method_is_worked_out_step_by_step(every_method):
    lines = told(every_method, 1, 0, coding="position")
    assert lines[1] == "  q1 one: 1 (some)"
    assert lines[2] == "  q2 two: box 0; this item is turned, so it counts 2"
    for step in (
        "  1 + 2 = 3",
        "  3 divided by 2 answered = 1.5",
        "  that times 10 divided by 4 = 3.75",
        "  values of 1 or more: q1 (1), q2 (2), so 2",
        "  added up: 1 times 2, 2 times 0.5",
        "  the highest of 1, 2",
        "  sum 3 minus count 2 = 1",
        "  sum 3 + count 2",
        "  mean 3.75, rounded half up, is looked up in the owner's table",
        "  sum must be at least 2: it is 3, so this holds",
        "  count must be at least 1 and at most 1: it is 2, so this does not hold",
    ):
        assert step in lines


def test_cut_offs_say_on_which_side_a_score_lies(every_method):
    lines = [line.split(" (")[0] for line in told(every_method, 1, 0, coding="position")]
    assert "  cut-off high: at least 3" in lines
    assert "  cut-off low: at most 3" in lines
    assert "  cut-off over: not more than 3" in lines
    assert "  cut-off under: not less than 3" in lines


def test_a_gap_says_how_it_was_filled_and_by_which_rule(every_method):
    lines = told(every_method, 1, 9, coding="scored")
    assert "  q2 two: declined" in lines
    assert "  scaled up to all items: 1 times 2 divided by 1 answered = 2" in lines
    assert any(line.startswith("  missing answers: at least 1 must be") for line in lines)
    none = told(every_method, 0, 0, coding="scored")
    assert "  values of 1 or more: none, so 0" in none


def test_what_is_no_answer_says_so(every_method):
    assert "  q1 one: not an answer that the scale allows" in told(
        every_method, 7, 1, coding="scored"
    )


def test_a_plugins_method_is_named(make):
    method = ScoringMethod("mine", lambda inputs: Ratio(inputs.total))
    instrument = make(
        """
        response_scales:
          level: {codes: {A: {label: none, value: 0}, B: {label: some, value: 1}}}
          kind: {codes: {X: one kind, Y: another}}
          far: {range: [0, 10]}
        items:
          - {id: q1, label: one, scale: level}
          - {id: q2, label: two, scale: kind}
          - {id: q3, label: three, scale: far, scored: false}
        scores:
          - {id: total, name: T, items: all, method: mine, range: [0, 1], better: lower}
        """,
        method,
    )
    lines = told(instrument, "B", "Y", 7, methods={"mine": method})
    assert "  q1 one: B (some), which counts 1" in lines
    assert "  q2 two: Y (another)" in lines
    assert "  q3 three: 7" in lines
    assert "  the method mine of q1" in lines


def test_a_gap_that_counts_says_what(make):
    instrument = make(
        """
        response_scales:
          level:
            codes: {0: none, 1: some}
            missing: {NA: not_applicable}
            counts_as: {not_applicable: 1}
            source: invented
        items: [{id: q1, label: one, scale: level}]
        scores:
          - {id: total, name: T, items: all, method: sum, range: [0, 1], better: lower}
        """
    )
    assert "  q1 one: not applicable, which counts 1" in told(instrument, "NA")


def test_an_instrument_without_scores_has_answers_to_tell(make):
    instrument = make(
        """
        totals: {forbidden: The owner wants none.}
        response_scales:
          level: {codes: {1: good, 2: bad}, scored: false}
        items: [{id: q1, label: one, scale: level}]
        scores: []
        """
    )
    assert told(instrument, 2) == [
        "Answers, as they count",
        "  q1 one: 2 (bad)",
        "",
        "No scores: The owner wants none.",
    ]


def test_a_score_on_unverified_sources_is_given_when_asked_for_and_says_so(make):
    instrument = make(
        """
        response_scales:
          level: {codes: {0: none, 1: some}}
        items: [{id: q1, label: one, scale: level}]
        scores:
          - {id: sure, name: S, items: all, method: sum, range: [0, 1], better: lower}
          - {id: unsure, name: U, items: all, method: sum, range: [0, 1], better: lower,
             source: memory, on_request: true}
        sources:
          memory: {cite: somebody's memory, status: unverified}
        """
    )
    assert not any("UNVERIFIED" in line for line in told(instrument, 1))
    asked = told(instrument, 1, scores=("unsure",))
    assert "  UNVERIFIED: rests on somebody's memory" in asked


def test_a_file_without_any_item_says_so():
    instrument = catalogue().instrument("gbo")
    with pytest.raises(DataError, match="column-missing"):
        explain_row(instrument, catalogue().scoring_methods, pl.LazyFrame({"first": [1]}), 1, None)


def test_scores_on_request_only_are_not_given_unasked():
    form = {item.id: 1 for item in catalogue().instrument("bmis").items}
    told = explain_row(
        catalogue().instrument("bmis"), catalogue().scoring_methods, pl.LazyFrame([form]), 1, None
    )
    assert told.endswith("No scores unless they are asked for by name.")
