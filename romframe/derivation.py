"""One instrument read out of another: the CORE-10 that every CORE-OM holds."""

from collections.abc import Mapping

import polars as pl

from romframe.answers import check_coding, read_items
from romframe.errors import DataError, Problem, UsageError, did_you_mean
from romframe.instruments.model import Coding, Derivation, Instrument


def derive(
    frame: pl.LazyFrame, target: Instrument, origin: Instrument, coding: Coding | None = None
) -> pl.LazyFrame:
    """Give the answers to `target` out of answers to `origin`, in the values that a store keeps.

    `coding` is that of the given answers; score the result with coding `stored`. Columns that are
    not items are kept, and an answer that the scale does not allow becomes `invalid`, which every
    score refuses. Raises UsageError where the spec does not say how one is read out of the other,
    DataError where a column is missing.
    """
    derivation = _derivation(target, origin)
    manner = check_coding(origin, coding)
    columns = frame.collect_schema()
    wanted = [origin.item(name) for name in derivation.items.values()]
    absent = [item.id for item in wanted if item.id not in columns]
    if absent:
        what = f"There is no column {', '.join(absent)} for {origin.name}."
        mend = "A column that is absent is not a blank answer: name the columns by item id."
        raise DataError(Problem("column-missing", what, mend))
    readings = read_items(wanted, columns, manner)
    theirs = {item.id for item in origin.items}
    keys = [name for name in columns if name not in theirs]
    return frame.select(
        *keys,
        *(
            pl.when(readings[name].invalid)
            .then(pl.lit("invalid"))
            .otherwise(readings[name].stored.cast(pl.String))
            .alias(own)
            for own, name in derivation.items.items()
        ),
    )


def _derivation(target: Instrument, origin: Instrument) -> Derivation:
    known: Mapping[str, Derivation] = {each.instrument: each for each in target.derivations}
    if origin.id not in known:
        what = f"The spec of {target.name} does not say how to read it out of {origin.id}."
        mend = did_you_mean(origin.id, known) if known else "Score the items that were answered."
        raise UsageError(Problem("no-derivation", what, mend))
    absent = [name for name in known[origin.id].items.values() if name not in _ids(origin)]
    if absent:
        what = f"{target.name} is read out of {absent[0]!r}, which {origin.name} does not have."
        mend = f"Correct `derivations:` in the spec of {target.id}."
        raise UsageError(Problem("no-derivation", what, mend))
    return known[origin.id]


def _ids(instrument: Instrument) -> set[str]:
    return {item.id for item in instrument.items}
