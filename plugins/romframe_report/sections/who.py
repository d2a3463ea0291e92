"""Who is measured, and which groups are measured less often than the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import polars as pl
from attrs import frozen

from romframe import ChartWords, DisclosurePolicy, Share, ShareBars, ShareRow, share
from romframe_report.charts.canvas import Chart, Picture
from romframe_report.charts.described import drawn
from romframe_report.measures import instruments_in_use
from romframe_report.people import TITLES, in_order, referrals_described
from romframe_report.pooling import pooled


if TYPE_CHECKING:
    from romframe import Window, Workspace

DIMENSIONS = ("age", "ethnicity", "team", "pathway", "reason")


@frozen
class Group:
    """How many of a group have a pair, beside all others."""

    label: str
    here: Share
    others: Share

    @property
    def size(self) -> int:
        """How many referrals the group has."""
        return self.here.of

    @property
    def below(self) -> bool:
        """Whether the whole interval of the group lies below that of the others."""
        here, others = self.here.interval, self.others.interval
        return here is not None and others is not None and here.high < others.low

    def and_with(self, other: Self) -> Self:
        """Give both groups as one, beside those that are in neither."""
        here = share(self.here.count + other.here.count, self.here.of + other.here.of)
        count = self.here.count + self.others.count - here.count
        of = self.here.of + self.others.of - here.of
        return type(self)(f"{self.label}, {other.label}", here, share(count, of))


@frozen
class Dimension:
    """One way to tell groups apart."""

    title: str
    groups: tuple[Group, ...]
    picture: Picture


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give for each way to tell groups apart the share of each that has a pair on any score."""
    referrals = referrals_described(workspace, window)
    pairs = [
        measured.paired_referrals
        for used in instruments_in_use(workspace, window)
        for measured in used.scores
    ]
    if not pairs:
        return None
    paired = pl.col("referral_id").is_in(pl.concat(pairs).unique().implode())
    return {"dimensions": list(_dimensions(referrals.with_columns(paired=paired)))}


def _dimensions(referrals: pl.DataFrame) -> Iterator[Dimension]:
    """Leave out what tells nobody apart."""
    whole = share(int(referrals.get_column("paired").sum()), referrals.height)
    for name in DIMENSIONS:
        counted = referrals.group_by(name).agg(pl.col("paired").sum(), pl.len()).rows_by_key(name)
        if len(counted) > 1:
            groups = tuple(
                _group(each, counted[each][0], whole) for each in in_order(name, counted)
            )
            words = ChartWords(
                f"who-{name}",
                f"{TITLES[name]}: share of referrals with a pair",
                "One bar for each group, as long as the percentage of its referrals that have a"
                " pair; a thin line across its end is the 95% interval, and a line down the chart"
                " the share of all referrals.",
            )
            yield Dimension(TITLES[name], groups, partial(_draw, words, groups, whole))


def _group(label: str, counted: tuple[int, int], whole: Share) -> Group:
    paired, of = counted
    return Group(label, share(paired, of), share(whole.count - paired, whole.of - of))


def _draw(
    words: ChartWords, groups: tuple[Group, ...], whole: Share, policy: DisclosurePolicy
) -> Chart:
    rows = tuple(ShareRow(group.label, group.here) for group in pooled(groups, policy))
    return drawn(ShareBars(words, rows, whole), policy)
