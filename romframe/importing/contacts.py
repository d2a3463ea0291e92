"""Offers of contact in a file of anonymous returns, read apart from the answers beside them."""

from collections.abc import Collection, Iterator

import polars as pl

from romframe.errors import DataError, Problem, did_you_mean
from romframe.importing.cells import spellings, text
from romframe.importing.mapping import ContactOffers, Mapping


def contact_texts(
    source: pl.DataFrame, mapping: Mapping, read: Collection[str], *, anonymous: bool
) -> tuple[str, ...]:
    """Give what those who are willing wrote, a text a person, sorted so that no order is left.

    They come from every row of the file, whether or not its answers can be stored. `read` are the
    columns from which the returns are read. Raises DataError where the columns do not fit.
    """
    asked = mapping.contact_offers
    if asked is None:
        return ()
    problems = list(_problems(source, mapping, asked, read, anonymous=anonymous))
    if problems:
        raise DataError(problems)
    codes = [spelling for code in asked.codes for spelling in spellings(code)]
    willing = text(asked.willing, source.schema[asked.willing]).is_in(codes)
    cells = [text(name, source.schema[name]) for name in asked.columns]
    offers = pl.concat_str(cells, separator="; ", ignore_nulls=True).alias("offer")
    found = source.lazy().filter(willing).select(offers).filter(pl.col("offer") != "")
    return tuple(found.sort("offer").collect()["offer"])


def _problems(
    source: pl.DataFrame,
    mapping: Mapping,
    asked: ContactOffers,
    read: Collection[str],
    *,
    anonymous: bool,
) -> Iterator[Problem]:
    keys = ("contact_offers",)
    if not anonymous:
        what = "Offers of contact are kept apart only from anonymous returns."
        mend = "Delete the lines: who returned it is known here."
        yield mapping.problem(keys, "contact-identified", what, mend)
    for name in (asked.willing, *asked.columns):
        if name not in source.columns:
            what = f"The file has no column {name!r}, in which contact details should be."
            yield mapping.problem(keys, "column-unknown", what, did_you_mean(name, source.columns))
        elif name in read:
            what = f"{name!r} would be kept with the answers and with the contact details."
            mend = "Read it for one of the two: nothing may lead from one to the other."
            yield mapping.problem(keys, "contact-shared", what, mend)
