"""The kinds of check that `data/rules.csv` names: each gives the rows that break a rule.

A kind gives nothing where the context lacks what it needs; the rule is then not decided. Where the
column of a rule is blank, only a check for blanks can break it: `condition` sees to that, and to
the conditions that every rule may have (`given` and `without`: another column that must be filled
or blank).
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import polars as pl
from attrs import frozen
from stdnum import verhoeff
from stdnum.gb import nhs

from romframe_mhsds.layout import Table
from romframe_mhsds.preflight.context import Context
from romframe_mhsds.preflight.formats import badly_written, day_of, utc_month
from romframe_mhsds.preflight.rules import Rule
from romframe_mhsds.preflight.scorecheck import invalid_score


@frozen
class Question:
    """A rule put to the rows of a table; in `texts` every blank is null."""

    rule: Rule
    table: Table
    texts: pl.DataFrame
    context: Context

    @property
    def column(self) -> pl.Expr:
        """The column that the rule looks at."""
        return pl.col(self.rule.column)


def condition(question: Question) -> pl.Expr | None:
    """Say which rows break a rule; nothing where that cannot be decided."""
    rule = question.rule
    broken = _KINDS[rule.check](question)
    if broken is None:
        return None
    if rule.column and rule.check != "blank":
        broken &= question.column.is_not_null()
    if "given" in rule.params:
        broken &= pl.col(rule.params["given"]).is_not_null()
    if "without" in rule.params:
        broken &= pl.col(rule.params["without"]).is_null()
    return broken


def _blank(question: Question) -> pl.Expr:
    return question.column.is_null()


def _format(question: Question) -> pl.Expr:
    return badly_written(question.column, question.table.field(question.rule.column))


def _listed(question: Question) -> pl.Expr:
    return ~question.column.is_in(question.table.field(question.rule.column).codes)


def _accepted(question: Question) -> pl.Expr:
    return ~question.column.is_in(list(question.context.codes.accepted))


def _score(question: Question) -> pl.Expr:
    return invalid_score(pl.col("CodedAssToolType"), question.column, question.context.codes)


def _check_digit(question: Question) -> pl.Expr:
    return question.column.is_in(_failing(question, verhoeff.is_valid))


def _nhs_number(question: Question) -> pl.Expr:
    return question.column.is_in(_failing(question, nhs.is_valid))


def _failing(question: Question, valid: Callable[[str], bool]) -> list[str]:
    values = question.texts.get_column(question.rule.column).drop_nulls().unique().sort()
    return [value for value in values if not valid(value)]


def _equals(question: Question) -> pl.Expr:
    return question.column == question.rule.params["value"]


def _differs(question: Question) -> pl.Expr | None:
    """Compare with a value, or with one that the context gives under its name."""
    value = question.rule.params["value"]
    period = question.context.period
    given = {
        "period.start": period.start.isoformat(),
        "period.end": period.end.isoformat(),
        "provider": question.context.provider,
    }
    expected = given.get(value, value)
    return None if expected is None else question.column != expected


def _before(question: Question) -> pl.Expr | None:
    limit = _limit(question)
    return None if limit is None else day_of(question.column) < limit


def _after(question: Question) -> pl.Expr | None:
    limit = _limit(question)
    return None if limit is None else day_of(question.column) > limit


def _limit(question: Question) -> pl.Expr | None:
    """Give the day to compare with: of the period, of the file, of the row or of its parent."""
    name, created = question.rule.params["limit"], question.context.created
    period = question.context.period
    days: Mapping[str, date | None] = {
        "period.start": period.start,
        "period.end": period.end,
        "period.end+1": period.end + timedelta(days=1),
        "created": None if created is None else created.date(),
    }
    if name in days:
        day = days[name]
        return None if day is None else pl.lit(day)
    table, _, column = name.rpartition(".")
    return _day_of_parent(question, table, column) if table else day_of(pl.col(name))


def _day_of_parent(question: Question, table: str, column: str) -> pl.Expr | None:
    key = question.rule.params["through"]
    parents = question.context.parents.get(table)
    if parents is None or column not in parents.columns:
        return None
    known = parents.select(pl.col(key, column).cast(pl.String)).unique(key, keep="first")
    found = pl.col(key).replace_strict(
        known.get_column(key), known.get_column(column), default=None, return_dtype=pl.String
    )
    return day_of(found)


def _older(question: Question) -> pl.Expr:
    """Ask for the day on which the person is a year older than that: periods start on a first."""
    start = question.context.period.start
    last = start.replace(year=start.year - int(question.rule.params["years"]) - 1)
    return day_of(question.column) <= last


def _other_month(question: Question) -> pl.Expr:
    return utc_month(question.column) != day_of(question.column).dt.month()


def _parent(question: Question) -> pl.Expr | None:
    parents = question.context.parents.get(question.rule.params["table"])
    if parents is None:
        return None
    keys = parents.get_column(question.rule.column).cast(pl.String).unique()
    return ~question.column.is_in(keys.implode())


def _unique(question: Question) -> pl.Expr:
    return pl.len().over(question.rule.params["columns"].split(",")) > 1


def _single(_: Question) -> pl.Expr:
    return pl.len() > 1


def _always(_: Question) -> pl.Expr:
    return pl.lit(True)


def _followed(_: Question) -> pl.Expr:
    """Ask for a registration with another practice on the day after this one ends.

    As NHS England's get_rows_without_consecutive_gp_registrations does (Reusable-Code-Library).
    """
    person, practice = pl.col("LocalPatientID"), pl.col("GMPReg")
    start = day_of(pl.col("StartDateGMPRegistration")).cast(pl.String)
    following = day_of(pl.col("EndDateGMPRegistration")).dt.offset_by("1d").cast(pl.String)

    def starts(*key: pl.Expr) -> pl.Expr:
        first, then = (pl.concat_str(*key, day, separator="\n") for day in (start, following))
        return then.is_in(first.implode())

    return ~starts(person) | starts(person, practice)


_KINDS: Mapping[str, Callable[[Question], pl.Expr | None]] = {
    "blank": _blank,
    "format": _format,
    "listed": _listed,
    "accepted": _accepted,
    "score": _score,
    "check_digit": _check_digit,
    "nhs_number": _nhs_number,
    "equals": _equals,
    "differs": _differs,
    "before": _before,
    "after": _after,
    "older": _older,
    "other_month": _other_month,
    "parent": _parent,
    "unique": _unique,
    "single": _single,
    "always": _always,
    "followed": _followed,
}
