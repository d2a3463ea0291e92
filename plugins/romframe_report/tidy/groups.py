"""The tables of who is measured, of months, and of subgroups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from romframe import DisclosurePolicy, TidyColumn, TidyTable, share_cells, share_columns
from romframe_report.control import ShownRun, shown_run, within
from romframe_report.sections.months import Block
from romframe_report.sections.subgroups import PARTS


Rows = Iterator[Mapping[str, Any]]

_TEXT = pl.String()
_GROUPS = (
    TidyColumn("dimension", _TEXT, "By what groups are told apart"),
    TidyColumn("group", _TEXT, "The group"),
)


def who_table(built: Mapping[str, Any] | None, policy: DisclosurePolicy) -> TidyTable:
    """Give the share of each group that has a pair on any score."""
    rows = (
        {"dimension": each.title, "group": group.label, **share_cells(group.here, policy)}
        for each in (built or {}).get("dimensions", ())
        for group in each.groups
    )
    columns = (*_GROUPS, *share_columns())
    return TidyTable("who", "Referrals with a pair, by group", columns, tuple(rows))


def subgroups_table(built: Mapping[str, Any] | None, policy: DisclosurePolicy) -> TidyTable:
    """Give the change classes of treated pairs by group."""
    columns = (
        TidyColumn("measure", _TEXT, "The measure and its score", source="the measure's spec"),
        *_GROUPS,
        TidyColumn("rule", _TEXT, "The change rule's id", source="the measure's spec"),
        TidyColumn("change", _TEXT, "better, same or worse by that rule"),
        *share_columns(),
    )

    def rows() -> Rows:
        for block in (built or {}).get("blocks", ()):
            for each in block.dimensions:
                for group in each.groups:
                    about = {"measure": block.measured.title, "dimension": each.title}
                    about |= {"group": group.label, "rule": block.rule.id}
                    for part in PARTS:
                        found = share_cells(getattr(group, part), policy)
                        yield {**about, "change": part, **found}

    return TidyTable("subgroups", "Change classes by group", columns, tuple(rows()))


def months_table(built: Mapping[str, Any] | None, policy: DisclosurePolicy) -> TidyTable:
    """Give every month, or stretch of three, with the limits and signals of its run.

    A run that may not be shown has no rows.
    """
    percent = pl.Int64(), "per cent"
    columns = (
        TidyColumn("figure", _TEXT, "Whose months these are: all pairs, or those of a score"),
        TidyColumn("met", _TEXT, "What is counted among the closed referrals"),
        TidyColumn("closed_in", _TEXT, "The month, or the stretch of three months"),
        *share_columns(),
        TidyColumn("in_run", pl.Boolean(), "Whether the limits are those of this month too"),
        *(
            TidyColumn(name, percent[0], meaning, percent[1], "XmR limits (docs/statistics.md)")
            for name, meaning in (
                ("mean", "Mean of the run"),
                ("lower_limit", "Lower limit of what is usual"),
                ("upper_limit", "Upper limit of what is usual"),
            )
        ),
        TidyColumn("trial", pl.Boolean(), "Whether the run is too short for firm limits"),
        TidyColumn("signal", _TEXT, "Of what the month is a sign; empty where of nothing"),
    )

    def rows() -> Rows:
        blocks = [built["paired"], *built["better"]] if built else []
        for block in blocks:
            run = shown_run(block.chart, policy)
            if run is not None:
                yield from _run_rows(block, run, policy)

    return TidyTable("months", "Closed referrals month by month", columns, tuple(rows()))


def _run_rows(block: Block, run: ShownRun, policy: DisclosurePolicy) -> Rows:
    limits, signals = run.limits, run.signals
    ends = {"mean": limits.mean, "lower_limit": limits.low, "upper_limit": limits.high}
    of_run = {name: round(within(value)) for name, value in ends.items()}
    for place, (label, found) in enumerate(run.points):
        yield {
            "figure": block.title,
            "met": block.told,
            "closed_in": label,
            **share_cells(found, policy),
            "in_run": place in run.places,
            **of_run,
            "trial": limits.trial,
            "signal": signals.get(place),
        }
