"""Goals in the service report: each from its first to its last rating, and never its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    ChartWords,
    CountTable,
    DisclosurePolicy,
    PairedBars,
    ShareBars,
    ShareRow,
    Source,
    TidyColumn,
    TidyTable,
    at_first,
    at_last,
    class_table,
    count_cell,
    gettext,
    message,
    referrals_in,
    score_key,
    share_cells,
    share_columns,
    share_of,
    shown_table,
    stretch_table,
    summarise,
    word,
)


if TYPE_CHECKING:
    from romframe import Window, Workspace

GBO = "gbo"
_STEPS = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 10))  # stretches of the ratings from 0 to 10
_NAMES = tuple(f"{low}" if low == high else f"{low} to {high}" for low, high in _STEPS)
_CLASSES = ("improved", "unchanged", "deteriorated")
_TITLES = {
    "rating": (message("Goal by goal"), "goals"),
    "mean_rating": (message("All goals of a referral together"), "referrals"),
}


@frozen
class Judged:
    """The change classes of goals, or of referrals by all their goals, and their rule."""

    title: str
    noun: str
    rule: ChangeRule
    source: Source | None
    table: CountTable
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
    chart = _ends(pairs)
    rates = _rates(rated, pairs)
    wholes = _treated(workspace, window, "mean_rating").filter(pl.col("verdict") == "paired")
    return {
        "rates": rates,
        "paired": share_of(rates, "paired", "goals"),
        "middles": [summarise(each) for each in both],
        "chart_of_ends": chart,
        "ends": list(zip(chart.labels, chart.first, chart.last, strict=True))[::-1],
        "judged": [
            _judged(workspace, "rating", pairs),
            _judged(workspace, "mean_rating", wholes),
        ]
        if pairs.height
        else [],
    }


def _treated(workspace: Workspace, window: Window, score: str) -> pl.DataFrame:
    referrals = referrals_in(workspace, window).select("referral_id")
    changes = workspace.changes(GBO, score).join(referrals, on="referral_id", how="semi")
    kept = changes.filter(pl.col("pathway").ne_missing("prevention"))
    return kept.with_columns(pl.col("verdict", "class", "rule").cast(pl.String))


def _rates(rated: pl.DataFrame, pairs: pl.DataFrame) -> CountTable:
    """Give how many goals were rated, by how many referrals, and how many goals twice."""
    counts = {
        "goals": rated.height,
        "referrals": rated.get_column("referral_id").n_unique(),
        "paired": pairs.height,
    }
    return CountTable("goals", counts, known=frozenset({"goals", "paired"}), percentages=True)


def _ends(pairs: pl.DataFrame) -> PairedBars:
    ratings = pairs.select("first", "last").iter_rows()
    found = Counter((int(first // 2), int(last // 2)) for first, last in ratings)
    words = ChartWords(
        "goals_ends",
        gettext("First and last rating of the same goals"),
        gettext(
            "Two sets of bars beside each other, one bar for each stretch of the ratings, the"
            " highest on top: hatched bars count first ratings, solid bars last ratings."
        ),
    )
    table = stretch_table("goals", found, len(_STEPS))
    first, last = (tuple(name(n) for n in range(len(_STEPS))) for name in (at_first, at_last))
    return PairedBars(words, _NAMES, table, first, last)


def _judged(workspace: Workspace, score: str, pairs: pl.DataFrame) -> Judged:
    """Count the classes of pairs, of which there is at least one; all have the same rule."""
    gbo = workspace.instrument(GBO)
    (rule,) = (each for each in gbo.change_rules if each.id == pairs.get_column("rule")[0])
    table = class_table(score_key(GBO, score), pairs, rule)
    title, noun = _TITLES[score]
    rows = [
        ShareRow(word(name.capitalize()), share_of(table, name, "classified"), name)
        for name in _CLASSES
    ]
    words = ChartWords(
        f"goals-{noun}",
        gettext("%(title)s: share in each change class", title=word(title)),
        gettext(
            "One bar for each change class, best first; a thin line across the end of each bar"
            " shows the 95%% interval."
        ),
    )
    chart = ShareBars(words, tuple(rows))
    return Judged(title, noun, rule, gbo.sources.get(rule.source), table, chart)


def tables(workspace: Workspace, window: Window, policy: DisclosurePolicy) -> Iterator[TidyTable]:
    """Give the stretches of ratings and the change classes of goals as tidy rows."""
    built = build(workspace, window)
    if built is None:
        return
    text = pl.String()
    rated = (
        TidyColumn("rating", text, "A stretch of the ratings, the highest first"),
        TidyColumn("moment", text, "first or last: which rating of a goal"),
        TidyColumn("count", pl.Int64(), "How many; empty where too few to show", "goals"),
    )
    judged = (
        TidyColumn("of_what", text, "goals, or referrals by all their goals together"),
        TidyColumn("rule", text, "The change rule's id", source="the measure's spec"),
        TidyColumn("class", text, "The change class by that rule"),
        *share_columns("goals or referrals"),
    )
    ends, classes = tuple(_rating_rows(built, policy)), tuple(_class_rows(built, policy))
    yield TidyTable("goal_ratings", "First and last ratings of the same goals", rated, ends)
    yield TidyTable("goal_classes", "Change classes of goals", judged, classes)


def _rating_rows(built: Mapping[str, Any], policy: DisclosurePolicy) -> Iterator[dict[str, Any]]:
    safe = shown_table(built["chart_of_ends"].table, policy)
    for label, *names in built["ends"]:
        for moment, name in zip(("first", "last"), names, strict=True):
            yield {"rating": label, "moment": moment, "count": count_cell(safe, name)}


def _class_rows(built: Mapping[str, Any], policy: DisclosurePolicy) -> Iterator[dict[str, Any]]:
    for block in built["judged"]:
        about = {"of_what": block.noun, "rule": block.rule.id}
        for row in block.chart.rows:
            yield {**about, "class": row.look, **share_cells(row.share, policy)}
