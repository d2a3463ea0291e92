"""Rows of the data set put together as assessments: parts for the store, and what cannot be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import field, frozen

from romframe import Incoming
from romframe_mhsds.history import reasons
from romframe_mhsds.history.meaning import Meaning


if TYPE_CHECKING:
    from romframe import Workspace

_CLUSTER = "MHS802"
_SAME = ("instrument", "referral_id", "care_activity_id", "completed_at", "care_professional_id")
_ONE = [*_SAME, "rater", "goal_id", "table"]  # what rows of one assessment have in common
_SHOWN = 12  # ids in a sentence


@frozen
class Assembled:
    """The assessments of each measure, the rows that belong to none, and what is to be told."""

    parts: tuple[Incoming, ...]
    unread: pl.DataFrame = field(eq=False)
    notices: tuple[str, ...]


def assemble(workspace: Workspace, meaning: Meaning, rows: pl.DataFrame) -> Assembled:
    """Give the assessments that rows make, for each measure in the order of names."""
    known = rows.join(meaning.parts, on="tool", how="left", maintain_order="left")
    known, ignored = _without_cluster_extras(known)
    known = _with_goals(workspace, meaning, _named(meaning, known))
    known = _with_cells(meaning, known)
    known = _judged(known)
    sound = known.filter(pl.col("fault").is_null())
    sound, computed = _without_computed(sound)
    parts = tuple(
        Incoming(name, _frame(meaning, name, of_one), coding="stored", anonymous=False)
        for (name,), of_one in sorted(
            sound.partition_by("instrument", as_dict=True, maintain_order=True).items()
        )
    )
    notices = [*_ignored(ignored), *_computed(computed), *_raters(meaning, sound)]
    return Assembled(parts, reasons.unread(known), tuple(notices))


def _without_cluster_extras(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out what the clustering tool asks beside the measures: no measure has it."""
    extra = (pl.col("table") == _CLUSTER) & pl.col("tool").is_not_null()
    extra = extra & pl.col("instrument").is_null()
    return rows.filter(~extra), rows.filter(extra)


def _named(meaning: Meaning, rows: pl.DataFrame) -> pl.DataFrame:
    """Say of rows whose id no measure has which tool it is of, and of others what bars them."""
    strange = rows.filter(pl.col("instrument").is_null()).get_column("tool").drop_nulls().unique()
    labels = {tool: meaning.label(tool) for tool in strange}
    label = pl.col("tool").replace_strict(labels, default=None, return_dtype=pl.String)
    return rows.with_columns(
        reasons.first(
            {
                reasons.UNKNOWN_ID: (pl.col("instrument").is_null(), label),
                reasons.NO_RATER: (pl.col("rater").is_null(), pl.col("instrument")),
            }
        )
    )


def _with_goals(workspace: Workspace, meaning: Meaning, rows: pl.DataFrame) -> pl.DataFrame:
    """Add the goal that stands in the slot of the referral, for this measure or for any."""
    goals = (
        workspace.table("goal")
        .drop_nulls("slot")
        .select("goal_id", "referral_id", "slot", "instrument")
    )
    ids = {name: instrument.id for name, instrument in meaning.instruments.items()}
    of = pl.col("instrument").replace_strict(ids, default=None, return_dtype=pl.String)
    placed = rows.join(
        goals.rename({"instrument": "__of"}),
        on=["referral_id", "slot"],
        how="left",
        maintain_order="left",
    )
    other = pl.col("__of").is_not_null() & (pl.col("__of") != of)
    placed = placed.with_columns(pl.when(~other).then("goal_id").alias("goal_id")).drop("__of")
    absent = pl.col("slot").is_not_null() & pl.col("goal_id").is_null()
    return placed.with_columns(reasons.first({reasons.NO_GOAL: (absent, pl.col("slot"))}))


def _with_cells(meaning: Meaning, rows: pl.DataFrame) -> pl.DataFrame:
    """Add `cell`, the answer as the store keeps it, or the score."""
    decoded = rows.join(meaning.texts, on=["tool", "text"], how="left", maintain_order="left")
    cell = pl.when("listed").then("cell").otherwise("text").alias("cell")
    return decoded.with_columns(cell)


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Find what bars whole assessments: their rows are set aside together, none is left out."""
    free = pl.col("fault").is_null()
    wrong = pl.concat_str("tool", pl.lit(" "), "text")
    unreadable = pl.when(free & pl.col("cell").is_null()).then(wrong).max().over(_ONE)
    versions = pl.when(free).then(pl.col("cell")).drop_nulls().n_unique().over([*_ONE, "tool"])
    several = pl.when(free & (versions > 1)).then("tool").max().over(_ONE)
    sent = rows.filter(free, pl.col("table") != _CLUSTER).select(
        "instrument", "referral_id", pl.col("completed_at").str.head(10).alias("__day"), sent=True
    )
    dated = rows.with_columns(pl.col("completed_at").str.head(10).alias("__day")).join(
        sent.unique(), on=["instrument", "referral_id", "__day"], how="left", maintain_order="left"
    )
    return dated.with_columns(
        reasons.first(
            {
                reasons.ORIENTATION: (pl.col("withheld").any().over(_ONE), pl.col("instrument")),
                reasons.UNREADABLE: (unreadable.is_not_null(), unreadable),
                reasons.TOLD_APART: (several.is_not_null(), several),
                reasons.SENT_TOO: (
                    (pl.col("table") == _CLUSTER) & pl.col("sent"),
                    pl.col("referral_id"),
                ),
            }
        )
    ).drop("__day", "sent")


def _without_computed(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out scores of assessments whose answers came too: they are computed from these."""
    answered = (pl.col("kind") == "item").any().over(_ONE)
    beside = answered & (pl.col("kind") == "score")
    return rows.filter(~beside), rows.filter(beside)


def _frame(meaning: Meaning, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Give the assessments of one measure, a row each, as a file of ours would hold them."""
    instrument = meaning.instruments[name]
    column = pl.when(pl.col("kind") == "score").then(pl.lit("score:") + pl.col("part"))
    tidy = rows.with_columns(column.otherwise("part").alias("__column"))
    keys = [each for each in _ONE if each not in ("instrument", "table", "goal_id")]
    keys += [instrument.repeats.by] if instrument.repeats else []
    by = instrument.repeats.by if instrument.repeats else "goal_id"
    wide = (
        tidy.rename({"goal_id": by} if by != "goal_id" else {})
        .pivot(on="__column", index=[*keys, "table"], values="cell", aggregate_function="first")
        .drop("table")
    )
    items = [item.id for item in instrument.items]
    missing = [each for each in items if each not in wide.columns]
    has_answers = len(missing) < len(items)
    blank = [pl.lit(None, pl.String).alias(each) for each in missing if has_answers]
    return wide.with_columns(blank).sort(keys, nulls_last=True)


def _ignored(rows: pl.DataFrame) -> list[str]:
    if rows.is_empty():
        return []
    ids = rows.get_column("tool").unique().sort().to_list()
    listed = ", ".join(ids[:_SHOWN]) + (
        f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    )
    return [
        f"{rows.height} scores of {_CLUSTER} belong to no measure here and are not read: {listed}."
    ]


def _computed(rows: pl.DataFrame) -> list[str]:
    if rows.is_empty():
        return []
    return [
        f"{rows.height} scores came with the answers that they are computed from, and are not read."
    ]


def _raters(meaning: Meaning, rows: pl.DataFrame) -> list[str]:
    """Say which rater was taken where the data set does not say who rated."""
    used = rows.get_column("instrument").unique().sort()
    taken = meaning.assumed
    return [
        f"The data set does not say who rated {name}: it is taken to be the {taken[name]}."
        for name in used
        if name in taken
    ]
