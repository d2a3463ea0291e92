"""The border: what a data column holds, read against an item's response scale.

Here a blank stays a blank, a code outside the scale becomes a finding, and box positions of turned
items become scored values. Nothing behind this module sees a raw answer.
"""

from collections.abc import Iterable, Mapping

import polars as pl
from attrs import frozen

from romframe.errors import DataError, Place, Problem, UsageError
from romframe.instruments.model import AnswerState, Coding, Instrument, Item, ResponseScale


STATES = pl.Enum([str(state) for state in AnswerState])


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

    @property
    def invalid(self) -> pl.Expr:
        """Whether the cell holds something that the scale does not allow."""
        return ~(self.valid | self.blank)

    @property
    def stored(self) -> pl.Expr:
        """The answer as it is kept: a number for scored scales, the code or the text for others."""
        if self.item.scale.scored and self.item.scale.units > 1:
            return self.units / self.item.scale.units
        return self.units


def check_coding(instrument: Instrument, coding: Coding | None) -> Coding:
    """Give the coding to read with; UsageError where turned items make it a question."""
    if coding is not None or not instrument.has_codings:
        return coding or "scored"
    turned = ", ".join(item.id for item in instrument.items if item.reversed)
    what = (
        f"{instrument.name} has turned items ({turned}), so its data can be box positions or "
        "scored values, and nothing in the numbers says which."
    )
    mend = (
        'Say coding "position" (numbers count boxes from the left, on every item) or "scored" '
        "(turned items are already turned, as printed on many forms)."
    )
    raise UsageError(Problem("coding-needed", what, mend))


def read_items(
    items: Iterable[Item], columns: Mapping[str, pl.DataType], coding: Coding
) -> dict[str, Reading]:
    """Read each item from the column of its name; raises DataError for a column of an odd type."""
    return {item.id: _read(item, columns[item.id], coding) for item in items}


def _read(item: Item, dtype: pl.DataType, coding: Coding) -> Reading:
    scale = item.scale
    column = pl.col(item.id)
    if isinstance(dtype, pl.Categorical | pl.Enum):
        column, dtype = column.cast(pl.String), pl.String()
    if dtype == pl.String:
        column = column.str.strip_chars()
        column = pl.when(column != "").then(column)
    if dtype == pl.Null:
        column = column.cast(pl.Int16)
    elif dtype == pl.Boolean:
        column = column.cast(pl.String)
    elif not (dtype == pl.String or dtype.is_numeric()):
        what = f"The column {item.id!r} holds {dtype}, not answers."
        raise DataError(Problem("column-type", what, "Save the answers as whole numbers or text."))
    if scale.kind == "text":
        text = column.cast(pl.String)
        return _reading(item, text.is_not_null(), text.is_null(), text, ())
    if scale.lettered or not scale.scored:
        return _lettered(item, column, dtype, coding)
    return _numeric(item, column, dtype, coding)


def _reading(
    item: Item,
    valid: pl.Expr,
    empty: pl.Expr,
    value: pl.Expr,
    missing: Iterable[tuple[pl.Expr, AnswerState]],
) -> Reading:
    state = pl.when(valid).then(pl.lit(AnswerState.ANSWERED, STATES))
    state = state.when(empty).then(pl.lit(AnswerState.BLANK, STATES))
    blank = empty
    for hit, name in missing:
        state = state.when(hit).then(pl.lit(name, STATES))
        blank = blank | hit.fill_null(False)
    return Reading(item, valid.fill_null(False), blank, value, state)


def _numeric(item: Item, column: pl.Expr, dtype: pl.DataType, coding: Coding) -> Reading:
    scale = item.scale
    empty = column.is_null()
    number = column
    if dtype in (pl.String, pl.Boolean):
        number = column.cast(pl.Float64, strict=False)
    elif dtype.is_float():
        empty = empty | column.is_nan()
    low, high = _ends(scale)
    valid = number.is_between(low, high)
    scaled = number * scale.units if scale.units > 1 else number
    if not (dtype.is_integer() or dtype == pl.Null):
        valid = valid & ((scaled - scaled.round()).abs() < 1e-6)
        scaled = scaled.round()
    valid = valid & _allowed(scale, scaled)
    value = scaled.cast(pl.Int16, strict=False)
    missing = [(number == code, state) for code, state in scale.missing if isinstance(code, int)]
    if dtype == pl.String:
        missing += [(column == c, state) for c, state in scale.missing if isinstance(c, str)]
    if item.reversed and coding == "position":
        value = pl.lit(round((low + high) * scale.units), pl.Int16) - value
    return _reading(item, valid, empty, value, missing)


def _ends(scale: ResponseScale) -> tuple[float, float]:
    if scale.low is None or scale.high is None:
        raise AssertionError("only scored scales have ends")
    return scale.low, scale.high


def _allowed(scale: ResponseScale, scaled: pl.Expr) -> pl.Expr:
    """Say which in-range numbers are answers: all of them, unless the scale has gaps."""
    low, high = _ends(scale)
    if scale.kind == "number":
        return pl.lit(True) if scale.step <= 1 else (scaled - low) % scale.step == 0
    codes = [option.code for option in scale.options]
    return pl.lit(True) if len(codes) == high - low + 1 else scaled.is_in(codes)


def _lettered(item: Item, column: pl.Expr, dtype: pl.DataType, coding: Coding) -> Reading:
    scale = item.scale
    text = column.cast(pl.String)
    if dtype.is_numeric():
        text = text.str.strip_suffix(".0")
    codes = [str(option.code) for option in scale.options]
    missing = [(text == str(code), state) for code, state in scale.missing]
    value = text
    if scale.scored:
        values = [option.value for option in scale.options]
        value = text.replace_strict(codes, values, default=None, return_dtype=pl.Int16)
        if item.reversed and coding == "position":
            value = pl.lit(round(sum(_ends(scale))), pl.Int16) - value
    elif not scale.lettered:
        value = text.cast(pl.Int16, strict=False)
    return _reading(item, text.is_in(codes), column.is_null(), value, missing)


def invalid_cells(
    frame: pl.LazyFrame, items: Iterable[Item], coding: Coding, file: str, at_most: int = 20
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
