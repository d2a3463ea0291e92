"""Shares that know the table they belong to, so that they are hidden where the table hides them."""

from attrs import frozen

from romframe.disclosure.policy import DisclosurePolicy
from romframe.disclosure.report import shown_table
from romframe.disclosure.table import CountTable
from romframe.summary import Share, share


@frozen
class TableShare(Share):
    """The share that a count of a table has of another count of it."""

    table: CountTable
    name: str
    whole: str


@frozen
class ShownShare:
    """What may be shown of a share: both counts as text, and whether more is hidden.

    Where `hidden`, neither its percentage nor its interval may be shown; where `count_hidden`, the
    count is not shown as it is. A reader knows that it is `low` at least.
    """

    count: str
    low: int
    of: str
    hidden: bool
    count_hidden: bool


def share_of(table: CountTable, name: str, whole: str) -> TableShare:
    """Give the share that one count of a table has of another, with its interval."""
    found = share(table.counts[name], table.counts[whole])
    return TableShare(
        found.count, found.of, found.value, found.interval, table=table, name=name, whole=whole
    )


def shown_share(share: Share, policy: DisclosurePolicy) -> ShownShare:
    """Decide what may be shown of a share: by its table where it has one, and by itself."""
    hidden = policy.hides_share(share.count, share.of)
    if not isinstance(share, TableShare):
        count, of = policy.count(share.count), policy.count(share.of)
        low, _ = policy.alike(share.count)
        return ShownShare(count, low, of, hidden, policy.hides(share.count))
    safe = shown_table(share.table, policy)
    return ShownShare(
        safe.text(share.name),
        safe.cells[share.name].low,
        safe.text(share.whole),
        hidden or safe.hides_share(share.name, share.whole),
        safe.hides(share.name),
    )
