"""The answers of a file: their codes to ours, canonical values, states, and their faults."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from typing import Any

import polars as pl
from attrs import evolve, frozen

from romframe.answers import STATES, Reading, read_items
from romframe.importing.cells import escaped, recode, spellings, text
from romframe.importing.findings import Check
from romframe.importing.mapping import Mapping
from romframe.instruments.model import AnswerState, Condition, DataCoding, Item


_KEPT = (AnswerState.NOT_KNOWN, AnswerState.NOT_APPLICABLE, AnswerState.DECLINED)


@frozen
class Answers:
    """The items of an instrument, each with the column of the file that it is read from.

    They are read in two steps: cells in our codes under the item ids, then canonical values.
    `dtypes` are those of the file; `scores` are columns of scores that came without answers.
    """

    items: Sequence[tuple[Item, str]]
    dtypes: Dict[str, pl.DataType]
    mapping: Mapping
    coding: DataCoding
    scores: Sequence[str] = ()

    def cells(self) -> Iterator[pl.Expr]:
        """Give each item's cells, and beside them the states that missing codes stand for."""
        for item, source in self.items:
            if not source:
                yield pl.lit(None, pl.String).alias(item.id)
                yield pl.lit(None, STATES).alias(_name(item, "state"))
            elif not self._recoded(item):
                yield pl.col(source).alias(item.id)
            else:
                yield from self._ours(item, source)

    def _recoded(self, item: Item) -> bool:
        return bool(self.mapping.missing_codes) or item.id in self.mapping.codes

    def _ours(self, item: Item, source: str) -> Iterator[pl.Expr]:
        cells = text(source, self.dtypes[source])
        state = pl.lit(None, STATES)
        for code, name in self.mapping.missing_codes.items():
            hit = cells.is_in(spellings(code))
            state = pl.when(hit).then(pl.lit(name, STATES)).otherwise(state)
        yield state.alias(_name(item, "state"))
        ours = cells
        if item.id in self.mapping.codes:
            ours = recode(cells, self.mapping.codes[item.id])
            unlisted = cells.is_not_null() & ours.is_null() & state.is_null()
            yield unlisted.alias(_name(item, "unlisted"))
        yield pl.when(state.is_null()).then(ours).alias(item.id)

    def narrowed(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Turn items that hold whole numbers and blanks only from text into numbers, for speed."""
        numbers = []
        for item, _ in self.items:
            column = cells[item.id]
            if column.dtype == pl.String and item.scale.scored and not item.scale.lettered:
                number = column.cast(pl.Int16, strict=False)
                if number.null_count() == column.null_count() + (column == "").sum():
                    numbers.append(number)
        return cells.with_columns(numbers)

    def readings(self, dtypes: Dict[str, pl.DataType]) -> list[Reading]:
        """Read the cells, which have these types; what the mapping turned into our codes is so."""
        ours = evolve(self.coding, add=0)
        return [
            read_items([item], dtypes, ours if item.id in self.mapping.codes else self.coding)[
                item.id
            ]
            for item, _ in self.items
        ]

    def values(self, readings: Sequence[Reading]) -> Iterator[pl.Expr]:
        """Give the canonical answers, computed from cells, and beside each its text and state.

        The text is that of whole units, so that no library's way of writing fractions shows in it.
        """
        for reading in readings:
            item = reading.item
            reading = self._with_stand_ins(reading)  # noqa: PLW2901
            yield reading.stored.alias(item.id)
            units = reading.units.cast(pl.String)
            text_of_it = escaped(units) if item.scale.kind == "text" else units
            yield text_of_it.alias(_name(item, "text"))
            yield self._kept(reading).alias(_name(item, "kept"))

    def _with_stand_ins(self, reading: Reading) -> Reading:
        """Give the reading in which gaps that the mapping names count as the spec says."""
        counts_as = reading.item.scale.counts_as
        for state in set(self.mapping.missing_codes.values()) & set(counts_as):
            hit = pl.col(_name(reading.item, "state")) == pl.lit(state, STATES)
            reading = reading.standing_in(hit, state)
        return reading

    def _kept(self, reading: Reading) -> pl.Expr:
        """Give the state as a piece of JSON where it is neither answered nor a plain blank."""
        item, state = reading.item, reading.state
        possible = {name for _, name in item.scale.missing}
        if self.mapping.missing_codes:
            possible |= set(self.mapping.missing_codes.values())
            state = pl.coalesce(pl.col(_name(item, "state")), state)
        kept = pl.lit(None, pl.String)
        for name in _KEPT:
            if name in possible:
                piece = pl.lit(f'"{item.id}": "{name}"')
                kept = pl.when(state == pl.lit(name, STATES)).then(piece).otherwise(kept)
        return kept

    def checks(self, readings: Sequence[Reading]) -> Iterator[Check]:
        """Give the faults of single answers, as expressions over cells."""
        for (item, source), reading in zip(self.items, readings, strict=True):
            if source and item.id in self.mapping.codes:
                what = f"'{{value}}' is not among the codes of the mapping for {item.id}."
                mend = f"Add it under `codes: {item.id}:` or under `missing_codes`."
                unlisted = pl.col(_name(item, "unlisted"))
                yield Check("code-unlisted", source, unlisted, what, mend)
            if source:
                what = f"'{{value}}' is not an answer to {item.id}, which takes {_allowed(item)}."
                mend = "Correct it, or say under `codes` or `missing_codes` what it stands for."
                yield Check("answer-invalid", source, reading.invalid, what, mend)

    @property
    def states(self) -> pl.Expr:
        """The states to keep, as a JSON object; null where every gap is a plain blank."""
        kept = [pl.lit(None, pl.String), *(pl.col(_name(item, "kept")) for item, _ in self.items)]
        joined = pl.concat_str(kept, separator=", ", ignore_nulls=True)
        return pl.when(joined != "").then(pl.concat_str(pl.lit("{"), joined, pl.lit("}")))

    @property
    def texts(self) -> list[pl.Expr]:
        """The canonical answers as text, and their states, as expressions over values."""
        return [*(pl.col(_name(item, "text")) for item, _ in self.items), pl.col("states")]

    @property
    def _answered(self) -> pl.Expr:
        return _any_given(item.id for item, _ in self.items)

    @property
    def _reported(self) -> pl.Expr:
        return _any_given(self.scores)

    @property
    def _blank(self) -> pl.Expr:
        return ~self._answered & pl.col("states").is_null()

    @property
    def outcome(self) -> pl.Expr:
        """The outcome as sent, but of a form with nothing on it what the mapping says of such."""
        sent = pl.col("outcome")
        if self.mapping.blank_forms == "reject":
            return sent
        empty = self._blank & ~self._reported & (sent == "completed")
        return pl.when(empty).then(pl.lit(self.mapping.blank_forms)).otherwise(sent)

    def whole(self, *, outcomes: bool) -> Iterator[Check]:
        """Give the faults of whole rows, as expressions over values."""
        answered, blank, reported = self._answered, self._blank, self._reported
        if self.scores:
            what = "There are answers and a score that came with them."
            mend = "Take the score out: it is computed from the answers."
            yield Check("score-beside-answers", "", ~blank & reported, what, mend)
        blank = blank & ~reported
        if outcomes:
            completed = pl.col("outcome") == "completed"
            blank = blank & completed
            what = "There are answers, though the outcome says that it was not completed."
            mend = "Correct the outcome, or take the answers out."
            yield Check("answers-unexpected", "", (answered | reported) & ~completed, what, mend)
        what = "Every item is blank, though the assessment counts as completed."
        mend = (
            "Fill in the answers, or say with `outcome` that it was declined or missed; "
            "`blank_forms` in the mapping says it for every such row."
        )
        yield Check("answers-missing", "", blank, what, mend)

    def conditions(self) -> Iterator[Check]:
        """Give the items left blank that another answer asks for, as expressions over values."""
        items = {item.id: item for item, _ in self.items}
        for item, source in self.items:
            if item.required_when is not None:
                other = items[item.required_when.item]
                codes = _stored(other, item.required_when)
                asked = pl.any_horizontal(pl.col(other.id) == code for code in codes)
                blank = pl.col(item.id).is_null() & pl.col(_name(item, "kept")).is_null()
                what = f"{item.id} is blank, though the answer to {other.id} asks for it."
                mend = "Fill it in where it is known; the row is kept as it is."
                yield Check("answer-wanted", source or item.id, asked & blank, what, mend)


def _any_given(names: Iterable[str]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in names))


def _name(item: Item, part: str) -> str:
    return f"{part}:{item.id}"


def _stored(item: Item, condition: Condition) -> Sequence[Any]:
    """Give the codes of a condition as the item's answers are stored."""
    scale = item.scale
    if scale.low is None or scale.high is None:
        return condition.codes
    values: dict[int | str, Any] = {option.code: option.value for option in scale.options}
    numbers = [values.get(code, code) for code in condition.codes]
    return [scale.low + scale.high - each if item.reversed else each for each in numbers]


def _allowed(item: Item) -> str:
    scale = item.scale
    if scale.kind == "number":
        return f"{scale.low:g} to {scale.high:g} in steps of {scale.step:g}"
    codes = [*(option.code for option in scale.options), *(code for code, _ in scale.missing)]
    return ", ".join(str(code) for code in codes)
