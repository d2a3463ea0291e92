"""The faults of the rows of one table, found as NHS England finds them.

Each column is checked in the order of `rules.csv` up to the first fault: a blank code is not also
called unknown. The columns are checked independently of one another. All expressions are columnar,
so that a large table can be checked in chunks; what stands together in a rule must then stand in
one chunk (the rows of a referral in MHS606, those of a care activity in MHS607).
"""

from collections.abc import Sequence

import polars as pl

from romframe import DataError, Problem
from romframe_mhsds import layout
from romframe_mhsds.layout import Table
from romframe_mhsds.preflight.conditions import Question, condition
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.rules import Rule, rules


SCHEMA = {
    "row": pl.Int64,
    "table": pl.String,
    "column": pl.String,
    "code": pl.String,
    "effect": pl.String,
    "rejects": pl.Boolean,
    "what": pl.String,
    "mend": pl.String,
}


def faults(frame: pl.DataFrame, table: str, context: Context) -> pl.DataFrame:
    """Check rows of a table; give a line a fault (`SCHEMA`), rows counted from 1.

    The frame has the columns of the IDB as text; those that may be blank may be missing, and others
    are ignored. Raises DataError for an unknown table and for a missing column.
    """
    check_columns(frame, table)
    return struck(frame, layout.table(table), rules(table), context)


def check_columns(frame: pl.DataFrame, table: str) -> None:
    """Raise DataError where a frame lacks a column that must be filled."""
    fields = layout.table(table).fields
    needed = {rule.column for rule in rules(table) if _must_be_filled(rule)}
    missing = [each.name for each in fields if each.name in needed - set(frame.columns)]
    if missing:
        what = f"The rows of {table} have no column {', '.join(missing)}."
        mend = f"It has the columns {', '.join(each.name for each in fields)}."
        raise DataError(Problem("mhsds-column-missing", what, mend))


def _must_be_filled(rule: Rule) -> bool:
    return rule.check == "blank" and rule.rejects


def struck(
    frame: pl.DataFrame, table: Table, asked: Sequence[Rule], context: Context
) -> pl.DataFrame:
    """Put some rules to the rows of a table; give the first fault of each column of each row."""
    texts = _texts(frame, table)
    chains: dict[str, pl.Expr] = {}
    for number, rule in reversed(list(enumerate(asked))):
        broken = condition(Question(rule, table, texts, context))
        if broken is not None:
            later = chains.get(rule.column)
            chains[rule.column] = pl.when(broken).then(number).otherwise(later)
    found = (
        texts.lazy()
        .select(
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row"),
            *(chain.alias(column) for column, chain in chains.items()),
        )
        .filter(pl.any_horizontal(pl.lit(False), pl.exclude("row").is_not_null()))
        .unpivot(index="row", variable_name="column", value_name="number")
        .with_columns(pl.col("number").cast(pl.Int32))
        .drop_nulls("number")
        .sort("row", "number")
        .collect()
    )
    return found.join(told(asked), on="number", maintain_order="left").select(list(SCHEMA))


def told(asked: Sequence[Rule]) -> pl.DataFrame:
    """Give what is told of each rule, with its number in the sequence."""
    return pl.DataFrame(
        {
            "number": range(len(asked)),
            **{
                name: [getattr(rule, name) for rule in asked]
                for name in ("table", "code", "effect", "rejects", "what", "mend")
            },
        },
        schema={"number": pl.Int32} | {k: v for k, v in SCHEMA.items() if k not in _PLACE},
    )


_PLACE = ("row", "column")


def _texts(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Give the columns of the table as text, every blank as null."""
    present = [field.name for field in table.fields if field.name in frame.columns]
    text = pl.col(present).cast(pl.String)
    absent = [field.name for field in table.fields if field.name not in frame.columns]
    return frame.select(
        pl.when(text.str.strip_chars() != "").then(text),
        *(pl.lit(None, pl.String).alias(name) for name in absent),
    )
