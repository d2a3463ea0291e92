"""Each pair as a mark: its first score against its last."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    CountTable,
    DisclosurePolicy,
    Score,
    TableShare,
    from_to,
    gettext,
    message,
    share_of,
    way_table,
    word,
)
from romframe_report.bins import Bins, bins_of
from romframe_report.charts.canvas import Chart, Picture, Words
from romframe_report.charts.crowd import CROWD, SAID, squares
from romframe_report.charts.scatter import Point, scatter
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.rules import RuleLines, rule_lines


if TYPE_CHECKING:
    from romframe import Window, Workspace


_EACH = message("Each mark is a pair, larger where several coincide.")
_LINES = message(
    "First score to the right, last score upwards. On the diagonal nothing changed; the grey band"
    " around it is change too small to count; dotted lines are cut-offs."
)


@frozen
class Cloud:
    """The pairs of one score: the picture, how many moved which way, and a table of moves."""

    measured: Measured
    picture: Picture
    marks: str
    side: str
    lines: RuleLines
    better: TableShare
    worse: TableShare
    same: TableShare
    stretches: tuple[str, ...]
    moves: tuple[tuple[str, tuple[str, ...]], ...]
    table: CountTable


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Give a cloud of pairs for each score that has a change rule."""
    return {
        "clouds": [
            _cloud(measured, rule)
            for measured, rule in ruled(instruments_in_use(workspace, window))
            if not measured.pairs.is_empty()
        ]
    }


def _cloud(measured: Measured, rule: ChangeRule) -> Cloud:
    pairs = measured.pairs
    crowded = pairs.height >= CROWD
    said = word(SAID if crowded else _EACH)
    words = Words(
        f"scatter-{measured.key}",
        gettext("%(title)s: first score against last score", title=measured.title),
        f"{said} {word(_LINES)} {_side(measured)}",
    )
    lines = rule_lines(rule, measured.score)
    points = _points(pairs)
    ways = way_table(measured.key, pairs.get_column("improvement"))
    bins = bins_of(measured.score)
    return Cloud(
        measured,
        partial(_draw, words, points, measured.score, lines, crowded),
        said,
        _side(measured),
        lines,
        share_of(ways, "better", "pairs"),
        share_of(ways, "worse", "pairs"),
        share_of(ways, "same", "pairs"),
        bins.ranges,
        _moves(bins),
        measured.moves,
    )


def _draw(
    words: Words,
    points: list[Point],
    score: Score,
    lines: RuleLines,
    crowded: bool,
    policy: DisclosurePolicy,
) -> Chart:
    if not crowded:
        return scatter(words, points, score, lines)
    return scatter(
        words, points, score, lines, lambda axes, ends: squares(axes, points, ends, policy)
    )


def _side(measured: Measured) -> str:
    """Say on which side of the diagonal people got better."""
    if measured.score.better == "higher":
        return gettext("Marks above the diagonal got better, marks below it got worse.")
    return gettext("Marks below the diagonal got better, marks above it got worse.")


def _points(pairs: pl.DataFrame) -> list[Point]:
    alike = pairs.group_by("first", "last", pl.col("class").cast(pl.String)).len()
    return [Point(*row) for row in alike.sort("first", "last", "class").iter_rows()]


def _moves(bins: Bins) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name the counts of pairs by the stretch that they came from and the one that they went to."""
    stretches = range(len(bins.starts))
    return tuple(
        (label, tuple(from_to(row, column) for column in stretches))
        for row, label in enumerate(bins.labels)
    )
