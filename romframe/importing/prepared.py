"""What a file holds once it has been read against an instrument or a kind of record."""

import polars as pl
from attrs import field, frozen


REJECTED = pl.Schema(
    {
        "row": pl.Int64,
        "code": pl.String,
        "column": pl.String,
        "what": pl.String,
        "mend": pl.String,
        "raw": pl.String,
    }
)
WARNINGS = pl.Schema({name: dtype for name, dtype in REJECTED.items() if name != "raw"})


@frozen
class Prepared:
    """The rows of one file, sorted into what may be stored and what may not.

    `accepted` has `row` (1 is the first data row), the columns of the data model and, unless the
    returns are anonymous, `row_key` (what makes it the same record when imported again) and
    `content_digest` (equal only where the content is). Answers come as item columns in canonical
    coding, with `states`.
    `rejected` has one line a rejected row, with its first fault and the row as it was, as JSON.
    `warnings` are about rows that were accepted; row 0 stands for the whole file.
    `unchanged` counts rows that repeat an accepted row of the same file word for word, so that
    read = accepted + rejected + unchanged. `columns` are those of the file of which a rejected row
    may keep something, where that is not all of them. `contacts` are offers of contact that came
    with anonymous returns, unrelated to any of them.
    """

    accepted: pl.DataFrame = field(eq=False)
    rejected: pl.DataFrame = field(eq=False)
    warnings: pl.DataFrame = field(eq=False)
    unchanged: int = 0
    columns: tuple[str, ...] = ()
    contacts: tuple[str, ...] = field(default=(), repr=False)

    @property
    def read(self) -> int:
        """The number of data rows that the file had."""
        return self.accepted.height + self.rejected.height + self.unchanged
