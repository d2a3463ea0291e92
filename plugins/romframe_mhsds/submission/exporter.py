"""A month for MHSDS: the tables, what the pre-flight found, and all that did not flow.

Everything is made and checked before it is written: a row that would be rejected is never in a
table, nor a row that hangs on one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from attrs import define, evolve, field

from romframe import ExportRequest, ExportResult
from romframe_mhsds.layout import table
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.faults import faults
from romframe_mhsds.preflight.validation import Verdict, needs, validate
from romframe_mhsds.reference import reasons
from romframe_mhsds.submission.files import Writer, write_schema, write_table
from romframe_mhsds.submission.late import late_entries
from romframe_mhsds.submission.parents import REFERRAL, parents
from romframe_mhsds.submission.results import FOLDER, Results
from romframe_mhsds.submission.rows import ACT, REFER, Plan, coded_parts, plan, rows
from romframe_mhsds.submission.selection import judge
from romframe_mhsds.submission.settings import Settings, read_settings


if TYPE_CHECKING:
    from romframe import Workspace

EXCLUSIONS, LATE = "exclusions.csv", "late_entries.csv"
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
_TIME_NOTES = {"date_only": "ROM60620", "clock_back": "ROM60621", "clock_forward": "ROM60622"}
_PART_SENT, _PERIOD_OPEN = "ROM60623", "ROM60624"


def export(workspace: Workspace, request: ExportRequest) -> ExportResult:
    """Write the tables of one month with the exclusions, the late entries and the pre-flight.

    Every current assessment of the month either flows or is excluded with one reason; which of its
    answers did not flow is a finding. Anonymous returns are never read. A submission that would be
    rejected as a whole is not written; the findings say why. Raises as `read_settings` does, and
    ExportRefused for a character that the chosen encoding does not have.
    """
    settings = read_settings(workspace, request.options, request.today)
    with request.progress("Reading the store", 1) as advance:
        planned = plan(workspace, settings)
        advance(1)
    with Results(request.out / FOLDER) as results:
        work = _Export(workspace, request, planned, results)
        accepted = work.parents() if settings.full else True
        if accepted:
            work.assessments()
        if request.today <= settings.period.end:
            results.whole(_PERIOD_OPEN)
        results.finish()
    late = late_entries(workspace, settings, request.today)
    write_table(request.out / LATE, late)
    excluded = work.excluded()
    write_table(request.out / EXCLUSIONS, excluded)
    work.describe()
    again = late.filter(pl.col("resubmit") == "yes").height
    counts = work.counts | {"late": late.height, "late_to_resubmit": again}
    summary = _summary(settings, counts, excluded, results, accepted=accepted)
    files = (*work.tables, EXCLUSIONS, LATE, *results.names, *(["schema.ini"] if accepted else []))
    return ExportResult(files, counts, excluded, results.tally(), summary, accepted)


@define
class _Export:
    """An export under way."""

    workspace: Workspace
    request: ExportRequest
    planned: Plan
    results: Results
    context: Context = field(init=False)
    tables: list[str] = field(factory=list)
    judged: list[pl.DataFrame] = field(factory=list)
    why_rejected: Mapping[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        settings = self.planned.settings
        self.context = Context(settings.period, settings.codes, settings.created, settings.provider)
        barred = self.planned.assessments.filter(pl.col("reason").is_not_null())
        self.judged.append(barred)

    @property
    def out(self) -> Path:
        """The folder of the submission."""
        return self.request.out

    @property
    def settings(self) -> Settings:
        """What was asked for."""
        return self.planned.settings

    def parents(self) -> bool:
        """Check and write the tables that assessments hang on; say whether the file is taken.

        From then on a row of an assessment needs a valid one in them.
        """
        with self.request.progress("Records", 2) as advance:
            tables = parents(self.workspace, self.planned.assessments, self.settings)
            advance(1)
            verdict = validate(tables, self.context)
            advance(1)
        for name, frame in tables.items():
            self.results.rows(name, frame, verdict.faults[name])
        self.results.file(verdict.file, tables)
        if not verdict.accepted:
            self._refuse(verdict)
            return False
        for name, frame in verdict.kept.items():
            self._write(name, frame)
        needed = verdict.kept.keys() & (needs(REFER) | needs(ACT))
        self.context = evolve(self.context, parents={each: verdict.kept[each] for each in needed})
        self.why_rejected = _codes_by_referral(tables[REFERRAL], verdict.faults[REFERRAL])
        return True

    def _refuse(self, verdict: Verdict) -> None:
        """Exclude all assessments that could have flowed, for the file is not taken."""
        codes = ", ".join(verdict.file.get_column("code").unique().sort())
        free = self.planned.assessments.filter(pl.col("reason").is_null())
        told = free.with_columns(reason=pl.lit("file_rejected"), detail=pl.lit(codes))
        self.judged.append(told)

    def _write(self, name: str, frame: pl.DataFrame) -> None:
        columns = tuple(each.name for each in table(name).fields)
        write_table(self.out / f"{name}.csv", frame.select(columns), self.settings.form)
        self.tables.append(f"{name}.csv")

    def assessments(self) -> None:
        """Make, check and write the rows of assessments, some referrals at a time."""
        names = {name: tuple(each.name for each in table(name).fields) for name in (REFER, ACT)}
        self.results.checked.update(dict.fromkeys(names, 0))
        total = self.planned.assessments.get_column("reason").null_count()
        form = self.settings.form
        with (
            self.request.progress("Assessments", total) as advance,
            Writer(self.out / f"{REFER}.csv", names[REFER], form) as refer,
            Writer(self.out / f"{ACT}.csv", names[ACT], form) as act,
        ):
            for batch in self.planned.batches():
                self._batch(batch, {REFER: refer, ACT: act})
                advance(batch.height)
        self.tables += [f"{name}.csv" for name in names]

    def _batch(self, batch: pl.DataFrame, writers: Mapping[str, Writer]) -> None:
        parts = coded_parts(self.workspace, self.planned, batch)
        made = rows(batch, parts)
        checked = []
        for name, writer in writers.items():
            of_table = made.filter(pl.col("table") == name)
            found = faults(of_table, name, self.context)
            told = _with_fault(of_table, found, self.why_rejected, writer.rows)
            writer.write(told.filter(pl.col("fault").is_null()))
            self.results.rows(name, told, found)
            checked.append(told)
        every = pl.concat(checked)
        judged = judge(batch, parts, every)
        self.judged.append(judged.drop_nulls("reason"))
        self._note(judged.filter(pl.col("reason").is_null()), parts, every)

    def _note(self, sent: pl.DataFrame, parts: pl.DataFrame, made: pl.DataFrame) -> None:
        ordered = _ordered(sent)
        code = pl.col("time_note").replace_strict(_TIME_NOTES)
        self.results.noted(ordered.drop_nulls("time_note").with_columns(code=code))
        self.results.noted(_partly(ordered, parts, made), "not_sent")

    def excluded(self) -> pl.DataFrame:
        """Give the assessments that did not flow, each with its reason."""
        judged = pl.concat(self.judged)
        explained = pl.col("reason").replace_strict(reasons()).alias("explanation")
        return _ordered(judged).with_columns(explained).select(_EXCLUDED)

    @property
    def counts(self) -> dict[str, int]:
        """How many assessments flowed, in how many rows, and what the checks found."""
        total = self.planned.assessments.height
        excluded = sum(each.height for each in self.judged)
        warned = pl.col("effect").str.contains("Warning")
        warnings = self.results.tally().filter(warned).get_column("rows")
        kept, checked = self.results.kept, self.results.checked
        return {
            "assessments": total,
            "sent": total - excluded,
            "excluded": excluded,
            "rows": kept[REFER] + kept[ACT],
            "rows_rejected": checked.total() - kept.total(),
            "warnings": int(warnings.sum()),
        }

    def describe(self) -> None:
        """Write the schema.ini of the tables."""
        columns = {
            name: [(each.name, each.width) for each in table(name.removesuffix(".csv")).fields]
            for name in self.tables
        }
        if columns:
            write_schema(self.out / "schema.ini", columns, self.settings.form)


def _codes_by_referral(referrals: pl.DataFrame, found: pl.DataFrame) -> dict[str, str]:
    """Say which faults reject a referral, by its id."""
    numbered = referrals.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row"))
    rejecting = found.filter("rejects").join(numbered, on="row").sort("row", "code")
    codes = pl.col("code").unique(maintain_order=True).str.join(", ")
    by_referral = rejecting.group_by("ServiceRequestID", maintain_order=True).agg(codes)
    return dict(by_referral.iter_rows())


def _with_fault(
    rows: pl.DataFrame, found: pl.DataFrame, why_rejected: Mapping[str, str], written: int
) -> pl.DataFrame:
    """Add `fault`, what rejects a row, and `row`, its number in the file where nothing does."""
    rejecting = (
        found.filter("rejects")
        .group_by("row", maintain_order=True)
        .agg(pl.col("code").str.join(", ").alias("fault"))
    )
    numbered = rows.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row"))
    told = numbered.join(rejecting, on="row", how="left", maintain_order="left")
    above = pl.col("ServiceRequestID").replace_strict(
        list(why_rejected), list(why_rejected.values()), default=None, return_dtype=pl.String
    )
    sound = pl.col("fault").is_null()
    return told.with_columns(
        pl.when(above.is_not_null() & ~sound)
        .then(pl.concat_str("fault", pl.lit(" ("), above, pl.lit(")")))
        .otherwise("fault")
        .alias("fault"),
        pl.when(sound).then(sound.cum_sum() + written).alias("row"),
    )


def _partly(sent: pl.DataFrame, parts: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """Give the assessments that were sent in part, with what of them was not."""
    unsent = parts.filter(pl.col("why").is_not_null() & pl.col("expected"))
    rejected = made.drop_nulls("fault").with_columns(pl.col("fault").alias("why"))
    names = ["assessment_id", "order", "part", "why"]
    told = (
        pl.concat([unsent.select(names), rejected.select(names)])
        .sort("assessment_id", "order")
        .group_by("assessment_id", maintain_order=True)
        .agg(pl.concat_str("part", pl.lit(": "), "why").str.join("; ").alias("not_sent"))
    )
    partly = sent.join(told, on="assessment_id", maintain_order="left")
    return partly.with_columns(code=pl.lit(_PART_SENT))


def _ordered(assessments: pl.DataFrame) -> pl.DataFrame:
    return assessments.sort(
        "referral_id", "timestamp", "completed_at", "instrument", "assessment_id", nulls_last=True
    )


def _summary(
    settings: Settings,
    counts: Mapping[str, int],
    excluded: pl.DataFrame,
    results: Results,
    *,
    accepted: bool,
) -> tuple[str, ...]:
    """Say what was done, in a few sentences."""
    kept = f"{results.kept[REFER]} rows of {REFER} and {results.kept[ACT]} of {ACT}"
    done = f"{counts['sent']} of {counts['assessments']} assessments are in {kept}."
    lines = [f"MHSDS {settings.period.name}: {done}"]
    if not accepted:
        lines += _refusal(results)
    if counts["excluded"]:
        tally = Counter(excluded.get_column("reason"))
        told = ", ".join(f"{reason} {n}" for reason, n in sorted(tally.items(), key=_most))
        lines.append(f"{counts['excluded']} were not sent ({told}): see {EXCLUSIONS}.")
    if counts["rows_rejected"] or counts["warnings"]:
        lines.append(
            f"Rows that the pre-flight rejects: {counts['rows_rejected']}; warnings: "
            f"{counts['warnings']}. See the folder {FOLDER}."
        )
    if counts["late"]:
        lines.append(
            f"{counts['late']} came late for an earlier month, of which "
            f"{counts['late_to_resubmit']} can still be sent with it: see {LATE}."
        )
    return tuple(lines)


def _refusal(results: Results) -> list[str]:
    """Say why the file is not taken, and what most of its rows fall for."""
    tally = results.tally()
    file = tally.filter(pl.col("effect") == "File rejected")
    told = "; ".join(f"{code}, {what}" for code, what in file.select("code", "what").iter_rows())
    lines = [f"The portal would reject the file ({told}), so that no table is written."]
    most = tally.filter(pl.col("effect") == "Record rejected").sort("rows", descending=True)
    for row in most.head(1).iter_rows(named=True):
        lines.append(
            f"Most rows fall for {row['code']}: {row['what']} ({row['rows']} in {row['table']}). "
            f"{row['mend']}"
        )
    return lines


def _most(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
