"""Who got better and who got worse, group by group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    ChartWords,
    CountTable,
    SideBars,
    SideRow,
    TableShare,
    all_of,
    class_table,
    gettext,
    in_group,
    share_of,
    split_table,
    together,
    word,
)
from romframe_report.measures import Measured, instruments_in_use, ruled
from romframe_report.outcomes import BETTER, SAME, WORSE
from romframe_report.people import TITLES, in_order, referrals_described


if TYPE_CHECKING:
    from romframe import Window, Workspace

DIMENSIONS = ("team", "setting", "age")
PARTS: Mapping[str, tuple[str, ...]] = {"better": BETTER, "same": SAME, "worse": WORSE}


@frozen
class Group:
    """The change classes of a group's pairs."""

    label: str
    better: TableShare
    same: TableShare
    worse: TableShare


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
    chart: SideBars


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
        "referral_id", **{part: name.is_in(names) for part, names in PARTS.items()}
    )
    judged = classes.filter(pl.any_horizontal(*PARTS)).join(people, on="referral_id")
    dimensions = tuple(
        _dimensions(measured, class_table(measured.key, measured.pairs, rule), judged)
    )
    words = ChartWords(
        f"subgroups-{measured.key}",
        gettext(
            "%(title)s: who got worse and who got better, group by group", title=measured.title
        ),
        gettext(
            "For each group a crossed bar to the left for the share of pairs that got worse by"
            " enough to count, and a solid bar to the right for the share that got better."
        ),
    )
    rows = tuple(
        SideRow(f"{word(each.title)}: {word(group.label)}", group.better, group.worse)
        for each in dimensions
        for group in each.groups
    )
    return Block(
        measured, rule, dimensions, SideBars(words, rows, (gettext("Worse"), gettext("Better")))
    )


def _dimensions(
    measured: Measured, classes: CountTable, judged: pl.DataFrame
) -> Iterator[Dimension]:
    """Leave out what tells nobody apart."""
    for name in DIMENSIONS:
        counted = judged.group_by(name).agg(pl.col(*PARTS).sum()).rows_by_key(name, named=True)
        if len(counted) > 1:
            labels = in_order(name, counted)
            table = split_table(
                f"subgroups-{measured.key}-{name}",
                {label: counted[label][0] for label in labels},
                {part: together(classes, names) for part, names in PARTS.items()},
                whole="classified",
                after=classes,
            )
            yield Dimension(TITLES[name], tuple(_group(table, label) for label in labels))


def _group(table: CountTable, label: str) -> Group:
    return Group(label, *(share_of(table, in_group(label, part), all_of(label)) for part in PARTS))
