"""The checks on MHS606 rows alone; see `faults` for those on any table."""

from collections.abc import Iterable

import polars as pl

from romframe_mhsds.codelist import CodeList, code_list
from romframe_mhsds.context import Context
from romframe_mhsds.faults import faults
from romframe_mhsds.period import Period
from romframe_mhsds.reference import TABLE


def check(
    rows: pl.DataFrame,
    period: Period,
    *,
    referrals: Iterable[str] | None = None,
    staff: Iterable[str] | None = None,
    codes: CodeList | None = None,
) -> pl.DataFrame:
    """Check MHS606 rows of one month; give the faults of `faults`.

    `referrals` are the identifiers with a valid MHS101 row and `staff` those with an MHS901 row;
    what depends on them is left unchecked where they are not given. Raises DataError where a column
    that must be filled is missing.
    """
    parents = {
        "MHS101Referral": _keys("ServiceRequestID", referrals),
        "MHS901StaffDetails": _keys("CareProfLocalID", staff),
    }
    known = {table: keys for table, keys in parents.items() if keys is not None}
    return faults(rows, TABLE, Context(period, codes or code_list(period.start), parents=known))


def _keys(column: str, known: Iterable[str] | None) -> pl.DataFrame | None:
    return None if known is None else pl.DataFrame({column: sorted(known)}, {column: pl.String})
