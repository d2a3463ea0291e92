"""Bands: the named stretches of a score, the same for everybody or by who the person is."""

from collections.abc import Iterable, Sequence

import polars as pl

from romframe import keyed
from romframe.instruments.model import Band, Keyed, Score
from romframe.methods import NEAR


def all_bands(score: Score) -> tuple[Band, ...]:
    """Give every band of a score, whoever it holds for."""
    if isinstance(score.bands, Keyed):
        return tuple(band for row in score.bands.rows for band in row.content)
    return score.bands


def band_of(score: Score, value: pl.Expr, labels: pl.Enum, columns: Iterable[str]) -> pl.Expr:
    """Give a value's band; null where it falls in none, or where the person's table is unknown."""
    value = (value + NEAR) if score.of or score.across else value
    if isinstance(score.bands, Keyed):
        return keyed.choose(score.bands, columns, lambda bands: _band(bands, value, labels), labels)
    return _band(score.bands, value, labels)


def _band(bands: Sequence[Band], value: pl.Expr, labels: pl.Enum) -> pl.Expr:
    found = pl.lit(None, labels)
    for band in bands:
        found = pl.when(value >= band.start).then(pl.lit(band.label, labels)).otherwise(found)
    return found
