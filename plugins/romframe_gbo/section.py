"""Goals in the service report: each from its first to its last rating, and never its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    ChartWords,
    PairedBars,
    ShareBars,
    ShareRow,
    Source,
    referrals_in,
    share,
    summarise,
)


if TYPE_CHECKING:
    from romframe import Window, Workspace

GBO = "gbo"
_STEPS = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 10))  # stretches of the ratings from 0 to 10
_NAMES = tuple(f"{low}" if low == high else f"{low} to {high}" for low, high in _STEPS)
_CLASSES = ("improved", "unchanged", "deteriorated")


@frozen
class Judged:
    """The change classes of goals, or of referrals by all their goals, and their rule."""

    title: str
    noun: str
    rule: ChangeRule
    source: Source | None
    chart: ShareBars


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give the goals of people who came for treatment; None where nobody has a goal rated."""
    if not any(name.partition("-")[0] == GBO for name in workspace.used_instruments()):
        return None
    goals = _treated(workspace, window, "rating")
    rated = goals.filter(pl.col("first").is_not_null() | (pl.col("verdict") == "single_assessment"))
    if rated.is_empty():
        return None
    pairs = goals.filter(pl.col("verdict") == "paired")
    both = [pairs.get_column(end).to_list() for end in ("first", "last")]
    chart = _ends(both)
    wholes = _treated(workspace, window, "mean_rating").filter(pl.col("verdict") == "paired")
    return {
        "goals": rated.height,
        "referrals": rated.get_column("referral_id").n_unique(),
        "paired": share(pairs.height, rated.height),
        "middles": [summarise(each) for each in both],
        "chart_of_ends": chart,
        "ends": list(zip(chart.labels, chart.first, chart.last, strict=True))[::-1],
        "judged": [
            _judged(workspace, "Goal by goal", "goals", pairs),
            _judged(workspace, "All goals of a referral together", "referrals", wholes),
        ]
        if pairs.height
        else [],
    }


def _treated(workspace: Workspace, window: Window, score: str) -> pl.DataFrame:
    referrals = referrals_in(workspace, window).select("referral_id")
    changes = workspace.changes(GBO, score).join(referrals, on="referral_id", how="semi")
    kept = changes.filter(pl.col("pathway").ne_missing("prevention"))
    return kept.with_columns(pl.col("verdict", "class", "rule").cast(pl.String))


def _ends(both: Sequence[Sequence[float]]) -> PairedBars:
    counts = []
    for ratings in both:
        places = [int(rating // 2) for rating in ratings]
        counts.append(tuple(places.count(place) for place in range(len(_STEPS))))
    words = ChartWords(
        "goals_ends",
        "First and last rating of the same goals",
        "Two sets of bars beside each other, one bar for each stretch of the ratings, the highest"
        " on top: hatched bars count first ratings, solid bars last ratings.",
    )
    return PairedBars(words, _NAMES, *counts)


def _judged(workspace: Workspace, title: str, noun: str, pairs: pl.DataFrame) -> Judged:
    """Count the classes of pairs, of which there is at least one; all have the same rule."""
    gbo = workspace.instrument(GBO)
    (rule,) = (each for each in gbo.change_rules if each.id == pairs.get_column("rule")[0])
    counts = dict(pairs.get_column("class").value_counts().iter_rows())
    judged = sum(counts.get(name, 0) for name in _CLASSES)
    shares = {name: share(counts.get(name, 0), judged) for name in _CLASSES}
    rows = [ShareRow(name.capitalize(), found, name) for name, found in shares.items()]
    words = ChartWords(
        f"goals-{noun}",
        f"{title}: share in each change class",
        "One bar for each change class, best first; a thin line across the end of each bar shows"
        " the 95% interval.",
    )
    chart = ShareBars(words, tuple(rows))
    return Judged(title, noun, rule, gbo.sources.get(rule.source), chart)
