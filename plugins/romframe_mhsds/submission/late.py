"""Assessments that came after the month they belong to had been sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe_mhsds.codes.coding import coded
from romframe_mhsds.submission.selection import placed_in_time
from romframe_mhsds.submission.settings import Settings


if TYPE_CHECKING:
    from datetime import date

    from romframe import Workspace

# NHS England's guidance asks for a month in the month after it ("When to submit"), and its
# calendars of 2024/25 close windows on about the 20th (Reusable Code Library; they are provisional,
# and have a month's first window end a month later still). Until the earlier day nothing is late.
_LAST_DAY = 20
# The last window for all months of a financial year closes in the May after it, by those calendars.
_MAY = 5
_TOO_LATE = "no: its financial year is over"
_COLUMNS = (
    "assessment_id",
    "instrument",
    "version",
    "referral_id",
    "completed_at",
    "recorded_at",
    "belongs_to",
    "resubmit",
)


def late_entries(workspace: Workspace, settings: Settings, today: date) -> pl.DataFrame:
    """Give what the store got since the period began for months whose window had closed.

    `belongs_to` is the month to send again; `resubmit` says whether it still can be: NHS England
    takes a month again until the last window of its financial year closes, in the May after it.
    """
    recorded = workspace.assessments(recorded_since=settings.period.start)
    moments = placed_in_time(recorded, settings.zone)
    month = pl.col("local_date").dt.truncate("1mo")
    closed = month.dt.offset_by("1mo").dt.offset_by(f"{_LAST_DAY - 1}d")
    got = pl.col("recorded_at").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    flowing = _flowing(workspace, moments, settings)
    late = moments.filter(
        (pl.col("local_date") < settings.period.start)
        & (got > closed)
        & (pl.col("outcome") == "completed")
        & pl.col("instrument").is_in(flowing)
    )
    year = pl.col("local_date").dt.offset_by("-3mo").dt.year()
    over = pl.date(year + 1, _MAY, _LAST_DAY) < today
    return (
        late.with_columns(
            month.dt.strftime("%Y-%m").alias("belongs_to"),
            pl.when(over).then(pl.lit(_TOO_LATE)).otherwise(pl.lit("yes")).alias("resubmit"),
        )
        .sort("belongs_to", "referral_id", "completed_at", "assessment_id")
        .select(_COLUMNS)
    )


def _flowing(workspace: Workspace, assessments: pl.DataFrame, settings: Settings) -> list[str]:
    """Name the instruments of which anything can flow."""
    used = sorted(set(assessments.get_column("instrument")) & set(workspace.instrument_ids))
    asked = (settings.codes, settings.period.start)
    return [name for name in used if coded(workspace.instrument(name), *asked)]
