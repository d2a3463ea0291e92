"""The measures of a brief, each with its picture, its sentence and its last answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Self

from attrs import frozen
from markupsafe import Markup

from romframe import Score, Wording, evidence
from romframe_report.bins import bins_of
from romframe_report.charts.canvas import Words
from romframe_report.charts.timeline import Point, Timeline, timeline
from romframe_report.person import words
from romframe_report.person.answers import Answers
from romframe_report.person.goals import Goal
from romframe_report.person.series import Series, headline
from romframe_report.person.who import CLINICIAN, Happening, Person


@frozen
class View:
    """What all pictures of a page share: the reader, what happened, and the days they show."""

    reader: str
    happenings: tuple[Happening, ...]
    span: tuple[date, date]

    @classmethod
    def of(cls, person: Person, series: Sequence[Series], reader: str) -> Self:
        """Show the days from the first to the last rating or event."""
        days = [rating.on for each in series for rating in each.ratings]
        days += [happening.on for happening in person.happenings]
        first, last = min(days, default=person.as_of), max(days, default=person.as_of)
        return cls(reader, person.happenings, (first, last))


@frozen
class Card:
    """A measure as one kind of rater gave it: what changed, drawn and told, and the answers.

    `series` stands for the measure; `others` are its further scores. There is no
    chart where there is no value.
    """

    key: str
    title: str
    series: Series
    others: tuple[Series, ...]
    chart: Markup | None
    answers: Answers | None

    @property
    def unverified(self) -> bool:
        """Whether nobody has checked how this score is made against its source."""
        score = self.series.score
        return evidence(self.series.instrument, score, score.missing) == "unverified"


def by_measure(series: Sequence[Series]) -> tuple[tuple[Series, ...], ...]:
    """Give the series of each measure and rater together, in the order of the measures' ids."""

    def key(each: Series) -> tuple[str, str, str]:
        return each.instrument.id, each.instrument.version, each.rater

    return tuple(tuple(group) for _, group in groupby(sorted(series, key=key), key))


def cards_of(
    groups: Sequence[tuple[Series, ...]],
    answers: Sequence[Answers],
    view: View,
    titles: Mapping[str, Wording],
) -> Iterator[Card]:
    """Give a card for each measure and rater; `titles` has the words of each measure by its id."""
    reader = view.reader
    for number, group in enumerate(groups, start=1):
        shown = headline(group)
        title = titles[shown.instrument.id].title
        picture = Words(
            f"timeline-{number}",
            f"{title}, rated by {words.rated_by(shown.rater, reader)}",
            words.change_sentence(shown, reader),
        )
        yield Card(
            picture.id,
            title,
            shown,
            tuple(each for each in group if each is not shown),
            _drawn(picture, (shown,), (), view) if shown.last else None,
            _answers(shown, answers),
        )


def goal_charts(goals: Sequence[Goal], view: View) -> Iterator[Markup]:
    """Draw the goals that were rated with the same score together, each numbered at its end."""
    rated = [(goal, each) for goal in goals for each in goal.series if each.last]

    def key(one: tuple[Goal, Series]) -> tuple[str, str, str]:
        return one[1].instrument.id, one[1].score.id, one[1].rater

    for number, (_, group) in enumerate(groupby(sorted(rated, key=key), key), start=1):
        told = list(group)
        series = tuple(each for _, each in told)
        picture = Words(
            f"timeline-goals-{number}",
            f"{series[0].instrument.name}, {series[0].score.name}: goals in time",
            " ".join(said for goal, _ in told for said in words.goal_sentences(goal, view.reader)),
        )
        names = tuple(f"Goal {goal.number}" for goal, _ in told)
        yield _drawn(picture, series, names, view)


def _drawn(
    picture: Words,
    series: tuple[Series, ...],
    names: tuple[str, ...],
    view: View,
) -> Markup:
    score = series[0].score
    values = [each.value for one in series for each in one.scored if each.value is not None]
    told = Timeline(
        picture,
        view.span,
        _limits(score, values),
        score.better,
        tuple(run for each in series for run in _runs(each, whole=bool(names))),
        names,
        _bands(score),
        tuple((each.on, each.what) for each in view.happenings),
        numbers=view.reader == CLINICIAN,
    )
    return timeline(told).svg


def _runs(series: Series, *, whole: bool) -> Iterator[tuple[Point, ...]]:
    """Give a line for each referral, or a `whole` one; who was not asked leaves no gap."""
    told = [each for each in series.ratings if each.outcome == "completed"]
    for _, group in groupby(told, lambda each: "" if whole else each.referral_id):
        yield tuple(Point(each.on, each.value, each.mark) for each in group)


def _limits(score: Score, values: Sequence[float]) -> tuple[float, float]:
    """Give the stretch of the score that is drawn: from its good end to beyond its worst value."""
    if not values or score.better == "neither" or not isinstance(score.bands, tuple):
        return score.low, score.high
    bins = bins_of(score)
    if score.better == "lower":
        return score.low, bins.end_above(max(values))
    return bins.starts[bins.place(min(values))], score.high


def _bands(score: Score) -> tuple[tuple[float, str], ...]:
    """Give the bands that hold for everybody; those by age or gender are told in words."""
    bands = score.bands if isinstance(score.bands, tuple) else ()
    return tuple((band.start, band.label) for band in bands)


def _answers(series: Series, answers: Sequence[Answers]) -> Answers | None:
    mine = (
        each
        for each in answers
        if each.instrument.id == series.instrument.id
        and each.instrument.version == series.instrument.version
        and each.rater == series.rater
    )
    return next(mine, None)
