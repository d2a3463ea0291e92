"""The single answers and scores of assessments that have a code, as the text that would be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from romframe import Instrument, Item
from romframe_mhsds.codes.coding import NO_CODE, Coded, SentAs
from romframe_mhsds.codes.scale import Scale
from romframe_mhsds.reference import columns
from romframe_mhsds.submission.scoretext import score_text


if TYPE_CHECKING:
    from romframe import Workspace

SCHEMA = {
    "assessment_id": pl.Int64,
    "order": pl.Int32,  # the place of the part in the spec
    "part": pl.String,  # an item's or score's id
    "kind": pl.String,  # item | score | uncoded
    "tool": pl.String,
    "text": pl.String,  # what is sent; null where nothing is
    "why": pl.String,  # why nothing is sent
    "expected": pl.Boolean,  # whether the instrument asks for it here
}
NO_SLOT = "no_slot"
_SLOT = ":slot"  # no item has such an id
_NOTHING = pl.lit(None, pl.String)


@frozen
class _Way:
    """How the answers to an item go: under which id, with which valid texts, or why not at all."""

    tool: pl.Expr
    members: tuple[str, ...] = ()
    held: pl.Expr = _NOTHING


def parts(
    workspace: Workspace, instrument: Instrument, found: Coded, ids: pl.DataFrame
) -> pl.DataFrame:
    """Give every coded part of the assessments in `ids`, a row each, with its text or why not.

    A part of which no id can be sent is given too, of the kind `uncoded`.
    """
    among = ids.get_column("assessment_id")
    frames = [pl.DataFrame(schema=SCHEMA)]
    ways = _ways(instrument, found)
    if ways:
        answers = workspace.responses(instrument.id, among=among).collect()
        if found.slots:
            answers = _with_slots(workspace, answers, instrument)
        frames += [
            _item_part(answers, instrument, (kind, item), way, found.sent_as)
            for (kind, item), way in ways.items()
        ]
    if found.scores:
        scores = workspace.scores(instrument.id, list(found.scores), among=among)
        frames += [
            _score_part(scores, ids, instrument, score, scale)
            for score, scale in found.scores.items()
        ]
    frames += [
        _complete(_never(ids, each.why), instrument, each.part, "uncoded")
        for each in found.unsent
        if each.kind == "score"
    ]
    return pl.concat(frames)


def _ways(instrument: Instrument, found: Coded) -> dict[tuple[str, str], _Way]:
    """Give how each item goes, by kind of part and item."""
    plain = {
        ("item", item): _Way(pl.lit(scale.concept_id), scale.members)
        for item, scale in found.items.items()
    }
    unsent = {
        ("uncoded", each.part): _Way(_NOTHING, held=pl.lit(each.why))
        for each in found.unsent
        if each.kind == "item"
    }
    by = instrument.repeats.by if instrument.repeats else ""
    slots = {("item", item): _slot_way(each, by) for item, each in found.slots.items()}
    return plain | unsent | slots


def _slot_way(slots: Mapping[str, Scale], by: str) -> _Way:
    """Give how an item goes under the id of its goal's slot, and under no other."""
    slot = pl.col(_SLOT)
    ids = {name: scale.concept_id for name, scale in slots.items()}
    tool = slot.replace_strict(ids, default=None, return_dtype=pl.String)
    held = (
        pl.when(slot.is_null())
        .then(pl.concat_str(pl.lit(f"{NO_SLOT} for goal "), pl.col(by)))
        .when(tool.is_null())
        .then(pl.lit(NO_CODE))
    )
    members = {member for scale in slots.values() for member in scale.members}
    return _Way(tool, tuple(sorted(members)), held)


def _with_slots(
    workspace: Workspace, answers: pl.DataFrame, instrument: Instrument
) -> pl.DataFrame:
    """Add the slot of the goal that is rated; null where it has none, or no record.

    The goal's record must be of the same referral, and of this instrument or of none.
    """
    by = instrument.repeats.by if instrument.repeats else ""
    names = ("goal_id", "referral_id", "slot", "instrument")
    goals = workspace.table("goal", answers.get_column(by).alias("goal_id"))
    known = goals.select(pl.col(name).cast(pl.String) for name in names)
    own = known.filter(pl.col("instrument").fill_null(instrument.id) == instrument.id)
    placed = own.select(pl.col("goal_id").alias(by), "referral_id", pl.col("slot").alias(_SLOT))
    return answers.join(placed, on=[by, "referral_id"], how="left", maintain_order="left")


def _complete(frame: pl.DataFrame, instrument: Instrument, part: str, kind: str) -> pl.DataFrame:
    """Add what all rows of one part share to a frame that has the rest of the columns.

    What cannot be written as the data set wants it is set aside: a score is never below zero, and
    has at most five characters. `why` stays only where there is no text.
    """
    text = pl.col("text")
    widths = {column.name: column.width for column in columns()}
    unfit = (
        pl.when(text.str.starts_with("-"))
        .then(pl.lit("below_zero"))
        .when(text.str.len_chars() > widths["PersScore"])
        .then(pl.lit("too_long"))
    )
    why = pl.when(text.is_null()).then("why").otherwise(unfit)
    return frame.with_columns(
        pl.lit(_order(instrument, part)).alias("order"),
        pl.lit(part).alias("part"),
        pl.lit(kind).alias("kind"),
        pl.when(unfit.is_null()).then("text").alias("text"),
        why.alias("why"),
    ).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _order(instrument: Instrument, part: str) -> int:
    """Give the place of an item or score in the spec, where no two have the same id."""
    items = [item.id for item in instrument.items]
    return [*items, *(score.id for score in instrument.scores)].index(part)


def _item_part(
    answers: pl.DataFrame,
    instrument: Instrument,
    part: tuple[str, str],
    way: _Way,
    said: SentAs,
) -> pl.DataFrame:
    kind, item_id = part
    item = instrument.item(item_id)
    state = pl.col("states").cast(pl.String).str.json_path_match(f"$.{item_id}")
    text = _stored_code(item, answers.schema[item_id], said)
    not_known = _not_known(item)
    if not_known in way.members:
        gap = pl.col(item_id).is_null() & (state == "not_known")
        text = pl.when(gap).then(pl.lit(not_known)).otherwise(text)
    expected = pl.lit(item.required)
    if item.required_when is not None:
        codes = [str(code) for code in item.required_when.codes]
        expected = pl.col(item.required_when.item).cast(pl.String).is_in(codes)
    told = answers.select(
        "assessment_id",
        way.tool.alias("tool"),
        pl.when(way.held.is_null()).then(text).alias("text"),
        pl.coalesce(way.held, state, pl.lit("blank")).alias("why"),
        expected.fill_null(False).alias("expected"),
    )
    return _complete(told, instrument, item_id, kind)


def _stored_code(item: Item, dtype: pl.DataType, said: SentAs) -> pl.Expr:
    """Give the answer as it is sent: what is stored, or what is said to stand for it."""
    column, scale = pl.col(item.id), item.scale
    sent_as = said.get(scale.id) or scale.sent_as
    if sent_as or (scale.scored and scale.lettered):
        texts = {
            option.value if scale.scored else option.code: sent_as.get(
                str(option.code), str(option.code)
            )
            for option in scale.options
        }
        return column.replace_strict(
            list(texts), list(texts.values()), default=None, return_dtype=pl.String
        )
    return score_text(column) if dtype.is_numeric() else column.cast(pl.String)


def _not_known(item: Item) -> str | None:
    """Give the code of the item's scale that stands for not known."""
    return next((str(code) for code, state in item.scale.missing if state == "not_known"), None)


def _score_part(
    scores: pl.DataFrame, ids: pl.DataFrame, instrument: Instrument, score: str, scale: Scale
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
        pl.lit(scale.concept_id).alias("tool"),
        pl.when(given).then(score_text(pl.col("value"))).alias("text"),
        pl.when(weak)
        .then(pl.lit("unverified"))
        .otherwise(reason.fill_null("not_scored"))
        .alias("why"),
        pl.lit(True).alias("expected"),
    )
    return _complete(told, instrument, score, "score")


def _never(ids: pl.DataFrame, why: str) -> pl.DataFrame:
    """Say of every assessment that a score is not sent."""
    return ids.select(
        "assessment_id",
        _NOTHING.alias("tool"),
        _NOTHING.alias("text"),
        pl.lit(why).alias("why"),
        pl.lit(True).alias("expected"),
    )
