"""How values are written: the forms that NHS England takes, and the dates in them."""

import polars as pl

from romframe_mhsds.layout import Field


_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_FORMS = {
    "date": f"^{_DATE}$",
    "time": f"^{_TIME}$",
    "datetime": f"^{_DATE} {_TIME}$",
    "timestamp": f"^{_DATE}T{_TIME}(Z|[+]00:00|[+]01:00|-00:00)$",
    # one or two letters, a digit, a letter or digit or nothing, space, a digit, two letters:
    # NHS England's POSTCODE_PATTERN (Reusable-Code-Library, dsp/common/regex_patterns.py)
    "postcode": r"^[a-zA-Z]{1,2}[0-9][a-zA-Z0-9]?\s+[0-9][a-zA-Z]{2}$",
}
_DATED = ("date", "datetime", "timestamp")
_FIRST_YEAR = 1890


def badly_written(text: pl.Expr, field: Field) -> pl.Expr:
    """Say where a text has not the form of its column."""
    if field.kind == "text":
        return ~text.str.len_chars().is_between(field.least, field.width)
    if field.kind == "digits":
        return ~text.str.contains(f"^[0-9]{{{field.least},{field.width}}}$")
    wrong = ~text.str.contains(_FORMS[field.kind])
    if field.kind in _DATED:
        day = day_of(text)
        return wrong | day.is_null() | (day.dt.year() < _FIRST_YEAR)
    return wrong


def day_of(text: pl.Expr) -> pl.Expr:
    """Give the day as it is written in a date, a datetime or a timestamp; null where none is."""
    return text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def utc_month(stamp: pl.Expr) -> pl.Expr:
    """Give the month of a timestamp in UTC."""
    wall = stamp.str.slice(0, 19).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
    hours = pl.when(stamp.str.ends_with("+01:00")).then(1).otherwise(0)
    return (wall - pl.duration(hours=hours)).dt.month()
