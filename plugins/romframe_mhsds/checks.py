"""The checks that NHS England makes on MHS606 rows, made before it does.

Each column is checked in the order of `rules.csv` up to the first fault: a blank code is not also
called unknown. The columns are checked independently of one another.
"""

from collections.abc import Iterable

import polars as pl
from stdnum import verhoeff

from romframe import DataError, Problem
from romframe_mhsds.codelist import CodeList, code_list
from romframe_mhsds.period import Period
from romframe_mhsds.reference import TABLE, columns, rules


# Digits, and perhaps a point and one digit; no leading zero. NHS England's PersonScoreWithinRange
# check (Reusable-Code-Library, mhsds_v6) compares the text before it compares the number.
_NUMBER = r"^(0|[1-9][0-9]*)([.][0-9])?$"
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(Z|[+]00:00|[+]01:00|-00:00)$"
)
_FIRST_YEAR = 1890


def check(
    rows: pl.DataFrame,
    period: Period,
    *,
    referrals: Iterable[str] | None = None,
    staff: Iterable[str] | None = None,
    codes: CodeList | None = None,
) -> pl.DataFrame:
    """Check MHS606 rows of one month; give a line a fault: row (from 1), code, effect, what, mend.

    `referrals` are the identifiers with a valid MHS101 row and `staff` those with an MHS901 row;
    what depends on them is left unchecked where they are not given. `codes` are the ids accepted in
    the period; the shipped list's where none are given. Raises DataError where a column of the
    table is missing.
    """
    _check_columns(rows)
    broken = _conditions(rows, period, codes or code_list(period.start), referrals, staff)
    chains = [_first_fault(column.name, broken).alias(column.name) for column in columns()]
    text = pl.col(column.name for column in columns()).cast(pl.String)
    found = (
        rows.with_columns(text)
        .select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row"), *chains)
        .unpivot(index="row", variable_name="column", value_name="code")
        .drop_nulls("code")
    )
    return (
        found.join(_rule_table(), on="code", how="left")
        .sort("row", "order")
        .select("row", "column", "code", "effect", "rejects", "what", "mend")
    )


def _check_columns(rows: pl.DataFrame) -> None:
    missing = [column.name for column in columns() if column.name not in rows.columns]
    if missing:
        what = f"The rows have no column {', '.join(missing)}."
        mend = f"{TABLE} has the columns {', '.join(column.name for column in columns())}."
        raise DataError(Problem("mhsds-column-missing", what, mend))


def _rule_table() -> pl.DataFrame:
    found = rules()
    return pl.DataFrame(
        {
            "code": [rule.code for rule in found],
            "order": range(len(found)),
            "effect": [rule.effect for rule in found],
            "rejects": [rule.rejects for rule in found],
            "what": [rule.condition for rule in found],
            "mend": [rule.mend for rule in found],
        }
    )


def _first_fault(column: str, broken: dict[str, pl.Expr]) -> pl.Expr:
    chain = pl.lit(None, pl.String)
    for rule in reversed([rule for rule in rules() if rule.column == column]):
        struck = broken[rule.code].fill_null(False)
        chain = pl.when(struck).then(pl.lit(rule.code)).otherwise(chain)
    return chain


def _conditions(
    rows: pl.DataFrame,
    period: Period,
    codes: CodeList,
    referrals: Iterable[str] | None,
    staff: Iterable[str] | None,
) -> dict[str, pl.Expr]:
    """Give, for every rule by its code, the rows that break it."""
    referral, tool, score, stamp, person = (pl.col(column.name) for column in columns())
    widths = {column.name: column.width for column in columns()}
    written = stamp.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return {
        "MHS60601": _blank(referral),
        "MHS60603": _blank(tool),
        "MHS60605": _blank(score),
        "MHS60608": _blank(stamp),
        "MHS60602": referral.str.len_chars() > widths["ServiceRequestID"],
        "MHS60604": ~tool.str.contains(r"^[0-9]{6,18}$"),
        "MHS60606": score.str.len_chars() > widths["PersScore"],
        "MHS60609": ~stamp.str.contains(_TIMESTAMP)
        | written.is_null()
        | (written.dt.year() < _FIRST_YEAR),
        "MHS60614": person.str.len_chars() > widths["CareProfLocalID"],
        "ROM60604": tool.is_in(_wrong_check_digits(rows)),
        "MHS60613": ~tool.is_in(list(codes.accepted)),
        "MHS60607": _invalid_score(tool, score, codes),
        "MHS60618": written < period.start,
        "MHS60616": written > period.end,
        "ROM60609": _utc_month(stamp) != written.dt.month(),
        "MHS60612": _unknown(referral, referrals),
        "MHS60615": ~_blank(person) & _unknown(person, staff),
        "ROM60601": pl.len().over(referral, tool, stamp) > 1,
    }


def _blank(text: pl.Expr) -> pl.Expr:
    return text.is_null() | (text.str.strip_chars() == "")


def _unknown(identifier: pl.Expr, known: Iterable[str] | None) -> pl.Expr:
    return pl.lit(False) if known is None else ~identifier.is_in(sorted(known))


def _wrong_check_digits(rows: pl.DataFrame) -> list[str]:
    codes = rows.get_column("CodedAssToolType").cast(pl.String).drop_nulls().unique().sort()
    return [code for code in codes if not verhoeff.is_valid(code)]


def _invalid_score(tool: pl.Expr, score: pl.Expr, codes: CodeList) -> pl.Expr:
    """Say where a score is outside the range, or not in the set, of its code.

    A set whose members are not known is not checked.
    """
    ranges = {key: scale for key, scale in codes.accepted.items() if scale.kind == "range"}
    sets = {key: scale for key, scale in codes.accepted.items() if scale.members}
    number = score.cast(pl.Float64, strict=False)
    low = tool.replace_strict(
        list(ranges),
        [scale.low for scale in ranges.values()],
        default=None,
        return_dtype=pl.Float64,
    )
    high = tool.replace_strict(
        list(ranges),
        [scale.high for scale in ranges.values()],
        default=None,
        return_dtype=pl.Float64,
    )
    pairs = [f"{key} {member}" for key, scale in sets.items() for member in scale.members]
    out_of_range = ~score.str.contains(_NUMBER) | (number < low) | (number > high)
    not_in_set = ~pl.concat_str(tool, pl.lit(" "), score).is_in(pairs)
    return (tool.is_in(list(ranges)) & out_of_range) | (tool.is_in(list(sets)) & not_in_set)


def _utc_month(stamp: pl.Expr) -> pl.Expr:
    wall = stamp.str.slice(0, 19).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
    hours = pl.when(stamp.str.ends_with("+01:00")).then(1).otherwise(0)
    return (wall - pl.duration(hours=hours)).dt.month()
