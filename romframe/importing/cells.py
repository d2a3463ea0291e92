"""What the cells of a file say: text, codes, dates and flags; null where unreadable."""

from collections.abc import Mapping as Dict

import polars as pl

from romframe.importing.mapping import Mapping


_DATE_TIME = "%Y-%m-%dT%H:%M:%S"
_CLOCK = r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
_OFFSET = r"Z|[+-](0\d|1[0-4]):[0-5]\d"
_ISO = rf"^\d{{4}}-\d\d-\d\d({_CLOCK}({_OFFSET})?)?$"
_FLAGS = {"1": "1", "true": "1", "yes": "1", "y": "1", "0": "0", "false": "0", "no": "0", "n": "0"}


def text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Give a column as text: blanks null, whole numbers without decimals, dates as ISO."""
    column = pl.col(name)
    if dtype == pl.Date:
        return column.dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return column.dt.strftime(_DATE_TIME + ("%:z" if dtype.time_zone else ""))
    plain = column.cast(pl.String)
    if dtype.is_float():
        return plain.str.strip_suffix(".0")
    plain = plain.str.strip_chars()
    return pl.when(plain != "").then(plain)


def spellings(code: str) -> tuple[str, ...]:
    """Give the ways in which a cell can spell a code: whole numbers may come with a decimal."""
    return (code, f"{code}.0") if code.lstrip("-").isdigit() else (code,)


def recode(cells: pl.Expr, codes: Dict[str, str]) -> pl.Expr:
    """Turn their codes into ours; a code that is not listed becomes null."""
    table = {spelling: ours for theirs, ours in codes.items() for spelling in spellings(theirs)}
    return cells.replace_strict(list(table), list(table.values()), default=None)


def date_text(cells: pl.Expr, mapping: Mapping | None = None) -> pl.Expr:
    """Give dates as ISO text, as precise as they come; null where unreadable.

    They are read in the formats of `mapping`, and as ISO 8601 where it has none.
    """
    if mapping and (mapping.date_format or mapping.datetime_format):
        return _formatted(cells, mapping)
    return _iso(cells)


def flag(cells: pl.Expr) -> pl.Expr:
    """Give yes and no as 1 and 0; null if it is neither."""
    known = cells.str.to_lowercase().replace_strict(_FLAGS, default=None)
    return known.cast(pl.Int8)


def _iso(cells: pl.Expr) -> pl.Expr:
    day = cells.str.head(10)
    valid = cells.str.contains(_ISO) & day.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    given = cells.str.slice(16, 1) == ":"
    seconds = pl.when(given).then(cells.str.slice(16, 3)).otherwise(pl.lit(":00"))
    zone = cells.str.extract(r"(Z|[+-]\d\d:\d\d)$").replace("Z", "+00:00").fill_null("")
    clock = pl.concat_str(day, pl.lit("T"), cells.str.slice(11, 5), seconds, zone)
    exact = pl.when(cells.str.len_bytes() > 10).then(clock).otherwise(day)
    return pl.when(valid).then(exact)


def _formatted(cells: pl.Expr, mapping: Mapping) -> pl.Expr:
    found = []
    if mapping.datetime_format:
        moment = cells.str.to_datetime(mapping.datetime_format, strict=False, time_unit="us")
        found.append(moment.dt.strftime(_DATE_TIME))
    if mapping.date_format:
        day = cells.str.to_date(mapping.date_format, strict=False)
        found.append(day.dt.strftime("%Y-%m-%d"))
    return pl.coalesce(found)


def escaped(cells: pl.Expr) -> pl.Expr:
    """Give text in which no bar is left, so that texts can be joined with bars and told apart."""
    freed = cells.str.replace_all("%", "%25", literal=True)
    return freed.str.replace_all("|", "%7C", literal=True)


def joined(parts: list[pl.Expr]) -> pl.Expr:
    """Join texts with bars; a null is an empty place."""
    return pl.concat_str([part.fill_null("") for part in parts], separator="|")
