"""One file's table, read against what its rows are to become."""

from collections.abc import Iterable, Mapping

import polars as pl
from attrs import frozen

from romframe.importing.answers import Answers
from romframe.importing.cells import joined, text
from romframe.importing.columns import Layout
from romframe.importing.details import packed
from romframe.importing.fields import Fields
from romframe.importing.findings import Check
from romframe.importing.kinds import DETAILS, RecordKind
from romframe.importing.prepared import WARNINGS


@frozen
class Rows:
    """Every row of a file, read: its values, what identifies it, and a flag a check.

    Checks are named by the columns that hold their flags.
    """

    frame: pl.DataFrame
    faults: Mapping[str, Check]
    remarks: Mapping[str, Check]


@frozen
class Reader:
    """The table of a file, with what is known of its columns; `apart` are read for other ends.

    `details` names the columns that are kept together; None where a record has no room for any.
    """

    source: pl.DataFrame
    kind: RecordKind
    layout: Layout
    fields: Fields
    answers: Answers | None
    apart: tuple[str, ...] = ()
    details: tuple[str, ...] | None = None

    @property
    def kept(self) -> list[str]:
        """The columns of an accepted row."""
        key = ["row_key", "content_digest"] if self.kind.key else []
        fields = [feed.column.target for feed in self.layout.fields]
        if self.details is not None:
            fields = [*(name for name in fields if name not in self.details), DETAILS.name]
        items = [item.id for item, _ in self.layout.items]
        return ["row", *key, *fields, *items, *(["states"] if self.answers else [])]

    def rows(self) -> Rows:
        """Read every row of the file."""
        row = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row")
        if self.answers is None:
            cells = self.source.select(row, *self.fields.cells())
            faults = _named("fault", self.fields.checks())
            values = cells.lazy().select("row", *self.fields.values(), *_flags(faults))
            return self._finished(values, faults, {})
        cells = self.source.select(row, *self.fields.cells(), *self.answers.cells())
        cells = self.answers.narrowed(cells)
        readings = self.answers.readings(cells.schema)
        faults = _named("fault", [*self.fields.checks(), *self.answers.checks(readings)])
        values = cells.lazy().select(
            "row", *self.fields.values(), *self.answers.values(readings), *_flags(faults)
        )
        values = values.with_columns(self.answers.states.alias("states"))
        if "outcome" in self.kind.names:
            values = values.with_columns(self.answers.outcome.alias("outcome"))
        whole = _named("whole", self.answers.whole(outcomes="outcome" in self.kind.names))
        remarks = _named("remark", self.answers.conditions())
        values = values.with_columns(_flags(whole | remarks))
        return self._finished(values, faults | whole, remarks)

    def _finished(
        self, values: pl.LazyFrame, faults: Mapping[str, Check], remarks: Mapping[str, Check]
    ) -> Rows:
        if self.kind.key:
            values = values.with_columns(row_key=self._key(), content_digest=self._digest())
        if self.details is not None:
            values = values.with_columns(packed(self.details).alias(DETAILS.name))
        flags = pl.col([*faults, *remarks]).fill_null(False)
        return Rows(values.select(*self.kept, flags).collect(), faults, remarks)

    def _key(self) -> pl.Expr:
        """Say what makes a row the same record when it comes again."""
        texts = self.fields.texts()
        found = joined([pl.lit(self.kind.id), *(texts[name] for name in self.kind.key)])
        for word, key in (("source", self.kind.source_key), ("second", self.kind.second_key)):
            if key:
                parts = [pl.lit(self.kind.id), pl.lit(word), *(texts[name] for name in key)]
                found = pl.when(pl.col(key[0]).is_null()).then(found).otherwise(joined(parts))
        return found

    def _digest(self) -> pl.Expr:
        """Give the whole content as one text, the same on every machine and in every version."""
        answers = self.answers.texts if self.answers else []
        return joined([*self.fields.texts().values(), *answers])

    def raw(self, rows: pl.DataFrame) -> pl.Series:
        """Give rows as the file had them, as JSON; of a private kind only what is read of them.

        The date of an anonymous return comes as its month.
        """
        cells = self.source.select(pl.all().gather(rows["row"] - 1))
        if self.kind.private:
            cells = cells.select(self.layout.used)
        if not self.kind.key:
            dates = {f.source: rows[f.column.target] for f in self.layout.fields if f.column.stored}
            cells = cells.with_columns(**{name: month for name, month in dates.items() if name})
        plain = [
            text(name, dtype).alias(name) if dtype.is_temporal() else pl.col(name)
            for name, dtype in cells.schema.items()
        ]
        return cells.select(pl.struct(plain).struct.json_encode().alias("raw")).to_series()

    def unused(self) -> pl.DataFrame:
        """Give one remark that names the columns of the file from which nothing is read."""
        read = {*self.layout.used, *self.apart}
        names = [name for name in self.source.columns if name not in read]
        if not names:
            return pl.DataFrame(schema=WARNINGS)
        what = f"Nothing is read from these columns: {', '.join(names)}."
        mend = "Name them under `columns` in the mapping file if they are wanted."
        return pl.DataFrame([(0, "columns-unused", "", what, mend)], WARNINGS, orient="row")


def _named(prefix: str, checks: Iterable[Check]) -> dict[str, Check]:
    return {f"{prefix}:{number}": check for number, check in enumerate(checks)}


def _flags(checks: Mapping[str, Check]) -> list[pl.Expr]:
    return [check.flag.alias(name) for name, check in checks.items()]
