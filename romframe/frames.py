"""The caller's own kind of frame in, the same kind out.

Polars frames, lazy ones too, pass as they are; anything else that Narwhals knows (pandas, PyArrow,
DuckDB relations, Modin) crosses over Arrow.
"""

from collections.abc import Callable
from typing import Any

import narwhals as nw
import polars as pl
from attrs import frozen
from narwhals.exceptions import DuplicateError

from romframe.errors import DataError, Problem, UsageError


@frozen
class Border:
    """A frame on its way in, and how its result goes back.

    `give_back` is for a result with rows of its own; `give_back_rows` for one that has, in order,
    the same number of rows for each row of the frame.
    """

    frame: pl.LazyFrame
    lazy: bool
    give_back: Callable[[pl.DataFrame], Any]
    _beside: Callable[[pl.DataFrame], Any] | None = None

    def give_back_rows(self, result: pl.DataFrame) -> Any:
        """Give the result as the caller's kind of frame, with the index of its rows."""
        return (self._beside or self.give_back)(result)


def cross(native: Any) -> Border:
    """Take a frame of any supported kind; raises UsageError for anything else."""
    if isinstance(native, pl.LazyFrame):
        return Border(native, True, lambda frame: frame)
    if isinstance(native, pl.DataFrame):
        return Border(native.lazy(), False, lambda frame: frame)
    try:
        frame = nw.from_native(native)
    except DuplicateError as error:
        what, mend = "Two columns have the same name.", "Rename one of them."
        raise DataError(Problem("column-twice", what, mend)) from error
    except TypeError as error:
        what = f"A {type(native).__name__} is not a data frame that romframe knows."
        mend = "Give a Polars, pandas or PyArrow frame or a DuckDB relation."
        raise UsageError(Problem("frame-kind", what, mend)) from error
    kind = frame.implementation
    if isinstance(frame, nw.LazyFrame):
        collected = frame.collect("polars").to_native()
        return Border(collected.lazy(), False, _lazy_back(kind))
    if kind.is_pandas():
        return _cross_pandas(native.rename(columns=str))
    return Border(frame.to_polars().lazy(), False, _eager_back(kind))


def _eager_back(kind: Any) -> Callable[[pl.DataFrame], Any]:
    return lambda frame: nw.from_native(frame).lazy().collect(kind).to_native()


def _lazy_back(kind: Any) -> Callable[[pl.DataFrame], Any]:
    return lambda frame: nw.from_native(frame).lazy(kind).to_native()


def _cross_pandas(native: Any) -> Border:
    """Take a pandas frame; its index and untouched columns come back as they were.

    Without the index, pandas would line a result up with the wrong rows. A result with more than
    one row a row repeats the index, as `explode` does.
    """
    frame = _from_pandas(native)

    def beside(result: pl.DataFrame) -> Any:
        times = result.height // max(frame.height, 1)
        table = result.to_pandas()
        for name, dtype in result.schema.items():
            if frame.schema.get(name) == dtype:
                table[name] = native[name].repeat(times).array
        table.index = native.index if times == 1 else native.index.repeat(times)
        return table

    return Border(frame.lazy(), False, lambda result: result.to_pandas(), beside)


def _from_pandas(native: Any) -> pl.DataFrame:
    columns = []
    for name in native:
        try:
            columns.append(pl.Series(name, pl.from_pandas(native[name])))
        except (TypeError, ValueError) as error:
            what = f"The values in the column {name!r} are not all of one kind."
            mend = f'Make it text: `frame["{name}"] = frame["{name}"].astype("string")`.'
            raise DataError(Problem("column-type", what, mend)) from error
    return pl.DataFrame(columns)
