"""Whether an item of an experience measure was answered on its favourable side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import evolve

from romframe import Instrument, Problem, UsageError, did_you_mean, distribution, local_day
from romframe_indicators.days import ABOUT


if TYPE_CHECKING:
    from romframe import Workspace


def measure(workspace: Workspace, params: Mapping[str, Any]) -> pl.DataFrame:
    """Give a row a return, of those without a name or of those with one.

    Raises UsageError where the item does not exist or has no favourable side.
    """
    instrument = _asked(workspace.instrument(params["instrument"]), params["item"])
    (item,) = instrument.items
    if params.get("returns", "anonymous") == "anonymous":
        found = workspace.returns(params["instrument"]).with_columns(
            pl.lit(None, pl.String).alias("referral_id"),
            pl.lit(None, pl.String).alias("service_user_id"),
            on=pl.col("month").str.head(7),
        )
    else:
        answers = workspace.responses(params["instrument"])
        rated_on = local_day("completed_at", workspace.config.timezone)
        found = answers.with_columns(on=rated_on.dt.strftime("%Y-%m-%d"))
    state = ["states"] if "states" in found.collect_schema() else []
    key = pl.concat_str(item.id, *state, separator="|", ignore_nulls=True).alias("given")
    told = found.select(*ABOUT, "on", item.id, *state, key).collect()
    sides = _sides(told.select(item.id, *state, "given").unique(), instrument)
    met = told.join(sides, on="given", how="left", maintain_order="left")
    reason = pl.when(pl.col("met").is_null()).then(pl.lit("not_answered"))
    return met.select(*ABOUT, "on", "met", reason=reason).sort("on", "referral_id", "team", "met")


def _asked(instrument: Instrument, name: str) -> Instrument:
    """Give the instrument with this item alone."""
    items = {item.id: item for item in instrument.items}
    if name not in items:
        what = f"{instrument.name} has no item {name!r}."
        raise UsageError(Problem("unknown-item", what, did_you_mean(name, items)))
    if items[name].favourable is None:
        sided = [item.id for item in instrument.items if item.favourable is not None]
        what = f"The item {name!r} of {instrument.name} has no favourable side."
        mend = f"Choose one that has: {', '.join(sided) or 'this measure has none'}."
        raise UsageError(Problem("no-favourable-side", what, mend))
    return evolve(instrument, items=(items[name],))


def _sides(answers: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """Say of each answer that occurs whether it is favourable; those that are none are left out."""
    counted = distribution(answers, instrument, coding="stored", by="given")
    given: pl.DataFrame = counted.filter(pl.col("n") > 0)
    return given.select("given", met=(pl.col("side") == "favourable").fill_null(False))
