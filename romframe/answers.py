"""The border: what a data column holds, read against an item's response scale.

Here a blank stays a blank, a code outside the scale becomes a finding, and box positions of turned
items become scored values. Nothing behind this module sees a raw answer.
"""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from attrs import evolve, frozen

from romframe.errors import DataError, Place, Problem, UsageError, did_you_mean
from romframe.expressions import divide
from romframe.instruments.model import (
    SCORED,
    STORED,
    AnswerState,
    Coding,
    DataCoding,
    Instrument,
    Item,
    Option,
    ResponseScale,
)


STATES = pl.Enum([str(state) for state in AnswerState])
_NEAR, _NEAR_IN_SINGLE_PRECISION = 1e-9, 1e-4  # of a unit: what rounding may put a number off by


@frozen
class Reading:
    """One item's column as expressions.

    `value` counts in whole units of the scale (tenths for a step of 0.1) and holds where `valid`
    is true; `blank` is true where nothing was answered, whatever the reason; where neither is true,
    the cell holds a code that the scale does not allow. `state` is null there.
    """

    item: Item
    valid: pl.Expr
    blank: pl.Expr
    value: pl.Expr
    state: pl.Expr

    @property
    def units(self) -> pl.Expr:
        """The value where there is one, else null."""
        return pl.when(self.valid).then(self.value)

    def standing_in(self, hit: pl.Expr, state: AnswerState) -> "Reading":
        """Give the reading in which a gap counts as the scale's `counts_as` says, where `hit`."""
        scale = self.item.scale
        stand_in = pl.lit(round(scale.counts_as[state] * scale.units), _width(scale))
        hit = hit.fill_null(False)
        return evolve(
            self,
            valid=self.valid | hit,
            blank=self.blank & ~hit,
            value=pl.when(hit).then(stand_in).otherwise(self.value),
        )

    @property
    def invalid(self) -> pl.Expr:
        """Whether the cell holds something that the scale does not allow."""
        return ~(self.valid | self.blank)

    @property
    def stored(self) -> pl.Expr:
        """The answer as it is kept: a number for scored scales, the code or the text for others."""
        if self.item.scale.scored and self.item.scale.units > 1:
            return divide(self.units.cast(pl.Float64), self.item.scale.units)
        return self.units


def check_coding(instrument: Instrument, coding: Coding | None) -> DataCoding:
    """Give the coding of this name to read with, `stored` for what the store keeps.

    Raises UsageError for one that does not exist, and for none where it is a question.
    """
    known = instrument.known_codings
    if coding == STORED.id:
        return STORED
    if coding is not None and coding not in known:
        what = f"There is no coding {coding!r}."
        raise UsageError(Problem("unknown-coding", what, did_you_mean(coding, known)))
    if coding is not None or not instrument.has_codings:
        return known[coding] if coding else SCORED
    raise UsageError(Problem("coding-needed", *_why_coding(instrument)))


def _why_coding(instrument: Instrument) -> tuple[str, str]:
    """Say why data must come with their coding, and which there are."""
    turned = [item.id for item in instrument.items if item.reversed]
    ways = [f'"{each.id}"{f" ({each.note})" if each.note else ""}' for each in instrument.codings]
    reason = f"{instrument.name} is written in several ways"
    if turned:
        reason = (
            f"{instrument.name} has turned items ({', '.join(turned)}), so its data can be box "
            "positions or scored values"
        )
        ways = [
            '"position" (numbers count boxes from the left, on every item)',
            '"scored" (turned items are already turned, as printed on many forms)',
            *ways,
        ]
    where = "with --coding, as `coding:` in the mapping file, or as coding= in Python"
    mend = f"Say coding {' or '.join(ways)}, {where}."
    return f"{reason}, and nothing in the numbers says which.", mend


def read_items(
    items: Iterable[Item], columns: Mapping[str, pl.DataType], coding: DataCoding
) -> dict[str, Reading]:
    """Read each item from the column of its name; raises DataError for a column of an odd type."""
    return {item.id: _read(item, columns[item.id], coding) for item in items}


def _read(item: Item, dtype: pl.DataType, coding: DataCoding) -> Reading:
    column, numeric = _cells(item.id, dtype)
    if item.scale.kind == "text":
        text = column.cast(pl.String)
        return _reading(item, text.is_not_null(), text, text, ())
    if item.scale.scored and (coding is STORED or not item.scale.valued):
        return _numeric(item, column, numeric, coding)
    return _coded(item, column, numeric, coding)


def _cells(name: str, dtype: pl.DataType) -> tuple[pl.Expr, pl.DataType]:
    """Give a column as numbers or as text, its type, and nulls for all that is blank."""
    column = pl.col(name)
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Boolean):
        text = column.cast(pl.String).str.strip_chars()
        return pl.when(text != "").then(text), pl.String()
    if dtype == pl.Null:
        return column.cast(pl.Int16), pl.Int16()
    if not dtype.is_numeric():
        what = f"The column {name!r} holds {dtype}, not answers."
        raise DataError(Problem("column-type", what, "Save the answers as whole numbers or text."))
    return column.fill_nan(None) if dtype.is_float() else column, dtype


def _reading(
    item: Item,
    valid: pl.Expr,
    column: pl.Expr,
    value: pl.Expr,
    missing: Sequence[tuple[pl.Expr, AnswerState]],
) -> Reading:
    blank = column.is_null()
    answered = pl.when(valid).then(pl.lit(AnswerState.ANSWERED, STATES))
    state: pl.Expr = answered.when(blank).then(pl.lit(AnswerState.BLANK, STATES))
    for hit, name in missing:
        state = pl.when(hit).then(pl.lit(name, STATES)).otherwise(state)
        blank = blank | hit.fill_null(False)
    reading = Reading(item, valid.fill_null(False), blank, value, state)
    for hit, name in missing:
        if name in item.scale.counts_as:
            reading = reading.standing_in(hit, name)
    return reading


def _numeric(item: Item, column: pl.Expr, dtype: pl.DataType, coding: DataCoding) -> Reading:
    scale = item.scale
    low, high = _ends(scale)
    number = column.cast(pl.Float64, strict=False) if dtype == pl.String else column
    if coding.add and scale.kind == "coded":
        number = number.cast(pl.Float64 if not dtype.is_integer() else pl.Int64) + coding.add
    scaled, valid = number, number.is_between(low, high)
    if scale.units > 1 or not dtype.is_integer():
        exact = number.cast(pl.Float64) * scale.units
        scaled = exact.round()
        near = _NEAR_IN_SINGLE_PRECISION if dtype == pl.Float32 else _NEAR
        valid = scaled.is_between(low, high) & ((exact - scaled).abs() < near)
    if _has_gaps(scale):
        valid = valid & _on_scale(scale, scaled)
    written = number - coding.add if coding.add and scale.kind == "coded" else number
    missing = [(written == code, state) for code, state in scale.missing if isinstance(code, int)]
    if dtype == pl.String:
        missing += [(column == c, state) for c, state in scale.missing if isinstance(c, str)]
    value = scaled.cast(_width(scale), strict=False)
    return _reading(item, valid, column, _turned(item, value, coding), missing)


def _ends(scale: ResponseScale) -> tuple[int, int]:
    """Give the lowest and highest value of a scored scale, in whole units."""
    return round((scale.low or 0) * scale.units), round((scale.high or 0) * scale.units)


def _turned(item: Item, value: pl.Expr, coding: DataCoding) -> pl.Expr:
    """Give the value of the box that stands as far from the other end."""
    if not item.reversed or coding.like != "position":
        return value
    values = sorted({_units(option, item.scale) for option in item.scale.options})
    ends = sum(_ends(item.scale))
    if all(one + other == ends for one, other in zip(values, reversed(values), strict=True)):
        return pl.lit(ends, _width(item.scale)) - value
    return value.replace_strict(values, values[::-1], default=None)


def _units(option: Option, scale: ResponseScale) -> int:
    """Give an option's value in whole units."""
    return round((option.value or 0) * scale.units)


def _width(scale: ResponseScale) -> type[pl.DataType]:
    """Give a type that holds every value of a scale, in whole units."""
    return pl.Int32 if sum(map(abs, _ends(scale))) < 1 << 31 else pl.Int64


def _has_gaps(scale: ResponseScale) -> bool:
    low, high = _ends(scale)
    if scale.kind == "number":
        return scale.step * scale.units > 1
    return len({option.value for option in scale.options}) < high - low + 1


def _on_scale(scale: ResponseScale, scaled: pl.Expr) -> pl.Expr:
    """Say which whole numbers of units between the ends of a scale are answers."""
    whole = scaled.cast(pl.Int64, strict=False)
    if scale.kind == "number":
        return (whole - _ends(scale)[0]) % round(scale.step * scale.units) == 0
    return whole.is_in([_units(option, scale) for option in scale.options])


def _coded(item: Item, column: pl.Expr, dtype: pl.DataType, coding: DataCoding) -> Reading:
    """Read codes that are not themselves the values: letters, codes with values, unscored codes."""
    scale = item.scale
    text = column.cast(pl.String)
    if dtype.is_numeric() or not scale.lettered:
        text = text.str.replace(r"\.0+$", "")
    codes = [str(option.code) for option in scale.options]
    missing = [(text == str(code), state) for code, state in scale.missing]
    if coding.add and not scale.scored and not scale.lettered:
        shifted = text.cast(pl.Int64, strict=False) + coding.add
        text = pl.coalesce(shifted.cast(pl.String), text)
    value = text
    if scale.scored:
        units = [_units(option, scale) for option in scale.options]
        found = text.replace_strict(codes, units, default=None, return_dtype=_width(scale))
        value = _turned(item, found, coding)
    elif not scale.lettered:
        value = text.cast(pl.Int32, strict=False)
    return _reading(item, text.is_in(codes), column, value, missing)


def invalid_cells(
    frame: pl.LazyFrame, items: Iterable[Item], coding: DataCoding, file: str, at_most: int = 20
) -> list[Problem]:
    """Name the cells that hold something their scale does not allow, without repeating the answer.

    Beyond `at_most` cells, the rest is counted in one last problem.
    """
    readings = read_items(items, frame.collect_schema(), coding)
    flags = [reading.invalid.alias(name) for name, reading in readings.items()]
    flagged = frame.select(flags)
    total = sum(flagged.sum().collect().row(0))
    if not total:
        return []
    found = (
        flagged.with_row_index("row", offset=1)
        .filter(pl.any_horizontal(pl.col(name) for name in readings))
        .head(at_most)
        .collect()
    )
    problems = [
        _invalid(readings[name].item, Place(file, row=row["row"], field=name))
        for row in found.iter_rows(named=True)
        for name in readings
        if row[name]
    ][:at_most]
    if total > len(problems):
        what = f"{total - len(problems)} more cells hold something that their scale does not allow."
        mend = "Correct these first, then score again to see the rest."
        problems.append(Problem("invalid-response", what, mend, Place(file), "warning"))
    return problems


def _invalid(item: Item, place: Place) -> Problem:
    what = "This is not an answer to the item; every score that uses it is refused."
    return Problem("invalid-response", what, f"Allowed: {allowed(item.scale)}.", place, "warning")


def allowed(scale: ResponseScale) -> str:
    """Say in words what a response scale allows."""
    if scale.kind == "text":
        return "any text"
    known = [str(code) for code, _ in scale.missing]
    if scale.kind == "number":
        step = f" in steps of {scale.step:g}" if scale.step != 1 else ""
        return ", ".join([f"{scale.low:g} to {scale.high:g}{step}", *known, "blank"])
    return ", ".join([*(str(option.code) for option in scale.options), *known, "blank"])
