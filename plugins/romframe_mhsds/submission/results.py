"""What is worth knowing about a submission, in the shape of the submission portal's result files.

The portal (SDCS Cloud) answers with four CSV files of one shape: a line names a code, and up to
ten data items with their values. Here `validations` has the faults of rows, `data_quality` the
notes on what was sent, `aggregation` the counts (by table, and by code: how many rows were struck,
out of how many), and `diagnostics` what is true of the whole submission, so that one reader can lay
both side by side. What the portal itself writes as REPORT_TYPE is not public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
from attrs import define, field

from romframe_mhsds.layout import Field, table
from romframe_mhsds.preflight.rules import every_rule
from romframe_mhsds.reference import notices, sentence
from romframe_mhsds.submission.files import Writer


FOLDER = "preflight"
REPORTS = ("validations", "data_quality", "aggregation", "diagnostics")
Item = tuple[pl.Expr, pl.Expr]  # a label and its value
_PLACES = 10
HEADER = (
    "REPORT_TYPE",
    "DESCRIPTION",
    "CODE",
    "NUMERATOR",
    "DENOMINATOR",
    *(f"DATA_{part}{n}" for n in range(1, _PLACES + 1) for part in ("ITEM", "VALUE")),
)
OWN = ("row", "assessment_id", "instrument", "part")
_NOTED = ("ServiceRequestID", "AssToolCompTimestamp")
_TALLY = {
    "code": pl.String,
    "table": pl.String,
    "effect": pl.String,
    "rows": pl.Int64,
    "what": pl.String,
    "mend": pl.String,
}


@define
class Results:
    """The four result files, written as findings come, and the tally of their codes."""

    folder: Path
    checked: Counter[str] = field(factory=Counter, init=False)  # rows by table
    struck: Counter[str] = field(factory=Counter, init=False)  # findings by code
    kept: Counter[str] = field(factory=Counter, init=False)
    _files: dict[str, Writer] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._files = {name: Writer(self.folder / f"{name}.csv", HEADER) for name in REPORTS}

    @property
    def names(self) -> tuple[str, ...]:
        """The files, as they stand in the folder of the submission."""
        return tuple(f"{self.folder.name}/{name}.csv" for name in REPORTS)

    def rows(self, name: str, rows: pl.DataFrame, faults: pl.DataFrame) -> None:
        """Tell of the rows of a table, with their `row` in it and those of `OWN` that they have."""
        rejected = faults.filter("rejects").get_column("row").n_unique()
        self.checked[name] += rows.height
        self.kept[name] += rows.height - rejected
        self._told(name, rows, faults)

    def _told(self, name: str, rows: pl.DataFrame, faults: pl.DataFrame) -> None:
        numbered = rows.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("__nth"))
        found = faults.select(pl.col("row").alias("__nth"), "code", "column").join(
            numbered, on="__nth", how="left", maintain_order="left"
        )
        self._write("validations", found, _shown(name, rows))

    def file(self, faults: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> None:
        """Tell of what rejects the whole submission, with the row where that is one."""
        whole = faults.filter(pl.col("row").is_null())
        self._write("validations", whole.select("code"), [])
        of_rows = faults.drop_nulls("row").partition_by("table", as_dict=True, maintain_order=True)
        for (name,), found in of_rows.items():
            self._told(str(name), tables[str(name)], found)

    def noted(self, frame: pl.DataFrame, *more: str) -> None:
        """Tell of assessments that were sent, with the `code` of what is noted on each."""
        uids = {each.name: each.uid for each in table("MHS606CodedScoreAssessmentRefer").fields}
        columns = dict(zip(_NOTED, ("referral_id", "timestamp"), strict=True))
        items = [_item(f"[{uids[name]}]{name}", column) for name, column in columns.items()]
        items += [_own(each) for each in ("assessment_id", "instrument", *more)]
        self._write("data_quality", frame, items)

    def whole(self, code: str) -> None:
        """Tell of what is true of the whole submission."""
        self._write("diagnostics", pl.DataFrame({"code": [code]}), [])

    def tally(self) -> pl.DataFrame:
        """Give a row a code that was found: how often, what and the mend, in the rules' order."""
        found = [
            (rule.code, rule.table, rule.effect, self.struck[rule.code], rule.what, rule.mend)
            for rule in every_rule()
            if rule.code in self.struck
        ]
        rules = {code for code, *_ in found}
        found += [
            (code, "", "Note", count, notices()[code], "")
            for code, count in sorted(self.struck.items())
            if code not in rules
        ]
        return pl.DataFrame(found, schema=_TALLY, orient="row")

    def finish(self) -> None:
        """Write the counts: of each table its rows, of each code what it struck."""
        lines = [
            (f"Rows of {name}", f"MHSARV{name[3:6]}", self.kept[name], checked)
            for name, checked in sorted(self.checked.items())
        ]
        lines += [
            (
                _texts()[row["code"]],
                row["code"],
                row["rows"],
                self.checked[row["table"]] or row["rows"],
            )
            for row in self.tally().iter_rows(named=True)
        ]
        names = ("DESCRIPTION", "CODE", "NUMERATOR", "DENOMINATOR")
        counts = pl.DataFrame(lines, schema=names, orient="row")
        self._files["aggregation"].write(_line("aggregation", counts, []))

    def _write(self, report: str, found: pl.DataFrame, items: Sequence[Item]) -> None:
        self.struck.update(dict(found.group_by("code").len().iter_rows()))
        told = found.with_columns(
            pl.col("code").replace_strict(_texts()).alias("DESCRIPTION"),
            pl.col("code").alias("CODE"),
            pl.lit("1").alias("NUMERATOR"),
            pl.lit("1").alias("DENOMINATOR"),
        )
        self._files[report].write(_line(report, told, items))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.__exit__(kind, error, trace)


def _line(report: str, frame: pl.DataFrame, items: Sequence[Item]) -> pl.DataFrame:
    """Give the columns of a result file."""
    values: dict[str, pl.Expr] = {name: pl.lit(None, pl.String) for name in HEADER}
    values |= {name: pl.col(name) for name in HEADER[1:5]} | {"REPORT_TYPE": pl.lit(report)}
    for n, (label, value) in enumerate(items, start=1):
        values |= {f"DATA_ITEM{n}": label, f"DATA_VALUE{n}": value}
    return frame.select(value.cast(pl.String).alias(name) for name, value in values.items())


def _shown(name: str, rows: pl.DataFrame) -> list[Item]:
    """Give what is told of a struck row: all of it, or its keys and the column that is wrong."""
    fields = [each for each in table(name).fields if each.name in rows.columns]
    own = [_own(each) for each in OWN if each in rows.columns]
    if len(fields) + len(own) <= _PLACES:
        return [*(_item(_label(each), each.name) for each in fields), *own]
    wrong = pl.col("column")
    labels = {each.name: _label(each) for each in fields}
    value = pl.coalesce(pl.when(wrong == each.name).then(each.name) for each in fields)
    keys = [_item(_label(each), each.name) for each in fields if each.key]
    return [*keys, (wrong.replace_strict(labels, default=None), value), *own]


def _label(field: Field) -> str:
    return f"[{field.uid}]{field.name}"


def _own(column: str) -> Item:
    return _item(f"[romframe]{column}", column)


def _item(label: str, column: str) -> Item:
    return pl.lit(label), pl.col(column)


def _texts() -> dict[str, str]:
    """Give what is said of each code."""
    decided = (rule for rule in every_rule() if rule.decided)
    told = {rule.code: f"{rule.effect}: {sentence(rule.what, rule.mend)}" for rule in decided}
    return told | dict(notices())
