"""Whom a brief is about: the person's referrals, assessments and events up to a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from attrs import field, frozen

from romframe import Problem, UsageError


if TYPE_CHECKING:
    from romframe import Instrument, Workspace

CLINICIAN, SERVICE_USER = "clinician", "service_user"  # for whom a brief is written

_KINDS = {"admission": "admitted"}  # what an event is called where its kind is no plain word
_DONE = pl.col("outcome") == "completed"


@frozen
class Happening:
    """Something that happened on a day, in a word or two."""

    on: date
    what: str


@frozen
class Person:
    """A service user, or one referral of theirs, as known up to a day.

    `assessments` has those of every outcome; `registered` is what is known of the person, a row or
    none; `unknown` names measures that are not to be had here.
    """

    id: str
    as_of: date
    referrals: pl.DataFrame = field(eq=False, repr=False)
    assessments: pl.DataFrame = field(eq=False, repr=False)
    registered: pl.DataFrame = field(eq=False, repr=False)
    happenings: tuple[Happening, ...]
    measures: tuple[tuple[str, Instrument], ...] = field(repr=False)
    unknown: tuple[str, ...] = ()

    def completed(self, instrument: Instrument) -> pl.Series:
        """Give the completed assessments with an instrument, to read no others."""
        return self._of(instrument).filter(_DONE).get_column("assessment_id")

    def undone(self, instrument: Instrument) -> pl.DataFrame:
        """Give the assessments with an instrument that were declined or missed."""
        return self._of(instrument).filter(~_DONE)

    def _of(self, instrument: Instrument) -> pl.DataFrame:
        return self.assessments.filter(instrument=instrument.id, version=instrument.version)


def find_person(workspace: Workspace, name: str, as_of: date) -> Person:
    """Find the service user of this ID, or the referral of it.

    Raises UsageError where there is neither, or where one person's ID is another's referral.
    """
    referrals = _referrals(workspace, name)
    began = pl.col("received_on").is_null() | (_day("received_on") <= as_of)
    referrals = referrals.filter(began).sort("received_on", "referral_id", nulls_last=True)
    ids = referrals.get_column("referral_id")
    current = pl.col("superseded_by").is_null() & (_day("completed_at") <= as_of)
    assessments = workspace.table("assessment", ids).filter(current)
    events = workspace.table("event", ids).filter(_day("happened_on") <= as_of)
    held = set(assessments.select("instrument", "version").unique().iter_rows())
    measures = tuple(_measures(workspace, held))
    known = {(each.id, each.version) for _, each in measures}
    return Person(
        name,
        as_of,
        referrals,
        assessments.sort("completed_at", "assessment_id"),
        workspace.table("service_user", referrals.get_column("service_user_id")),
        tuple(_happenings(referrals, events, as_of)),
        measures,
        tuple(sorted(instrument for instrument, _ in held - known)),
    )


def _referrals(workspace: Workspace, name: str) -> pl.DataFrame:
    theirs = workspace.table("referral", pl.Series("service_user_id", [name]))
    own = workspace.table("referral", pl.Series("referral_id", [name]))
    registered = workspace.table("service_user", pl.Series("service_user_id", [name]))
    if own.is_empty() and registered.is_empty():
        what = f"There is neither a service user nor a referral {name!r}."
        raise UsageError(Problem("unknown-person", what, "Check the ID, letter by letter."))
    if own.is_empty():
        return theirs
    owners = own.get_column("service_user_id").to_list()
    if not registered.is_empty() and owners != [name]:
        what = f"{name!r} is one person's ID, and the ID of another person's referral."
        mend = "Give the ID of that person's referral, or of the other person, instead."
        raise UsageError(Problem("person-ambiguous", what, mend))
    return own if registered.is_empty() else theirs


def _measures(workspace: Workspace, held: set[tuple[str, str]]) -> Iterator[tuple[str, Instrument]]:
    ids = {instrument for instrument, _ in held}
    for name in workspace.instrument_ids:
        if name.partition("-")[0] in ids:
            known = workspace.instrument(name)
            if (known.id, known.version) in held:
                yield name, known


def _happenings(referrals: pl.DataFrame, events: pl.DataFrame, as_of: date) -> Iterator[Happening]:
    """Give what happened, the earliest first; what happened on one day is told together."""
    parts = [
        _told(referrals, "received_on", pl.lit("referred")),
        _told(referrals, "closed_on", pl.lit("closed")),
        _told(events, "happened_on", pl.col("kind").replace(_KINDS).str.replace_all("_", " ")),
    ]
    days = pl.concat(parts).drop_nulls("on").filter(pl.col("on") <= as_of).unique()
    by_day = days.sort("on", "what").group_by("on", maintain_order=True).agg("what")
    for on, what in by_day.iter_rows():
        yield Happening(on, ", ".join(what))


def _told(frame: pl.DataFrame, day: str, what: pl.Expr) -> pl.DataFrame:
    return frame.select(_day(day).alias("on"), what.alias("what"))


def _day(column: str) -> pl.Expr:
    """Give the day of a column of ISO text; null where there is none."""
    return pl.col(column).cast(pl.String).str.head(len("2024-04-01")).str.to_date(strict=False)
