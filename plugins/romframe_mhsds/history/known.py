"""Assessments that the store has already: found again, so that reading them back changes nothing.

The data set keeps less of an assessment than the store does. What it does not hold is taken from
the assessment that was sent: how its time was written, its timepoint, answers without an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe import Instrument
from romframe_mhsds.moments import with_moments


if TYPE_CHECKING:
    from romframe import Workspace

_TAKEN = (
    *("completed_at", "timepoint", "rater", "rater_kind", "setting", "team"),
    *("care_professional_id", "source_id", "care_activity_id", "consent"),
)
_WHEN, _WHO = "__when", "__who"


def as_stored(
    workspace: Workspace, name: str, instrument: Instrument, frame: pl.DataFrame
) -> pl.DataFrame:
    """Give a frame of assessments in which those that the store has are told as it tells them.

    Of a referral, an assessment is the same that was made at the same moment by the same person; or
    that was made that day in the same care activity, for such are sent without moment and person.
    Of several that the data set cannot tell apart it is the first.
    """
    stored = _stored(workspace, name, instrument)
    if stored.is_empty():
        return frame
    zone = workspace.config.timezone
    items = [item.id for item in instrument.items if item.id in frame.columns]
    key = ["referral_id", *([instrument.repeats.by] if instrument.repeats else []), _WHEN, _WHO]
    taken = [*_TAKEN, *items]
    ours = with_moments(stored, zone)
    told = (
        pl.concat([_by_moment(ours), _by_activity(ours)])
        .drop_nulls(_WHEN)
        .unique(key, keep="first", maintain_order=True)
        .select(*key, *(pl.col(each).cast(pl.String).alias(f"{each}:ours") for each in taken))
        .with_columns(known=pl.lit(True))
    )
    sent = with_moments(frame, zone)
    alone = pl.col("care_activity_id").is_null()
    sent = pl.concat([_by_moment(sent.filter(alone)), _by_activity(sent.filter(~alone))])
    found = sent.join(told, on=key, how="left", nulls_equal=True, maintain_order="left")
    new = [each for each in _TAKEN if each not in frame.columns]
    blank = [pl.lit(None, pl.String).alias(each) for each in new]
    known = pl.col("known").fill_null(False)
    return (
        found.with_columns(blank)
        .with_columns(
            *(pl.when(known).then(f"{each}:ours").otherwise(each).alias(each) for each in _TAKEN),
            *(pl.coalesce(each, f"{each}:ours").alias(each) for each in items),
        )
        .select(*frame.columns, *new)
    )


def _by_moment(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col("timestamp").alias(_WHEN), pl.col("care_professional_id").alias(_WHO)
    )


def _by_activity(frame: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("local_date").cast(pl.String)
    return frame.with_columns(
        pl.concat_str(day, "care_activity_id", separator="|").alias(_WHEN),
        pl.lit(None, pl.String).alias(_WHO),
    )


def _stored(workspace: Workspace, name: str, instrument: Instrument) -> pl.DataFrame:
    """Give the current assessments of a measure, with the answers of those that have any."""
    current = workspace.table("assessment").filter(
        pl.col("superseded_by").is_null(), instrument=instrument.id
    )
    goal = [instrument.repeats.by] if instrument.repeats else []
    items = [item.id for item in instrument.items]
    answers = workspace.responses(name).select("assessment_id", *goal, *items).collect()
    return current.sort("assessment_id").join(
        answers, on="assessment_id", how="left", maintain_order="left"
    )
