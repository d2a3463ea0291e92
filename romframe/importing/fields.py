"""The columns around the answers: identifiers, dates, words from a list; and their faults."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dict
from datetime import date

import polars as pl
from attrs import frozen

from romframe.importing.cells import date_text, escaped, flag, recode, text
from romframe.importing.columns import Feed
from romframe.importing.findings import Check
from romframe.importing.kinds import DATED, EARLIEST
from romframe.importing.mapping import Mapping
from romframe.methods import NEAR


@frozen
class Fields:
    """The feeds of a record, read in two steps: cells in our codes, then values.

    `dtypes` are those of the file; no date may be later than `today`.
    """

    feeds: Sequence[Feed]
    dtypes: Dict[str, pl.DataType]
    mapping: Mapping
    today: date

    def cells(self) -> Iterator[pl.Expr]:
        """Give the cell behind each column, and whether its code is not in the mapping."""
        for feed in self.feeds:
            name = feed.column.name
            if not feed.source:
                yield pl.lit(feed.constant or None, pl.String).alias(_cell(name))
                continue
            cells = text(feed.source, self.dtypes[feed.source])
            if name in self.mapping.codes:
                ours = recode(cells, self.mapping.codes[name])
                yield (cells.is_not_null() & ours.is_null()).alias(_unlisted(name))
                cells = ours
            yield (cells.fill_null(feed.constant) if feed.constant else cells).alias(_cell(name))

    def values(self) -> Iterator[pl.Expr]:
        """Give the values, computed from cells, under the names in which they are kept."""
        for feed in self.feeds:
            yield self._value(feed).alias(feed.column.target)

    def texts(self) -> dict[str, pl.Expr]:
        """Give the values as text in which no bar is left, as expressions over values."""
        return {feed.column.target: _text(feed) for feed in self.feeds}

    def _value(self, feed: Feed) -> pl.Expr:
        cells = pl.col(_cell(feed.column.name))
        if feed.column.type in DATED:
            return self._date(feed, cells).str.head(DATED[feed.column.type])
        if feed.column.type == "number":
            return cells.cast(pl.Float64, strict=False)
        return flag(cells) if feed.column.type == "flag" else cells

    def _date(self, feed: Feed, cells: pl.Expr) -> pl.Expr:
        """Give a date in full, whatever part of it is kept."""
        as_written = feed.source and self.dtypes[feed.source] == pl.String
        whole = date_text(cells, self.mapping if as_written else None)
        if feed.column.type != "month":
            return whole
        alone = cells.str.len_chars() == DATED["month"]
        return pl.when(alone).then(date_text(cells + "-01")).otherwise(whole)

    def checks(self) -> Iterator[Check]:
        """Give the faults of single cells, as expressions over cells."""
        for feed in self.feeds:
            if feed.source:
                yield from self._words(feed)
            if feed.source and feed.column.type == "flag":
                yield self._flag(feed)
            if feed.source and feed.column.type == "number":
                yield self._number(feed)
            if feed.source and feed.column.type in DATED:
                yield from self._dates(feed)

    def _words(self, feed: Feed) -> Iterator[Check]:
        name, source, allowed = feed.column.name, feed.source, feed.column.allowed
        cells = pl.col(_cell(name))
        blank = cells.is_null()
        if name in self.mapping.codes:
            unlisted = pl.col(_unlisted(name))
            blank = blank & ~unlisted
            what = f"'{{value}}' is not among the codes of the mapping for {name}."
            mend = f"Add it under `codes: {name}:`, or correct the cell."
            yield Check("code-unlisted", source, unlisted, what, mend)
        if feed.column.required:
            if feed.column.excused:
                blank = blank & (pl.col(_cell("outcome")) == "completed")
            yield Check("value-missing", source, blank, f"The {name} is blank.", "Fill it in.")
        if allowed:
            what = f"'{{value}}' is not a known {name}."
            mend = f"Use one of: {', '.join(allowed)}; or map it under `codes: {name}:`."
            yield Check("value-unknown", source, ~cells.is_in(allowed), what, mend)

    def _flag(self, feed: Feed) -> Check:
        cells = pl.col(_cell(feed.column.name))
        what = f"'{{value}}' is neither yes nor no, so {feed.column.name} is not known."
        unclear = cells.is_not_null() & flag(cells).is_null()
        return Check("flag-unclear", feed.source, unclear, what, "Write 1 or 0, or yes or no.")

    def _number(self, feed: Feed) -> Check:
        column, cells = feed.column, pl.col(_cell(feed.column.name))
        inside = self._value(feed).is_between(column.low - NEAR, column.high + NEAR)
        what = (
            f"'{{value}}' is no {column.name}, which goes from {column.low:g} to {column.high:g}."
        )
        wrong = cells.is_not_null() & ~inside.fill_null(False)
        return Check("score-outside", feed.source, wrong, what, "Correct it, or leave it blank.")

    def _dates(self, feed: Feed) -> Iterator[Check]:
        name, source = feed.column.name, feed.source
        cells = pl.col(_cell(name))
        value = self._date(feed, cells)
        written = self.mapping.datetime_format or self.mapping.date_format or "YYYY-MM-DD"
        shown = "" if feed.column.type == "month" else " '{value}'"
        yield Check(
            "date-unreadable",
            source,
            cells.is_not_null() & value.is_null(),
            f"The {name}{shown} is not a date written as {written}.",
            'Correct it, or say in the mapping how dates are written: `date_format: "%d/%m/%Y"`'
            ", or `datetime_format` where they have a time.",
        )
        what = f"The {name}{shown} is before {EARLIEST}."
        mend = "Write the year with four digits."
        yield Check("date-too-early", source, value < EARLIEST, what, mend)
        latest = feed.column.latest(self.today)
        later = value.str.head(10) > latest.isoformat()
        if feed.column.ahead:
            what = f"The {name}{shown} is after {latest}."
            yield Check("date-too-late", source, later, what, "Look for a mistyped year.")
        else:
            what = f"The {name}{shown} is in the future."
            mend = "Correct it; plans are not recorded here."
            yield Check("date-future", source, later, what, mend)
        if feed.column.not_before:
            first = next(each for each in self.feeds if each.column.name == feed.column.not_before)
            wrong = value < self._date(first, pl.col(_cell(first.column.name)))
            what = f"The {name}{shown} is before the {first.column.name}."
            yield Check("date-order", source, wrong, what, "Correct one of the two dates.")


def _text(feed: Feed) -> pl.Expr:
    if not feed.source:
        return pl.lit(feed.constant)
    plain = pl.col(feed.column.target).cast(pl.String)
    return escaped(plain) if feed.column.type == "text" and not feed.column.allowed else plain


def _cell(name: str) -> str:
    return f"cell:{name}"


def _unlisted(name: str) -> str:
    return f"unlisted:{name}"
