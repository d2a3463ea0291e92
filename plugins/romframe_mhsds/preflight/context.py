"""What the rules need to know besides the rows."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl
from attrs import field, frozen

from romframe_mhsds.codes.codelist import CodeList
from romframe_mhsds.period import Period


@frozen
class Context:
    """The period, its code list, when and for whom the file is made, and the parents of the rows.

    `parents` maps a table to its valid rows: at least their key, and any dates that rules of other
    tables compare with. A rule that needs what is not given here is not decided.
    """

    period: Period
    codes: CodeList
    created: datetime | None = None
    provider: str | None = None
    parents: Mapping[str, pl.DataFrame] = field(factory=dict)
