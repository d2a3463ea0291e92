"""Disclosure control: what a reader may see of counts of people, by a named policy."""

from romframe.disclosure.policy import (
    DISCLOSURE_POLICIES,
    NHS_MONTHLY,
    SERVICE,
    SHOWN,
    DisclosurePolicy,
    disclosure_policy,
)
from romframe.disclosure.protect import protect
from romframe.disclosure.releases import append_release, read_releases
from romframe.disclosure.shares import ShownShare, TableShare, share_of, shown_share
from romframe.disclosure.table import Cell, CountTable, ProtectedTable, Sum


__all__ = [
    "DISCLOSURE_POLICIES",
    "NHS_MONTHLY",
    "SERVICE",
    "SHOWN",
    "Cell",
    "CountTable",
    "DisclosurePolicy",
    "ProtectedTable",
    "ShownShare",
    "Sum",
    "TableShare",
    "append_release",
    "disclosure_policy",
    "protect",
    "read_releases",
    "share_of",
    "shown_share",
]
