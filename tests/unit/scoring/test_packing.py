"""A sum, a number answered and a number invalid in one whole number."""

import polars as pl
import pytest
from oracles import scoring as oracle
from oracles.agree import assert_agree

import romframe
from romframe.answers import read_items
from romframe.instruments.model import SCORED
from romframe.packing import Packing


def instrument_of(make, scale, size):
    items = "\n".join(f"  - {{id: q{n}, label: an item, scale: scale}}" for n in range(size))
    low, high = scale
    text = f"""
response_scales: {{scale: {{range: [{low}, {high}], step: 1}}}}
items:
{items}
scores:
  - id: total
    name: T
    items: all
    method: sum
    missing: {{at_least: 1, then: sum_of_known, source: invented}}
    range: [{low * size}, {high * size}]
    better: lower
"""
    return make(text), oracle.parse(text)


@pytest.mark.parametrize("size", [1, 3, 34, 300])
@pytest.mark.parametrize(
    "scale", [(0, 1), (0, 4), (0, 100), (-7, 3), (0, 25_000), (0, 100_000), (5, 9)]
)
def test_no_field_runs_over_into_the_next(make, scale, size):
    """All low, all high, all but one blank, all blank, all but one invalid, all invalid."""
    instrument, spec = instrument_of(make, scale, size)
    low, high = scale
    cells = [
        [low] * size,
        [high] * size,
        [high] + [None] * (size - 1),
        [None] * size,
        [low] + [high + 1] * (size - 1),
        [low - 1] * size,
    ]
    rows = [{f"q{n}": cell for n, cell in enumerate(row)} for row in cells]
    schema = {f"q{n}": pl.Int32 for n in range(size)}
    tidy = romframe.score(pl.DataFrame(rows, schema=schema), instrument)
    assert_agree(tidy, spec, rows)


@pytest.mark.parametrize(
    ("scale", "size", "width"), [((0, 4), 34, pl.Int32), ((0, 100_000), 34, pl.Int64)]
)
def test_the_number_is_as_narrow_as_it_can_be(make, scale, size, width):
    instrument, _ = instrument_of(make, scale, size)
    columns = {item.id: pl.Int8() for item in instrument.items}
    readings = read_items(instrument.items, columns, SCORED)
    assert Packing.fit(readings.values()).width == width


def test_nothing_to_pack_is_allowed():
    assert Packing.fit([]).low == 0
