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
from romframe.disclosure.releases import RELEASES_NAME, Release, append_releases, read_releases
from romframe.disclosure.report import ReportPolicy, report_policy, shown_table
from romframe.disclosure.shares import ShownShare, TableShare, share_of, shown_share
from romframe.disclosure.table import Cell, CountTable, ProtectedTable, Sum


__all__ = [
    "DISCLOSURE_POLICIES",
    "NHS_MONTHLY",
    "RELEASES_NAME",
    "SERVICE",
    "SHOWN",
    "Cell",
    "CountTable",
    "DisclosurePolicy",
    "ProtectedTable",
    "Release",
    "ReportPolicy",
    "ShownShare",
    "Sum",
    "TableShare",
    "append_releases",
    "disclosure_policy",
    "protect",
    "read_releases",
    "report_policy",
    "share_of",
    "shown_share",
    "shown_table",
]
