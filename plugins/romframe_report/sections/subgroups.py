"""Who got better and who got worse, group by group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import polars as pl
from attrs import frozen

from romframe import ChangeRule, ChartWords, DisclosurePolicy, Share, SideBars, SideRow, share
from romframe_report.charts.canvas import Chart, Picture
from romframe_report.charts.described import drawn
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.people import TITLES, in_order, referrals_described
from romframe_report.pooling import pooled


if TYPE_CHECKING:
    from romframe import Window, Workspace

DIMENSIONS = ("team", "pathway", "setting", "age")
_NOTHING = share(0, 0)
_BETTER, _SAME, _WORSE = ("recovered", "improved"), ("unchanged",), ("deteriorated", "harmed")


@frozen
class Group:
    """The change classes of a group's pairs."""

    label: str
    better: Share
    same: Share
    worse: Share

    @property
    def size(self) -> int:
        """How many pairs of the group could be judged."""
        return self.better.of

    def and_with(self, other: Self) -> Self:
        """Give both groups as one."""
        ends = zip(self._ends, other._ends, strict=True)
        shares = [share(mine.count + more.count, mine.of + more.of) for mine, more in ends]
        return type(self)(f"{self.label}, {other.label}", *shares)

    def told(self, policy: DisclosurePolicy) -> tuple[Share, Share, Share]:
        """Give what may be shown of better, unchanged and worse; a share of nothing is hidden.

        They add up to a number that is shown, so a hidden one takes another one with it.
        """
        hides = [policy.hides_share(each.count, each.of) for each in self._ends]
        same = _NOTHING if any(hides) and not hides[1] else self.same
        worse = _NOTHING if hides[1] and not hides[2] else self.worse
        return self.better, same, worse

    @property
    def _ends(self) -> tuple[Share, Share, Share]:
        return self.better, self.same, self.worse


@frozen
class Dimension:
    """The groups of one way to tell people apart."""

    title: str
    groups: tuple[Group, ...]


@frozen
class Block:
    """One score in all its groups."""

    measured: Measured
    rule: ChangeRule
    dimensions: tuple[Dimension, ...]
    picture: Picture


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give the groups of each score that has a change rule, where there is more than one group."""
    people = referrals_described(workspace, window).select("referral_id", *DIMENSIONS)
    scores = ruled(instruments_in_use(workspace, window))
    blocks = [_block(*each, people) for each in scores]
    found = [each for each in blocks if each.dimensions]
    return {"blocks": found} if found else None


def _block(measured: Measured, rule: ChangeRule, people: pl.DataFrame) -> Block:
    name = pl.col("class").cast(pl.String)
    classes = measured.pairs.select(
        "referral_id",
        better=name.is_in(_BETTER),
        same=name.is_in(_SAME),
        worse=name.is_in(_WORSE),
    )
    judged = classes.filter(pl.any_horizontal("better", "same", "worse"))
    dimensions = tuple(_dimensions(judged.join(people, on="referral_id")))
    words = ChartWords(
        f"subgroups-{measured.key}",
        f"{measured.title}: who got worse and who got better, group by group",
        "For each group a crossed bar to the left for the share of pairs that got worse by enough"
        " to count, and a solid bar to the right for the share that got better.",
    )
    return Block(measured, rule, dimensions, partial(_draw, words, dimensions))


def _dimensions(judged: pl.DataFrame) -> Iterator[Dimension]:
    """Leave out what tells nobody apart."""
    for name in DIMENSIONS:
        sums = judged.group_by(name).agg(pl.col("better", "same", "worse").sum(), pl.len())
        counted = {group: counts for group, *counts in sums.iter_rows()}
        if len(counted) > 1:
            groups = tuple(_group(each, *counted[each]) for each in in_order(name, counted))
            yield Dimension(TITLES[name], groups)


def _group(label: str, better: int, same: int, worse: int, of: int) -> Group:
    return Group(label, share(better, of), share(same, of), share(worse, of))


def _draw(words: ChartWords, dimensions: tuple[Dimension, ...], policy: DisclosurePolicy) -> Chart:
    told = (
        (f"{each.title}: {group.label}", group.told(policy))
        for each in dimensions
        for group in pooled(each.groups, policy)
    )
    rows = tuple(SideRow(label, better, worse) for label, (better, _, worse) in told)
    return drawn(SideBars(words, rows, ("Worse", "Better"), exhaustive=False), policy)
