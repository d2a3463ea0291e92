"""The rules of a submission in `data/rules.csv`, in the order in which they are checked."""

import functools
from collections.abc import Mapping

from attrs import frozen

from romframe_mhsds.facts import read_facts


WARNINGS = frozenset({"Warning", "Severity 1 Warning"})
NOT_DECIDED = "not_decided"


@frozen
class Rule:
    """One rule: what it looks at, how it is decided, what it does to a row, and the mend.

    `check` names a kind of check and `params` what it needs besides. `column` is empty where a rule
    is about the whole row or file. `reason` says why a rule is not decided here.
    """

    code: str
    origin: str
    table: str
    column: str
    scope: str
    effect: str
    check: str
    params: Mapping[str, str]
    what: str
    mend: str
    reason: str

    @property
    def rejects(self) -> bool:
        """Whether what breaks the rule is not taken."""
        return self.effect not in WARNINGS

    @property
    def of_file(self) -> bool:
        """Whether the whole file is not taken."""
        return self.effect == "File rejected"

    @property
    def decided(self) -> bool:
        """Whether the rule is checked here."""
        return self.check != NOT_DECIDED


@functools.cache
def every_rule() -> tuple[Rule, ...]:
    """Give all rules, those that are not decided here too."""
    return tuple(_rule(row) for row in read_facts("rules.csv"))


@functools.cache
def rules(table: str) -> tuple[Rule, ...]:
    """Give the rules on rows of a table, in the order in which they are checked."""
    return tuple(
        rule for rule in every_rule() if rule.table == table and rule.decided and not rule.of_file
    )


@functools.cache
def file_rules() -> tuple[Rule, ...]:
    """Give the rules that reject a whole file."""
    return tuple(rule for rule in every_rule() if rule.decided and rule.of_file)


def undecided() -> tuple[Rule, ...]:
    """Give the rules that need what is not at hand before a submission; each says what."""
    return tuple(rule for rule in every_rule() if not rule.decided)


def _rule(row: dict[str, str]) -> Rule:
    params = dict(param.split("=", 1) for param in row["params"].split())
    return Rule(**row | {"params": params})  # type: ignore[arg-type]
