"""Where scores were at first and at last, stretch by stretch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import frozen

from romframe import CountTable, Instrument, at_first, at_last, gettext
from romframe_report.bins import bins_of
from romframe_report.charts.bars import distributions
from romframe_report.charts.canvas import Picture, Words
from romframe_report.figures import Figures, figures
from romframe_report.measures import InstrumentInUse, Measured, instruments_in_use
from romframe_report.outcomes import outcomes


if TYPE_CHECKING:
    from romframe import Window, Workspace


@frozen
class Card:
    """One score: its picture, the counts behind it with the names of each row, and its figures."""

    measured: Measured
    picture: Picture
    table: CountTable
    rows: tuple[tuple[str, str, str], ...]
    figures: Figures


@frozen
class Group:
    """The scores of one instrument: those with a change rule, the others, those without a pair."""

    instrument: Instrument
    main: tuple[Card, ...]
    further: tuple[Card, ...]
    without_pairs: tuple[str, ...]


def build(workspace: Workspace, window: Window) -> Mapping[str, Any]:
    """Give a card for each score that has a pair."""
    return {"groups": [_group(each) for each in instruments_in_use(workspace, window)]}


def _group(used: InstrumentInUse) -> Group:
    paired = [each for each in used.scores if not each.pairs.is_empty()]
    main = [each for each in paired if each.rule is not None] or paired[:1]
    return Group(
        used.instrument,
        tuple(_card(each) for each in main),
        tuple(_card(each) for each in paired if each not in main),
        tuple(each.score.name for each in used.scores if each.pairs.is_empty()),
    )


def _card(measured: Measured) -> Card:
    pairs, bins = measured.pairs, bins_of(measured.score)
    table = measured.moves
    firsts, lasts = ([name(n) for n in range(len(bins.starts))] for name in (at_first, at_last))
    words = Words(
        f"distribution-{measured.key}",
        gettext("%(title)s: first and last scores of the same referrals", title=measured.title),
        gettext(
            "Two sets of bars beside each other, one bar for each stretch of the score, highest"
            " scores on top: hatched bars count first scores, solid bars last scores."
        ),
    )
    found = outcomes(pairs, measured.rule, measured.key) if measured.rule else None
    return Card(
        measured,
        partial(distributions, words, bins, table, (firsts, lasts)),
        table,
        tuple(zip(bins.labels, firsts, lasts, strict=True))[::-1],
        figures(pairs, measured.score, found, table),
    )
