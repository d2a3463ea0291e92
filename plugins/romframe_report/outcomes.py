"""Change classes counted: how many pairs got better, stayed, got worse."""

from collections.abc import Iterable, Mapping

import polars as pl
from attrs import frozen

from romframe import ChangeRule, CountTable, TableShare, share_of
from romframe_report.counts import classes_table, joined


WORDS: Mapping[str, tuple[str, str]] = {
    "recovered": ("Recovered", "reliably better, and no longer in the clinical range"),
    "improved": ("Improved", "better by enough for the rule to count it"),
    "unchanged": ("Unchanged", "changed too little to count either way"),
    "deteriorated": ("Deteriorated", "worse by enough for the rule to count it"),
    "harmed": ("Worse and clinical", "reliably worse, and now in the clinical range"),
    "maintained": ("Stayed well", "no worse than the rule allows for"),
    "relapsed": ("Relapsed", "worse by enough for the rule to count it"),
    "not_classified": ("Not classified", "the rule could not be used for this pair"),
}
_CROSSING = ("recovered", "harmed")
_ORDER = ("recovered", "improved", "unchanged", "deteriorated", "harmed")


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
        listed = [name for name in names if name in self.table.counts]
        return share_of(self.table, joined(listed), "classified")


def outcomes(pairs: pl.DataFrame, rule: ChangeRule) -> Outcomes:
    """Count the classes of treated pairs.

    Classes that need a cut-off are listed only where the rule has one or somebody is in them.
    """
    found = _counted(pairs)
    measured = {"reliable", "reliability"}.intersection(rule.params)
    crosses = bool(measured) and "cut_off" in rule.params
    names = [name for name in _ORDER if crosses or name not in _CROSSING or found.get(name)]
    return _shares(names, found, pairs.height)


def kept_well_outcomes(pairs: pl.DataFrame) -> Outcomes:
    """Count who stayed well and who relapsed among people who were referred to be kept well."""
    found = _counted(pairs)
    relapsed = found.get("deteriorated", 0) + found.get("harmed", 0)
    classified = sum(found.get(name, 0) for name in _ORDER)
    counts = {"maintained": classified - relapsed, "relapsed": relapsed}
    return _shares(counts, counts, pairs.height)


def _counted(pairs: pl.DataFrame) -> dict[str, int]:
    counts = pairs.get_column("class").cast(pl.String).value_counts()
    return dict(counts.iter_rows())


def _shares(names: Iterable[str], counts: Mapping[str, int], pairs: int) -> Outcomes:
    listed = {name: counts.get(name, 0) for name in names}
    table = classes_table(listed, pairs)
    rows = tuple(Outcome(n, *WORDS[n], share_of(table, n, "classified")) for n in listed)
    return Outcomes(rows, table)
