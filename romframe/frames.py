"""The caller's own kind of frame in, the same kind out.

Polars frames, lazy ones too, pass as they are; anything else that Narwhals knows (pandas, PyArrow,
DuckDB relations, Modin) crosses over Arrow.
"""

from collections.abc import Callable
from typing import Any

import narwhals as nw
import polars as pl
from attrs import frozen

from romframe.errors import Problem, UsageError


@frozen
class Border:
    """A frame on its way in, and how its result goes back."""

    frame: pl.LazyFrame
    lazy: bool
    give_back: Callable[[pl.DataFrame], Any]


def cross(native: Any) -> Border:
    """Take a frame of any supported kind; raises UsageError for anything else."""
    if isinstance(native, pl.LazyFrame):
        return Border(native, True, lambda frame: frame)
    if isinstance(native, pl.DataFrame):
        return Border(native.lazy(), False, lambda frame: frame)
    try:
        frame = nw.from_native(native)
    except TypeError as error:
        what = f"A {type(native).__name__} is not a data frame that romframe knows."
        mend = "Give a Polars, pandas or PyArrow frame or a DuckDB relation."
        raise UsageError(Problem("frame-kind", what, mend)) from error
    if isinstance(frame, nw.LazyFrame):
        collected = frame.collect("polars").to_native()
        return Border(collected.lazy(), False, _lazy_back(frame.implementation))
    return Border(frame.to_polars().lazy(), False, _eager_back(frame.implementation))


def _eager_back(kind: nw.Implementation) -> Callable[[pl.DataFrame], Any]:
    if kind.is_pandas():
        return lambda frame: frame.to_pandas()
    return lambda frame: nw.from_native(frame).lazy().collect(kind).to_native()


def _lazy_back(kind: nw.Implementation) -> Callable[[pl.DataFrame], Any]:
    return lambda frame: nw.from_native(frame).lazy(kind).to_native()
