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

    A reader may expect the reasons to add up to the referrals without a pair, and those for no
    assessment to the referrals without one: where they do, that is a sum.
    """
    unpaired, unassessed = referrals - paired, referrals - assessed
    counts = {"assessed": assessed, "unassessed": unassessed, "paired": paired}
    counts |= {"unpaired": unpaired, "referrals": referrals, **reasons}
    sums = [Sum("referrals", ("assessed", "unassessed")), Sum("referrals", ("paired", "unpaired"))]
    never = tuple(reason for reason in ("no_assessment", "declined") if reason in reasons)
    for total, parts in (("unpaired", tuple(reasons)), ("unassessed", never)):
        if parts and sum(reasons[reason] for reason in parts) == counts[total]:
            sums.append(Sum(total, parts))
    return CountTable(
        f"completeness-{key}", counts, tuple(sums), known=frozenset({"referrals"}), percentages=True
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


def first(row: int) -> str:
    """Give the name of the count of first scores in a stretch."""
    return f"first {row}"


def last(column: int) -> str:
    """Give the name of the count of last scores in a stretch."""
    return f"last {column}"


def move(row: int, column: int) -> str:
    """Give the name of the count of pairs that went from one stretch to another."""
    return f"move {row} {column}"
