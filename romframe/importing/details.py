"""Details: fields of a record that we have no column for, and that somebody needs all the same."""

from collections.abc import Sequence

import polars as pl
from attrs import evolve

from romframe.errors import DataError
from romframe.importing.kinds import DETAILS, Column, RecordKind
from romframe.importing.mapping import Mapping


def expanded(kind: RecordKind, mapping: Mapping) -> RecordKind:
    """Give the kind with a column for each detail that the mapping declares, in place of `details`.

    Raises DataError where the kind has no room for details or knows the name already.
    """
    own = tuple(column for column in kind.columns if column is not DETAILS)
    problems = []
    for name in mapping.details:
        if own == kind.columns:
            what = f"A row of {kind.id} has no details."
            mend = "Delete the line."
        elif name == DETAILS.name or name in (column.name for column in own):
            what = f"{name!r} is a column of {kind.id} already."
            mend = "Delete the line: its column is read without it."
        else:
            continue
        problems.append(mapping.problem(("details", name), "detail-name", what, mend))
    if problems:
        raise DataError(problems)
    declared = (Column(name, kind_of) for name, kind_of in sorted(mapping.details.items()))
    return evolve(kind, columns=(*own, *declared))


def packed(names: Sequence[str]) -> pl.Expr:
    """Write the details of a row as a JSON object of texts; null where it has none."""
    members = [
        pl.when(pl.col(name).is_not_null()).then(
            pl.struct(name).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
        )
        for name in names
    ]
    if not members:
        return pl.lit(None, pl.String)
    inner = pl.concat_str(members, separator=",", ignore_nulls=True)
    return pl.when(inner != "").then(pl.concat_str(pl.lit("{"), inner, pl.lit("}")))
