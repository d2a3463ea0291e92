"""What came of an outcome framework: every figure of a period, raw, for others to show safely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from romframe.change_methods import NOT_CLASSIFIED
from romframe.errors import PluginError, Problem
from romframe.frameworks.counted import Counted, of_indicator, of_measure
from romframe.frameworks.groups import group_referrals
from romframe.frameworks.loader import terms_of
from romframe.frameworks.model import (
    GOOD,
    KEPT_WELL,
    MET,
    PAIRED,
    WORSE,
    Framework,
    FrameworkGroup,
    FrameworkIndicator,
    FrameworkMeasure,
    classes_of,
)
from romframe.offers import Indicator, Window
from romframe.summary import summarise
from romframe.windows import check_window, referrals_in


if TYPE_CHECKING:
    from romframe.workspace import Workspace

COLUMNS: Mapping[str, pl.DataType] = {
    "referral_id": pl.String(),
    "team": pl.String(),
    "on": pl.String(),
    MET: pl.Boolean(),
    "value": pl.Float64(),
    "reason": pl.String(),
}
_NEEDED = ("referral_id", "team", "on", MET)
_VERDICT = pl.col("verdict").cast(pl.String)


@frozen
class FrameworkFigures:
    """The figures of a framework in a period: those of each measure and each indicator, by id.

    All counts are raw: `shown_figures` and `shown_run` give what may be shown.
    """

    framework: Framework
    window: Window
    counted: Mapping[str, Counted]


def framework_figures(
    workspace: Workspace, framework: Framework, start: date, end: date, team: str | None = None
) -> FrameworkFigures:
    """Count what came of a framework from `start` to `end`, both included.

    Measures count the referrals closed in the period, or those open in it, as the framework says.
    People who were referred to be kept well are in no count in which improvement is good. An
    indicator decides itself in which period a row counts; rows that are about nobody's referral are
    in no group. Raises UsageError for a period that runs backwards or a team that nobody was
    referred to, and PluginError where an indicator fails.
    """
    window = Window(start, end, team)
    check_window(workspace, window)
    return FrameworkFigures(framework, window, dict(_each(workspace, framework, window)))


def _each(
    workspace: Workspace, framework: Framework, window: Window
) -> Iterator[tuple[str, Counted]]:
    referrals = _referrals(workspace, framework, window)
    for outcome in framework.outcomes:
        for measure in outcome.measures:
            yield measure.id, _measure(workspace, framework, measure, referrals)
        for indicator in outcome.indicators:
            yield indicator.id, _indicator(workspace, framework, indicator, window)


def _referrals(workspace: Workspace, framework: Framework, window: Window) -> pl.DataFrame:
    """Give the referrals that the period counts, each with the day on which it was closed."""
    found = referrals_in(workspace, window).with_columns(on=_day("closed_on"))
    if framework.counted == "open":
        return found
    return found.filter(_within(window))


def _measure(
    workspace: Workspace, framework: Framework, measure: FrameworkMeasure, referrals: pl.DataFrame
) -> Counted:
    terms, group = terms_of(workspace), framework.group(measure.group)
    members = group_referrals(workspace, group, referrals)
    judged = workspace.changes(
        measure.instrument,
        measure.score,
        measure.rule or None,
        policy=terms.policy(framework.pairing, measure),
    )
    rows = members.select("referral_id", "on").join(
        judged.select("referral_id", _VERDICT, pl.col("class").cast(pl.String)),
        on="referral_id",
        maintain_order="left",
    )
    rule = terms.rule(measure)
    classes = _told_apart(group, terms.classes(rule) if rule else ())
    parts = {name: _inside(classes, named) for name, named in _sides(group).items()}
    return of_measure(measure.id, _marked(rows, classes, _sides(group)), classes, parts)


def _sides(group: FrameworkGroup) -> dict[str, tuple[str, ...]]:
    return {GOOD: group.good_classes, WORSE: group.worse_classes}


def _inside(classes: Sequence[str], named: Sequence[str]) -> tuple[str, ...]:
    """Give those of the classes that a side takes in."""
    return tuple(each for each in classes if set(classes_of([each])) <= set(named))


def _told_apart(group: FrameworkGroup, classes: tuple[str, ...]) -> tuple[str, ...]:
    """Give the classes that are told apart, of those that the rule can give."""
    kept_well = {*group.good, *group.worse} <= KEPT_WELL.keys()
    return tuple(KEPT_WELL) if classes and kept_well else classes


def _marked(
    rows: pl.DataFrame, classes: Sequence[str], sides: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """Say of each referral whether it is paired, and of each that is in a class, in which."""
    paired = _VERDICT == "paired"
    judged = pl.when(paired & (pl.col("class") != NOT_CLASSIFIED)).then(pl.col("class"))
    return rows.select(
        "on",
        pl.when(~paired).then(_VERDICT).alias("reason"),
        paired.alias(PAIRED),
        *(judged.is_in(classes_of([name])).alias(name) for name in classes),
        *(judged.is_in(list(named)).alias(name) for name, named in sides.items()),
    )


def _indicator(
    workspace: Workspace, framework: Framework, indicator: FrameworkIndicator, window: Window
) -> Counted:
    host = workspace.catalogue.host
    offer: Indicator = host.find("indicators", indicator.indicator)
    params = framework.params_of(indicator, offer.params)
    found: pl.DataFrame = host.guard(
        "indicators", offer.name, lambda: _rows(offer, workspace, params)
    )
    rows = found.filter(_within(window))
    if window.team is not None:
        rows = rows.filter(pl.col("team") == window.team)
    if indicator.group:
        every = workspace.table("referral")
        members = group_referrals(workspace, framework.group(indicator.group), every)
        rows = rows.join(members, on="referral_id", how="semi", maintain_order="left")
    values = summarise(rows.drop_nulls(MET).get_column("value"))
    return of_indicator(indicator.id, rows, values)


def _rows(offer: Indicator, workspace: Workspace, params: Mapping[str, object]) -> pl.DataFrame:
    """Let an indicator measure; raises PluginError where its frame lacks a column."""
    found = offer.measure(workspace, params)
    lacking = [name for name in _NEEDED if name not in found.columns]
    if lacking:
        what = f"The indicator {offer.name!r} gives no column {', '.join(lacking)}."
        mend = f"An indicator gives these columns: {', '.join(COLUMNS)}."
        raise PluginError(Problem("indicator-columns", what, mend))
    optional = (name for name in COLUMNS if name not in found.columns)
    filled = found.with_columns(pl.lit(None).alias(name) for name in optional)
    return filled.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())


def _within(window: Window) -> pl.Expr:
    """Say whether a day is in the period; a month counts whole if any of its days does."""
    on = pl.col("on")
    first, last = window.start.isoformat(), window.end.isoformat()
    by_month = on.is_between(pl.lit(first[:7]), pl.lit(last[:7]))
    by_day = on.is_between(pl.lit(first), pl.lit(last))
    return pl.when(on.str.len_chars() == len("2026-03")).then(by_month).otherwise(by_day)


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.head(10)
