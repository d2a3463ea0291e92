"""A file's table becomes rows for the store, rows set aside with a reason, and remarks."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from romframe.answers import check_coding
from romframe.errors import DataError, UsageError, did_you_mean
from romframe.importing.answers import Answers
from romframe.importing.columns import Chooser
from romframe.importing.contacts import contact_texts
from romframe.importing.details import expanded
from romframe.importing.fields import Fields
from romframe.importing.findings import find
from romframe.importing.kinds import DETAILS, WHO, RecordKind, anonymous_kind, assessment_kind
from romframe.importing.mapping import Mapping
from romframe.importing.prepared import REJECTED, WARNINGS, Prepared
from romframe.importing.reader import Reader
from romframe.instruments.model import STORED, Coding, DataCoding, Instrument, Item
from romframe.tables import collect


def prepare(
    frame: pl.DataFrame | pl.LazyFrame,
    target: Instrument | RecordKind,
    mapping: Mapping,
    *,
    today: date,
    coding: Coding | None = None,
    file: str = "",
) -> Prepared:
    """Sort the rows of a table into those that can be stored and those that cannot, with reasons.

    No date may be later than `today`; `coding` is for mappings that do not say it; `file` is what
    problems name. Raises DataError where the columns or the mapping do not fit the target, and
    UsageError where turned items need a coding.
    """
    _check_target(target, mapping)
    source = collect(frame, file)
    reader = _reader(source, target, mapping, today, coding, file)
    anonymous = isinstance(target, Instrument) and _anonymous(target, mapping)
    contacts = contact_texts(source, mapping, reader.layout.used, anonymous=anonymous)
    rows = reader.rows()
    faulty = find(rows.frame, source, rows.faults)
    sound = _without(rows.frame, faulty["row"])
    again, conflicts = _repeated(sound)
    accepted = _without(sound, pl.concat([again, conflicts["row"]]))
    rejected = pl.concat([faulty, conflicts]).sort("row")
    raw = reader.raw(rows.frame.select(pl.all().gather(rejected["row"] - 1)))
    return Prepared(
        accepted=accepted.select(reader.kept),
        rejected=rejected.with_columns(raw).select(list(REJECTED)),
        warnings=pl.concat([reader.unused(), find(accepted, source, rows.remarks)]),
        unchanged=len(again),
        columns=tuple(reader.layout.used) if reader.kind.private else (),
        contacts=contacts,
    )


def _check_target(target: Instrument | RecordKind, mapping: Mapping) -> None:
    named = mapping.instrument or mapping.kind
    if named and named.partition("-")[0] != target.id:
        key = "instrument" if mapping.instrument else "kind"
        what = f"This mapping is for {named}, not for {target.id}."
        mend = f"Import the file as {named}, or use another mapping."
        raise DataError(mapping.problem((key,), "mapping-other-target", what, mend))
    known = target.known_codings if isinstance(target, Instrument) else {}
    if mapping.coding is not None and mapping.coding not in known:
        what = f"{target.id} has no coding {mapping.coding!r}."
        mend = did_you_mean(mapping.coding, known)
        raise DataError(mapping.problem(("coding",), "unknown-coding", what, mend))


def _coding(
    instrument: Instrument, mapping: Mapping, coding: Coding | None, items: Sequence[Item]
) -> DataCoding:
    """Give how the answers to `items` are written; without answers it is no question."""
    if coding and mapping.coding and coding != mapping.coding:
        what = f"The mapping says {mapping.coding!r} and the import {coding!r}."
        raise UsageError(mapping.problem(("coding",), "coding-conflict", what, "Say it once."))
    said = coding or mapping.coding
    return check_coding(instrument, said if said or items else STORED.id)


def _anonymous(instrument: Instrument, mapping: Mapping) -> bool:
    if mapping.anonymous and instrument.storage == "identified":
        what = f"{instrument.id} is not an instrument for anonymous returns."
        mend = "Delete the line, or say `storage: either` in the instrument's spec."
        raise DataError(mapping.problem(("anonymous",), "anonymous-not-offered", what, mend))
    if instrument.storage == "either":
        return mapping.anonymous is not False
    return instrument.storage == "anonymous"


def _reader(
    source: pl.DataFrame,
    target: Instrument | RecordKind,
    mapping: Mapping,
    today: date,
    coding: Coding | None,
    file: str,
) -> Reader:
    """Bring the file, the target and the mapping together."""
    kind, items, withheld = _parts(target, mapping, source.columns)
    own = kind.names
    roomy, kind = DETAILS in kind.columns, expanded(kind, mapping)
    layout = Chooser(kind, items, mapping, source.schema, today, file, withheld).layout()
    fields = Fields(layout.fields, source.schema, mapping, today)
    answers = None
    if isinstance(target, Instrument):
        chosen = _coding(target, mapping, coding, items)
        scores = tuple(each.name for each in kind.columns if each.type == "number")
        answers = Answers(layout.items, source.schema, mapping, chosen, scores)
    contact = mapping.contact_offers
    apart = (contact.willing, *contact.columns) if contact else ()
    details = tuple(name for name in kind.names if name not in own) if roomy else None
    return Reader(source, kind, layout, fields, answers, apart, details)


def _parts(
    target: Instrument | RecordKind, mapping: Mapping, columns: Sequence[str]
) -> tuple[RecordKind, tuple[Item, ...], tuple[str, ...]]:
    """Give the record and the items that a row holds, and the names that must not be read.

    A file that has a column of scores and none of an item holds no answers at all.
    """
    if isinstance(target, RecordKind):
        return target, (), ()
    named = {*mapping.columns, *columns}
    identified = assessment_kind(target, named)
    if not _anonymous(target, mapping):
        bare = len(identified.columns) > len(assessment_kind(target).columns)
        with_answers = not bare or any(item.id in named for item in target.items)
        return identified, target.items if with_answers else (), ()
    kind = anonymous_kind(target)
    withheld = tuple(name for name in identified.names if name not in kind.names)
    return kind, target.items, withheld


def _without(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    if rows.is_empty():
        return frame
    return frame.join(rows.to_frame(), on="row", how="anti", maintain_order="left")


def _repeated(rows: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Find records that the file holds more than once.

    Gives the rows that say again what an earlier row says, and the findings for those that say
    something else: which of them is right is not ours to guess.
    """
    if "row_key" not in rows.columns:
        return rows["row"].clear(), pl.DataFrame(schema=WARNINGS)
    several = rows.filter(pl.col("row_key").is_duplicated())
    several = several.with_columns(
        pl.col("content_digest").n_unique().over("row_key").alias("versions"),
        pl.col("row").min().over("row_key").alias("first"),
        pl.col("row").max().over("row_key").alias("last"),
    )
    same = pl.col("versions") == 1
    again = several.filter(same & (pl.col("row") > pl.col("first")))["row"]
    other = pl.when(pl.col("row") == pl.col("first")).then("last").otherwise("first")
    conflicts = several.filter(~same).select(
        "row",
        pl.lit("rows-conflict").alias("code"),
        pl.lit("").alias("column"),
        pl.format("This is the same record as row {}, with other content.", other).alias("what"),
        _told_apart(rows.columns).alias("mend"),
    )
    return again, conflicts


def _told_apart(columns: Sequence[str]) -> pl.Expr:
    """Say how rows of one key can be told apart; of two raters, one may have rated again."""
    mend = pl.lit("Keep the right row, or tell them apart by time or source_id.")
    if not {"rater", WHO} <= {*columns}:
        return mend
    raters = pl.col(WHO).drop_nulls().n_unique().over("row_key")
    again = pl.lit(
        "Where one of them is a second rating, for the agreement of raters, give that row"
        " `purpose: double_rating`. Else keep the right row, or tell them apart by time or"
        " source_id."
    )
    return pl.when(raters > 1).then(again).otherwise(mend)
