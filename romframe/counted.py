"""Tables of counts that several sections of a report show: one id, one table, one decision.

A report decides once what may be shown of a table (docs/disclosure.md). Sections that tell the same
counts of the same pairs make their table here, so that nothing is shown in one and hidden in
another.
"""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from romframe.disclosure import CountTable, Sum
from romframe.instruments.model import ChangeRule


CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
MOVES = ("stayed_low", "low_to_high", "high_to_low", "stayed_high")

_TOGETHER = (("recovered", "improved"), ("deteriorated", "harmed"))
_CROSSING = ("recovered", "harmed")


def score_key(instrument: str, score: str) -> str:
    """Give the name that a score has in the ids of tables and charts."""
    return f"{instrument}-{score}".replace("_", "-")


def class_table(key: str, pairs: pl.DataFrame, rule: ChangeRule) -> CountTable:
    """Count the change classes of treated pairs, which have a column `class`.

    Classes that need a cut-off are listed only where the rule has one or somebody is in them. How
    many pairs there are stands elsewhere too.
    """
    found = classes_found(pairs)
    measured = {"reliable", "reliability"}.intersection(rule.params)
    crosses = bool(measured) and "cut_off" in rule.params
    names = [name for name in CLASSES if crosses or name not in _CROSSING or found.get(name)]
    return table_of_classes(key, {name: found.get(name, 0) for name in names}, pairs.height)


def classes_found(pairs: pl.DataFrame) -> dict[str, int]:
    """Count the classes that occur."""
    return dict(pairs.get_column("class").cast(pl.String).value_counts().iter_rows())


def table_of_classes(key: str, classes: Mapping[str, int], pairs: int) -> CountTable:
    """Give the table of classes already counted; pairs in none of them are `not_classified`."""
    classified = sum(classes.values())
    both = [names for names in _TOGETHER if set(names) <= classes.keys()]
    joint = {"+".join(names): sum(classes[name] for name in names) for names in both}
    rest = {"classified": classified, "not_classified": pairs - classified, "pairs": pairs}
    return CountTable(
        f"classes-{key}",
        {**classes, **joint, **rest},
        (
            Sum("classified", tuple(classes)),
            *(Sum("+".join(names), names) for names in both),
            Sum("pairs", ("classified", "not_classified")),
        ),
        shares={"classified": (*classes, *joint)},
        known=frozenset({"pairs"}),
        percentages=True,
    )


def together(table: CountTable, names: Sequence[str]) -> str:
    """Give the name of the count of these classes together, of which one at least is listed."""
    return "+".join(name for name in names if name in table.counts)


def way_table(key: str, improvement: pl.Series) -> CountTable:
    """Count the pairs that ended better than they began, worse, and on the same score."""
    ways = {"better": improvement > 0, "worse": improvement < 0, "same": improvement == 0}
    counts = {name: int(each.sum()) for name, each in ways.items()}
    return CountTable(
        f"ways-{key}",
        {**counts, "pairs": len(improvement)},
        (Sum("pairs", tuple(counts)),),
        {"pairs": tuple(counts)},
        frozenset({"pairs"}),
        percentages=True,
    )


def move_table(key: str, found: Mapping[str, int]) -> CountTable:
    """Give the pairs by how an item moved between low and high, and how many were high."""
    moves = {name: found.get(name, 0) for name in MOVES}
    ends = {
        "first": moves["high_to_low"] + moves["stayed_high"],
        "last": moves["low_to_high"] + moves["stayed_high"],
    }
    return CountTable(
        f"item-{key}",
        {**moves, **ends, "pairs": sum(moves.values())},
        (
            Sum("pairs", MOVES),
            Sum("first", ("high_to_low", "stayed_high")),
            Sum("last", ("low_to_high", "stayed_high")),
        ),
        shares={"pairs": (*MOVES, *ends)},
        percentages=True,
    )


def stretch_table(key: str, moves: Mapping[tuple[int, int], int], stretches: int) -> CountTable:
    """Give pairs by the stretch of their first score (rows) and that of their last (columns)."""
    rows, columns = range(stretches), range(stretches)
    counts = {from_to(a, b): moves.get((a, b), 0) for a in rows for b in columns}
    sums = [
        *(Sum(at_first(a), tuple(from_to(a, b) for b in columns)) for a in rows),
        *(Sum(at_last(b), tuple(from_to(a, b) for a in rows)) for b in columns),
    ]
    counts |= {each.total: sum(counts[part] for part in each.parts) for each in sums}
    ends = [Sum("pairs", tuple(name(n) for n in rows)) for name in (at_first, at_last)]
    return CountTable(
        f"moves-{key}",
        {**counts, "pairs": sum(moves.values())},
        (*sums, *ends),
        known=frozenset({"pairs"}),
    )


def at_first(row: int) -> str:
    """Give the name of the count of first scores in a stretch."""
    return f"first {row}"


def at_last(column: int) -> str:
    """Give the name of the count of last scores in a stretch."""
    return f"last {column}"


def from_to(row: int, column: int) -> str:
    """Give the name of the count of pairs that went from one stretch to another."""
    return f"move {row} {column}"


def split_table(
    table_id: str,
    groups: Mapping[str, Mapping[str, int]],
    ends: Mapping[str, str],
    *,
    whole: str,
    after: CountTable | None = None,
    unshown: Iterable[str] = (),
) -> CountTable:
    """Give groups (rows), each divided into the same parts, beside all of them together.

    `ends` names the total of each part, and `whole` that of all: they stand elsewhere too, in the
    table `after` where it has them. `unshown` are groups and parts that are not shown themselves; a
    part of these has no total of its own.
    """
    hidden = set(unshown)
    cells = {name: {part: in_group(name, part) for part in ends} for name in groups}
    counts = {cells[name][part]: each[part] for name, each in groups.items() for part in ends}
    sizes = {all_of(name): sum(each[part] for part in ends) for name, each in groups.items()}
    told = {part: total for part, total in ends.items() if part not in hidden}
    totals = {told[part]: sum(each[part] for each in groups.values()) for part in told}
    quiet = {each[part] for each in cells.values() for part in hidden.intersection(ends)}
    for name in hidden.intersection(groups):
        quiet |= {all_of(name), *cells[name].values()}
    return CountTable(
        table_id,
        {**counts, **sizes, **totals, whole: sum(sizes.values())},
        (
            *(Sum(all_of(name), tuple(each.values())) for name, each in cells.items()),
            *(Sum(told[part], tuple(each[part] for each in cells.values())) for part in told),
            Sum(whole, tuple(sizes)),
            *([Sum(whole, tuple(totals))] if len(told) == len(ends) else []),
        ),
        shares={
            all_of(name): tuple(each[part] for part in told)
            for name, each in cells.items()
            if name not in hidden
        },
        known=frozenset({*totals, whole}),
        percentages=True,
        unshown=frozenset(quiet),
        after=after,
    )


def in_group(group: str, part: str) -> str:
    """Give the name of the count of a part of a group."""
    return f"{group}: {part}"


def all_of(group: str) -> str:
    """Give the name of the count of a whole group: whatever it is called, no other count has it."""
    return in_group(group, "all")
