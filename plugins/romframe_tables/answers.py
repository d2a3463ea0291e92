"""One measure's assessments as a table that can be imported again: text, as a mapping reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe import Instrument, Item, consent_lacking


if TYPE_CHECKING:
    from romframe import Workspace

AROUND = (
    *("referral_id", "completed_at", "timepoint", "rater", "rater_kind", "setting", "team"),
    *("care_professional_id", "care_activity_id", "consent", "purpose", "source_id"),
    *("outcome", "outcome_reason"),
)
STATES = ("not_known", "not_applicable", "declined")


def assessments(workspace: Workspace, instrument: Instrument) -> pl.DataFrame:
    """Give the current assessments of a version, second ratings too, with `reason` to stay.

    A return that says that it must not leave the service stays; where returns of a measure may be
    anonymous too, an identified one leaves only where it says that it may.
    """
    store = workspace.store
    rows = pl.concat(
        [store.assessments(instrument.id), store.assessments(instrument.id, second=True)]
    )
    stays = consent_lacking(pl.lit(instrument.storage == "either")).is_not_null()
    return (
        rows.filter(version=instrument.version)
        .with_columns(pl.when(stays).then(pl.lit("no_consent")).alias("reason"))
        .sort("assessment_id")
    )


def answers(
    workspace: Workspace, name: str, instrument: Instrument, rows: pl.DataFrame
) -> pl.DataFrame:
    """Give assessments with their answers as the store keeps them."""
    identity = [instrument.repeats.by] if instrument.repeats else []
    items = [item.id for item in instrument.items]
    wanted = ["assessment_id", *identity, *items, "states"]
    both = (workspace.responses(name), workspace.store.second_ratings(instrument))
    found = pl.concat([each.select(wanted) for each in both]).collect()
    return rows.join(found, on="assessment_id", how="left", maintain_order="left")


def marks(instrument: Instrument, given: pl.DataFrame) -> dict[str, str]:
    """Give what stands for each state: in brackets, in so many that no answer in words is alike."""
    words = [item.id for item in instrument.items if item.scale.kind == "text"]
    said = {text for name in words for text in given[name].unique()}
    depth = 1
    while not said.isdisjoint(_marks(depth).values()):
        depth += 1
    return _marks(depth)


def _marks(depth: int) -> dict[str, str]:
    return {state: "[" * depth + state + "]" * depth for state in STATES}


def wide(
    workspace: Workspace, instrument: Instrument, given: pl.DataFrame, gaps: Mapping[str, str]
) -> pl.DataFrame:
    """Give a row an assessment: what is around it, its answers, and totals without answers."""
    identity = [instrument.repeats.by] if instrument.repeats else []
    cells = given.select(
        "assessment_id",
        *(pl.col(each).cast(pl.String) for each in (*AROUND, *identity)),
        *(_cell(item, gaps) for item in instrument.items),
    )
    totals = workspace.store.reported(instrument).select("assessment_id", "score", "value")
    if totals.is_empty():
        return cells
    spread = totals.with_columns(
        pl.concat_str(pl.lit("score:"), "score").alias("score"), pl.col("value").cast(pl.String)
    ).pivot("score", index="assessment_id", values="value", sort_columns=True)
    return cells.join(spread, on="assessment_id", how="left", maintain_order="left")


def _cell(item: Item, gaps: Mapping[str, str]) -> pl.Expr:
    """Give an answer as scored data have it, or the state that stands in its place."""
    stored, scale = pl.col(item.id), item.scale
    text = stored.cast(pl.String)
    if scale.valued:
        codes: dict[Any, str] = {each.value: str(each.code) for each in reversed(scale.options)}
        text = stored.replace_strict(
            list(codes), list(codes.values()), default=None, return_dtype=pl.String
        )
    state = pl.col("states").str.json_path_match(f"$.{item.id}")
    gap = state.replace_strict(list(gaps), list(gaps.values()), default=None)
    return pl.when(state.is_null()).then(text).otherwise(gap).alias(item.id)


def long(table: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """Give a row an answer, blanks too, in the order of assessments and items."""
    identity = [instrument.repeats.by] if instrument.repeats else []
    index = ["assessment_id", *AROUND, *identity]
    asked = [name for name in table.columns if name not in index]
    order = pl.Enum(asked)
    return (
        table.unpivot(asked, index=index, variable_name="item", value_name="value")
        .with_columns(pl.col("item").cast(order))
        .sort("assessment_id", "item")
        .with_columns(pl.col("item").cast(pl.String))
    )


def mapping(
    kind: str, shape: str, name: str, instrument: Instrument, gaps: Mapping[str, str]
) -> str:
    """Write the mapping file by which the table is imported again."""
    lines = [f"instrument: {name}", f"shape: {shape}"]
    if instrument.has_codings:
        lines.append("coding: scored")
    if kind == "xlsx":
        lines.append("sheet: answers")
    if kind == "csv":
        lines.append("apostrophes: true")
    if instrument.storage == "either":
        lines.append("anonymous: false")
    states = ", ".join(f'"{mark}": {state}' for state, mark in gaps.items())
    return "\n".join([*lines, f"missing_codes: {{{states}}}", ""])
