"""One measure's assessments as a table that can be imported again: text, as a mapping reads it."""

from __future__ import annotations

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


def wide(
    workspace: Workspace, name: str, instrument: Instrument, rows: pl.DataFrame
) -> pl.DataFrame:
    """Give a row an assessment: what is around it, its answers, and totals without answers."""
    identity = [instrument.repeats.by] if instrument.repeats else []
    items = [item.id for item in instrument.items]
    wanted = ["assessment_id", *identity, *items, "states"]
    both = (workspace.responses(name), workspace.store.second_ratings(instrument))
    answers = pl.concat([each.select(wanted) for each in both]).collect()
    table = rows.join(answers, on="assessment_id", how="left", maintain_order="left")
    cells = table.select(
        "assessment_id",
        *(pl.col(each).cast(pl.String) for each in (*AROUND, *identity)),
        *(_cell(item) for item in instrument.items),
    )
    totals = workspace.store.reported(instrument).select("assessment_id", "score", "value")
    if totals.is_empty():
        return cells
    spread = totals.with_columns(
        pl.concat_str(pl.lit("score:"), "score").alias("score"), pl.col("value").cast(pl.String)
    ).pivot("score", index="assessment_id", values="value", sort_columns=True)
    return cells.join(spread, on="assessment_id", how="left", maintain_order="left")


def _cell(item: Item) -> pl.Expr:
    """Give an answer as scored data have it, or the state that stands in its place."""
    stored, scale = pl.col(item.id), item.scale
    text = stored.cast(pl.String)
    if scale.valued:
        codes: dict[Any, str] = {each.value: str(each.code) for each in reversed(scale.options)}
        text = stored.replace_strict(
            list(codes), list(codes.values()), default=None, return_dtype=pl.String
        )
    state = pl.col("states").str.json_path_match(f"$.{item.id}")
    gap = pl.concat_str(pl.lit("["), state, pl.lit("]"))
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


def mapping(kind: str, shape: str, name: str, instrument: Instrument) -> str:
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
    states = ", ".join(f'"[{state}]": {state}' for state in STATES)
    return "\n".join([*lines, f"missing_codes: {{{states}}}", ""])
