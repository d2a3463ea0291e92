"""What the returns say item by item, turned by meaning: told whole, by sides, or not at all.

Answers are counted by `romframe.distribution`, which knows the good and the bad answers of an item
however it is worded; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
from attrs import evolve, field, frozen

from romframe import DisclosurePolicy, Item, Share, Wording, distribution, message, share
from romframe_report.prem.groups import released, smallest_group
from romframe_report.prem.returns import NO_TEAM, Returns


SIDES = (message("favourable"), message("neither"), message("unfavourable"))


Row = dict[str, Any]


@frozen
class Answer:
    """One answer of an item: its words, its side if the item has sides, and who gave it."""

    label: str
    side: str | None
    share: Share


@frozen
class ItemTold:
    """What is told of an item; an item with neither sides nor answers is held back.

    `good` are its favourable answers in words. `sides` are there for items that have a good end,
    `answers` where each of them may be told. `teams` has the favourable share team by team.
    """

    id: str
    label: str
    section: str
    of: int
    good: str = ""
    sides: Mapping[str, Share] = field(factory=dict)
    answers: tuple[Answer, ...] = ()
    teams: Mapping[str, Share] = field(factory=dict)

    @property
    def told(self) -> bool:
        """Whether anything may be told of the item."""
        return bool(self.sides or self.answers)


@frozen
class _Manner:
    """In whose words, by which policy and of which team, if of one, items are told."""

    wording: Wording
    policy: DisclosurePolicy
    team: str | None

    def enough(self, of: int, by_team: list[Row]) -> bool:
        """Say whether so many answered that the item may be told, beside those of all teams."""
        smallest = smallest_group(self.policy)
        sizes = {row["team"]: row["of"] for row in by_team}
        return of >= smallest and (self.team is None or self.team in released(sizes, smallest))


def items_told(
    returns: Returns, wording: Wording, policy: DisclosurePolicy
) -> tuple[ItemTold, ...]:
    """Give the items of the returns that have answers to count, in the order of the form."""
    instrument = returns.instrument
    named = returns.every.with_columns(pl.col("team").fill_null(NO_TEAM))
    counted = distribution(returns.within, instrument, coding="stored")
    by_team = dict(_by_item(distribution(named, instrument, coding="stored", by="team")))
    manner = _Manner(wording, policy, returns.span.team)
    return tuple(
        _told(instrument.item(name), rows, by_team.get(name, []), manner)
        for name, rows in _by_item(counted)
    )


def _by_item(counted: pl.DataFrame) -> list[tuple[str, list[Row]]]:
    parts = counted.partition_by("item", maintain_order=True)
    return [(part.item(0, "item"), part.to_dicts()) for part in parts]


def _told(item: Item, rows: list[Row], by_team: list[Row], manner: _Manner) -> ItemTold:
    policy, of = manner.policy, rows[0]["of"]
    told = ItemTold(item.id, manner.wording.item(item.id), item.section, of)
    sided = item.favourable is not None
    sides = _sides(rows) if sided else {}
    if not manner.enough(of, by_team) or not _tellable(sides.values(), policy):
        return told
    answers = tuple(_answer(item, row, manner.wording) for row in rows)
    return evolve(
        told,
        good="; ".join(each.label for each in answers if each.side == "favourable"),
        sides=sides,
        answers=answers if _tellable((each.share for each in answers), policy) else (),
        teams=_teams(by_team, policy) if sided and manner.team is None else {},
    )


def _tellable(shares: Iterable[Share], policy: DisclosurePolicy) -> bool:
    """Say whether the policy hides none: a single hidden one is the difference from the rest."""
    return not any(policy.hides_share(each.count, each.of) for each in shares)


def _sides(rows: Iterable[Row]) -> dict[str, Share]:
    found = list(rows)
    counts = {side: sum(row["n"] for row in found if row["side"] == side) for side in SIDES}
    present = {row["side"] for row in found}
    return {side: share(n, found[0]["of"]) for side, n in counts.items() if side in present}


def _answer(item: Item, row: Row, wording: Wording) -> Answer:
    return Answer(_words(item, row, wording), row["side"], share(row["n"], row["of"]))


def _words(item: Item, row: Row, wording: Wording) -> str:
    for option in item.scale.options:
        if (str(option.code), option.label) == (row["code"], row["answer"]):
            return wording.option(item.scale.id, option.code)
    answer: str = row["answer"]
    return answer


def _teams(rows: Iterable[Row], policy: DisclosurePolicy) -> Mapping[str, Share]:
    """Give the favourable share of every team that may be told of; none where one is hidden."""
    shares = dict(_favourable(rows))
    sizes = {team: each.of for team, each in shares.items()}
    shown = {team: shares[team] for team in released(sizes, smallest_group(policy)) if sizes[team]}
    others = (share(each.of - each.count, each.of) for each in shown.values())
    tellable = _tellable([*shown.values(), *others], policy)
    return shown if tellable and len(shares) > 1 else {}


def _favourable(rows: Iterable[Row]) -> Iterator[tuple[str, Share]]:
    found = list(rows)
    for team in dict.fromkeys(row["team"] for row in found):
        yield team, _sides(row for row in found if row["team"] == team)["favourable"]
