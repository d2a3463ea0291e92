"""A group in figures: who is in it, change classes, means with their spread, effect sizes.

A mean is not to be had from here without its n and its SD, the classes and who is not in it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import polars as pl
from attrs import frozen

from romframe.change import Judge
from romframe.change_methods import CLASSES, NOT_CLASSIFIED
from romframe.effects import EffectSize, effect_sizes
from romframe.instruments.model import Direction
from romframe.intervals import Interval, student_t
from romframe.methods import NEAR
from romframe.summary import Share, Summary, share, summarise


GroupLabel = Literal[
    "not_significant",
    "significant_not_relevant",
    "not_significantly_beyond",
    "probably_relevant",
    "large",
]
Unit = Literal["referrals", "goals", "rows"]
GROUP_LABELS: Mapping[GroupLabel, str] = {
    "not_significant": "the interval of the mean holds 0",
    "significant_not_relevant": "the interval of the mean ends short of the important difference",
    "not_significantly_beyond": (
        "the mean is short of the important difference, and its interval reaches it"
    ),
    "probably_relevant": (
        "the mean reaches the important difference, and its interval begins short of it"
    ),
    "large": "the whole interval of the mean is beyond the important difference",
}


@frozen
class GroupAnchor:
    """A group's mean improvement against 0 and against a difference that matters: one label.

    `important` is that difference, of an improvement or (where `direction` is worse) of a
    deterioration. The interval is Student's t.
    """

    label: GroupLabel
    words: str
    direction: Literal["better", "worse", "neither"]
    n: int
    mean: float
    sd: float
    interval: Interval
    important: float


@frozen
class RuleUsed:
    """The change rule that made the classes, with its constants and its source."""

    name: str
    constants: str
    source: str


@frozen
class GroupFigures:
    """The figures of one group and score.

    `total` counts its referrals (or goals, or rows of a file); `not_paired` says why some are not
    among the `paired`. Shares are of the `classified`. `figures` has first, last and improvement
    (change where neither direction is better), each None where there is no pair. `effect_sizes` has
    None for a definition that these scores do not allow.
    """

    better: Direction
    unit: Unit
    total: int
    paired: int
    not_paired: Mapping[str, int]
    rule: RuleUsed | None
    classified: int
    not_classified: int
    classes: Mapping[str, Share]
    figures: Mapping[str, Summary | None]
    effect_sizes: Mapping[str, EffectSize | None]
    anchor: GroupAnchor | None


def group_anchor(
    improvements: Sequence[float], important: float, important_worse: float | None = None
) -> GroupAnchor | None:
    """Judge the mean improvement of a group as a whole, by its 95 % interval.

    A mean or an end of the interval that equals the important difference reaches it. A group that
    got worse is measured against `important_worse` (or else `important`) in the same way. None for
    fewer than two people, and where all changed alike: there is no interval then. Raises UsageError
    where scipy is not installed.
    """
    found = summarise(improvements)
    if found is None or found.sd is None or found.sd < NEAR:
        return None
    interval = student_t(found.mean, found.sd, found.n)
    worse = found.mean < 0
    threshold = important_worse if worse and important_worse is not None else important
    near, far = interval.low, interval.high
    if worse:
        near, far = -far, -near
    label = _label(abs(found.mean), near, far, threshold)
    direction: Literal["better", "worse", "neither"] = "worse" if worse else "better"
    if label == "not_significant":
        direction = "neither"
    words = GROUP_LABELS[label]
    return GroupAnchor(label, words, direction, found.n, found.mean, found.sd, interval, threshold)


def _label(mean: float, near: float, far: float, important: float) -> GroupLabel:
    if near <= 0:
        return "not_significant"
    if far < important - NEAR:
        return "significant_not_relevant"
    if mean < important - NEAR:
        return "not_significantly_beyond"
    return "large" if near > important + NEAR else "probably_relevant"


def group_figures(
    rows: pl.DataFrame, better: Direction, judge: Judge | None, unit: Unit
) -> GroupFigures:
    """Give the figures of rows with `verdict`, `first`, `last` and `class`, a row one `unit`.

    `judge` is what made the classes, None where there is no rule. Raises UsageError where scipy is
    not installed and an interval is needed.
    """
    pairs = rows.filter(pl.col("verdict") == "paired")
    first, last = pairs.get_column("first").to_list(), pairs.get_column("last").to_list()
    sign = -1 if better == "lower" else 1
    gains = [sign * (end - start) for start, end in zip(first, last, strict=True)]
    counts = _counts(pairs, "class") if judge else {}
    not_classified = counts.pop(NOT_CLASSIFIED, 0)
    verdicts = _counts(rows, "verdict")
    gain = "change" if better == "neither" else "improvement"
    return GroupFigures(
        better=better,
        unit=unit,
        total=rows.height,
        paired=verdicts.pop("paired", 0),
        not_paired=verdicts,
        rule=RuleUsed(judge.label, judge.constants, judge.citation) if judge else None,
        classified=sum(counts.values()),
        not_classified=not_classified,
        classes=_shares(counts, judge.rule.params) if judge else {},
        figures={"first": summarise(first), "last": summarise(last), gain: summarise(gains)},
        effect_sizes=effect_sizes(first, last, better=better),
        anchor=_anchor(gains, judge.rule.params) if judge else None,
    )


def pair_verdicts(judged: pl.DataFrame, low: float, high: float) -> pl.DataFrame:
    """Say of each row of `first` and `last` whether it is a pair, or why not, as `verdict`."""
    first, last = pl.col("first"), pl.col("last")
    inside = pl.all_horizontal(each.is_between(low - NEAR, high + NEAR) for each in (first, last))
    verdict = (
        pl.when(first.is_null() & last.is_null())
        .then(pl.lit("no_scores"))
        .when(first.is_null())
        .then(pl.lit("no_first"))
        .when(last.is_null())
        .then(pl.lit("no_last"))
        .when(inside)
        .then(pl.lit("paired"))
        .otherwise(pl.lit("outside_range"))
    )
    return judged.with_columns(verdict=verdict)


def _counts(rows: pl.DataFrame, column: str) -> dict[str, int]:
    """Count the values of a column, the most frequent first, then by name."""
    named = rows.get_column(column).cast(pl.String).value_counts(name="count")
    return dict(named.sort(["count", column], descending=[True, False]).iter_rows())


def _shares(counts: Mapping[str, int], params: Mapping[str, Any]) -> dict[str, Share]:
    """Give the share of each class that the rule can give, and of any other that is there."""
    crosses = {"reliable", "cut_off"} <= set(params)
    usual = {"improved", "unchanged", "deteriorated"}
    listed = usual | {"recovered", "harmed"} if crosses else usual
    classified = sum(counts.values())
    return {
        name: share(counts.get(name, 0), classified)
        for name in CLASSES.categories
        if name in listed or name in counts
    }


def _anchor(improvements: Sequence[float], params: Mapping[str, Any]) -> GroupAnchor | None:
    if "important" not in params:
        return None
    worse = params.get("important_worse")
    return group_anchor(
        improvements, _threshold(params["important"]), _threshold(worse) if worse else None
    )


def _threshold(criterion: Mapping[str, float]) -> float:
    return criterion["at_least"] if "at_least" in criterion else criterion["more_than"]
