"""What rejects a whole file."""

from collections.abc import Callable, Mapping

import polars as pl
from attrs import frozen

from romframe_mhsds import layout
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.faults import SCHEMA, struck, told
from romframe_mhsds.preflight.rules import Rule, file_rules


HEADER = "MHS000Header"


@frozen
class Outcome:
    """A table of the file after the checks on rows: its rows, their faults, and those kept."""

    rows: pl.DataFrame
    faults: pl.DataFrame
    kept: pl.DataFrame


def file_faults(
    tables: Mapping[str, pl.DataFrame],
    found: Mapping[str, pl.DataFrame],
    kept: Mapping[str, pl.DataFrame],
    context: Context,
) -> pl.DataFrame:
    """Give what rejects the file: a line a row where a rule is about rows, otherwise one line."""
    nothing = pl.DataFrame()
    outcomes = {
        rule.table: Outcome(
            tables.get(rule.table, nothing),
            found.get(rule.table, pl.DataFrame(schema=SCHEMA)),
            kept.get(rule.table, nothing),
        )
        for rule in file_rules()
    }
    return pl.concat(_decide(rule, outcomes[rule.table], context) for rule in file_rules())


def _decide(rule: Rule, outcome: Outcome, context: Context) -> pl.DataFrame:
    if rule.column and outcome.rows.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    if rule.column:
        return struck(outcome.rows, layout.table(rule.table), (rule,), context)
    place = pl.lit(None, pl.Int64).alias("row"), pl.lit(rule.column).alias("column")
    line = told((rule,)).with_columns(*place).select(list(SCHEMA))
    return line if _KINDS[rule.check](rule, outcome) else line.clear()


def _empty(_: Rule, outcome: Outcome) -> bool:
    return outcome.rows.is_empty()


def _not_valid(_: Rule, outcome: Outcome) -> bool:
    return outcome.faults.get_column("rejects").any()


def _none_kept(_: Rule, outcome: Outcome) -> bool:
    return outcome.kept.is_empty() and not outcome.rows.is_empty()


def _all_struck(rule: Rule, outcome: Outcome) -> bool:
    """Say whether every row has one of the faults; NHS England's own way is not public."""
    by = pl.col("code").is_in(rule.params["by"].split(","))
    rows = outcome.faults.filter(by).get_column("row").n_unique()
    return 0 < rows == outcome.rows.height


_KINDS: Mapping[str, Callable[[Rule, Outcome], bool]] = {
    "empty": _empty,
    "not_valid": _not_valid,
    "none_kept": _none_kept,
    "all_struck": _all_struck,
}
