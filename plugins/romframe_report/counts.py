"""The tables of counts in the service report, with the sums that a reader of the page knows."""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from romframe import CountTable, Sum
from romframe_report.bins import Bins


TOGETHER = (("recovered", "improved"), ("deteriorated", "harmed"))


def joined(names: Sequence[str]) -> str:
    """Give the name that classes counted together have in a table of classes."""
    return "+".join(names)


def classes_table(classes: Mapping[str, int], pairs: int) -> CountTable:
    """Give the change classes of a group of pairs; how many pairs there are stands elsewhere too.

    Not all pairs need be in a class: the others are `not_classified`.
    """
    classified = sum(classes.values())
    both = [names for names in TOGETHER if set(names) <= classes.keys()]
    joint = {joined(names): sum(classes[name] for name in names) for names in both}
    rest = {"classified": classified, "not_classified": pairs - classified, "pairs": pairs}
    return CountTable(
        "classes",
        {**classes, **joint, **rest},
        (
            Sum("classified", tuple(classes)),
            *(Sum(joined(names), names) for names in both),
            Sum("pairs", ("classified", "not_classified")),
        ),
        shares={"classified": (*classes, *joint)},
        known=frozenset({"pairs"}),
        percentages=True,
    )


def completeness_table(
    key: str, referrals: int, assessed: int, paired: int, reasons: Mapping[str, int]
) -> CountTable:
    """Give how many referrals have an assessment and a pair, and why others have no pair.

    How many referrals and how many pairs there are stands all over the page, and so does, by
    subtraction, how many have no pair: only its reasons can be hidden. A reader may expect these to
    add up to it, and those for no assessment to the referrals without one: where they do, that is a
    sum.
    """
    counts = {"assessed": assessed, "unassessed": referrals - assessed}
    counts |= {"paired": paired, "referrals": referrals, **reasons}
    never = tuple(reason for reason in ("no_assessment", "declined") if reason in reasons)
    expected = (Sum("referrals", ("paired", *reasons)), Sum("unassessed", never))
    return CountTable(
        f"completeness-{key}",
        counts,
        (
            Sum("referrals", ("assessed", "unassessed")),
            *(each for each in expected if _adds_up(each, counts)),
        ),
        known=frozenset({"referrals", "paired"}),
        percentages=True,
    )


def ways_table(better: int, worse: int, same: int) -> CountTable:
    """Give how many pairs ended better than they began, worse, and on the same score."""
    counts = {"better": better, "worse": worse, "same": same, "pairs": better + worse + same}
    parts = ("better", "worse", "same")
    shares, known = {"pairs": parts}, frozenset({"pairs"})
    return CountTable("ways", counts, (Sum("pairs", parts),), shares, known, percentages=True)


def moves_table(key: str, bins: Bins, pairs: pl.DataFrame) -> CountTable:
    """Give the pairs by the stretch of a first score (rows) and of a last score (columns)."""
    stretches = range(len(bins.starts))
    found = Counter(move(bins.place(a), bins.place(b)) for a, b in pairs.iter_rows())
    counts = {name: found[name] for name in (move(a, b) for a in stretches for b in stretches)}
    rows = [Sum(first(a), tuple(move(a, b) for b in stretches)) for a in stretches]
    columns = [Sum(last(b), tuple(move(a, b) for a in stretches)) for b in stretches]
    counts |= {each.total: sum(counts[part] for part in each.parts) for each in (*rows, *columns)}
    ends = [Sum("pairs", tuple(each.total for each in side)) for side in (rows, columns)]
    return CountTable(
        f"moves-{key}",
        {**counts, "pairs": pairs.height},
        (*rows, *columns, *ends),
        known=frozenset({"pairs"}),
    )


def item_table(low: int, up: int, down: int, high: int) -> CountTable:
    """Give the pairs by how an item moved between low and high, and how many were high."""
    moves = {"stayed_low": low, "low_to_high": up, "high_to_low": down, "stayed_high": high}
    ends = {"first": down + high, "last": up + high}
    return CountTable(
        "item",
        {**moves, **ends, "pairs": sum(moves.values())},
        (
            Sum("pairs", tuple(moves)),
            Sum("first", ("high_to_low", "stayed_high")),
            Sum("last", ("low_to_high", "stayed_high")),
        ),
        shares={"pairs": (*moves, *ends)},
        percentages=True,
    )


def first(row: int) -> str:
    """Give the name of the count of first scores in a stretch."""
    return f"first {row}"


def last(column: int) -> str:
    """Give the name of the count of last scores in a stretch."""
    return f"last {column}"


def move(row: int, column: int) -> str:
    """Give the name of the count of pairs that went from one stretch to another."""
    return f"move {row} {column}"


def _adds_up(expected: Sum, counts: Mapping[str, int]) -> bool:
    found = sum(counts[part] for part in expected.parts)
    return bool(expected.parts) and found == counts[expected.total]
