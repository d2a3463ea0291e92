"""The exporters `csv`, `xlsx` and `parquet`: tables of each measure, and what their columns are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from romframe import ExportResult, Problem, UsageError, write_table
from romframe_tables.answers import answers, assessments, long, mapping, marks, wide
from romframe_tables.dictionary import dictionary


if TYPE_CHECKING:
    from romframe import ExportRequest, Workspace

_FORMULA = r"^('*[=+\-@])"  # what a spreadsheet would take for a formula, or unquote
_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)  # so that the same data give the same file
_EXCLUSIONS = ("assessment_id", "instrument", "version", "reason")


def export(kind: str, workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write for each measure its answers, scores and change, and the mapping to import them again.

    Raises UsageError where xlsxwriter is asked for and not installed.
    """
    shape = str(request.options.get("shape", "wide"))
    everything = bool(request.options.get("all"))
    known = {name: workspace.instrument(name) for name in workspace.used_instruments()}
    left, counts, files = [], {}, ["dictionary.csv"]
    for name, instrument in known.items():
        rows = assessments(workspace, instrument)
        stays = pl.col("reason").is_not_null() & pl.lit(not everything)
        left.append(rows.filter(stays).select(_EXCLUSIONS))
        going = rows.filter(~stays)
        given = answers(workspace, name, instrument, going)
        gaps = marks(instrument, given)
        table = wide(workspace, instrument, given, gaps)
        ids = going["assessment_id"]
        sheets = {
            "answers": long(table, instrument) if shape == "long" else table,
            "scores": workspace.scores(name).filter(pl.col("assessment_id").is_in(ids.implode())),
        }
        if instrument.scores and (everything or left[-1].is_empty()):
            sheets["change"] = _flat(workspace.changes(name))
        files += _write(request.out, kind, name, sheets)
        text = mapping(kind, shape, name, instrument, gaps)
        (request.out / f"{name}.yaml").write_text(text, encoding="utf-8")
        files.append(f"{name}.yaml")
        counts[name] = going.height
    write_table(_safe(dictionary(known)), request.out / "dictionary.csv")
    schema = {"assessment_id": pl.Int64, **dict.fromkeys(_EXCLUSIONS[1:], pl.String)}
    excluded = pl.concat([pl.DataFrame(schema=schema), *left])
    summary = [f"{count} assessments of {name}." for name, count in counts.items()]
    if excluded.height:
        told = "assessments must not leave the service, and change is left out with them; --all"
        summary.append(f"{excluded.height} {told} writes them for your own use.")
    return ExportResult(tuple(files), counts, excluded, pl.DataFrame(), tuple(summary))


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Write a list of ratings as one text."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(lists).cast(pl.List(pl.String)).list.join("; "))


def _write(out: Path, kind: str, name: str, sheets: Mapping[str, pl.DataFrame]) -> list[str]:
    if kind == "xlsx":
        _write_workbook(out / f"{name}.xlsx", sheets)
        return [f"{name}.xlsx"]
    files = []
    for sheet, frame in sheets.items():
        file = f"{name}.{kind}" if sheet == "answers" else f"{name}_{sheet}.{kind}"
        write_table(_safe(frame) if kind == "csv" else frame, out / file)
        files.append(file)
    return files


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before every text that a spreadsheet would take for a formula."""
    return frame.with_columns(pl.col(pl.String).str.replace(_FORMULA, "'${1}"))


def _write_workbook(path: Path, sheets: Mapping[str, pl.DataFrame]) -> None:
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        what = "Excel workbooks cannot be written: xlsxwriter is not installed."
        mend = "Install it with: pip install 'romframe[excel]'; or export csv."
        raise UsageError(Problem("workbook-library", what, mend)) from error
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), plain) as book:
        book.set_properties({"created": _WRITTEN})
        for name, frame in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, frame.columns)
            for number, row in enumerate(frame.iter_rows(), 1):
                sheet.write_row(number, 0, row)
