"""A brief before each review: what is due, and what changed since the last one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import evolve

from romframe.days import day, local_day
from romframe.timing.lists import Wanted, due_list
from romframe.timing.plans import standing_plans


if TYPE_CHECKING:
    from romframe.frameworks.model import Framework
    from romframe.workspace import Workspace

REVIEW = "review"
_SCORE = ["instrument", "score"]
_OPEN = ("overdue", "due", "deferred", "upcoming")


def review_briefs(
    workspace: Workspace, frameworks: Iterable[Framework], as_of: date, wanted: Wanted, days: int
) -> list[dict[str, Any]]:
    """Give a brief for each review of the next `days` days, the earliest first.

    A review is a planned event with `review` in its kind or, where none is planned, the first item
    that is asked for at the timepoint `review`. A brief has the referral, `kind` and day of the
    review, `since` when (the last such event, or the last rating at a review), what is `due` up to
    then, which scores `changed` since then, and the `events` since then.
    """
    last = as_of + timedelta(days=days)
    to_do = evolve(wanted, statuses=_OPEN, ahead=days)
    found = due_list(workspace, frameworks, as_of, to_do)
    if wanted.team is None and wanted.clinician is None:
        concerned = workspace.table("referral").filter(pl.col("closed_on").is_null())
    else:
        concerned = found
    ahead = _reviews(workspace, found, as_of, last).join(concerned, on="referral_id", how="semi")
    known, asked = _Known(workspace, ahead["referral_id"], as_of), _by_referral(found)
    return [
        {
            **review,
            "since": since,
            "due": _due(asked(review["referral_id"]), review["on"]),
            "changed": known.changed(review["referral_id"], since),
            "events": known.since(review["referral_id"], since),
        }
        for review in ahead.iter_rows(named=True)
        for since in [known.last_review(review["referral_id"])]
    ]


def _reviews(workspace: Workspace, found: pl.DataFrame, as_of: date, last: date) -> pl.DataFrame:
    held = workspace.table("event").select(
        "referral_id", "kind", day("happened_on").alias("day"), "event_id"
    )
    plans = standing_plans(workspace, held.filter(pl.col("day") <= as_of))
    planned = plans.filter(pl.col("kind").str.contains(REVIEW)).select(
        "referral_id", "kind", pl.col("day").alias("on"), order=0
    )
    asked = found.filter(timepoint=REVIEW).select(
        "referral_id", pl.lit(REVIEW).alias("kind"), pl.col("due_on").alias("on"), order=1
    )
    ahead = pl.concat([planned, asked], how="vertical_relaxed").filter(
        pl.col("on").is_between(as_of, last)
    )
    first = ahead.sort("referral_id", "order", "on").unique(
        "referral_id", keep="first", maintain_order=True
    )
    return first.drop("order").sort("on", "referral_id")


def _due(rows: pl.DataFrame, on: date) -> list[dict[str, Any]]:
    opened = rows.filter(pl.col("opens_on") <= on)
    return opened.select("instrument", "schedule", "due_on", "status").to_dicts()


def _by_referral(frame: pl.DataFrame) -> Callable[[str], pl.DataFrame]:
    """Split a frame once, and give what gives the rows of a referral."""
    parts, none = frame.partition_by("referral_id", as_dict=True), frame.clear()
    return lambda referral: parts.get((referral,), none)


def _scores(workspace: Workspace, among: pl.Series) -> pl.DataFrame:
    """Give the scores of some assessments that are not of one goal alone."""
    names = {
        name: [each.id for each in known.scores if each.across or not known.repeats]
        for name in workspace.used_instruments()
        for known in [workspace.instrument(name)]
    }
    columns = ["referral_id", "score", "value", "completed_at"]
    parts = [
        workspace.scores(name, among=among)
        .filter(pl.col("score").is_in(scores))
        .select(pl.lit(name).alias("instrument"), *columns)
        for name, scores in names.items()
    ]
    texts = dict.fromkeys(["instrument", *columns], pl.String)
    none = pl.DataFrame(schema=texts | {"value": pl.Float64})
    return pl.concat([none, *parts]).drop_nulls("value")


class _Known:
    """What the store says of some referrals up to a day."""

    def __init__(self, workspace: Workspace, referrals: pl.Series, as_of: date) -> None:
        happened = workspace.table("event", referrals).select(
            "referral_id", "kind", day("happened_on").alias("on")
        )
        events = happened.filter(pl.col("on") <= as_of).unique().sort("on", "kind")
        self._events = _by_referral(events)
        when = local_day("completed_at", workspace.config.timezone).alias("on")
        rated = workspace.assessments().with_columns(when).filter(pl.col("on") <= as_of)
        ours = rated.filter(pl.col("referral_id").is_in(referrals.to_list()))
        self._rated, ids = _by_referral(ours), ours["assessment_id"]
        self._scores = _by_referral(_scores(workspace, ids).with_columns(when).sort("on"))

    def last_review(self, referral: str) -> date | None:
        """Give the day of the last review: an event, or else a rating that was made at one."""
        events = self._events(referral).filter(pl.col("kind").str.contains(REVIEW))
        rated = self._rated(referral).filter(timepoint=REVIEW)
        found: date | None = events["on"].max() or rated["on"].max()  # type: ignore[assignment]
        return found

    def changed(self, referral: str, since: date | None) -> list[dict[str, Any]]:
        """Give the scores that are not what they were at the last review, or at first."""
        ours = self._scores(referral)
        before = ours if since is None else ours.filter(pl.col("on") <= since)
        at_first = before.unique(_SCORE, keep="first" if since is None else "last")
        lately = ours.unique(_SCORE, keep="last")
        return (
            at_first.select(*_SCORE, before="value", before_on="on")
            .join(lately.select(*_SCORE, now="value", now_on="on"), on=_SCORE)
            .filter(pl.col("before") != pl.col("now"))
            .sort(_SCORE)
            .to_dicts()
        )

    def since(self, referral: str, since: date | None) -> list[dict[str, Any]]:
        """Give the events after the last review."""
        ours = self._events(referral).filter(pl.col("on") > (since or date.min))
        return ours.select("kind", "on").to_dicts()
