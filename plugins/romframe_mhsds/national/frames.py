"""The three frames to which a pack is applied."""

import polars as pl
from attrs import frozen


REFERRALS: dict[str, pl.DataType] = {
    "referral_id": pl.String(),
    "service_user_id": pl.String(),
    "birth_date": pl.Date(),
    "gender": pl.String(),
    "team_types": pl.List(pl.String()),
    "received_on": pl.Date(),
    "closed_on": pl.Date(),
    "rejected_on": pl.Date(),
    "reason_code": pl.String(),  # the primary reason for referral
    "residence": pl.String(),  # the local authority district
    "inpatient": pl.Boolean(),  # has a hospital spell
}
CONTACTS: dict[str, pl.DataType] = {
    "referral_id": pl.String(),
    "contact_on": pl.Date(),
    "mechanism": pl.String(),
    "attended": pl.Boolean(),
    "direct": pl.Boolean(),  # false for indirect activity
}
SCORES: dict[str, pl.DataType] = {
    "referral_id": pl.String(),
    "concept_id": pl.String(),
    "value": pl.String(),  # as it would be sent
    "moment": pl.Datetime("us"),
    "assessment_id": pl.Int64(),
}


@frozen
class Frames:
    """Referrals, their contacts, and their coded scores."""

    referrals: pl.DataFrame
    contacts: pl.DataFrame
    scores: pl.DataFrame
