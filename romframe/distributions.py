"""How often every answer was given, item by item: no totals, and no link from item to item."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
from attrs import frozen

from romframe.answers import Reading, check_coding, read_items
from romframe.errors import DataError, Problem, UsageError, did_you_mean
from romframe.instruments.model import STORED, AnswerState, Coding, Instrument, Item, Option


LARGEST = 101  # so many answers are listed; a scale with more needs another kind of summary
GAPS = tuple(str(state) for state in AnswerState if state != AnswerState.ANSWERED)
SCHEMA = pl.Schema(
    {
        **dict.fromkeys(("item", "section", "label", "code", "answer"), pl.String),
        "n": pl.Int64,
        "of": pl.Int64,
        "share": pl.Float64,
        "percent": pl.String,
        "side": pl.String,
        "favourable_share": pl.Float64,
        "favourable_percent": pl.String,
        "unfavourable_share": pl.Float64,
        "unfavourable_percent": pl.String,
        **dict.fromkeys(("returns", *GAPS, "not_asked", "invalid"), pl.Int64),
    }
)


@frozen
class Box:
    """One answer that can be ticked: its code, its label, and the side on which it counts."""

    code: str
    label: str
    side: str | None


def distribution(
    frame: pl.LazyFrame, instrument: Instrument, *, coding: Coding | None, by: str | None = None
) -> pl.DataFrame:
    """Count the answers to every item of a frame of returns: a row an item and answer.

    `n` counts an answer `of` all that were given to the item, "don't know" among them; blanks,
    other gaps and cells outside the scale are counted apart, so that with them `of` adds up to
    `returns`. `by` names an item or a column whose values are counted separately. Raises UsageError
    for a `by` that does not exist and a coding that is needed, DataError for columns that are
    missing.
    """
    manner = check_coding(instrument, coding)
    columns = frame.collect_schema()
    items = _present(instrument, columns)
    readings = read_items(items, columns, manner)
    kept = manner is STORED and "states" in columns
    cells = frame.select(
        _group(by, readings, columns).alias("group"),
        *(_code(reading).alias(f"code:{name}") for name, reading in readings.items()),
        *(_state(reading, kept).alias(f"state:{name}") for name, reading in readings.items()),
    ).collect()
    rows = [
        {"group": group, **row}
        for group in _groups(cells, by, readings)
        for item in items
        if item.id != by and boxes(item)
        for row in _rows(item, cells.filter(pl.col("group").eq_missing(pl.lit(group))))
    ]
    found = pl.DataFrame(rows, {"group": pl.String, **SCHEMA}, orient="row")
    return found.rename({"group": by}) if by else found.drop("group")


def boxes(item: Item) -> tuple[Box, ...]:
    """Give the answers of an item in the order of its form; none for text and very long scales."""
    return tuple(Box(code, label, side) for _, code, label, side in _listed(item))


def percent(count: int, of: int) -> str | None:
    """Give a percentage to one decimal, halves up: 1 of 80 is 1.3; None where there is nothing."""
    if not of:
        return None
    tenths = (2000 * count + of) // (2 * of)
    return f"{tenths // 10}.{tenths % 10}"


def _present(instrument: Instrument, columns: Iterable[str]) -> list[Item]:
    """Give the items that have a column; one that has none and must be answered is an error."""
    absent = [item.id for item in instrument.items if item.id not in columns]
    needed = [name for name in absent if instrument.item(name).required]
    if needed:
        what = f"There is no column {', '.join(needed)} for {instrument.name}."
        mend = "A column that is absent is not a blank answer: name the columns by item id."
        raise DataError(Problem("column-missing", what, mend))
    return [item for item in instrument.items if item.id not in absent]


def _group(by: str | None, readings: Mapping[str, Reading], columns: pl.Schema) -> pl.Expr:
    if by is None:
        return pl.lit(None, pl.String)
    if by in SCHEMA:
        what = f"The counts have a column {by!r} of their own."
        raise DataError(Problem("column-clash", what, "Rename the column of the data."))
    if by in readings:
        reading = readings[by]
        labels = {box.code: box.label for box in boxes(reading.item)}
        code = _code(reading)
        return code.replace_strict(labels, default=None, return_dtype=pl.String)
    if by not in columns:
        what = f"There is neither an item nor a column {by!r}."
        raise UsageError(Problem("unknown-item", what, did_you_mean(by, [*readings, *columns])))
    return pl.col(by).cast(pl.String)


def _groups(
    cells: pl.DataFrame, by: str | None, readings: Mapping[str, Reading]
) -> Iterable[str | None]:
    """Give the groups in the order of the form, or of the alphabet; those without a value last."""
    if by is None:
        return [None]
    present = set(cells["group"])
    listed = (
        [box.label for box in boxes(readings[by].item)]
        if by in readings
        else sorted(each for each in present if each is not None)
    )
    named = [each for each in dict.fromkeys(listed) if each in present]
    return [*named, None] if None in present else named


def _listed(item: Item) -> Iterator[tuple[Any, str, str, str | None]]:
    """Give, for every box of an item, the value that stands for it, code, label and side."""
    found = list(_options(item))
    for index, (value, code, label) in enumerate(found):
        yield value, code, label, _side(item, code, index, len(found))


def _options(item: Item) -> Iterator[tuple[Any, str, str]]:
    """Give value, code and label of every box; answers of one value are one, as they are stored."""
    scale = item.scale
    if scale.kind == "number" and scale.low is not None and scale.high is not None:
        steps = round((scale.high - scale.low) / scale.step)
        for n in range(steps + 1) if steps < LARGEST else ():
            value = round((scale.low + n * scale.step) * scale.units)
            shown = f"{value / scale.units:g}"
            yield _turned(item, value), shown, shown
        return
    found: dict[Any, list[Option]] = {}
    for option in scale.options:
        plain = option.value is None
        stands: Any = option.code if plain else round((option.value or 0) * scale.units)
        found.setdefault(stands, []).append(option)
    for stands, same in found.items():
        labels = " / ".join(option.label for option in same)
        yield _turned(item, stands), str(same[0].code), labels


def _turned(item: Item, value: Any) -> Any:
    """Give the value that a box counts: of a turned item, that of the box as far from the end."""
    if not item.reversed:
        return value
    scale = item.scale
    if scale.kind == "number":
        return round(((scale.low or 0) + (scale.high or 0)) * scale.units) - value
    values = sorted({round((option.value or 0) * scale.units) for option in scale.options})
    return values[len(values) - 1 - values.index(value)]


def _side(item: Item, code: str, index: int, count: int) -> str | None:
    good = item.favourable
    if good is None:
        return None
    if isinstance(good, tuple):
        if code in map(str, good):
            return "favourable"
        return "unfavourable" if code in map(str, item.unfavourable) else "neither"
    if 2 * index + 1 == count:
        return "neither"
    lower = 2 * index + 1 < count
    return "favourable" if lower == (good == "low") else "unfavourable"


def _code(reading: Reading) -> pl.Expr:
    """Give an answer as the code of the box that was ticked."""
    codes = {value: code for value, code, _, _ in _listed(reading.item)}
    if not codes:
        return pl.lit(None, pl.String)
    values = list(codes)
    return reading.units.replace_strict(
        values, list(codes.values()), default=None, return_dtype=pl.String
    )


def _state(reading: Reading, kept: bool) -> pl.Expr:
    """Say what became of an item: a state, "not_asked" or, outside the scale, "invalid"."""
    state = reading.state.cast(pl.String)
    if kept:
        state = pl.coalesce(pl.col("states").str.json_path_match(f"$.{reading.item.id}"), state)
    return state.fill_null("invalid")


def _rows(item: Item, cells: pl.DataFrame) -> Iterator[dict[str, Any]]:
    states = _tally(cells, _asked(item, cells))
    answered = cells.filter(pl.col(f"state:{item.id}") == "answered")
    counts = _tally(answered, pl.col(f"code:{item.id}"))
    listed = boxes(item)
    of = answered.height
    sides = {
        side: sum(counts.get(box.code, 0) for box in listed if box.side == side)
        for side in ("favourable", "unfavourable")
    }
    shared: dict[str, Any] = {"of": of, "returns": cells.height}
    shared |= {name: states.get(name, 0) for name in (*GAPS, "not_asked", "invalid")}
    if item.favourable is not None:
        for side, n in sides.items():
            shared |= {f"{side}_share": n / of if of else None, f"{side}_percent": percent(n, of)}
    about = {"item": item.id, "section": item.section or None, "label": item.label}
    for box in listed:
        n = counts.get(box.code, 0)
        share = {"n": n, "share": n / of if of else None, "percent": percent(n, of)}
        yield {**about, "code": box.code, "answer": box.label, "side": box.side, **share, **shared}


def _asked(item: Item, cells: pl.DataFrame) -> pl.Expr:
    """Give the item's states, in which a blank that no other answer asks for is told apart."""
    state, when = pl.col(f"state:{item.id}"), item.required_when
    if when is None or f"code:{when.item}" not in cells.columns:
        return state
    asked = pl.col(f"code:{when.item}").is_in([str(code) for code in when.codes])
    return (
        pl.when((state == "blank") & ~asked.fill_null(False))
        .then(pl.lit("not_asked"))
        .otherwise(state)
    )


def _tally(cells: pl.DataFrame, value: pl.Expr) -> dict[str, int]:
    counted = cells.lazy().select(value.alias("value")).group_by("value").len().collect()
    return dict(counted.iter_rows())
