"""A whole submission, checked table by table until nothing more falls out.

A row that is rejected takes the rows that hang on it with it: a patient needs a valid practice
registration and a valid referral, and these a valid patient; contacts need their referral, care
activities their contact, and so on. The parents of each table are named by its rules.
"""

from collections.abc import Mapping

import polars as pl
from attrs import evolve, frozen

from romframe_mhsds.layout import tables as known_tables
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.faults import SCHEMA, check_columns, faults
from romframe_mhsds.preflight.filechecks import HEADER, file_faults
from romframe_mhsds.preflight.rules import Rule, rules


@frozen
class Verdict:
    """What became of a submission: the faults and the kept rows of each table, and of the file.

    `file` holds what rejects the whole file, in the shape of the faults; its `row` is null where a
    rule is not about rows.
    """

    faults: Mapping[str, pl.DataFrame]
    kept: Mapping[str, pl.DataFrame]
    file: pl.DataFrame

    @property
    def accepted(self) -> bool:
        """Whether nothing rejects the file."""
        return self.file.is_empty()


def validate(tables: Mapping[str, pl.DataFrame], context: Context) -> Verdict:
    """Check the tables of a submission as one file; a mandatory table that is not given is empty.

    Parents that are not among the tables are taken from the context. The provider and the time of
    creation are those of the header where the context gives none. Raises DataError for an unknown
    table and for a missing column.
    """
    for name, frame in tables.items():
        check_columns(frame, name)
    ordered = {name: tables[name] for name in known_tables() if name in tables}
    context = _with_header(ordered, context)
    found, kept = _settle(ordered, context)
    return Verdict(found, kept, file_faults(ordered, found, kept, context))


def _with_header(tables: Mapping[str, pl.DataFrame], context: Context) -> Context:
    header = tables.get(HEADER)
    if header is None or header.height != 1:
        return context
    created = pl.col("DateTimeDatSetCreate").cast(pl.String)
    row = header.select(
        provider=pl.col("OrgIDProvider").cast(pl.String),
        created=created.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us"),
    ).row(0, named=True)
    return evolve(
        context,
        provider=context.provider or row["provider"],
        created=context.created or row["created"],
    )


def _settle(
    tables: Mapping[str, pl.DataFrame], context: Context
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Check each table again whenever one that it depends on has lost rows.

    A rejected row keeps the faults with which it fell: what follows from its loss does not hide
    why.
    """
    found = {name: pl.DataFrame(schema=SCHEMA) for name in tables}
    kept = dict(tables)
    waiting = list(tables)
    while waiting:
        name = waiting.pop(0)
        now = evolve(context, parents={**context.parents, **kept})
        fallen = _rejected(found[name])
        again = faults(tables[name], name, now).filter(~pl.col("row").is_in(fallen))
        before = found[name].filter(pl.col("row").is_in(fallen))
        found[name] = pl.concat([before, again]).sort("row", maintain_order=True)
        remaining = _without(tables[name], _rejected(found[name]))
        if remaining.height < kept[name].height:
            waiting += [each for each in tables if name in needs(each) and each not in waiting]
        kept[name] = remaining
    return found, kept


def _rejected(found: pl.DataFrame) -> pl.Series:
    """Give the rows that are not taken, as one list."""
    return found.filter("rejects").get_column("row").implode()


def _without(frame: pl.DataFrame, rejected: pl.Series) -> pl.DataFrame:
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return frame.filter(~number.is_in(rejected))


def needs(table: str) -> set[str]:
    """Give the tables that the rules of a table look at."""
    return {name for rule in rules(table) for name in _looks_at(rule)}


def _looks_at(rule: Rule) -> tuple[str, str]:
    return rule.params.get("table", ""), rule.params.get("limit", "").rpartition(".")[0]
