"""A month of assessments as rows, made a part at a time so that memory does not grow with it.

A part holds whole referrals. What is asked of rows together (two of one moment, two of one care
activity) is therefore asked of rows of one part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from romframe import Instrument
from romframe_mhsds.codes.coding import Coded, coded, refused_codes
from romframe_mhsds.layout import table
from romframe_mhsds.submission.parents import open_referrals
from romframe_mhsds.submission.parts import SCHEMA, parts
from romframe_mhsds.submission.selection import bar, select
from romframe_mhsds.submission.settings import Settings


if TYPE_CHECKING:
    from romframe import Workspace

REFER, ACT = "MHS606CodedScoreAssessmentRefer", "MHS607CodedScoreAssessmentAct"
_AT_A_TIME = 8_000  # assessments, so some 100,000 rows
_DAY = timedelta(days=1)


@frozen
class Plan:
    """The assessments of a month, `reason` null where nothing bars one, and what flows of them."""

    settings: Settings
    assessments: pl.DataFrame
    instruments: Mapping[str, Instrument]
    coded: Mapping[str, Coded]

    def batches(self) -> Iterator[pl.DataFrame]:
        """Give the assessments that nothing bars, some at a time, in the order of referrals."""
        free = self.assessments.filter(pl.col("reason").is_null())
        ordered = free.sort("referral_id", "assessment_id").with_row_index("__nth")
        first = pl.col("__nth").min().over("referral_id")
        for _, part in ordered.group_by(first // _AT_A_TIME, maintain_order=True):
            yield part.drop("__nth")


def plan(workspace: Workspace, settings: Settings) -> Plan:
    """Find the assessments of the month, and say of each that cannot flow why."""
    period = settings.period
    days = (period.start - _DAY, period.end + _DAY)
    found = select(workspace.assessments(days), period, settings.zone)
    named = workspace.table("referral", found.get_column("referral_id"))
    referrals = open_referrals(named, period)
    return planned(workspace, settings, found, referrals.get_column("referral_id"))


def planned(
    workspace: Workspace, settings: Settings, found: pl.DataFrame, referrals: pl.Series
) -> Plan:
    """Say of assessments which cannot flow and why; nothing flows of other `referrals`."""
    period = settings.period
    instruments = _instruments(workspace, found)
    flowing, without = {}, {}
    for name, instrument in instruments.items():
        asked = (instrument, settings.codes, period.start, settings.sent_as.get(instrument.id))
        flows = coded(*asked)
        if flows:
            flowing[name] = flows
        else:
            without[name] = refused_codes(*asked)
    barred = bar(found, instruments, without, referrals)
    placed = _placed(workspace, barred, settings)
    return Plan(settings, placed, instruments, flowing)


def _instruments(workspace: Workspace, assessments: pl.DataFrame) -> dict[str, Instrument]:
    """Give the instruments of these assessments that have a spec."""
    used = set(assessments.get_column("instrument"))
    return {key: workspace.instrument(key) for key in workspace.instrument_ids if key in used}


def _placed(workspace: Workspace, assessments: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Add `table`, and `care_activity_id` only where an assessment goes with its activity.

    NHS England gives such an assessment the day of the contact, so both must be of one day, and of
    one referral.
    """
    nowhere = pl.lit(None, pl.String)
    if not settings.by_activity:
        return assessments.with_columns(
            pl.lit(REFER).alias("table"), nowhere.alias("care_activity_id")
        )
    activities = workspace.table("care_activity", assessments.get_column("care_activity_id"))
    contacts = workspace.table("care_contact", activities.get_column("care_contact_id"))
    day = pl.col("contact_on").str.slice(0, 10).alias("__on")
    dated = activities.join(contacts, on="care_contact_id").select(
        "care_activity_id", "referral_id", day
    )
    known = assessments.join(
        dated, on=["care_activity_id", "referral_id"], how="left", maintain_order="left"
    )
    same_day = (pl.col("__on") == pl.col("local_date").dt.strftime("%Y-%m-%d")).fill_null(False)
    return known.with_columns(
        pl.when(same_day).then(pl.lit(ACT)).otherwise(pl.lit(REFER)).alias("table"),
        pl.when(same_day).then("care_activity_id").alias("care_activity_id"),
    ).drop("__on")


def coded_parts(workspace: Workspace, asked: Plan, batch: pl.DataFrame) -> pl.DataFrame:
    """Give every coded answer and score of some assessments, with its text or why it has none."""
    frames = [pl.DataFrame(schema=SCHEMA)]
    for name in sorted(set(batch.get_column("instrument"))):
        ids = batch.filter(pl.col("instrument") == name).select("assessment_id")
        frames.append(parts(workspace, asked.instruments[name], asked.coded[name], ids))
    return pl.concat(frames)


def rows(batch: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """Give a row a text to send, in an order that no import order changes."""
    refer = [field.name for field in table(REFER).fields]
    referral, tool, score, stamp, person = refer
    return _told_apart(
        made.drop_nulls("text")
        .join(batch, on="assessment_id")
        .select(
            "table",
            pl.col("referral_id").alias(referral),
            pl.col("care_activity_id").alias("CareActID"),
            pl.col("tool").alias(tool),
            pl.col("text").alias(score),
            pl.col("timestamp").alias(stamp),
            pl.col("care_professional_id").alias(person),
            "instrument",
            "order",
            "part",
            "assessment_id",
        )
    ).sort(referral, stamp, "instrument", "order", score, person, "assessment_id")


def _told_apart(made: pl.DataFrame) -> pl.DataFrame:
    """Send by referral what cannot be told apart in a care activity.

    MHS607 has no moment: two assessments of one activity with a code in common would be taken for
    one, or be rejected where their scores are the same (MHS60709).
    """
    act = pl.col("table") == ACT
    key = ["CareActID", "CodedAssToolType"]
    twice = made.filter(act).filter(pl.struct(key).is_duplicated()).get_column("assessment_id")
    moved = pl.col("assessment_id").is_in(twice.unique().implode())
    return made.with_columns(
        pl.when(moved).then(pl.lit(REFER)).otherwise("table").alias("table"),
        pl.when(~moved).then("CareActID").alias("CareActID"),
    )


def row_frames(workspace: Workspace, settings: Settings) -> Iterator[pl.DataFrame]:
    """Give the rows of a month as they would be checked, with the assessment of each, in parts."""
    month = plan(workspace, settings)
    for batch in month.batches():
        yield rows(batch, coded_parts(workspace, month, batch))
