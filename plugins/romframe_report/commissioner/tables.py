"""The tables of a commissioner's pack: its figures, targets and runs, already safe to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from attrs import asdict

from romframe import (
    DisclosurePolicy,
    FrameworkFigures,
    TidyColumn,
    TidyTable,
    share_cells,
    share_columns,
    shown_figures,
    shown_run,
    shown_targets,
)


Rows = Iterator[Mapping[str, Any]]

_TEXT, _WHOLE, _NUMBER = pl.String(), pl.Int64(), pl.Float64()
_FRAMEWORK = "the framework's file"
_WILSON = "Wilson 95% interval"
_PART = (
    TidyColumn("outcome", _TEXT, "The outcome's id", source=_FRAMEWORK),
    TidyColumn("part", _TEXT, "The measure's or the indicator's id", source=_FRAMEWORK),
    TidyColumn("figure", _TEXT, "Which of its figures", source=_FRAMEWORK),
)
_FIGURE = (
    TidyColumn("count", _TEXT, "How many, as it may be shown", "referrals or returns"),
    TidyColumn("of", _TEXT, "Out of how many, as it may be shown", "referrals or returns"),
    TidyColumn("value", _NUMBER, "The figure; empty where not shown", "per cent; median: days"),
    TidyColumn("low", _WHOLE, "Lower end of the percentage's interval", "per cent", _WILSON),
    TidyColumn("high", _WHOLE, "Upper end of the percentage's interval", "per cent", _WILSON),
)
_TARGET = (
    TidyColumn("wanted", _TEXT, "The target", source=_FRAMEWORK),
    TidyColumn("source", _TEXT, "Where the target comes from", source=_FRAMEWORK),
    TidyColumn("value", _NUMBER, "What was found; empty where not shown", "per cent; median: days"),
    TidyColumn("status", _TEXT, "met, not_met or cannot_be_told, by the figure before rounding"),
    TidyColumn("reason", _TEXT, "Why it cannot be told"),
    TidyColumn("in_interval", pl.Boolean(), "Whether the figure's interval holds the target"),
)
_RUN = (
    TidyColumn(
        "every", _TEXT, "month, quarter or year: the slower one where small numbers ask for it"
    ),
    TidyColumn("stretch", _TEXT, "The months that the row is about"),
    *share_columns(),
)


def pack_tables(figures: FrameworkFigures, policy: DisclosurePolicy) -> tuple[TidyTable, ...]:
    """Give the figures, the targets and the runs of a framework, as the policy allows."""
    shown = tuple(asdict(each) for each in shown_figures(figures, policy))
    targets, runs = tuple(_targets(figures, policy)), tuple(_runs(figures, policy))
    return (
        TidyTable("figures", "Figures of the period", (*_PART, *_FIGURE), shown),
        TidyTable("targets", "Targets and what was found", (*_PART, *_TARGET), targets),
        TidyTable("runs", "Figures over time", (*_PART, *_RUN), runs),
    )


def _targets(figures: FrameworkFigures, policy: DisclosurePolicy) -> Rows:
    for each in shown_targets(figures, policy):
        yield {
            "outcome": each.outcome,
            "part": each.part,
            "figure": each.target.figure,
            "wanted": each.wanted,
            "source": each.target.source,
            "value": each.found.value if each.found else None,
            "status": each.status,
            "reason": each.reason,
            "in_interval": each.in_interval,
        }


def _runs(figures: FrameworkFigures, policy: DisclosurePolicy) -> Rows:
    for outcome in figures.framework.outcomes:
        for part in outcome.figures:
            figure = figures.counted[part.id].main
            run = shown_run(figures, part.id, figure, policy)
            if run is None:
                continue
            for label, share in run.points:
                about = {"outcome": outcome.id, "part": part.id, "figure": figure}
                yield {**about, "every": run.every, "stretch": label, **share_cells(share, policy)}
