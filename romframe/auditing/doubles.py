"""Second ratings beside the first ones of the same moment, and which of them cannot be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from romframe.expressions import first_match
from romframe.instruments.model import STORED, Instrument
from romframe.persons import with_person
from romframe.scoring import scorer


if TYPE_CHECKING:
    from romframe.workspace import Workspace

SCORE = "score."  # before the id of a score, which may be that of an item too
COMPARED = "compared"
UNCOMPARED = {
    "by_a_team": "a team rated the second time",
    "no_first_rating": "no one person's first rating of the same referral, version and moment",
    "same_rater": "the same professional rated twice",
}

_UNIT = ["referral_id", "completed_at"]


def double_ratings(workspace: Workspace, instrument: str) -> pl.DataFrame:
    """Give each second rating beside its first: items and scores as `first:ID` and `second:ID`.

    `first_rater` and `second_rater` are professionals by id, or else what kind of person rated.
    Ratings by a team are left out, and second ones by the same professional; of several first
    ratings the one recorded first counts. A rating that came as scores without answers has scores.
    """
    return _laid(workspace, instrument).filter(use=COMPARED).drop("use")


def uncompared(workspace: Workspace, instrument: str) -> dict[str, int]:
    """Count the second ratings that are beside no first one, by why; `UNCOMPARED` says the why."""
    counts = dict(_laid(workspace, instrument).group_by("use").len().iter_rows())
    return {why: counts[why] for why in UNCOMPARED if why in counts}


def _laid(workspace: Workspace, instrument: str) -> pl.DataFrame:
    """Give every second rating with its first, if there is one, and its `use`."""
    known, store = workspace.instrument(instrument), workspace.store
    first = _side(
        workspace, known, "first", workspace.responses(instrument), store.reported(known)
    ).filter(~pl.col("first_by_team"))
    second = _side(
        workspace, known, "second", store.second_ratings(known), store.second_totals(known)
    )
    one = first.sort("first_id").unique(_UNIT, keep="first", maintain_order=True)
    by_one = pl.col("first_professional").eq(pl.col("second_professional")).fill_null(False)
    cases = [
        (pl.col("second_by_team"), pl.lit("by_a_team")),
        (pl.col("first_id").is_null(), pl.lit("no_first_rating")),
        (by_one, pl.lit("same_rater")),
    ]
    beside = second.join(one, on=_UNIT, how="left")
    return beside.with_columns(use=first_match(cases, pl.lit(COMPARED))).sort("second_id")


def _side(
    workspace: Workspace, known: Instrument, side: str, rows: pl.LazyFrame, totals: pl.DataFrame
) -> pl.DataFrame:
    """Give the ratings of one side, each with its answers and scores."""
    items, scores = _items(known), _scores(workspace, known)
    found = rows.select(*_about(side), *(_number(name, f"{side}:{name}") for name in items))
    if scores:
        values = _computed(workspace, known, scores, rows).select(
            pl.col("assessment_id").alias(f"{side}_id"),
            *(_number(name, f"{side}:{SCORE}{name}") for name in scores),
        )
        found = found.join(values, on=f"{side}_id")
    return pl.concat([found.collect(), _reported(side, scores, totals)], how="diagonal")


def _about(side: str) -> list[pl.Expr]:
    by_team = pl.col("rater_kind").eq_missing("team") | (pl.col("rater") == "team")
    return [
        *map(pl.col, _UNIT),
        pl.col("assessment_id").alias(f"{side}_id"),
        pl.col("care_professional_id").alias(f"{side}_professional"),
        pl.coalesce("care_professional_id", "rater").alias(f"{side}_rater"),
        by_team.alias(f"{side}_by_team"),
    ]


def _number(name: str, alias: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64).alias(alias)


def _computed(
    workspace: Workspace, known: Instrument, scores: list[str], rows: pl.LazyFrame
) -> pl.LazyFrame:
    options = {**workspace.config.choice(known.id).of_scores(known), "scores": scores}
    ready = scorer(known, workspace.catalogue.scoring_methods, coding=STORED.id, **options)
    if ready.by_person:
        rows = with_person(rows, workspace.table("service_user"), "completed_at")
    return ready.wide(rows)


def _reported(side: str, scores: list[str], totals: pl.DataFrame) -> pl.DataFrame:
    """Give the ratings that came as scores without answers."""
    values = (
        pl.col("value").filter(pl.col("score") == name).first().alias(f"{side}:{SCORE}{name}")
        for name in scores
    )
    about = [each.first() for each in _about(side) if each.meta.output_name() != f"{side}_id"]
    return (
        totals.group_by("assessment_id", maintain_order=True)
        .agg(*about, *values)
        .rename({"assessment_id": f"{side}_id"})
    )


def _items(known: Instrument) -> list[str]:
    return [item.id for item in known.items if item.counts and item.scale.scored]


def _scores(workspace: Workspace, known: Instrument) -> list[str]:
    names: list[str] = workspace.config.choice(known.id).of_scores(known)["scores"]
    return names
