"""The tables of the service report, made by what its sections are made by: no second count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import field, frozen

from romframe import SERVICE, DisclosurePolicy, Window, protect, share_of
from romframe_report.bins import bins_of
from romframe_report.counts import first, last, moves_table
from romframe_report.figures import Figures, figures
from romframe_report.measures import PREVENTION, Measured, instruments_in_use
from romframe_report.outcomes import WORDS, kept_well_outcomes, outcomes
from romframe_report.reading import read_once
from romframe_report.sections import completeness, items
from romframe_report.tidy.table import SHARE, SPEC, Column, Table, cell, counted, of_share
from romframe_report.window import check_window


if TYPE_CHECKING:
    from romframe import Workspace

Rows = Iterator[Mapping[str, Any]]

_TEXT, _WHOLE, _NUMBER = pl.String(), pl.Int64(), pl.Float64()
_POINTS, _SDS = "points of the score", "standard deviations"
_SCORE = (
    Column("instrument", _TEXT, "The measure's name", source=SPEC),
    Column("score", _TEXT, "The score's name", source=SPEC),
)
_PATHWAY = Column(
    "pathway", _TEXT, "prevention: people referred to be kept well; treatment: all others"
)
_MEANINGS = "; ".join(f"{name}: {meaning}" for name, (_, meaning) in WORDS.items())


@frozen
class Group:
    """The pairs of one score and pathway, and their figures."""

    measured: Measured
    pathway: str
    pairs: pl.DataFrame = field(eq=False, repr=False)
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
) -> tuple[Table, ...]:
    """Give the figures of the service report of the same arguments; raises as that does."""
    window = Window(start, end, team)
    check_window(workspace, window)
    once = read_once(workspace)
    scores = [measured for used in instruments_in_use(once, window) for measured in used.scores]
    groups = [*_treated(scores), *_kept_well(scores)]
    profiles = (items.build(once, window) or {}).get("profiles", ())
    return (
        _completeness(completeness.build(once, window), disclosure),
        _stretches(groups, disclosure),
        _scores(groups, disclosure),
        _effects(groups, disclosure),
        _classes(groups, disclosure),
        _items(profiles, disclosure),
    )


def _treated(scores: Iterable[Measured]) -> Iterator[Group]:
    for each in scores:
        if not each.pairs.is_empty():
            found = outcomes(each.pairs, each.rule) if each.rule else None
            shown = figures(each.pairs, each.score, found)
            yield Group(each, "treatment", each.pairs, shown)


def _kept_well(scores: Iterable[Measured]) -> Iterator[Group]:
    for each in scores:
        if each.rule is not None and not each.kept_well.is_empty():
            shown = figures(each.kept_well, each.score, kept_well_outcomes(each.kept_well))
            yield Group(each, PREVENTION, each.kept_well, shown)


def _completeness(built: Mapping[str, Any], policy: DisclosurePolicy) -> Table:
    columns = (
        *_SCORE,
        Column(
            "figure",
            _TEXT,
            "assessed: with a completed assessment; paired: with a first and last score; another:"
            " why there is no pair",
        ),
        *SHARE,
    )

    def rows() -> Rows:
        for line in built["lines"]:
            name = {"instrument": line.name, "score": line.score}
            reasons = {r: share_of(line.table, r, "referrals") for r, _ in built["reasons"]}
            found = {"assessed": line.assessed, "paired": line.paired, **reasons}
            for figure, each in found.items():
                yield {**name, "figure": figure, **of_share(each, policy)}

    return Table("completeness", "Referrals assessed and paired", columns, tuple(rows()))


def _stretches(groups: Iterable[Group], policy: DisclosurePolicy) -> Table:
    columns = (
        *_SCORE,
        _PATHWAY,
        Column("stretch", _TEXT, "A stretch of the score, the lowest first"),
        Column("moment", _TEXT, "first or last: the score of which assessment"),
        Column("count", _WHOLE, "How many; empty where too few to show", "referrals"),
    )

    def rows() -> Rows:
        for group in groups:
            bins = bins_of(group.measured.score)
            table = moves_table(group.measured.key, bins, group.pairs.select("first", "last"))
            safe = protect(table, policy)
            for moment, name in (("first", first), ("last", last)):
                for number, stretch in enumerate(bins.labels):
                    about = {**group.about, "stretch": stretch, "moment": moment}
                    yield {**about, "count": cell(safe, name(number))}

    return Table("distributions", "Scores at first and at last", columns, tuple(rows()))


def _scores(groups: Iterable[Group], policy: DisclosurePolicy) -> Table:
    columns = (
        *_SCORE,
        _PATHWAY,
        Column("moment", _TEXT, "first, last, or improvement (change: neither end is better)"),
        Column("n", _WHOLE, "How many pairs", "referrals"),
        Column("mean", _NUMBER, "Mean", _POINTS),
        Column("sd", _NUMBER, "Sample standard deviation", _POINTS),
        Column("median", _NUMBER, "Median", _POINTS),
        Column("lower_quartile", _NUMBER, "Lower quartile (type 7)", _POINTS),
        Column("upper_quartile", _NUMBER, "Upper quartile (type 7)", _POINTS),
    )
    numbers = ("mean", "sd", "median", "lower_quartile", "upper_quartile")

    def rows() -> Rows:
        for group in groups:
            for moment, summary in group.figures.shown(policy):
                yield {
                    **group.about,
                    "moment": moment.lower(),
                    "n": counted(summary.n, policy),
                    **{name: _rounded(getattr(summary, name)) for name in numbers},
                }

    return Table("scores", "Scores of pairs; no row where too few to show", columns, tuple(rows()))


def _effects(groups: Iterable[Group], policy: DisclosurePolicy) -> Table:
    columns = (
        *_SCORE,
        _PATHWAY,
        Column("definition", _TEXT, "By which definition (docs/statistics.md)"),
        Column("value", _NUMBER, "Effect size; above 0 is better", _SDS),
        Column("low", _NUMBER, "Lower end of its 95% interval", _SDS),
        Column("high", _NUMBER, "Upper end of its 95% interval", _SDS),
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

    return Table("effect_sizes", "Paired effect sizes", columns, tuple(rows()))


def _classes(groups: Iterable[Group], policy: DisclosurePolicy) -> Table:
    columns = (
        *_SCORE,
        _PATHWAY,
        Column("rule", _TEXT, "The change rule's id", source=SPEC),
        Column("class", _TEXT, _MEANINGS),
        *SHARE,
    )

    def rows() -> Rows:
        for group in groups:
            found, rule = group.figures.outcomes, group.measured.rule
            if found is not None and rule is not None:
                for row in found.rows:
                    about = {**group.about, "rule": rule.id, "class": row.name}
                    yield {**about, **of_share(row.share, policy)}

    return Table("change_classes", "Change classes of pairs", columns, tuple(rows()))


def _items(profiles: Iterable[items.Profile], policy: DisclosurePolicy) -> Table:
    columns = (
        _SCORE[0],
        Column("item", _TEXT, "The item, in the words of the report"),
        Column(
            "figure",
            _TEXT,
            "high_first, high_last: rated high at first, at last; others: how pairs moved between"
            " low and high",
        ),
        *SHARE,
    )

    def rows() -> Rows:
        for profile in profiles:
            for line in profile.lines:
                moves = zip(items.MOVES, line.moves, strict=True)
                found = {"high_first": line.first, "high_last": line.last, **dict(moves)}
                about = {"instrument": profile.measured.instrument.name, "item": line.label}
                for figure, each in found.items():
                    yield {**about, "figure": figure, **of_share(each, policy)}

    return Table("items", "Items rated high by pairs", columns, tuple(rows()))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
