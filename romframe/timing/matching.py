"""Which rating answers which item: each rating one at most, each item one at most."""

import polars as pl

from romframe.timing.items import STREAM


_UNIT = ("referral_id", "instrument")
_RATING = (*_UNIT, "answered_on", "_said")
ITEM = (*STREAM, "due_on")


def answers(items: pl.DataFrame, ratings: pl.DataFrame) -> pl.DataFrame:
    """Give the items that are answered, with the rating of each.

    The ratings of a referral with one measure choose in the order of their days. One that says its
    timepoint answers only what asks for that timepoint, or for none. It chooses an item within
    whose window it lies, or else one to whose days it belongs; of several that with the nearest due
    day, then the earlier one, then the one that stands first in the framework. What later ratings
    say never changes what an earlier one answers.
    """
    said = pl.col("timepoint").fill_null("")
    rated = ratings.select(
        *_UNIT, pl.col("day").alias("answered_on"), said.alias("_said"), "outcome", "assessment_id"
    )
    asked = pl.col("timepoint")
    belongs = pl.col("answered_on").is_between(
        "starts", pl.col("ends").fill_null(pl.date(9999, 1, 1))
    )
    on_time = pl.col("answered_on").is_between("opens_on", "closes_on")
    away = (pl.col("answered_on") - pl.col("due_on")).dt.total_days().abs()
    left = (
        items.join(rated, on=_UNIT)
        .filter((pl.col("_said") == "") | (asked == "") | (pl.col("_said") == asked), belongs)
        .with_columns(_off=~on_time, _away=away)
        .sort(*_RATING, "_off", "_away", "due_on", "order")
        .select(*_RATING, "schedule", "due_on", "outcome", "assessment_id")
    )
    chosen = [left.clear()]
    while not left.is_empty():
        chosen.append(left.unique(_UNIT, keep="first", maintain_order=True))
        left = left.join(chosen[-1], on=ITEM, how="anti", maintain_order="left")
        left = left.join(chosen[-1], on=_RATING, how="anti", maintain_order="left")
    return pl.concat(chosen).drop("_said")
