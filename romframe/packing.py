"""One whole number that carries a sum, a number answered and a number invalid.

Adding such numbers adds all three at once, so that scores that share items share the work.
"""

import math
from collections.abc import Iterable

import polars as pl
from attrs import frozen

from romframe.answers import Reading


@frozen
class Packing:
    """The layout of one integer that carries a sum, a number answered and a number invalid.

    The sum counts in units of which `units` make 1, whatever the steps of the single scales.
    """

    low: int
    base: int
    big: int
    width: pl.DataType | type[pl.DataType]
    units: int = 1

    @classmethod
    def fit(cls, readings: Iterable[Reading]) -> "Packing":
        """Choose a layout in which no field can run over into the next."""
        scales = [reading.item.scale for reading in readings]
        units = math.lcm(*(scale.units for scale in scales))
        lows = [round((scale.low or 0) * units) for scale in scales] or [0]
        highs = [round((scale.high or 0) * units) for scale in scales] or [0]
        low = min(lows)
        base = 1 << (sum(high - low for high in highs)).bit_length()
        big = base << len(scales).bit_length()
        wide = (big * len(scales)).bit_length() > 31
        return cls(low, base, big, pl.Int64 if wide else pl.Int32, units)

    def pack(self, reading: Reading) -> pl.Expr:
        """Give what one item adds."""
        finer = self.units // reading.item.scale.units
        value = reading.value.cast(self.width)
        return (
            pl.when(reading.valid)
            .then((value * finer if finer > 1 else value) + (self.base - self.low))
            .when(reading.blank)
            .then(pl.lit(0, self.width))
            .otherwise(pl.lit(self.big, self.width))
        )

    def answered(self, packed: pl.Expr) -> pl.Expr:
        """Give the number of answered items."""
        return (packed & (self.big - 1)) // self.base

    def total(self, packed: pl.Expr) -> pl.Expr:
        """Give the sum of the answered items, in whole units."""
        total = packed & (self.base - 1)
        return total + self.answered(packed) * self.low if self.low else total

    def invalid(self, packed: pl.Expr) -> pl.Expr:
        """Say whether any item holds a code that its scale does not allow."""
        return packed >= self.big
