"""Each pair as a mark: its first score against its last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import ChangeRule, Share, share
from romframe_report.bins import bins_of
from romframe_report.charts.canvas import Picture, Words
from romframe_report.charts.scatter import Point, scatter
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.rules import RuleLines, rule_lines


if TYPE_CHECKING:
    from romframe import Window, Workspace


@frozen
class Cloud:
    """The pairs of one score: the picture, how many moved which way, and a table of moves."""

    measured: Measured
    picture: Picture
    side: str
    lines: RuleLines
    better: Share
    worse: Share
    same: Share
    stretches: tuple[str, ...]
    moves: tuple[tuple[str, tuple[int, ...]], ...]


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
    words = Words(
        f"scatter-{measured.key}",
        f"{measured.title}: first score against last score",
        "Each mark is a pair, larger where several coincide: first score to the right, last score"
        " upwards. On the diagonal nothing changed; the grey band around it is change too small to"
        f" count; dotted lines are cut-offs. {_side(measured)}",
    )
    lines = rule_lines(rule, measured.score)
    points = _points(pairs)
    improvement = pairs.get_column("improvement")
    stretches, moves = _moves(measured)
    return Cloud(
        measured,
        lambda _: scatter(words, points, measured.score, lines),
        _side(measured),
        lines,
        share(int((improvement > 0).sum()), pairs.height),
        share(int((improvement < 0).sum()), pairs.height),
        share(int((improvement == 0).sum()), pairs.height),
        stretches,
        moves,
    )


def _side(measured: Measured) -> str:
    """Say on which side of the diagonal people got better."""
    if measured.score.better == "higher":
        return "Marks above the diagonal got better, marks below it got worse."
    return "Marks below the diagonal got better, marks above it got worse."


def _points(pairs: pl.DataFrame) -> list[Point]:
    alike = pairs.group_by("first", "last", pl.col("class").cast(pl.String)).len()
    return [Point(*row) for row in alike.sort("first", "last", "class").iter_rows()]


def _moves(measured: Measured) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    """Count the pairs by the stretch that they came from and the one that they went to."""
    bins = bins_of(measured.score)
    counts = [[0] * len(bins.starts) for _ in bins.starts]
    for first, last in measured.pairs.select("first", "last").iter_rows():
        counts[bins.place(first)][bins.place(last)] += 1
    return bins.ranges, tuple(
        (label, tuple(row)) for label, row in zip(bins.labels, counts, strict=True)
    )
