"""The frames of a pack, from a workspace.

Fields that the core does not know stand in `details` under their MHSDS names: `ReferRejectionDate`
and `PrimReasonReferralMH` of a referral, `LADistrictAuth` of a service user, `AttendStatus` of a
contact. What is not there is not known.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe_mhsds.national.frames import CONTACTS, REFERRALS, SCORES, Frames
from romframe_mhsds.reference import first_day
from romframe_mhsds.submission.rows import coded_parts, planned
from romframe_mhsds.submission.selection import placed_in_time
from romframe_mhsds.submission.settings import read_settings


if TYPE_CHECKING:
    from romframe import Workspace

_ATTENDED = ("5", "6")


def frames(workspace: Workspace, as_of: date) -> Frames:
    """Give the referrals, contacts and coded scores of a workspace.

    The scores are those that would be exported in the month of `as_of`, whenever they were
    recorded; of a month before this version of the data set, those that would be exported in its
    first month. Raises ExportRefused where the workspace's time zone is not known.
    """
    return Frames(_referrals(workspace), _contacts(workspace), _scores(workspace, as_of))


def _referrals(workspace: Workspace) -> pl.DataFrame:
    people = workspace.table("service_user").select(
        "service_user_id", "birth_date", "gender", _detail("LADistrictAuth").alias("residence")
    )
    rejected = _detail("ReferRejectionDate")
    day = pl.coalesce(_day(rejected), _day(pl.col("received_on")))
    return (
        workspace.table("referral")
        .with_columns(
            pl.when(rejected.is_not_null()).then(day).alias("rejected_on"),
            _detail("PrimReasonReferralMH").alias("reason_code"),
        )
        .join(people, on="service_user_id", how="left")
        .join(_team_types(workspace), on="referral_id", how="left")
        .join(_admitted(workspace), on="referral_id", how="left")
        .with_columns(
            *(
                _day(pl.col(name)).alias(name)
                for name in ("birth_date", "received_on", "closed_on")
            ),
            (
                pl.col("inpatient").fill_null(False) | pl.col("setting").eq_missing("inpatient")
            ).alias("inpatient"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in REFERRALS.items())
        .sort("referral_id")
    )


def _team_types(workspace: Workspace) -> pl.DataFrame:
    """Give the types of the teams of each referral: its own, or that of the team named, and others.

    A referral names its team by the team's id or by its name.
    """
    referrals, teams = workspace.table("referral"), workspace.table("team")
    known = teams.select("team_id", pl.col("team_type").alias("type"))
    named = pl.concat(
        [known, teams.select(pl.col("name").alias("team_id"), pl.col("team_type").alias("type"))]
    ).drop_nulls()
    own = referrals.join(
        named.unique("team_id", keep="first", maintain_order=True),
        left_on="team",
        right_on="team_id",
        how="left",
    ).select("referral_id", pl.coalesce("team_type", "type").alias("type"))
    others = workspace.table("referral_team").join(known, on="team_id")
    found = pl.concat([own, others.select("referral_id", "type")]).drop_nulls()
    return found.group_by("referral_id").agg(pl.col("type").unique().sort().alias("team_types"))


def _admitted(workspace: Workspace) -> pl.DataFrame:
    stays = workspace.table("event").filter(pl.col("kind") == "admission")
    return stays.select("referral_id", pl.lit(True).alias("inpatient")).unique()


def _contacts(workspace: Workspace) -> pl.DataFrame:
    status = _detail("AttendStatus")
    attended = (
        pl.when(status.is_not_null())
        .then(status.is_in(_ATTENDED))
        .otherwise(pl.col("attended").cast(pl.Int64) == 1)
    )
    return (
        workspace.table("care_contact")
        .with_columns(
            _day(pl.col("contact_on")).alias("contact_on"),
            attended.alias("attended"),
            pl.lit(True).alias("direct"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in CONTACTS.items())
        .drop_nulls("contact_on")
    )


def _scores(workspace: Workspace, as_of: date) -> pl.DataFrame:
    settings = read_settings(workspace, _options(workspace, as_of), as_of)
    every = placed_in_time(workspace.assessments(), settings.zone)
    referrals = workspace.table("referral").get_column("referral_id")
    asked = planned(workspace, settings, every, referrals)
    moment = pl.col("timestamp").str.slice(0, 19).str.to_datetime(strict=False, time_unit="us")
    found = [pl.DataFrame(schema=SCORES)]
    found += [
        coded_parts(workspace, asked, batch)
        .drop_nulls("text")
        .rename({"tool": "concept_id", "text": "value"})
        .join(batch, on="assessment_id")
        .with_columns(moment.alias("moment"))
        .select(pl.col(each).cast(dtype) for each, dtype in SCORES.items())
        for batch in asked.batches()
    ]
    return pl.concat(found).drop_nulls("moment")


def _options(workspace: Workspace, as_of: date) -> dict[str, Any]:
    """Give the options of an export of the month, as far as they decide what flows."""
    configured = workspace.export_options("mhsds")
    chosen = {name: configured[name] for name in ("codes", "sent_as") if name in configured}
    return {"period": f"{max(as_of, first_day()):%Y-%m}", **chosen}


def _detail(name: str) -> pl.Expr:
    """Give a field of `details`; null where it is not there or blank."""
    text = pl.col("details").cast(pl.String).str.json_path_match(f"$.{name}").str.strip_chars()
    return pl.when(text != "").then(text)


def _day(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
