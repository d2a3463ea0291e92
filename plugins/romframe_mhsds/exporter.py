"""A month of assessments as rows of MHS606CodedScoreAssessmentRefer, and all that did not flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from romframe import ExportRequest, ExportResult, Instrument
from romframe_mhsds import findings as result
from romframe_mhsds.checks import check
from romframe_mhsds.codelist import CodeList, code_list, scales_in_use
from romframe_mhsds.coding import Coded, SentAs, coded, refused_codes
from romframe_mhsds.files import write_csv, write_schema
from romframe_mhsds.moments import check_zone
from romframe_mhsds.orientation import read_orientation
from romframe_mhsds.parts import SCHEMA, parts
from romframe_mhsds.period import Period
from romframe_mhsds.reference import TABLE, columns, reasons
from romframe_mhsds.selection import bar, judge, select


if TYPE_CHECKING:
    from romframe import Workspace

_ROWS_FILE = f"{TABLE}.csv"
_EXCLUDED = (
    "assessment_id",
    "instrument",
    "version",
    "referral_id",
    "completed_at",
    "timepoint",
    "rater",
    "outcome",
    "reason",
    "explanation",
    "detail",
)


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write the rows of one month, the exclusions, the findings and a schema.ini.

    Every current assessment of the month either flows or is excluded with one reason; which of its
    answers did not flow is a finding. Returns of anonymous instruments are never read. Raises
    UsageError for a period that is not a month, ExportRefused where nothing right can be written.
    """
    period = Period.parse(request.options["period"])
    zone = check_zone(workspace.config.timezone)
    assessments = select(workspace.table("assessment"), period, zone)
    instruments = _instruments(workspace, assessments)
    codes = code_list(period.start, scales_in_use(workspace.path, request.options.get("codes")))
    said = read_orientation(workspace, request.options.get("sent_as", {}), codes)
    coded_of, without_code = _codes(instruments.values(), codes, said, period)
    assessments = bar(assessments, instruments, without_code)
    made = _parts(workspace, assessments, instruments, coded_of)
    rows = _rows(assessments, made)
    referrals = _parents(workspace.table("referral"), period)
    faults = check(rows, period, referrals=referrals, codes=codes)
    rows = _with_faults(rows, faults)
    assessments = judge(assessments, made, rows)
    sent = _ordered(assessments.filter(pl.col("reason").is_null()))
    excluded = _excluded(assessments)
    over = request.today > period.end
    found = result.findings(rows, faults, sent, made, over=over)
    kept = rows.filter(pl.col("fault").is_null())
    files = _write(request, kept, excluded, found)
    counts = {
        "assessments": assessments.height,
        "sent": sent.height,
        "excluded": excluded.height,
        "rows": kept.height,
        "rows_rejected": rows.height - kept.height,
        "warnings": faults.filter(~pl.col("rejects")).height,
    }
    return ExportResult(files, counts, excluded, found, _summary(period, counts, excluded))


def _instruments(workspace: Workspace, assessments: pl.DataFrame) -> dict[str, Instrument]:
    """Give the instruments of these assessments that have a spec."""
    used = set(assessments.get_column("instrument"))
    return {key: workspace.instrument(key) for key in workspace.instrument_ids if key in used}


def _codes(
    instruments: Iterable[Instrument],
    codes: CodeList,
    said: Mapping[str, SentAs],
    period: Period,
) -> tuple[dict[str, Coded], dict[str, tuple[str, str]]]:
    """Give what flows by instrument, and for the others why nothing does.

    The codes in force on the first day serve the whole month, as a release of the data set does.
    """
    flowing, without = {}, {}
    for instrument in instruments:
        of_service = said.get(instrument.id)
        found = coded(instrument, codes, period.start, of_service)
        if found:
            flowing[instrument.id] = found
        else:
            without[instrument.id] = refused_codes(instrument, codes, period.start, of_service)
    return flowing, without


def _parts(
    workspace: Workspace,
    assessments: pl.DataFrame,
    instruments: Mapping[str, Instrument],
    coded_of: Mapping[str, Coded],
) -> pl.DataFrame:
    free = assessments.filter(pl.col("reason").is_null())
    frames = [pl.DataFrame(schema=SCHEMA)]
    for key in sorted(set(free.get_column("instrument"))):
        ids = free.filter(pl.col("instrument") == key).select("assessment_id")
        frames.append(parts(workspace, instruments[key], coded_of[key], ids))
    return pl.concat(frames)


def _rows(assessments: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """Give a row a text to send, in an order that no import order changes."""
    referral, tool, score, stamp, person = (column.name for column in columns())
    return (
        made.drop_nulls("text")
        .join(assessments, on="assessment_id")
        .select(
            pl.col("referral_id").alias(referral),
            pl.col("tool").alias(tool),
            pl.col("text").alias(score),
            pl.col("timestamp").alias(stamp),
            pl.col("care_professional_id").alias(person),
            "instrument",
            "order",
            "part",
            "assessment_id",
        )
        .sort(referral, stamp, "instrument", "order", score, person, "assessment_id")
    )


def _parents(table: pl.DataFrame, period: Period) -> list[str]:
    """Give the referrals that MHS101 takes for the period.

    It rejects one received after the period (MHS10113) or closed before it (MHS10129).
    """
    received = pl.col("received_on").cast(pl.String).str.slice(0, 10)
    closed = pl.col("closed_on").cast(pl.String).str.slice(0, 10)
    late = (received > period.end.isoformat()).fill_null(False)
    gone = (closed < period.start.isoformat()).fill_null(False)
    return table.filter(~late & ~gone).get_column("referral_id").cast(pl.String).to_list()


def _with_faults(rows: pl.DataFrame, faults: pl.DataFrame) -> pl.DataFrame:
    """Add `row`, its number, and `fault`: the codes of what rejects it, null where nothing does."""
    rejecting = (
        faults.filter("rejects")
        .group_by("row", maintain_order=True)
        .agg(pl.col("code").str.join(", ").alias("fault"))
    )
    numbered = rows.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row"))
    return numbered.join(rejecting, on="row", how="left", maintain_order="left")


def _ordered(assessments: pl.DataFrame) -> pl.DataFrame:
    return assessments.sort(
        "referral_id", "timestamp", "completed_at", "instrument", "assessment_id", nulls_last=True
    )


def _excluded(assessments: pl.DataFrame) -> pl.DataFrame:
    explained = pl.col("reason").replace_strict(reasons()).alias("explanation")
    excluded = _ordered(assessments.drop_nulls("reason"))
    return excluded.with_columns(explained).select(_EXCLUDED)


def _write(
    request: ExportRequest, kept: pl.DataFrame, excluded: pl.DataFrame, found: pl.DataFrame
) -> tuple[str, ...]:
    widths = {column.name: column.width for column in columns()}
    frames = {
        _ROWS_FILE: kept.select(list(widths)),
        "exclusions.csv": excluded,
        "findings.csv": found,
    }
    for name, frame in frames.items():
        write_csv(frame, request.out / name)
    schema = {
        name: {each: widths.get(each, 0) for each in frame.columns}
        for name, frame in frames.items()
    }
    write_schema(request.out / "schema.ini", schema)
    return (*frames, "schema.ini")


def _summary(period: Period, counts: Mapping[str, int], excluded: pl.DataFrame) -> tuple[str, ...]:
    """Say what was done, in a few sentences."""
    done = f"{counts['sent']} of {counts['assessments']} assessments"
    lines = [f"MHSDS {period.name}: {done} are in {counts['rows']} rows of {TABLE}."]
    tally = excluded.group_by("reason").len().sort("len", "reason", descending=[True, False])
    if counts["excluded"]:
        told = ", ".join(f"{reason} {n}" for reason, n in tally.iter_rows())
        lines.append(f"{counts['excluded']} were not sent ({told}): see exclusions.csv.")
    if counts["rows_rejected"] or counts["warnings"]:
        lines.append(
            f"The checks rejected {counts['rows_rejected']} rows and gave {counts['warnings']} "
            "warnings: see findings.csv."
        )
    return tuple(lines)
