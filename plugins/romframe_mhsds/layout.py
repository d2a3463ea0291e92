"""How the tables of MHSDS v6.0 look: their columns in the order of the Intermediate Database."""

import functools
from collections.abc import Mapping

from attrs import frozen

from romframe import DataError, Problem
from romframe_mhsds.facts import read_facts


@frozen
class Field:
    """A column: its name in the IDB, NHS England's id for it, and what may stand in it.

    `kind` is text, digits, date, time, datetime, timestamp or postcode, and empty where no format
    is public. `least` and `width` are the lengths that a text may have, 0 where none is given.
    `storage` is the type that the column has in the IDB: text, number or datetime.
    """

    name: str
    uid: str
    label: str
    kind: str
    least: int
    width: int
    key: str
    storage: str
    codes: tuple[str, ...]


@frozen
class Table:
    """A table with its columns in the order of the IDB."""

    name: str
    valid_from: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Give a column by its name."""
        return next(field for field in self.fields if field.name == name)


@functools.cache
def tables() -> Mapping[str, Table]:
    """Give the tables by their names, in the order of their numbers."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_facts("tables.csv"):
        rows.setdefault(row["table"], []).append(row)
    return {name: _table(name, sorted(found, key=_seq)) for name, found in rows.items()}


def table(name: str) -> Table:
    """Give a table; raises DataError where there is none of that name."""
    if name not in tables():
        what = f"MHSDS v6.0 has no table {name} that is written or checked here."
        raise DataError(Problem("mhsds-table-unknown", what, f"Known: {', '.join(tables())}."))
    return tables()[name]


def _seq(row: dict[str, str]) -> int:
    return int(row["seq"])


def _table(name: str, rows: list[dict[str, str]]) -> Table:
    fields = tuple(
        Field(
            name=row["column"],
            uid=row["uid"],
            label=row["name"],
            kind=row["kind"],
            least=int(row["least"] or 0),
            width=int(row["width"] or 0),
            key=row["key"],
            storage=row["storage"],
            codes=tuple(row["codes"].split()),
        )
        for row in rows
    )
    return Table(name, rows[0]["valid_from"], fields)
