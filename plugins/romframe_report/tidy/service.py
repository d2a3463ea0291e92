"""The tables of the service report, made by what its sections are made by: no second count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    SERVICE,
    DisclosurePolicy,
    PluginError,
    TidyColumn,
    TidyTable,
    Window,
    at_first,
    at_last,
    check_window,
    count_cell,
    share_cells,
    share_columns,
    share_of,
    shown_table,
)
from romframe_report.bins import bins_of
from romframe_report.figures import Figures, figures
from romframe_report.measures import PREVENTION, Measured, instruments_in_use
from romframe_report.outcomes import WORDS, kept_well_outcomes, outcomes
from romframe_report.reading import read_once
from romframe_report.releasing import at_work
from romframe_report.sections import completeness, items, months, subgroups, who
from romframe_report.service import sections_in_order, stop
from romframe_report.tidy.groups import months_table, subgroups_table, who_table


if TYPE_CHECKING:
    from romframe import Workspace

Rows = Iterator[Mapping[str, Any]]

SPEC = "the measure's spec"
_TEXT, _WHOLE, _NUMBER = pl.String(), pl.Int64(), pl.Float64()
_POINTS, _SDS = "points of the score", "standard deviations"
_SCORE = (
    TidyColumn("instrument", _TEXT, "The measure's name", source=SPEC),
    TidyColumn("score", _TEXT, "The score's name", source=SPEC),
)
_PATHWAY = TidyColumn(
    "pathway", _TEXT, "prevention: people referred to be kept well; treatment: all others"
)
_MEANINGS = "; ".join(f"{name}: {meaning}" for name, (_, meaning) in WORDS.items())


@frozen
class Group:
    """The pairs of one score and pathway, and their figures."""

    measured: Measured
    pathway: str
    figures: Figures

    @property
    def about(self) -> dict[str, str]:
        """The cells that say what a row of the group is about."""
        return {
            "instrument": self.measured.instrument.name,
            "score": self.measured.score.name,
            "pathway": self.pathway,
        }


def service_tables(
    workspace: Workspace,
    start: date,
    end: date,
    team: str | None = None,
    *,
    disclosure: DisclosurePolicy = SERVICE,
    failing: Callable[[PluginError], None] = stop,
) -> tuple[TidyTable, ...]:
    """Give the figures of the service report of the same arguments; raises as that does.

    The tables of a section that fails are left out where `failing` raises nothing.
    """
    window = Window(start, end, team)
    check_window(workspace, window)
    policy = at_work(workspace, window, disclosure)
    once = read_once(workspace)
    scores = [measured for used in instruments_in_use(once, window) for measured in used.scores]
    groups = [*_treated(scores), *_kept_well(scores)]
    profiles = (items.build(once, window) or {}).get("profiles", ())
    return (
        _completeness(completeness.build(once, window), policy),
        _stretches(groups, policy),
        _scores(groups, policy),
        _effects(groups, policy),
        _classes(groups, policy),
        _items(profiles, policy),
        who_table(who.build(once, window), policy),
        months_table(months.build(once, window), policy),
        subgroups_table(subgroups.build(once, window), policy),
        *_of_sections(once, window, policy, failing),
    )


def _of_sections(
    workspace: Workspace,
    window: Window,
    policy: DisclosurePolicy,
    failing: Callable[[PluginError], None],
) -> Iterator[TidyTable]:
    """Give the tables that sections bring themselves, in the order of the page."""
    host = workspace.catalogue.host
    for section in sections_in_order(workspace):
        if section.tables is not None:
            made = partial(_made, section.tables, workspace, window, policy)
            try:
                yield from host.guard("report_sections", section.name, made)
            except PluginError as error:
                failing(error)


def _made(
    tables: Callable[[Workspace, Window, DisclosurePolicy], Iterable[TidyTable]],
    *about: Any,
) -> list[TidyTable]:
    return list(tables(*about))


def _treated(scores: Iterable[Measured]) -> Iterator[Group]:
    for each in scores:
        if not each.pairs.is_empty():
            found = outcomes(each.pairs, each.rule, each.key) if each.rule else None
            yield Group(each, "treatment", figures(each.pairs, each.score, found, each.moves))


def _kept_well(scores: Iterable[Measured]) -> Iterator[Group]:
    for each in scores:
        if each.rule is not None and not each.kept_well.is_empty():
            found = kept_well_outcomes(each.kept_well, each.key)
            shown = figures(each.kept_well, each.score, found, each.kept_well_moves)
            yield Group(each, PREVENTION, shown)


def _completeness(built: Mapping[str, Any], policy: DisclosurePolicy) -> TidyTable:
    columns = (
        *_SCORE,
        TidyColumn(
            "figure",
            _TEXT,
            "assessed: with a completed assessment; paired: with a first and last score; another:"
            " why there is no pair",
        ),
        *share_columns(),
    )

    def rows() -> Rows:
        for line in built["lines"]:
            name = {"instrument": line.name, "score": line.score}
            reasons = {r: share_of(line.table, r, "referrals") for r, _ in built["reasons"]}
            found = {"assessed": line.assessed, "paired": line.paired, **reasons}
            for figure, each in found.items():
                yield {**name, "figure": figure, **share_cells(each, policy)}

    return TidyTable("completeness", "Referrals assessed and paired", columns, tuple(rows()))


def _stretches(groups: Iterable[Group], policy: DisclosurePolicy) -> TidyTable:
    columns = (
        *_SCORE,
        _PATHWAY,
        TidyColumn("stretch", _TEXT, "A stretch of the score, the lowest first"),
        TidyColumn("moment", _TEXT, "first or last: the score of which assessment"),
        TidyColumn("count", _WHOLE, "How many; empty where too few to show", "referrals"),
    )

    def rows() -> Rows:
        for group in groups:
            labels = bins_of(group.measured.score).labels
            safe = shown_table(group.figures.table, policy)
            for moment, name in (("first", at_first), ("last", at_last)):
                for number, stretch in enumerate(labels):
                    about = {**group.about, "stretch": stretch, "moment": moment}
                    yield {**about, "count": count_cell(safe, name(number))}

    return TidyTable("distributions", "Scores at first and at last", columns, tuple(rows()))


def _scores(groups: Iterable[Group], policy: DisclosurePolicy) -> TidyTable:
    columns = (
        *_SCORE,
        _PATHWAY,
        TidyColumn("moment", _TEXT, "first, last, or improvement (change: neither end is better)"),
        TidyColumn("n", _WHOLE, "How many pairs", "referrals"),
        TidyColumn("mean", _NUMBER, "Mean", _POINTS),
        TidyColumn("sd", _NUMBER, "Sample standard deviation", _POINTS),
        TidyColumn("median", _NUMBER, "Median", _POINTS),
        TidyColumn("lower_quartile", _NUMBER, "Lower quartile (type 7)", _POINTS),
        TidyColumn("upper_quartile", _NUMBER, "Upper quartile (type 7)", _POINTS),
    )
    numbers = ("mean", "sd", "median", "lower_quartile", "upper_quartile")

    def rows() -> Rows:
        for group in groups:
            for moment, summary in group.figures.shown(policy):
                yield {
                    **group.about,
                    "moment": moment.lower(),
                    "n": count_cell(shown_table(group.figures.table, policy), "pairs"),
                    **{name: _rounded(getattr(summary, name)) for name in numbers},
                }

    return TidyTable(
        "scores", "Scores of pairs; no row where too few to show", columns, tuple(rows())
    )


def _effects(groups: Iterable[Group], policy: DisclosurePolicy) -> TidyTable:
    columns = (
        *_SCORE,
        _PATHWAY,
        TidyColumn("definition", _TEXT, "By which definition (docs/statistics.md)"),
        TidyColumn("value", _NUMBER, "Effect size; above 0 is better", _SDS),
        TidyColumn("low", _NUMBER, "Lower end of its 95% interval", _SDS),
        TidyColumn("high", _NUMBER, "Upper end of its 95% interval", _SDS),
    )

    def rows() -> Rows:
        for group in groups:
            effect = group.figures.effect
            if effect is not None and group.figures.shown(policy):
                yield {
                    **group.about,
                    "definition": effect.definition,
                    "value": _rounded(effect.value),
                    "low": _rounded(effect.interval.low),
                    "high": _rounded(effect.interval.high),
                }

    return TidyTable("effect_sizes", "Paired effect sizes", columns, tuple(rows()))


def _classes(groups: Iterable[Group], policy: DisclosurePolicy) -> TidyTable:
    columns = (
        *_SCORE,
        _PATHWAY,
        TidyColumn("rule", _TEXT, "The change rule's id", source=SPEC),
        TidyColumn("class", _TEXT, _MEANINGS),
        *share_columns(),
    )

    def rows() -> Rows:
        for group in groups:
            found, rule = group.figures.outcomes, group.measured.rule
            if found is not None and rule is not None:
                for row in found.rows:
                    about = {**group.about, "rule": rule.id, "class": row.name}
                    yield {**about, **share_cells(row.share, policy)}

    return TidyTable("change_classes", "Change classes of pairs", columns, tuple(rows()))


def _items(profiles: Iterable[items.Profile], policy: DisclosurePolicy) -> TidyTable:
    columns = (
        _SCORE[0],
        TidyColumn("item", _TEXT, "The item, in the words of the report"),
        TidyColumn(
            "figure",
            _TEXT,
            "high_first, high_last: rated high at first, at last; others: how pairs moved between"
            " low and high",
        ),
        *share_columns(),
    )

    def rows() -> Rows:
        for profile in profiles:
            for line in profile.lines:
                moves = zip(items.MOVES, line.moves, strict=True)
                found = {"high_first": line.first, "high_last": line.last, **dict(moves)}
                about = {"instrument": profile.measured.instrument.name, "item": line.label}
                for figure, each in found.items():
                    yield {**about, "figure": figure, **share_cells(each, policy)}

    return TidyTable("items", "Items rated high by pairs", columns, tuple(rows()))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
