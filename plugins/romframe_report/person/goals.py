"""A person's goals by number: how far each has come. What they say is nobody's business here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe_report.person.series import Series


if TYPE_CHECKING:
    import polars as pl


@frozen
class Goal:
    """One goal: its number, its state, and its ratings, a series a score and rater."""

    number: int
    state: str
    series: tuple[Series, ...]


def goals_of(goals: pl.DataFrame, rated: Iterable[Series]) -> tuple[Goal, ...]:
    """Number the goals: each has the number of its slot, or the next that is free.

    A goal that was rated and never recorded comes after those that were, in the order of its first
    rating.
    """
    series: dict[str, list[Series]] = defaultdict(list)
    for each in sorted(rated, key=lambda one: (one.ratings[0].on, one.goal)):
        series[each.goal].append(each)
    recorded = {row["goal_id"]: row for row in goals.sort("set_on", "goal_id").to_dicts()}
    known: dict[str, dict[str, Any]] = {**{name: {} for name in series}, **recorded}
    numbers = _numbers({name: known[name] for name in [*recorded, *known]})
    found = (
        Goal(numbers[name], each.get("state", "open"), tuple(series.get(name, ())))
        for name, each in known.items()
    )
    return tuple(sorted(found, key=lambda goal: goal.number))


def _numbers(goals: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for name, goal in goals.items():
        slot = goal.get("slot")
        if slot and int(slot) not in numbers.values():
            numbers[name] = int(slot)
    taken = set(numbers.values())
    free = iter([n for n in range(1, len(goals) + max(taken, default=0) + 1) if n not in taken])
    return numbers | {name: next(free) for name in goals if name not in numbers}
