"""A policy at work on one report: compared with earlier releases, every table decided once."""

from collections.abc import Sequence

from attrs import field, fields, frozen

from romframe.disclosure.policy import DisclosurePolicy
from romframe.disclosure.protect import protect
from romframe.disclosure.table import CountTable, ProtectedTable


@frozen(eq=False)
class ReportPolicy(DisclosurePolicy):
    """A policy with what has been released before, and with what it has decided so far."""

    released: Sequence[ProtectedTable] = ()
    _decided: dict[str, tuple[CountTable, ProtectedTable]] = field(factory=dict, repr=False)

    @property
    def shown(self) -> tuple[ProtectedTable, ...]:
        """Every table of the report that has been decided, as it is shown."""
        return tuple(safe for _, safe in self._decided.values())

    def decide(self, table: CountTable) -> ProtectedTable:
        """Give what may be shown of a table, in every place of the report the same.

        Raises ValueError where two tables of the report have one id: a release of the one would be
        compared with the other.
        """
        known, safe = self._decided.get(table.id, (None, None))
        if safe is None:
            safe = protect(table, self, self.released)
            self._decided[table.id] = (table, safe)
        elif known != table:
            message = f"two tables of one report are called {table.id!r}"
            raise ValueError(message)
        return safe


def report_policy(
    policy: DisclosurePolicy, released: Sequence[ProtectedTable] = ()
) -> ReportPolicy:
    """Put a policy to work on one report."""
    rules = {each.name: getattr(policy, each.name) for each in fields(DisclosurePolicy)}
    return ReportPolicy(**rules, released=released)


def shown_table(table: CountTable, policy: DisclosurePolicy) -> ProtectedTable:
    """Give what may be shown of a table: as its report has decided, where the policy is at work."""
    return policy.decide(table) if isinstance(policy, ReportPolicy) else protect(table, policy)
