"""Who is measured, and which groups are measured less often than the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChartWords,
    CountTable,
    DisclosurePolicy,
    Share,
    ShareBars,
    ShareRow,
    TableShare,
    all_of,
    gettext,
    in_group,
    share,
    share_of,
    shown_share,
    split_table,
    word,
)
from romframe_report.charts.canvas import Chart, Picture
from romframe_report.charts.described import drawn
from romframe_report.measures import InstrumentInUse, instruments_in_use
from romframe_report.pathways import (
    ENDS,
    KEPT_WELL,
    TREATED,
    WHOLE,
    paired_referrals,
    pathway_table,
)
from romframe_report.people import TITLES, in_order, referrals_described


if TYPE_CHECKING:
    from romframe import Window, Workspace

DIMENSIONS = ("age", "ethnicity", "team", "pathway", "reason", "diagnosis")


@frozen
class Group:
    """How many of a group have a pair, beside all others."""

    label: str
    here: TableShare
    others: Share

    @property
    def below(self) -> bool:
        """Whether the whole interval of the group lies below that of the others."""
        here, others = self.here.interval, self.others.interval
        return here is not None and others is not None and here.high < others.low


@frozen
class Dimension:
    """One way to tell groups apart."""

    name: str
    title: str
    groups: tuple[Group, ...]
    picture: Picture

    def below(self, policy: DisclosurePolicy) -> list[str]:
        """Name the groups that lie below the others, as far as the policy shows their share."""
        below = (group for group in self.groups if group.below)
        return [each.label for each in below if not shown_share(each.here, policy).hidden]


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give for each way to tell groups apart the share of each that has a pair on any score."""
    used = instruments_in_use(workspace, window)
    paired = paired_referrals(used)
    if not any(each.scores for each in used):
        return None
    referrals = referrals_described(workspace, window).with_columns(
        paired=pl.col("referral_id").is_in(list(paired))
    )
    tables = {
        name: _pathways(workspace, window, used) if name == "pathway" else _table(name, referrals)
        for name in DIMENSIONS
    }
    found = (_dimension(name, *each) for name, each in tables.items() if len(each[0]) > 1)
    return {"dimensions": list(found)}


def _pathways(
    workspace: Workspace, window: Window, used: Sequence[InstrumentInUse]
) -> tuple[list[str], CountTable]:
    table = pathway_table(workspace, window, used)
    return [name for name in (TREATED, KEPT_WELL) if all_of(name) in table.counts], table


def _table(name: str, referrals: pl.DataFrame) -> tuple[list[str], CountTable]:
    counted = referrals.group_by(name).agg(pl.col("paired").sum(), pl.len()).rows_by_key(name)
    groups = {
        label: {"paired": paired, "unpaired": of - paired}
        for label in in_order(name, counted)
        for paired, of in counted[label]
    }
    table = split_table(f"who_{name}", groups, ENDS, whole=WHOLE, unshown=("unpaired",))
    return list(groups), table


def _dimension(name: str, labels: Sequence[str], table: CountTable) -> Dimension:
    groups = tuple(_groups(labels, table))
    words = ChartWords(
        f"who-{name}",
        gettext("%(title)s: share of referrals with a pair", title=word(TITLES[name])),
        gettext(
            "One bar for each group, as long as the percentage of its referrals that have a pair;"
            " a thin line across its end is the 95%% interval, and a line down the chart the share"
            " of all referrals."
        ),
    )
    whole = share_of(table, ENDS["paired"], WHOLE)
    return Dimension(name, TITLES[name], groups, partial(_draw, words, groups, whole))


def _groups(labels: Sequence[str], table: CountTable) -> Iterator[Group]:
    paired, of = table.counts[ENDS["paired"]], table.counts[WHOLE]
    for label in labels:
        here = share_of(table, in_group(label, "paired"), all_of(label))
        yield Group(label, here, share(paired - here.count, of - here.of))


def _draw(
    words: ChartWords, groups: tuple[Group, ...], whole: TableShare, policy: DisclosurePolicy
) -> Chart:
    rows = tuple(ShareRow(word(group.label), group.here) for group in groups)
    return drawn(ShareBars(words, rows, whole), policy)
