"""The data dictionary: what every column of the tables is, and what its values mean."""

from collections.abc import Iterator, Mapping

import polars as pl

from romframe import Instrument, Item


_COLUMNS = ("measure", "column", "kind", "label", "values", "missing")


def dictionary(instruments: Mapping[str, Instrument]) -> pl.DataFrame:
    """Give a row an item and a score of every measure."""
    rows = [row for name, instrument in instruments.items() for row in _rows(name, instrument)]
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def _rows(name: str, instrument: Instrument) -> Iterator[tuple[str, ...]]:
    for item in instrument.items:
        missing = "; ".join(f"{code}: {state}" for code, state in item.scale.missing)
        yield name, item.id, _kind(item), item.label, _values(item), missing
    for score in instrument.scores:
        values = f"{score.low:g} to {score.high:g}, better {score.better}"
        yield name, f"score:{score.id}", "score", score.name, values, ""


def _kind(item: Item) -> str:
    return "item, turned in the data" if item.reversed else "item"


def _values(item: Item) -> str:
    scale = item.scale
    if scale.kind == "text":
        return "any text"
    if scale.kind == "number":
        return f"{scale.low:g} to {scale.high:g} in steps of {scale.step:g}"
    turned = sorted((each.value or 0 for each in scale.options), reverse=True)
    straight = sorted(each.value or 0 for each in scale.options)
    other = dict(zip(straight, turned, strict=True))
    if item.reversed and not scale.valued:
        return "; ".join(f"{other[each.value or 0]:g}: {each.label}" for each in scale.options)
    return "; ".join(f"{each.code}: {each.label}" for each in scale.options)
