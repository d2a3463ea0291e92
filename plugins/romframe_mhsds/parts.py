"""The single answers and scores of assessments that have a code, as the text that would be sent.

Nothing here knows an instrument: what flows is decided by the SNOMED CT codes on the items and
scores of a spec, and by the dated code list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from romframe import Instrument
from romframe_mhsds.reference import CodeList, Scale, in_force
from romframe_mhsds.scoretext import score_text


if TYPE_CHECKING:
    from romframe import Workspace

SCHEMA = {
    "assessment_id": pl.Int64,
    "order": pl.Int32,  # the place of the part in the spec
    "part": pl.String,  # an item's or score's id
    "kind": pl.String,  # item | score
    "tool": pl.String,
    "text": pl.String,  # what is sent; null where nothing is
    "why": pl.String,  # why nothing is sent
    "expected": pl.Boolean,  # whether the instrument asks for it here
}


@frozen
class Coded:
    """The items and scores of an instrument that have an accepted code, by id, with that code."""

    items: Mapping[str, Scale]
    scores: Mapping[str, Scale]

    def __bool__(self) -> bool:
        return bool(self.items or self.scores)


@frozen
class Given:
    """A SNOMED CT code of an item or score in a spec.

    `used`: the spec has it in force; `withheld`: why the spec says that it must not be sent.
    """

    kind: str
    part: str
    concept_id: str
    used: bool
    withheld: str


def coded(instrument: Instrument, codes: CodeList, day: date) -> Coded:
    """Give what has a SNOMED CT code in force on `day`; of several on one item, the first."""
    found: dict[str, dict[str, Scale]] = {"item": {}, "score": {}}
    for given in _given(instrument, day):
        sendable = given.used and not given.withheld
        if sendable and given.concept_id in codes.accepted:
            found[given.kind].setdefault(given.part, codes.accepted[given.concept_id])
    return Coded(found["item"], found["score"])


def refused_codes(instrument: Instrument, codes: CodeList, day: date) -> str:
    """Say, for an instrument without any accepted code, what became of the codes it has."""
    told = (_refusal(given, codes, day) for given in _given(instrument, day))
    return " ".join(dict.fromkeys(told)) or "The spec has no SNOMED CT code."


def _given(instrument: Instrument, day: date) -> list[Given]:
    items = [("item", each.id, each.codes, each.scale.not_sent) for each in instrument.items]
    scores = [("score", each.id, each.codes, "") for each in instrument.scores]
    return [
        Given(kind, part, code.id, in_force(code.valid_from, code.valid_to, day), withheld)
        for kind, part, codes, withheld in (*items, *scores)
        for code in codes
        if code.system == "snomed"
    ]


def _refusal(given: Given, codes: CodeList, day: date) -> str:
    if given.withheld:
        return given.withheld
    if not given.used:
        return f"The spec does not use {given.concept_id} on {day}."
    ended = codes.ended.get(given.concept_id)
    if ended is None:
        return f"{given.concept_id} is not in the code list."
    replaced = f": send {ended.replaced_by}" if ended.replaced_by else ""
    return f"{given.concept_id} is not accepted on {day}{replaced}."


def parts(
    workspace: Workspace, instrument: Instrument, found: Coded, ids: pl.DataFrame
) -> pl.DataFrame:
    """Give every coded part of the assessments in `ids`, a row each, with its text or why not."""
    frames = [pl.DataFrame(schema=SCHEMA)]
    if found.items:
        answers = workspace.responses(instrument.id)
        wanted = answers.join(ids.lazy(), on="assessment_id", how="semi").collect()
        frames += [
            _item_part(wanted, instrument, order, item_id, scale)
            for order, (item_id, scale) in enumerate(found.items.items())
        ]
    if found.scores:
        scores = workspace.scores(instrument.id)
        frames += [
            _score_part(scores, ids, len(found.items) + order, score, scale)
            for order, (score, scale) in enumerate(found.scores.items())
        ]
    return pl.concat(frames)


def _complete(frame: pl.DataFrame, kind: str, order: int, part: str, scale: Scale) -> pl.DataFrame:
    """Add what all parts of one kind share to a frame that has the rest of the columns.

    `why` stays only where there is no text.
    """
    shared = {"order": order, "part": part, "kind": kind, "tool": scale.concept_id}
    return frame.with_columns(
        *(pl.lit(value).alias(name) for name, value in shared.items()),
        pl.when(pl.col("text").is_null()).then("why").alias("why"),
    ).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _item_part(
    answers: pl.DataFrame, instrument: Instrument, order: int, item_id: str, scale: Scale
) -> pl.DataFrame:
    item = instrument.item(item_id)
    state = pl.col("states").cast(pl.String).str.json_path_match(f"$.{item_id}")
    text = _stored_code(instrument, item_id, answers.schema[item_id])
    not_known = _not_known(instrument, item_id)
    if not_known in scale.members:
        gap = pl.col(item_id).is_null() & (state == "not_known")
        text = pl.when(gap).then(pl.lit(not_known)).otherwise(text)
    expected = pl.lit(item.required)
    if item.required_when is not None:
        codes = [str(code) for code in item.required_when.codes]
        expected = pl.col(item.required_when.item).cast(pl.String).is_in(codes)
    told = answers.select(
        "assessment_id",
        text.alias("text"),
        state.fill_null("blank").alias("why"),
        expected.fill_null(False).alias("expected"),
    )
    return _complete(told, "item", order, item_id, scale)


def _stored_code(instrument: Instrument, item_id: str, dtype: pl.DataType) -> pl.Expr:
    """Give the answer as it is sent: what is stored, or what the spec says stands for it."""
    column, scale = pl.col(item_id), instrument.item(item_id).scale
    if scale.sent_as or (scale.scored and scale.lettered):
        texts = {
            option.value if scale.scored else option.code: scale.sent_as.get(
                str(option.code), str(option.code)
            )
            for option in scale.options
        }
        return column.replace_strict(
            list(texts), list(texts.values()), default=None, return_dtype=pl.String
        )
    return score_text(column) if dtype.is_numeric() else column.cast(pl.String)


def _not_known(instrument: Instrument, item_id: str) -> str | None:
    """Give the code of the item's scale that stands for not known."""
    missing = instrument.item(item_id).scale.missing
    return next((str(code) for code, state in missing if state == "not_known"), None)


def _score_part(
    scores: pl.DataFrame, ids: pl.DataFrame, order: int, score: str, scale: Scale
) -> pl.DataFrame:
    """Give a score's text where its verdict allows one.

    A sum of only some of the items is not sent, nor a score that nobody verified: the data set
    cannot say so.
    """
    status, reason = pl.col("status").cast(pl.String), pl.col("reason").cast(pl.String)
    weak = pl.col("evidence").cast(pl.String) == "unverified"
    given = (
        status.is_in(["scored", "prorated", "reported"]) & reason.ne_missing("sum_of_known") & ~weak
    )
    verdicts = scores.filter(pl.col("score").cast(pl.String) == score)
    told = ids.join(verdicts, on="assessment_id", how="left").select(
        "assessment_id",
        pl.when(given).then(score_text(pl.col("value"))).alias("text"),
        pl.when(weak)
        .then(pl.lit("unverified"))
        .otherwise(reason.fill_null("not_scored"))
        .alias("why"),
        pl.lit(True).alias("expected"),
    )
    return _complete(told, "score", order, score, scale)
