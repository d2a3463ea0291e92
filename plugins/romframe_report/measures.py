"""One score of one instrument for the referrals of a window: who is paired, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl
from attrs import evolve, field, frozen

from romframe import (
    ChangeRule,
    CountTable,
    Instrument,
    Score,
    Source,
    Window,
    evidence,
    gettext,
    referrals_in,
    score_key,
)
from romframe_report.bins import bins_of
from romframe_report.counts import moves_table
from romframe_report.reading import once


if TYPE_CHECKING:
    from romframe import Workspace


PREVENTION = "prevention"
_OF_PAIRS = (
    "referral_id",
    "pathway",
    "verdict",
    "first_id",
    "last_id",
    "first",
    "last",
    "class",
    "rule",
)
_PAIRED = pl.col("verdict").cast(pl.String) == "paired"


@frozen
class Measured:
    """A score of an instrument, its change rule if it has one, and a row for every referral.

    Of what is known of a pair the rows have only what a report asks for: there are many of them.
    `name` is the one by which the workspace knows this version of the instrument.
    """

    instrument: Instrument
    score: Score
    rule: ChangeRule | None
    referrals: pl.DataFrame = field(eq=False, repr=False)
    name: str

    @property
    def key(self) -> str:
        """A name for this score that is unique in the report and fit for an HTML id."""
        return score_key(self.name, self.score.id)

    @property
    def title(self) -> str:
        """The instrument and the score, for a reader, and whether that is verified."""
        weak = evidence(self.instrument, self.score, self.score.missing) == "unverified"
        return (
            f"{self.instrument.name}: {self.score.name}{gettext(' (unverified)') if weak else ''}"
        )

    @property
    def source(self) -> Source | None:
        """Where the change rule comes from."""
        return self.instrument.sources.get(self.rule.source) if self.rule else None

    @cached_property
    def treated(self) -> pl.DataFrame:
        """The referrals of people who came for treatment; kept-well people are never among them."""
        return self.referrals.filter(pl.col("pathway").ne_missing(PREVENTION))

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """The pairs of people who came for treatment."""
        return self.treated.filter(_PAIRED)

    @cached_property
    def kept_well(self) -> pl.DataFrame:
        """The pairs of people who were referred to be kept well."""
        return self.referrals.filter(_PAIRED & (pl.col("pathway") == PREVENTION))

    @cached_property
    def moves(self) -> CountTable:
        """The pairs by the stretches of their first and last scores."""
        return moves_table(self.key, bins_of(self.score), self.pairs)

    @cached_property
    def kept_well_moves(self) -> CountTable:
        """The same of the pairs of people who were referred to be kept well."""
        return moves_table(f"{self.key}-prevention", bins_of(self.score), self.kept_well)

    @cached_property
    def paired_referrals(self) -> pl.Series:
        """The referrals that have a pair, of either pathway."""
        return self.referrals.filter(_PAIRED).get_column("referral_id")


@frozen
class InstrumentInUse:
    """An instrument that was used, or tried, with referrals of the window, and its scores.

    `name` is the one by which the workspace knows this version of it.
    """

    instrument: Instrument
    attempts: pl.DataFrame = field(eq=False, repr=False)
    scores: tuple[Measured, ...] = ()
    name: str = ""

    @cached_property
    def assessed(self) -> pl.Series:
        """The referrals with at least one completed assessment."""
        done = self.attempts.filter(pl.col("outcome") == "completed")
        return done.get_column("referral_id").unique()


def instruments_in_use(workspace: Workspace, window: Window) -> tuple[InstrumentInUse, ...]:
    """Give the instruments with an assessment of any outcome for a referral of the window.

    An instrument that gives no score unasked, or must not have any, is left out. Where there are
    several versions of one, each is called by its version too.
    """
    key = ("instruments_in_use", window)
    return once(workspace, key, lambda: tuple(_in_use(workspace, window)))


def _in_use(workspace: Workspace, window: Window) -> Iterator[InstrumentInUse]:
    referrals = referrals_in(workspace, window).select("referral_id")
    current = workspace.table("assessment").filter(pl.col("superseded_by").is_null())
    current = current.select("referral_id", "instrument", "version", "outcome")
    attempts = current.join(referrals, on="referral_id", how="semi")
    for name in _possible(workspace, attempts):
        instrument = workspace.instrument(name)
        alike = attempts.filter(pl.col("instrument") == instrument.id)
        tried = alike.filter(pl.col("version") == instrument.version)
        usual = any(not score.on_request for score in instrument.scores)
        scorable = usual and instrument.totals == "allowed"
        if scorable and not tried.is_empty():
            if tried.height < alike.height:
                instrument = evolve(instrument, name=f"{instrument.name} ({instrument.version})")
            scores = _measured(workspace, name, instrument, referrals)
            yield InstrumentInUse(instrument, tried, scores, name)


def _possible(workspace: Workspace, attempts: pl.DataFrame) -> Iterator[str]:
    """Give the instruments that attempts can be with, by name alone: no other spec is loaded."""
    tried = set(attempts.get_column("instrument"))
    return (name for name in workspace.instrument_ids if name.partition("-")[0] in tried)


def ruled(used: Iterable[InstrumentInUse]) -> Iterator[tuple[Measured, ChangeRule]]:
    """Give each score that has a change rule, and the rule."""
    for each in used:
        for measured in each.scores:
            if measured.rule is not None:
                yield measured, measured.rule


def _measured(
    workspace: Workspace, name: str, instrument: Instrument, referrals: pl.DataFrame
) -> tuple[Measured, ...]:
    """Give the scores that have one pair a referral; those of single goals have one a goal."""
    changes = (
        workspace.changes(name)
        .select("score", *_OF_PAIRS)
        .join(referrals, on="referral_id", how="semi")
    )
    scores = [each for each in instrument.scores if each.across or not instrument.repeats]
    by_score = {
        score.id: changes.filter(pl.col("score").cast(pl.String) == score.id)
        .select(_OF_PAIRS)
        .with_columns(
            improvement=(pl.col("last") - pl.col("first")) * (-1 if score.better == "lower" else 1)
        )
        for score in scores
    }
    return tuple(
        Measured(instrument, score, _rule_used(instrument, found), found, name)
        for score in scores
        if not (found := by_score[score.id]).is_empty()
    )


def _rule_used(instrument: Instrument, changes: pl.DataFrame) -> ChangeRule | None:
    """Give the rule that judged these pairs; None where nothing was judged."""
    names = changes.get_column("rule").cast(pl.String).drop_nulls().unique().to_list()
    return next((rule for rule in instrument.change_rules if rule.id in names), None)
