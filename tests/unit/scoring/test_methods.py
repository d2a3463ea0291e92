"""The built-in ways to compute a score, each with numbers worked out by hand."""

import polars as pl
import pytest

import romframe


def spec(score, scale="{range: [0, 10]}", items=3):
    listed = "\n".join(
        f"  - {{id: q{n}, label: an item, scale: scale}}" for n in range(1, items + 1)
    )
    return f"response_scales: {{scale: {scale}}}\nitems:\n{listed}\nscores:\n{score}\n"


def one(instrument, *answers, score=None):
    """Score one form and give (value, status, reason) of one of its scores."""
    frame = pl.DataFrame({f"q{n}": [answer] for n, answer in enumerate(answers, 1)}, strict=False)
    tidy = romframe.score(frame, instrument, scores=score and [score])
    return tidy.row(-1, named=True)


def verdict(instrument, *answers, score=None):
    row = one(instrument, *answers, score=score)
    return row["value"], row["status"], row["reason"]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("prorate", (15.0, "prorated", "items_missing")),
        ("sum_of_known", (10.0, "scored", "sum_of_known")),
    ],
)
def test_a_sum_with_a_gap(make, then, expected):
    instrument = make(
        spec(
            f"""
  - id: total
    name: T
    items: all
    method: sum
    missing: {{at_most: 1, then: {then}, source: invented}}
    range: [0, 30]
    better: lower"""
        )
    )
    assert verdict(instrument, 4, None, 6) == expected
    assert verdict(instrument, 4, 5, 6) == (15.0, "scored", None)


def test_a_mean_with_a_gap_is_the_mean_of_what_is_there(make):
    instrument = make(
        spec(
            """
  - id: total
    name: T
    items: all
    method: mean
    times: 10
    missing: {at_most: 1, then: mean_of_answered, source: invented}
    range: [0, 100]
    better: lower"""
        )
    )
    assert verdict(instrument, 4, None, 7) == (55.0, "prorated", "items_missing")


WEIGHTED = """
  - id: total
    name: T
    items: all
    method: weighted_sum
    weights: {q1: 3, q2: 0.1, q3: -1}
    missing: {at_most: 2, then: THEN, source: invented}
    range: [-10, 31]
    better: lower"""


def test_weights_are_exact_decimals(make):
    instrument = make(spec(WEIGHTED.replace("THEN", "sum_of_known")))
    assert verdict(instrument, 1, 3, 0) == (3.3, "scored", None)
    assert verdict(instrument, 0, 3, None) == (0.3, "scored", "sum_of_known")


def test_a_weighted_gap_stands_at_the_mean_of_the_answered_items(make):
    """Of 2 and 10 the mean is 6, which counts -1 times: 6 + 1 - 6."""
    instrument = make(spec(WEIGHTED.replace("THEN", "prorate")))
    assert verdict(instrument, 2, 10, None) == (1.0, "prorated", "items_missing")
    assert verdict(instrument, None, 10, 10) == (21.0, "prorated", "items_missing")
    assert verdict(instrument, 1, 3, 0) == (3.3, "scored", None)


def test_count_at_least(make):
    instrument = make(
        spec(
            """
  - id: total
    name: T
    items: all
    method: count_at_least
    threshold: 4
    missing: {at_most: 1, then: prorate, source: invented}
    source: invented
    range: [0, 3]
    better: lower"""
        )
    )
    assert verdict(instrument, 4, 3, 10) == (2.0, "scored", None)
    assert verdict(instrument, 4, None, 10) == (3.0, "prorated", "items_missing")
    assert verdict(instrument, 4, 99, 10) == (None, "refused", "invalid_response")


@pytest.mark.parametrize(("method", "expected"), [("highest", 0.9), ("lowest", -0.7)])
def test_extremes_of_tenths_are_exact(make, method, expected):
    instrument = make(
        spec(
            f"""
  - id: total
    name: T
    items: all
    method: {method}
    missing: {{at_most: 1, then: mean_of_answered, source: invented}}
    range: [-1, 1]
    better: lower""",
            scale="{range: [-1, 1], step: 0.1}",
        )
    )
    assert verdict(instrument, 0.9, -0.7, 0.1)[0] == expected
    assert verdict(instrument, 0.9, -0.7, None) == (expected, "prorated", "items_missing")


DERIVED = spec(
    """
  - {id: left, name: L, items: [q1, q2], method: mean, range: [0, 10], better: lower,
     missing: {at_most: 1, source: invented}}
  - {id: right, name: R, items: [q3], method: sum, range: [0, 10], better: lower}
  - {id: gap, name: G, of: [left, right], method: difference, range: [-10, 10], better: lower}
  - {id: both, name: B, of: [left, right], method: sum_of_scores, range: [0, 20], better: lower}
  - {id: metric, name: M, of: [left], method: lookup, range: [0, 9], better: lower,
     table: {0: 0, 5: 4.5, 6: 9}, round: half_up}
"""
)


def test_a_difference_and_a_sum_of_scores(make):
    instrument = make(DERIVED)
    assert verdict(instrument, 4, 7, 2, score="gap") == (3.5, "scored", None)
    assert verdict(instrument, 4, None, 2, score="gap") == (2.0, "prorated", "items_missing")
    assert verdict(instrument, 4, 7, 2, score="both") == (7.5, "scored", None)
    assert one(instrument, 4, 7, 2, score="both")["answered"] == 3
    assert one(instrument, 4, 7, 2, score="both")["required"] is None


def test_a_score_of_scores_is_refused_with_its_inputs(make):
    instrument = make(DERIVED)
    for score in ("gap", "both"):
        assert verdict(instrument, 4, 7, None, score=score) == (None, "refused", "input_refused")
    assert verdict(instrument, 4, 7, None, score="metric")[1] == "scored"


def test_a_lookup_rounds_half_up_and_has_no_value_outside_its_table(make):
    instrument = make(DERIVED)
    assert verdict(instrument, 5, 6, 0, score="metric") == (9.0, "scored", None)
    assert verdict(instrument, 4, 5, 0, score="metric") == (4.5, "scored", None)
    assert verdict(instrument, 0, 0, 0, score="metric") == (0.0, "scored", None)
    assert verdict(instrument, 9, 9, 0, score="metric") == (None, "refused", "no_value")


def test_a_lookup_of_a_raw_sum_without_rounding(make):
    instrument = make(
        spec(
            """
  - {id: raw, name: R, items: all, method: sum, range: [0, 30], better: higher}
  - {id: metric, name: M, of: [raw], method: lookup, range: [7, 35], better: higher,
     table: {29: 26.02, 30: 35}}
"""
        )
    )
    assert verdict(instrument, 10, 10, 9, score="metric") == (26.02, "scored", None)
    assert verdict(instrument, 10, 9, 9, score="metric") == (None, "refused", "no_value")


def test_a_sum_of_known_stays_marked_in_scores_made_of_it(make):
    instrument = make(
        spec(
            """
  - {id: raw, name: R, items: all, method: sum, range: [0, 30], better: lower,
     missing: {at_most: 1, then: sum_of_known, source: invented}}
  - {id: twice, name: T, of: [raw], method: sum_of_scores, times: 2, range: [0, 60], better: lower}
"""
        )
    )
    assert verdict(instrument, 1, None, 2, score="twice") == (6.0, "scored", "sum_of_known")


def test_a_band_of_a_difference_begins_where_it_does_on_paper(make):
    """14/9 less 23/9 of ten is -10, and binary says -10.000000000000002."""
    left, right = [10, 4, *[0] * 7], [10, 10, 3, *[0] * 6]
    assert 10 * sum(left) / 9 - 10 * sum(right) / 9 < -10
    listed = {
        side: ", ".join(f"q{n}" for n in range(start, start + 9))
        for side, start in (("left", 1), ("right", 10))
    }
    instrument = make(
        spec(
            f"""
  - {{id: left, name: L, items: [{listed["left"]}], method: mean, times: 10, range: [0, 100],
     better: lower}}
  - {{id: right, name: R, items: [{listed["right"]}], method: mean, times: 10, range: [0, 100],
     better: lower}}
  - {{id: gap, name: G, of: [left, right], method: difference, range: [-100, 100], better: lower,
     bands: [{{from: -100, label: far}}, {{from: -10, label: near}}], source: invented}}
""",
            items=18,
        )
    )
    assert one(instrument, *left, *right, score="gap")["band"] == "near"


def test_tenths_with_a_gap_keep_their_size(make):
    instrument = make(
        spec(
            """
  - {id: total, name: T, items: all, method: sum, range: [0, 30], better: lower,
     missing: {at_most: 1, then: prorate, source: invented}}
  - {id: mean, name: M, items: all, method: mean, range: [0, 10], better: lower,
     missing: {at_most: 1, source: invented}}""",
            scale="{range: [0, 10], step: 0.1}",
        )
    )
    expected = ("prorated", "items_missing")
    assert verdict(instrument, 0.1, 0.2, None, score="total") == (0.45, *expected)
    assert verdict(instrument, 0.1, 0.2, None, score="mean") == (0.15, *expected)


def test_tenths_add_up_exactly_alone_and_in_a_table(make):
    """A sum of 0.1 and 0.2 is 0.3, whether one form is scored or a thousand."""
    instrument = make(
        spec(
            """
  - {id: total, name: T, items: all, method: sum, range: [0, 30], better: lower,
     bands: [{from: 0, label: low}, {from: 0.3, label: high}], source: invented}""",
            scale="{range: [0, 10], step: 0.1}",
        )
    )
    assert one(instrument, 0.1, 0.2, 0)["value"] == 0.3
    table = pl.DataFrame({"q1": [n / 10 for n in range(101)], "q2": 0.2, "q3": 0.1})
    tidy = romframe.score(table, instrument)
    assert tidy["value"].to_list() == [(n + 3) / 10 for n in range(101)]
    assert tidy["band"].unique().to_list() == ["high"]


def test_constants_are_the_decimals_that_the_spec_writes(make):
    """100 times 4.35 is 435 on paper and 434.99999999999994 in binary; a band begins at 435."""
    instrument = make(
        spec(
            """
  - {id: total, name: T, items: [q1], method: sum, times: 4.35, range: [0, 870], better: lower,
     bands: [{from: 0, label: below}, {from: 435, label: from 435}], source: invented}""",
            scale="{range: [0, 200]}",
            items=1,
        )
    )
    row = one(instrument, 100)
    assert (row["value"], row["band"]) == (435.0, "from 435")


def test_items_of_unlike_ranges_cannot_be_scaled_up_out_of_the_range(make):
    """10 of 10 on one of two items would be 20 of at most 12."""
    instrument = make(
        """
        response_scales: {wide: {range: [0, 10]}, narrow: {range: [0, 2]}}
        items:
          - {id: q1, label: a, scale: wide}
          - {id: q2, label: b, scale: narrow}
        scores:
          - {id: total, name: T, items: all, method: sum, range: [0, 12], better: lower,
             missing: {at_most: 1, then: prorate, source: invented}}
        """
    )
    assert verdict(instrument, 10, None) == (None, "refused", "no_value")
    assert verdict(instrument, 5, None) == (10.0, "prorated", "items_missing")
