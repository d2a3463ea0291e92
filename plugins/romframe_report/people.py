"""The groups that the referrals of a window belong to: by age, ethnicity, team and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

from romframe import message, referrals_in


if TYPE_CHECKING:
    from romframe import Window, Workspace

UNKNOWN = message("Not known")
TITLES: Mapping[str, str] = {
    "age": message("Age at referral"),
    "ethnicity": message("Ethnicity"),
    "team": message("Team"),
    "pathway": message("Pathway"),
    "setting": message("Setting"),
    "reason": message("Reason for referral"),
    "diagnosis": message("Diagnosis"),
}
# Where an age band ends, and what it is called: this report's own choice.
_AGE_BANDS = (
    (18, message("Under 18")),
    (25, message("18 to 24")),
    (35, message("25 to 34")),
    (45, message("35 to 44")),
    (65, message("45 to 64")),
    (200, message("65 or over")),
)
_REASON = "PrimReasonReferralMH"  # the detail's name in MHSDS
_DIAGNOSIS = "Diagnosis"  # the detail's name here, whatever the coding
_CATEGORY = "^([A-Z][0-9]{2})([.][0-9]+)?$"  # an ICD-10 code: its category has three characters


def referrals_described(workspace: Workspace, window: Window) -> pl.DataFrame:
    """Give the referrals of the window with the name of their group in each of `TITLES`."""
    people = workspace.table("service_user").select(
        "service_user_id", "birth_date", "ethnic_category"
    )
    referrals = referrals_in(workspace, window).join(people, on="service_user_id", how="left")
    reason, diagnosis = (
        pl.col("details").str.json_path_match(f"$.{name}") for name in (_REASON, _DIAGNOSIS)
    )
    return referrals.with_columns(
        age=_age_band(),
        ethnicity=pl.col("ethnic_category").str.head(1).replace_strict(_ethnic(), default=None),
        pathway=pl.col("pathway").replace(
            {"treatment": "Treatment", "prevention": "To be kept well"}
        ),
        setting=pl.col("setting").str.to_titlecase(),
        reason=pl.format("National code {}", reason),
        diagnosis=pl.coalesce(diagnosis.str.extract(_CATEGORY), diagnosis),
    ).select("referral_id", "closed_on", pl.col(*TITLES).fill_null(UNKNOWN))


def in_order(dimension: str, groups: Iterable[str]) -> list[str]:
    """Put the names of groups in the order in which a reader looks for them, unknown last."""
    known = {
        "age": [name for _, name in _AGE_BANDS],
        "ethnicity": list(dict.fromkeys(_ethnic().values())),
    }
    order = known.get(dimension, [])
    return sorted(
        groups,
        key=lambda name: (name == UNKNOWN, order.index(name) if name in order else 0, name),
    )


def _age_band() -> pl.Expr:
    born, received = _date("birth_date"), _date("received_on")
    before_birthday = received.dt.strftime("%m%d") < born.dt.strftime("%m%d")
    age = received.dt.year() - born.dt.year() - before_birthday.cast(pl.Int32)
    return pl.coalesce(pl.when(age < end).then(pl.lit(name)) for end, name in _AGE_BANDS)


def _date(column: str) -> pl.Expr:
    return pl.col(column).str.head(10).str.to_date("%Y-%m-%d", strict=False)


@cache
def _ethnic() -> Mapping[str, str]:
    table = files("romframe_report") / "data" / "ethnic_groups.csv"
    rows = pl.read_csv(table.read_bytes()).select("code", "group")
    return dict(rows.iter_rows())
