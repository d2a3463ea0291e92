"""The tables that assessments hang on, made of the store's records for a small provider.

`data/sources.csv` says where a column comes from: a column of the record, an option of the export,
or a fixed text. A detail of the record that is named as the column comes before all of these, and
is all that feeds a column which is not listed. What had not happened by the end of the period
(`as_of` names its date) is left out, so that an earlier month can be written again as it was.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from romframe_mhsds.facts import read_facts
from romframe_mhsds.layout import Field, table
from romframe_mhsds.period import Period
from romframe_mhsds.submission.settings import Settings


if TYPE_CHECKING:
    from romframe import Workspace

HEADER, PATIENT, PRACTICE = "MHS000Header", "MHS001MPI", "MHS002GP"
REFERRAL, OTHER_TEAM = "MHS101Referral", "MHS102OtherServiceType"
CONTACT, ACTIVITY = "MHS201CareContact", "MHS202CareActivity"
STAFF_ACTIVITY = "MHS206StaffActivity"
_ENDS = ("ServDischDate", "ReferRejectionDate", "ReferClosureDate")
STAFF, TEAM = "MHS901StaffDetails", "MHS902ServiceTeamDetails"


def open_referrals(referrals: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Give the referrals that MHS101 takes for the period.

    It rejects one received after the period (MHS10113), and one that was closed (MHS10129) or
    rejected (MHS10159) before it.
    """
    received = pl.col("received_on").cast(pl.String).str.slice(0, 10)
    late = (received > period.end.isoformat()).fill_null(False)
    return referrals.filter(~late & ~_ended(period))


def _ended(period: Period) -> pl.Expr:
    """Say whether a referral, or a team's part in one, was closed or rejected before the period."""
    details = pl.col("details").cast(pl.String)
    told = (details.str.json_path_match(f"$.{name}") for name in _ENDS)
    days = (pl.col("closed_on").cast(pl.String), *told)
    before = (_day(day) < period.start.isoformat() for day in days)
    return pl.any_horizontal(each.fill_null(False) for each in before)


def _day(text: pl.Expr) -> pl.Expr:
    """Give the day of a date; null where it is written otherwise, which MHS101 rejects."""
    return text.str.extract(r"^(\d{4}-\d{2}-\d{2})", 1)


def parents(
    workspace: Workspace, assessments: pl.DataFrame, settings: Settings
) -> dict[str, pl.DataFrame]:
    """Give the tables of a full submission except those of assessments, by name and in order.

    `assessments` are those of the period, whose staff are told of. Every referral that is open in
    the period is in them, with its person, teams, and the contacts and activities of the period.
    """
    period = settings.period
    referrals = open_referrals(workspace.table("referral"), period)
    people = workspace.table("service_user", referrals.get_column("service_user_id"))
    teams = workspace.table("referral_team", referrals.get_column("referral_id"))
    teams = teams.filter(~_ended(period))
    contacts = workspace.table("care_contact", referrals.get_column("referral_id"))
    day = pl.col("contact_on").str.to_date("%Y-%m-%d", strict=False)
    contacts = contacts.filter(day.is_between(period.start, period.end))
    activities = workspace.table("care_activity", contacts.get_column("care_contact_id"))
    active = workspace.table("care_activity_staff", activities.get_column("care_activity_id"))
    records = {
        HEADER: pl.DataFrame({"details": [None]}, {"details": pl.String}),
        PATIENT: people,
        PRACTICE: people,
        REFERRAL: referrals,
        OTHER_TEAM: teams,
        CONTACT: contacts,
        ACTIVITY: activities,
        STAFF_ACTIVITY: active,
        STAFF: _staff(workspace, assessments, active),
        TEAM: _teams(workspace, referrals, teams),
    }
    return {name: _table(name, rows, settings) for name, rows in records.items()}


def _staff(workspace: Workspace, assessments: pl.DataFrame, active: pl.DataFrame) -> pl.DataFrame:
    """Give whoever is named in an assessment or activity, with what is recorded of them."""
    key = "care_professional_id"
    named = pl.concat([assessments.select(key), active.select(key)]).drop_nulls().unique()
    return named.join(workspace.table("care_professional"), on=key, how="left")


def _teams(workspace: Workspace, referrals: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Give the teams of referrals, with the type that a referral says where no record does."""
    said = referrals.sort("referral_id").select(
        pl.col("team").alias("team_id"), pl.col("team_type").alias("said")
    )
    more = others.select("team_id", pl.lit(None, pl.String).alias("said"))
    named = (
        pl.concat([said, more])
        .drop_nulls("team_id")
        .group_by("team_id")
        .agg(pl.col("said").drop_nulls().min())
    )
    known = named.join(workspace.table("team"), on="team_id", how="left")
    return known.with_columns(pl.coalesce("team_type", "said").alias("team_type"))


def _table(name: str, records: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Give the columns of a table as text, in the order of its first columns."""
    fields = table(name).fields
    told = records.with_columns(_details(records, [field.name for field in fields]))
    sources = _sources(name)
    rows = told.select(_value(each, sources.get(each.name), told, settings) for each in fields)
    end = settings.period.end.isoformat()
    happened = {
        column: (_day(pl.col(as_of)) <= end).fill_null(True)
        for column, (_, as_of) in sources.items()
        if as_of
    }
    as_it_was = rows.with_columns(
        pl.when(known).then(column).alias(column) for column, known in happened.items()
    )
    return as_it_was.sort(pl.all())


def _details(records: pl.DataFrame, names: list[str]) -> pl.Expr:
    """Give the details that are named as columns, in a struct called `details`."""
    held = pl.col("details") if "details" in records.columns else pl.lit(None, pl.String)
    return held.str.json_decode(pl.Struct(dict.fromkeys(names, pl.String))).alias("details")


def _value(
    field: Field, source: tuple[str, str] | None, records: pl.DataFrame, settings: Settings
) -> pl.Expr:
    detail = pl.col("details").struct.field(field.name)
    kind, _, name = (source or ("", ""))[0].partition(":")
    if kind == "record":
        value = pl.col(name).cast(pl.String)
        # Our own word for a thing is not sent where the data set has a list of codes for it.
        own = value if not field.codes else pl.when(value.is_in(field.codes)).then(value)
        return pl.coalesce(detail, own).alias(field.name)
    fixed = {"option": settings.texts.get(name), "text": name, "": None}[kind]
    return pl.coalesce(detail, pl.lit(fixed or None, pl.String)).alias(field.name)


@functools.cache
def _sources(name: str) -> Mapping[str, tuple[str, str]]:
    """Give the source and the deciding date of the columns of a table that have any."""
    return {
        row["column"]: (row["source"], row["as_of"])
        for row in read_facts("sources.csv")
        if row["table"] == name
    }
