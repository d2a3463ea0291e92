"""Scores as they were sent, a row each, whichever table they came in: of which referral, when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from romframe_mhsds.history import reasons
from romframe_mhsds.history.tables import ROW, SentTable


if TYPE_CHECKING:
    from romframe import Workspace

SCHEMA = {
    "table": pl.String,
    "row": pl.Int64,  # its number in the file, from 1
    "raw": pl.String,  # the row as it came, as JSON
    "referral_id": pl.String,
    "care_activity_id": pl.String,
    "completed_at": pl.String,
    "care_professional_id": pl.String,
    "tool": pl.String,
    "text": pl.String,
    "fault": pl.String,
    "detail": pl.String,
}
_DAY = len("2021-03-04")
_CLOCK = r"([0-9]{2}:[0-9]{2}(:[0-9]{2})?)$"
_BLANK = {
    "referral_id": "referral",
    "tool": "id of an assessment tool",
    "text": "score",
    "completed_at": "completion time",
}
_NONE = pl.lit(None, pl.String)


def sent_rows(workspace: Workspace, tables: Mapping[str, SentTable]) -> pl.DataFrame:
    """Give every score of the tables; `fault` says of a row why it belongs to no assessment."""
    frames = [pl.DataFrame(schema=SCHEMA)]
    if "MHS606" in tables:
        frames.append(_by_referral(tables["MHS606"]))
    if "MHS607" in tables:
        frames.append(_by_activity(workspace, tables))
    if "MHS802" in tables:
        frames.append(_by_patient(workspace, tables))
    return pl.concat(frames).with_columns(
        reasons.first(
            {
                reasons.INCOMPLETE: (
                    pl.any_horizontal(pl.col(name).is_null() for name in _BLANK),
                    pl.coalesce(
                        pl.when(pl.col(name).is_null()).then(pl.lit(said))
                        for name, said in _BLANK.items()
                    ),
                )
            }
        )
    )


def _by_referral(sent: SentTable) -> pl.DataFrame:
    frame = sent.frame
    moments = [
        name for name in ("AssToolCompTimestamp", "AssToolCompDate") if name in frame.columns
    ]
    return _rows(
        sent,
        frame,
        {
            "referral_id": pl.col("ServiceRequestID"),
            "completed_at": pl.coalesce(_NONE, *moments),
            "care_professional_id": _column(frame, "CareProfLocalID"),
        },
    )


def _by_activity(workspace: Workspace, tables: Mapping[str, SentTable]) -> pl.DataFrame:
    """Take referral and day from the contact of the care activity, as NHS England does."""
    sent = tables["MHS607"]
    contacts = pl.concat([_sent_contacts(tables), _stored_contacts(workspace)])
    contacts = contacts.unique("CareActID", keep="first", maintain_order=True)
    placed = sent.frame.join(contacts, on="CareActID", how="left", maintain_order="left")
    placed = placed.join(_staff(tables), on="CareActID", how="left", maintain_order="left")
    known = pl.col("__referral").is_not_null()
    return _rows(
        sent,
        placed,
        {
            "referral_id": pl.col("__referral"),
            "care_activity_id": pl.col("CareActID"),
            "completed_at": pl.col("__day"),
            "care_professional_id": pl.col("__person"),
            "fault": pl.when(~known).then(pl.lit(reasons.NO_CONTACT)),
            "detail": pl.when(~known).then("CareActID"),
        },
    )


def _sent_contacts(tables: Mapping[str, SentTable]) -> pl.DataFrame:
    if not {"MHS201", "MHS202"} <= tables.keys():
        return pl.DataFrame(schema=dict.fromkeys(("CareActID", "__referral", "__day"), pl.String))
    activities = tables["MHS202"].frame.select("CareActID", "CareContactID")
    contacts = tables["MHS201"].frame.select(
        "CareContactID",
        pl.col("ServiceRequestID").alias("__referral"),
        pl.col("CareContDate").str.head(_DAY).alias("__day"),
    )
    return activities.join(contacts, on="CareContactID", maintain_order="left").drop(
        "CareContactID"
    )


def _stored_contacts(workspace: Workspace) -> pl.DataFrame:
    contacts = workspace.table("care_contact").select(
        "care_contact_id",
        pl.col("referral_id").alias("__referral"),
        pl.col("contact_on").str.head(_DAY).alias("__day"),
    )
    activities = workspace.table("care_activity").sort("care_activity_id")
    return activities.join(contacts, on="care_contact_id", maintain_order="left").select(
        pl.col("care_activity_id").alias("CareActID"), "__referral", "__day"
    )


def _staff(tables: Mapping[str, SentTable]) -> pl.DataFrame:
    """Give who made a care activity, where it was one person."""
    if "MHS206" not in tables:
        return pl.DataFrame(schema={"CareActID": pl.String, "__person": pl.String})
    staff = tables["MHS206"].frame.select("CareActID", "CareProfLocalID").drop_nulls().unique()
    alone = staff.filter(pl.len().over("CareActID") == 1)
    return alone.rename({"CareProfLocalID": "__person"})


def _by_patient(workspace: Workspace, tables: Mapping[str, SentTable]) -> pl.DataFrame:
    """Put assessments for clustering to the one referral of the patient that was open that day."""
    sent = tables["MHS802"]
    if "MHS801" in tables:
        about = _clustered(workspace, tables["MHS801"].frame)
    else:
        names = ("ClustID", "__at", "__referral", "__fault", "__detail")
        about = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    placed = sent.frame.join(about, on="ClustID", how="left", maintain_order="left")
    unknown = pl.col("__at").is_null() & pl.col("__fault").is_null()
    return _rows(
        sent,
        placed,
        {
            "referral_id": pl.col("__referral"),
            "completed_at": pl.col("__at"),
            "fault": pl.when(unknown).then(pl.lit(reasons.NO_CLUSTER)).otherwise("__fault"),
            "detail": pl.when(unknown).then("ClustID").otherwise("__detail"),
        },
    )


def _clustered(workspace: Workspace, tools: pl.DataFrame) -> pl.DataFrame:
    """Give of each assessment for clustering when it was made, and of which referral it is."""
    clock = _column(tools, "AssToolCompTime").str.extract(_CLOCK, 1)
    dated = (
        tools.drop_nulls("ClustID")
        .unique("ClustID", keep="first", maintain_order=True)
        .select("ClustID", "LocalPatientID", pl.col("AssToolCompDate").str.head(_DAY), clock=clock)
    )
    open_then = (
        dated.join(
            workspace.table("referral").select(
                "referral_id", "service_user_id", "received_on", "closed_on"
            ),
            left_on="LocalPatientID",
            right_on="service_user_id",
        )
        .filter(
            pl.col("received_on").str.head(_DAY) <= pl.col("AssToolCompDate"),
            pl.col("closed_on").is_null()
            | (pl.col("closed_on").str.head(_DAY) >= pl.col("AssToolCompDate")),
        )
        .sort("ClustID", "referral_id")
        .group_by("ClustID", maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("referral_id").str.join(", ").alias("names"))
    )
    n = pl.col("n").fill_null(0)
    at = pl.concat_str(
        "AssToolCompDate",
        pl.when(pl.col("clock").is_not_null()).then(pl.lit("T") + pl.col("clock")),
        ignore_nulls=True,
    )
    return dated.join(open_then, on="ClustID", how="left", maintain_order="left").select(
        "ClustID",
        at.alias("__at"),
        pl.when(n == 1).then("names").alias("__referral"),
        pl.when(n == 0)
        .then(pl.lit(reasons.NO_REFERRAL))
        .when(n > 1)
        .then(pl.lit(reasons.SEVERAL_REFERRALS))
        .alias("__fault"),
        pl.when(n == 0).then("LocalPatientID").when(n > 1).then("names").alias("__detail"),
    )


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else _NONE


def _rows(sent: SentTable, frame: pl.DataFrame, columns: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Give the rows of a table in the form that all share."""
    ours = {"table": "table in the file"}  # where a file has a column of that name too
    as_sent = [
        pl.col(name).alias(ours.get(name, name)) for name in sent.frame.columns if name != ROW
    ]
    raw = pl.struct(pl.lit(sent.name).alias("table"), *as_sent).struct.json_encode()
    values = dict.fromkeys(SCHEMA, _NONE) | {
        "table": pl.lit(sent.name),
        "row": pl.col(ROW),
        "raw": raw,
        "tool": pl.col("CodedAssToolType"),
        "text": pl.col("PersScore"),
        **columns,
    }
    return frame.select(values[name].cast(dtype).alias(name) for name, dtype in SCHEMA.items())
