"""Long tables, with a row an answer, become wide ones, with a row an assessment."""

from collections.abc import Iterator

import polars as pl

from romframe.errors import DataError, Place, Problem, did_you_mean
from romframe.importing.kinds import assessment_kind
from romframe.importing.mapping import Mapping
from romframe.instruments.model import Instrument


def widened(
    frame: pl.DataFrame, instrument: Instrument, mapping: Mapping, file: str
) -> pl.DataFrame:
    """Give a long table as a wide one, with a column an item; rows of other measures are left out.

    What is read around the answers says which rows are of one assessment; assessments keep the
    order of their first rows. Raises DataError where a column is missing, no row is of the measure
    or an assessment has two answers to one item.
    """
    fields = assessment_kind(instrument).names
    items = [item.id for item in instrument.items]
    long = mapping.long
    needed = [long.item, long.value, *([long.measure] if long.measure else [])]
    for name in needed:
        if name not in frame.columns:
            what = f"The file has no column {name!r}, which a row of an answer needs."
            mend = did_you_mean(name, frame.columns)
            raise DataError(mapping.problem(("long",), "long-column", what, mend))
    theirs = [mapping.columns.get(name, name) for name in fields]
    index = [name for name in frame.columns if name in theirs and name not in needed]
    rows = frame.with_row_index("row", offset=1)
    if long.measure:
        rows = rows.filter(pl.col(long.measure) == (long.named or instrument.id))
    if rows.is_empty():
        what = f"No row has {long.named or instrument.id!r} in the column {long.measure!r}."
        mend = "Say under `long` as `named` what stands there for this measure."
        raise DataError(mapping.problem(("long",), "long-none", what, mend))
    problems = list(_twice(rows, [*index, long.item], long.item, file))
    if problems:
        raise DataError(problems)
    spread = rows.pivot(long.item, index=index, values=long.value, sort_columns=True)
    asked = dict.fromkeys(mapping.columns.get(name, name) for name in items)
    blank = [pl.lit(None, pl.String).alias(name) for name in asked if name not in spread.columns]
    return spread.with_columns(blank)


def _twice(rows: pl.DataFrame, key: list[str], item: str, file: str) -> Iterator[Problem]:
    again = rows.filter(pl.struct(key).is_duplicated())
    for row, name in again.select("row", item).head(20).iter_rows():
        what = f"An assessment has several answers to {name!r}."
        mend = "Keep one; or name a column that tells the assessments apart, such as source_id."
        yield Problem("long-twice", what, mend, Place(file, row=row, field=item))
