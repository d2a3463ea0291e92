"""Which column of a file feeds which of ours."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from datetime import date

import polars as pl
from attrs import frozen

from romframe.errors import DataError, Place, Problem, did_you_mean
from romframe.importing.cells import date_text
from romframe.importing.kinds import DATED, EARLIEST, Column, RecordKind
from romframe.importing.mapping import Mapping
from romframe.instruments.model import Item


_ANSWERS = (pl.String, pl.Boolean, pl.Null, pl.Categorical, pl.Enum)


@frozen
class Feed:
    """Where the values of one of our columns come from: a column of the file, or a constant."""

    column: Column
    source: str = ""
    constant: str = ""


@frozen
class Layout:
    """Every feed of a record and of its items; an item without a column is blank everywhere."""

    fields: tuple[Feed, ...]
    items: tuple[tuple[Item, str], ...]

    @property
    def used(self) -> list[str]:
        """The columns of the file that something is read from, each once."""
        sources = [*(feed.source for feed in self.fields), *(source for _, source in self.items)]
        return list(dict.fromkeys(source for source in sources if source))


@frozen
class Chooser:
    """Chooses feeds for one kind of record, with its items, from the columns of one file."""

    kind: RecordKind
    items: Sequence[Item]
    mapping: Mapping
    available: Dict[str, pl.DataType]
    today: date
    file: str
    withheld: Sequence[str] = ()

    def layout(self) -> Layout:
        """Give the feeds; raises DataError with everything that does not fit."""
        problems = [*self._names(), *self._missing(), *self._twice(), *self._constants()]
        problems += [*self._codes(), *self._types()]
        if problems:
            raise DataError(problems)
        return Layout(
            tuple(self._feed(column) for column in self.kind.columns),
            tuple((item, self._source(item.id)) for item in self.items),
        )

    @property
    def _known(self) -> tuple[str, ...]:
        return (*self.kind.names, *(item.id for item in self.items))

    @property
    def _answering(self) -> set[str]:
        """The names of items and of reported scores."""
        scores = {column.name for column in self.kind.columns if column.type == "number"}
        return {item.id for item in self.items} | scores

    @property
    def _asked(self) -> set[str]:
        return {column.name for column in self.kind.columns if column.asked}

    def _source(self, name: str) -> str:
        if name in self._asked and name not in self.mapping.columns:
            return ""
        theirs = self.mapping.columns.get(name, name)
        constant = name in self.mapping.constants
        return theirs if theirs in self.available and not constant else ""

    def _feed(self, column: Column) -> Feed:
        source = self._source(column.name)
        constant = self.mapping.constants.get(column.name, column.default)
        return Feed(column, source, constant)

    def _names(self) -> Iterator[Problem]:
        for section in ("columns", "constants", "codes"):
            for name in getattr(self.mapping, section):
                if name in self.withheld:
                    what = f"{self.kind.id} is returned anonymously, so {name!r} must not be read."
                    mend = "Delete the line: the column is left out of what is kept."
                    yield self.mapping.problem((section, name), "anonymous-column", what, mend)
                elif name not in self._known:
                    what = f"{name!r} is not a column or an item of {self.kind.id}."
                    mend = did_you_mean(name, self._known)
                    yield self.mapping.problem((section, name), "name-unknown", what, mend)
        for name in self._known:
            theirs = self.mapping.columns.get(name)
            if theirs is not None and theirs not in self.available:
                what = f"The file has no column {theirs!r}, which is named here for {name!r}."
                mend = did_you_mean(theirs, self.available)
                yield self.mapping.problem(("columns", name), "column-unknown", what, mend)

    def _missing(self) -> Iterator[Problem]:
        wanted = [
            *(c.name for c in self.kind.columns if c.required and not c.default),
            *(item.id for item in self.items if item.required),
        ]
        given = {*self.mapping.columns, *self.mapping.constants, *self.available}
        absent = [name for name in wanted if name not in given]
        if absent:
            what = f"No column of the file is read as {', '.join(absent)}."
            near = did_you_mean(absent[0], self.available)
            mend = f"Say in the mapping file under `columns` which columns they are. {near}"
            yield Problem("column-missing", what, mend, Place(self.file))

    def _twice(self) -> Iterator[Problem]:
        seen: dict[str, str] = {}
        for item in self.items:
            source = self._source(item.id)
            if source and source in seen:
                what = f"{source!r} would answer both {seen[source]!r} and {item.id!r}."
                mend = "Give every item a column of its own."
                name = item.id if item.id in self.mapping.columns else seen[source]
                yield self.mapping.problem(("columns", name), "column-shared", what, mend)
            seen[source] = item.id

    def _types(self) -> Iterator[Problem]:
        for item in self.items:
            source = self._source(item.id)
            dtype = self.available[source] if source else pl.String()
            if not (dtype.is_numeric() or isinstance(dtype, _ANSWERS)):
                what = f"The column {source!r} holds {dtype}, which cannot answer {item.id!r}."
                mend = "Save the answers as whole numbers or as text."
                yield Problem("column-type", what, mend, Place(self.file))

    def _constants(self) -> Iterator[Problem]:
        columns = {column.name: column for column in self.kind.columns}
        for name, value in self.mapping.constants.items():
            if name in self._answering:
                what = f"Every row would get the same answer to {name!r}."
                mend = "Delete the line: answers come from the file."
                yield self.mapping.problem(("constants", name), "constant-answer", what, mend)
            elif name in columns and (mend := _unfit(columns[name], value, self.today)):
                what = f"{value!r} cannot be the {name} of every row."
                yield self.mapping.problem(("constants", name), "constant-wrong", what, mend)

    def _codes(self) -> Iterator[Problem]:
        allowed: dict[str, Sequence[str]] = {c.name: c.allowed for c in self.kind.columns}
        allowed |= {item.id: _answers(item) for item in self.items}
        for name, codes in self.mapping.codes.items():
            for theirs, ours in codes.items():
                if allowed.get(name) and ours not in allowed[name]:
                    what = f"{theirs!r} is turned into {ours!r}, which {name!r} does not allow."
                    mend = did_you_mean(ours, allowed[name])
                    yield self.mapping.problem(("codes", name), "code-target", what, mend)
        for code in self.mapping.missing_codes:
            clash = [item.id for item in self.items if code in self._their_answers(item)]
            if clash:
                what = f"{code!r} stands for a missing answer, but is an answer to {clash[0]!r}."
                mend = "Keep it in one of the two."
                keys = ("missing_codes",)
                yield self.mapping.problem(keys, "missing-code-clash", what, mend)

    def _their_answers(self, item: Item) -> Iterable[str]:
        return self.mapping.codes.get(item.id) or _answers(item, missing=False)


def _answers(item: Item, *, missing: bool = True) -> list[str]:
    """List the codes that an item allows; none where they cannot be listed."""
    scale = item.scale
    codes = [option.code for option in scale.options]
    if scale.kind == "number" and scale.low is not None and scale.high is not None:
        steps = round((scale.high - scale.low) / scale.step)
        codes = [f"{scale.low + n * scale.step:g}" for n in range(steps + 1)]
    if codes and missing:
        codes += [code for code, _ in scale.missing]
    return [str(code) for code in codes]


def _unfit(column: Column, value: str, today: date) -> str:
    """Say how a constant would fit its column; empty where it does."""
    if column.allowed and value not in column.allowed:
        return did_you_mean(value, column.allowed)
    if column.type == "flag" and value not in ("0", "1"):
        return "Write 1 for yes or 0 for no."
    if column.type in DATED:
        day = pl.select(date_text(pl.lit(value))).item()
        if day is None or not EARLIEST <= day[:10] <= column.latest(today).isoformat():
            return "Write the date as YYYY-MM-DD; it cannot be in the future."
    return ""
