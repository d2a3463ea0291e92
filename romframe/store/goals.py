"""Goals: what a record of one must hold, and which ratings do not belong to it."""

import sqlite3

import polars as pl

from romframe.importing.kinds import GOAL_STATES
from romframe.instruments.model import Instrument
from romframe.store.batches import REFUSED, refusals, without
from romframe.store.frames import fetch_for


_CLOSED = [state for state in GOAL_STATES if state != "open"]
_NOW = {name: pl.String() for name in ("goal_id", "referral_id", "state", "state_on", "instrument")}


def unfit(connection: sqlite3.Connection, rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse records whose state is not clear, or whose slot is another goal's of the referral."""
    unclear = _unclear(rows)
    return pl.concat([unclear, _slot_taken(connection, without(rows, unclear))])


def _unclear(rows: pl.DataFrame) -> pl.DataFrame:
    closed = pl.col("state").is_in(_CLOSED)
    successor = pl.col("replaced_by")
    undated = rows.filter(closed & pl.col("state_on").is_null())
    odd = rows.filter(
        ((pl.col("state") != "replaced") & successor.is_not_null())
        | (successor == pl.col("goal_id"))
    )
    when = refusals(
        undated,
        "goal-state",
        "state_on",
        pl.format("It is not said since when the goal '{}' is {}.", "goal_id", "state"),
        "Fill in state_on: the day of the last rating that still belongs to it.",
    )
    by = refusals(
        without(odd, when),
        "goal-state",
        "replaced_by",
        pl.format("The goal '{}' cannot be replaced by '{}'.", "goal_id", "replaced_by"),
        "Name the goal that took its place, and say `replaced` as its state; or leave both out.",
    )
    return pl.concat([when, by])


def _slot_taken(connection: sqlite3.Connection, rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse a slot that another goal of the referral has, or had: it is never used again."""
    query = (
        "SELECT goal_id, referral_id, slot FROM goal WHERE slot IS NOT NULL"
        " AND referral_id IN (SELECT value FROM json_each(?))"
    )
    schema = {name: pl.String() for name in ("goal_id", "referral_id", "slot")}
    placed = rows.filter(pl.col("slot").is_not_null()).sort("row")
    stored = fetch_for(connection, query, placed["referral_id"], schema)
    earlier = placed.group_by("referral_id", "slot", maintain_order=True).agg(
        pl.col("goal_id").first()
    )
    holders = pl.concat([stored, earlier.select(list(schema))]).unique(
        ["referral_id", "slot"], keep="first", maintain_order=True
    )
    taken = placed.join(holders, on=["referral_id", "slot"], suffix=":holder").filter(
        pl.col("goal_id") != pl.col("goal_id:holder")
    )
    what = pl.format(
        "Slot {} of referral '{}' is that of the goal '{}', for good.",
        "slot",
        "referral_id",
        "goal_id:holder",
    )
    mend = "Give this goal a free slot, or none: a slot that changes its goal shows false change."
    return refusals(taken, "slot-taken", "slot", what, mend)


def misplaced(
    connection: sqlite3.Connection, instrument: Instrument, rows: pl.DataFrame
) -> pl.DataFrame:
    """Refuse ratings of a goal of another referral, or of one that was over before their day.

    A goal of which the store has no record (with this instrument or none) is taken as it comes.
    """
    if instrument.repeats is None:
        return pl.DataFrame(schema=REFUSED)
    query = (
        "SELECT goal_id, referral_id, state, state_on, instrument FROM goal WHERE goal_id IN"
        " (SELECT value FROM json_each(?))"
    )
    by = instrument.repeats.by
    known = fetch_for(connection, query, rows[by], _NOW)
    known = known.filter(pl.col("instrument").fill_null(instrument.id) == instrument.id)
    rated = rows.select(
        "row", "referral_id", pl.col(by).alias("goal_id"), pl.col("completed_at").str.head(10)
    ).join(known, on="goal_id", suffix=":goal")
    foreign = refusals(
        rated.filter(pl.col("referral_id") != pl.col("referral_id:goal")),
        "goal-elsewhere",
        by,
        pl.format("The goal '{}' is one of referral '{}'.", "goal_id", "referral_id:goal"),
        "Correct the goal or the referral; a goal's id belongs to it alone.",
    )
    over = pl.col("state").is_in(_CLOSED) & (pl.col("completed_at") > pl.col("state_on"))
    late = refusals(
        without(rated, foreign).filter(over),
        "goal-closed",
        by,
        pl.format("The goal '{}' was {} on {}.", "goal_id", "state", "state_on"),
        "Rate the goal that took its place under an id of its own, or correct the date or state.",
    )
    return pl.concat([foreign, late])
