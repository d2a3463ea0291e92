"""Item by item: how many were high at first and at last, and who moved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import (
    ChangeRule,
    TableShare,
    Wording,
    classify,
    gettext,
    move_table,
    score_key,
    share_of,
)
from romframe_report.charts.bars import high_items
from romframe_report.charts.canvas import Picture, Words
from romframe_report.measures import InstrumentInUse, Measured, instruments_in_use
from romframe_report.rules import RuleText, rule_text


if TYPE_CHECKING:
    from romframe import Window, Workspace

MOVES = ("stayed_low", "low_to_high", "high_to_low", "stayed_high")


@frozen
class ItemLine:
    """One item: pairs with a rating at both ends, and the four ways from first to last."""

    label: str
    moves: tuple[TableShare, ...]
    first: TableShare
    last: TableShare


@frozen
class Profile:
    """The items of one instrument."""

    measured: Measured
    rule: RuleText
    wording: Wording
    lines: tuple[ItemLine, ...]
    picture: Picture


def build(workspace: Workspace, window: Window) -> Mapping[str, Any] | None:
    """Give a profile for each instrument that has a categorical rule for its items."""
    used = instruments_in_use(workspace, window)
    ruled = [(each, rule) for each in used if (rule := _rule(each)) is not None]
    if not ruled:
        return None
    profiles = [_profile(workspace, each, rule) for each, rule in ruled]
    return {"profiles": [each for each in profiles if any(line.first.of for line in each.lines)]}


def _rule(used: InstrumentInUse) -> ChangeRule | None:
    rules = [rule for rule in used.instrument.change_rules if rule.method == "categorical"]
    return next((rule for rule in rules if rule.default), rules[0] if rules else None)


def _profile(workspace: Workspace, used: InstrumentInUse, rule: ChangeRule) -> Profile:
    measured = used.scores[0]
    answers = workspace.responses(used.name).select("assessment_id", *rule.items).collect()
    wording = workspace.wording(used.instrument)
    labels = {item: wording.item(item) for item in rule.items}
    lines = tuple(_line(measured, rule, each, answers) for each in labels.items())
    words = Words(
        f"items-{used.name}".replace("_", "-"),
        gettext(
            "%(measure)s: share of pairs rated high, item by item", measure=used.instrument.name
        ),
        gettext(
            "Two bars for each item: the hatched bar is the percentage rated high at first, the"
            " solid bar the percentage rated high at last."
        ),
    )
    rows = [(line.label, line.first, line.last) for line in lines]
    source = used.instrument.sources.get(rule.source)
    picture = partial(high_items, words, rows)
    return Profile(measured, rule_text(rule, source), wording, lines, picture)


def _line(
    measured: Measured, rule: ChangeRule, labelled: tuple[str, str], answers: pl.DataFrame
) -> ItemLine:
    item, label = labelled
    rated = (
        measured.pairs.select("first_id", "last_id")
        .join(_answers(answers, item, "first"), on="first_id")
        .join(_answers(answers, item, "last"), on="last_id")
        .drop_nulls()
    )
    judged = classify(rated, measured.instrument, score=item, rule=rule.id)
    counts = dict(judged.get_column("clinical").value_counts().iter_rows())
    table = move_table(score_key(measured.name, item), counts)
    return ItemLine(
        label,
        tuple(share_of(table, move, "pairs") for move in MOVES),
        share_of(table, "first", "pairs"),
        share_of(table, "last", "pairs"),
    )


def _answers(answers: pl.DataFrame, item: str, end: str) -> pl.DataFrame:
    return answers.select(pl.col("assessment_id").alias(f"{end}_id"), pl.col(item).alias(end))
