"""What a cell holds, read against its response scale."""

from datetime import date

import polars as pl
import pytest

from romframe.answers import allowed, check_coding, invalid_cells, read_items
from romframe.errors import DataError, UsageError
from romframe.instruments.model import POSITION, SCORED


@pytest.fixture(scope="module")
def instrument(make):
    return make(
        """
        response_scales:
          level:
            codes: {0: a, 1: b, 2: c}
            missing: {8: not_applicable, 9: not_known, DK: declined}
          gaps: {codes: {0: a, 3: b}}
          valued: {codes: {1: {label: a, value: 4}, 2: {label: b, value: 0}}}
          letters:
            codes: {F: {label: a, value: 4}, I: {label: b, value: 1}}
            missing: {U: not_known}
          tenths: {range: [0, 2], step: 0.1}
          fives: {range: [-10, 100], step: 5}
          money: {range: [0, 100000]}
          pence: {range: [0, 1000000], step: 0.001}
          ordered: {codes: {1: a, 2: b}, scored: false}
          named: {codes: {A: x, K: y}}
          words: {kind: text}
        items:
          - {id: level, label: a, scale: level, reversed: true}
          - {id: gaps, label: a, scale: gaps}
          - {id: valued, label: a, scale: valued, reversed: true}
          - {id: letters, label: a, scale: letters, reversed: true}
          - {id: tenths, label: a, scale: tenths}
          - {id: fives, label: a, scale: fives}
          - {id: money, label: a, scale: money}
          - {id: pence, label: a, scale: pence, reversed: true}
          - {id: ordered, label: a, scale: ordered}
          - {id: named, label: a, scale: named}
          - {id: words, label: a, scale: words}
        scores:
          - id: total
            name: T
            items: [level, gaps]
            method: sum
            range: [0, 5]
            better: lower
          - id: rest
            name: R
            items: [valued, letters, fives, money]
            method: highest
            range: [-10, 100000]
            better: lower
          - {id: fine, name: F, items: [tenths], method: sum, range: [0, 2], better: lower}
          - {id: finer, name: F, items: [pence], method: sum, range: [0, 1000000], better: lower}
        """
    )


def read(instrument, item, cells, coding="scored", dtype=None):
    """Give (stored answer, state) of each cell."""
    frame = pl.DataFrame({item: pl.Series(cells, dtype=dtype)})
    manner = check_coding(instrument, coding)
    reading = read_items([instrument.item(item)], frame.schema, manner)[item]
    chosen = frame.select(stored=reading.stored, state=reading.state)
    assert (
        frame.select(reading.invalid).to_series().to_list() == chosen["state"].is_null().to_list()
    )
    return [(row["stored"], row["state"]) for row in chosen.iter_rows(named=True)]


def stored(instrument, item, cells, coding="scored", dtype=None):
    return [answer for answer, _ in read(instrument, item, cells, coding, dtype)]


def test_every_kind_of_missing_answer_has_its_state(instrument):
    cells = ["1", "", " ", None, "9", "8.0", "DK", "7", "x"]
    assert read(instrument, "level", cells) == [
        (1, "answered"),
        (None, "blank"),
        (None, "blank"),
        (None, "blank"),
        (None, "not_known"),
        (None, "not_applicable"),
        (None, "declined"),
        (None, None),
        (None, None),
    ]


def test_numbers_hold_missing_codes_too(instrument):
    assert read(instrument, "level", [2, None, 9, 7]) == [
        (2, "answered"),
        (None, "blank"),
        (None, "not_known"),
        (None, None),
    ]


def test_position_turns_reversed_items_only(instrument):
    assert stored(instrument, "level", [0, 1, 2], "position") == [2, 1, 0]
    assert stored(instrument, "gaps", [0, 3], "position") == [0, 3]
    assert stored(instrument, "letters", ["F", "I"], "position") == [1, 4]
    assert stored(instrument, "valued", [1, 2], "position") == [0, 4]


def test_codes_count_what_their_values_say(instrument):
    assert stored(instrument, "valued", [1, 2, 4, 0]) == [4, 0, None, None]
    assert stored(instrument, "valued", ["1", "2.0", "4"]) == [4, 0, None]


def test_gaps_between_codes_are_not_answers(instrument):
    for cells in ([0, 1, 2, 3, 4], ["0", "1", "2", "3", "4"], [0.0, 1.0, 2.0, 3.0, 4.0]):
        assert stored(instrument, "gaps", cells) == [0, None, None, 3, None]


def test_letters_are_read_as_they_are_written(instrument):
    assert read(instrument, "letters", ["F", " I ", "f", "U", "", None]) == [
        (4, "answered"),
        (1, "answered"),
        (None, None),
        (None, "not_known"),
        (None, "blank"),
        (None, "blank"),
    ]


def test_a_column_of_nan_is_blank_for_letters_and_for_text(instrument):
    for item in ("letters", "named", "words"):
        assert read(instrument, item, [float("nan")]) == [(None, "blank")]


def test_steps_of_a_tenth_are_exact(instrument):
    cells = [n / 10 for n in range(21)]
    for dtype in (pl.Float64, pl.Float32):
        assert stored(instrument, "tenths", cells, dtype=dtype) == cells
    assert stored(instrument, "tenths", [0.05, 2.1, -0.1, float("inf")]) == [None] * 4


@pytest.mark.parametrize("cell", [1.0001, 0.9999, 1.00001, 1.5, "1.0001", 2.0001, -0.0001])
def test_nearly_an_answer_is_not_an_answer(instrument, cell):
    assert stored(instrument, "level", [cell]) == [None]


def test_what_binary_fractions_put_off_is_an_answer(instrument):
    assert stored(instrument, "tenths", [0.1 + 0.2, 1.1 * 1.1 - 0.21]) == [0.3, 1.0]


def test_steps_of_five_from_a_negative_low(instrument):
    cells = [-10, -5, 0, 100, -15, 3, 101]
    expected = [-10, -5, 0, 100, None, None, None]
    assert stored(instrument, "fives", cells) == expected
    assert stored(instrument, "fives", [100], dtype=pl.Int8) == [100]
    assert stored(instrument, "fives", [100, 3], dtype=pl.UInt8) == [100, None]


def test_wide_scales_do_not_overflow(instrument):
    assert stored(instrument, "money", [100_000, 40_000, 100_001]) == [100_000, 40_000, None]
    assert stored(instrument, "money", [2**63], dtype=pl.UInt64) == [None]
    assert stored(instrument, "pence", [999_999.999, 0], "position") == [0.001, 1_000_000.0]


def test_a_small_integer_column_can_hold_tenths_of_a_larger_scale(make):
    """13 times 10 does not fit into eight bits, but 13 is an answer."""
    wide = make(
        """
        response_scales: {tenths: {range: [0, 20], step: 0.1}}
        items: [{id: q1, label: a, scale: tenths}]
        scores: [{id: total, name: T, items: all, method: sum, range: [0, 20], better: lower}]
        """
    )
    assert stored(wide, "q1", [13, 20, 21], dtype=pl.Int8) == [13.0, 20.0, None]


def test_unscored_codes_and_text_are_kept_as_they_are(instrument):
    assert stored(instrument, "ordered", ["1", "2.0", "3"]) == [1, 2, None]
    assert stored(instrument, "ordered", [1, 2, 3]) == [1, 2, None]
    assert stored(instrument, "named", ["A", "K", "B"]) == ["A", "K", None]
    assert stored(instrument, "words", [" some words ", "", None]) == ["some words", None, None]


def test_true_is_never_1(instrument):
    for item in ("level", "ordered", "letters", "tenths"):
        assert read(instrument, item, [True, None]) == [(None, None), (None, "blank")]


def test_a_column_of_dates_is_refused(instrument):
    with pytest.raises(DataError) as refused:
        read(instrument, "level", [date(2025, 1, 1)])
    (problem,) = refused.value.problems
    assert problem.code == "column-type"
    assert "'level'" in problem.what


def test_an_instrument_with_turned_items_needs_a_coding(instrument):
    with pytest.raises(UsageError, match="coding-needed") as refused:
        check_coding(instrument, None)
    assert "level, valued, letters, pence" in refused.value.problems[0].what
    assert check_coding(instrument, "position") == POSITION


def test_a_misspelt_coding_is_refused_not_ignored(instrument):
    with pytest.raises(UsageError, match="Did you mean 'position'") as refused:
        check_coding(instrument, "positions")
    assert refused.value.problems[0].code == "unknown-coding"


def test_invalid_cells_are_named_without_the_answer(instrument):
    frame = pl.LazyFrame({"level": ["1", "secret", "2"], "gaps": [1, 0, None]})
    items = [instrument.item("level"), instrument.item("gaps")]
    found = invalid_cells(frame, items, SCORED, "answers.csv")
    assert [(each.place.row, each.place.field) for each in found] == [(1, "gaps"), (2, "level")]
    assert {each.severity for each in found} == {"warning"}
    assert "secret" not in "".join(map(str, found))
    assert "Allowed: 0, 1, 2, 8, 9, DK, blank." in str(found[1])


def test_many_invalid_cells_are_counted(instrument):
    frame = pl.LazyFrame({"level": [7] * 30})
    found = invalid_cells(frame, [instrument.item("level")], SCORED, "", at_most=3)
    assert [each.place.row for each in found] == [1, 2, 3, 0]
    assert found[-1].what.startswith("27 more cells")


def test_no_invalid_cells_is_no_problem(instrument):
    assert invalid_cells(pl.LazyFrame({"level": [1]}), [instrument.item("level")], SCORED, "") == []


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("tenths", "0 to 2 in steps of 0.1, blank"),
        ("money", "0 to 100000, blank"),
        ("letters", "F, I, U, blank"),
        ("words", "any text"),
    ],
)
def test_what_a_scale_allows_in_words(instrument, item, words):
    assert allowed(instrument.item(item).scale) == words
