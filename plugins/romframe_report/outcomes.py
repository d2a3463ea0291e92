"""Change classes counted: how many pairs got better, stayed, got worse."""

from collections.abc import Iterable, Mapping

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    CountTable,
    TableShare,
    class_table,
    classes_found,
    message,
    share_of,
    table_of_classes,
    together,
)


WORDS: Mapping[str, tuple[str, str]] = {
    "recovered": (
        message("Recovered"),
        message("reliably better, and no longer in the clinical range"),
    ),
    "improved": (message("Improved"), message("better by enough for the rule to count it")),
    "unchanged": (message("Unchanged"), message("changed too little to count either way")),
    "deteriorated": (message("Deteriorated"), message("worse by enough for the rule to count it")),
    "harmed": (
        message("Worse and clinical"),
        message("reliably worse, and now in the clinical range"),
    ),
    "maintained": (message("Stayed well"), message("no worse than the rule allows for")),
    "relapsed": (message("Relapsed"), message("worse by enough for the rule to count it")),
    "not_classified": (
        message("Not classified"),
        message("the rule could not be used for this pair"),
    ),
}
BETTER, SAME, WORSE = ("recovered", "improved"), ("unchanged",), ("deteriorated", "harmed")


@frozen
class Outcome:
    """One class: its name, what it is called and what it means, and its share of the pairs."""

    name: str
    label: str
    meaning: str
    share: TableShare


@frozen
class Outcomes:
    """The classes of a group of pairs, best first, as shares of those that could be classified."""

    rows: tuple[Outcome, ...]
    table: CountTable

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return self.table.counts["pairs"]

    @property
    def classified(self) -> int:
        """How many pairs are in a class."""
        return self.table.counts["classified"]

    @property
    def not_classified(self) -> int:
        """How many pairs the rule could not be used for."""
        return self.table.counts["not_classified"]

    def together(self, *names: str) -> TableShare:
        """Give the share of pairs that are in any of these classes, of which one at least is there.

        Raises KeyError for classes that are not counted together.
        """
        return share_of(self.table, together(self.table, names), "classified")


def outcomes(pairs: pl.DataFrame, rule: ChangeRule, key: str) -> Outcomes:
    """Count the classes of treated pairs; `key` is that of the score."""
    table = class_table(key, pairs, rule)
    return _shares([name for name in (*BETTER, *SAME, *WORSE) if name in table.counts], table)


def kept_well_outcomes(pairs: pl.DataFrame, key: str) -> Outcomes:
    """Count who stayed well and who relapsed among people who were referred to be kept well."""
    found = classes_found(pairs)
    relapsed = sum(found.get(name, 0) for name in WORSE)
    classified = sum(found.get(name, 0) for name in (*BETTER, *SAME, *WORSE))
    counts = {"maintained": classified - relapsed, "relapsed": relapsed}
    return _shares(counts, table_of_classes(f"{key}-prevention", counts, pairs.height))


def _shares(names: Iterable[str], table: CountTable) -> Outcomes:
    rows = tuple(Outcome(n, *WORDS[n], share_of(table, n, "classified")) for n in names)
    return Outcomes(rows, table)
