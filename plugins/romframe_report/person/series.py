"""A person's scores in time: one series a score and rater, each rating against its first one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from romframe import ChangeRule, Instrument, Score, Source, classify
from romframe_report.person.who import Person


if TYPE_CHECKING:
    from romframe import PairingPolicy, Workspace

BETTER = ("recovered", "improved")
WORSE = ("harmed", "deteriorated")
_JUDGED = ("class", "reliable")


@frozen
class Rating:
    """One assessment as a score tells it: a value, or why there is none.

    `outcome` is the assessment's; `verdict` is the class of the change since the rating `first`,
    empty where nothing is judged, and `reliable` says that the rule compares with the measure's
    noise.
    """

    assessment_id: int
    referral_id: str
    on: date
    value: float | None = None
    band: str = ""
    outcome: str = "completed"
    status: str = ""
    reason: str = ""
    answered: int | None = None
    first: int | None = None
    verdict: str = ""
    reliable: bool = False

    @property
    def mark(self) -> str:
        """Whether the change since the first rating is `better` or `worse`; empty if neither."""
        return "better" if self.verdict in BETTER else "worse" if self.verdict in WORSE else ""


@frozen
class Series:
    """A score of an instrument as one kind of rater gave it, for a goal where there are goals."""

    instrument: Instrument
    score: Score
    rule: ChangeRule | None
    rater: str
    goal: str
    ratings: tuple[Rating, ...]

    @property
    def scored(self) -> tuple[Rating, ...]:
        """The ratings that have a value."""
        return tuple(rating for rating in self.ratings if rating.value is not None)

    @property
    def last(self) -> Rating | None:
        """The latest rating that has a value."""
        return self.scored[-1] if self.scored else None

    @property
    def first(self) -> Rating | None:
        """The rating that the latest one is compared with; None where it is itself the first."""
        last = self.last
        if last is None or last.first is None:
            return None
        return next(each for each in self.scored if each.assessment_id == last.first)

    @property
    def ends(self) -> tuple[float, float] | None:
        """The two values that are compared, first and last; None where there are not two."""
        first, last = self.first, self.last
        if first is None or last is None or first.value is None or last.value is None:
            return None
        return first.value, last.value

    @property
    def source(self) -> Source | None:
        """Where the change rule comes from."""
        return self.instrument.sources.get(self.rule.source) if self.rule else None


def series_of(workspace: Workspace, person: Person) -> tuple[Series, ...]:
    """Give every usual score of the person's measures; one of a measure of experience is not told.

    What people say of their care is said to the service and not to the one who cares for them.
    """
    return tuple(
        series
        for name, instrument in person.measures
        if instrument.type != "prem" and instrument.totals == "allowed"
        for series in _of_instrument(workspace, person, name, instrument)
    )


def headline(series: tuple[Series, ...]) -> Series:
    """Give the one of an instrument's series that stands for it: the first with a change rule."""
    return next((each for each in series if each.rule is not None), series[0])


def _of_instrument(
    workspace: Workspace, person: Person, name: str, instrument: Instrument
) -> Iterator[Series]:
    choice = workspace.config.choice(name)
    among = person.completed(instrument)
    frame = workspace.scores(name, among=among)
    frame = _with_person(frame, person)
    goal = instrument.repeats.by if instrument.repeats else ""
    if goal:
        rated = workspace.responses(name, among).select("assessment_id", goal).collect()
        frame = frame.join(rated, on="assessment_id", how="left", maintain_order="left")
    undone = person.undone(instrument)
    wanted = [each for each in instrument.scores if not each.across]
    for score in wanted:
        rule = _rule(instrument, score, choice.rules)
        mine = frame.filter(pl.col("score") == score.id)
        keys = ["rater", goal] if goal else ["rater"]
        for key, rows in mine.group_by(keys, maintain_order=True):
            judged = _judged(rows, instrument, score, rule, workspace.config.pairing)
            missed = _missed(undone.filter(pl.col("rater").eq_missing(key[0])), goal)
            ratings = sorted([*_ratings(judged), *missed], key=lambda r: (r.on, r.assessment_id))
            rater, about = key[0], key[1] if goal else ""
            yield Series(instrument, score, rule, rater or "", about or "", tuple(ratings))


def _with_person(frame: pl.DataFrame, person: Person) -> pl.DataFrame:
    """Add what a cut-off may ask for: `gender`, and `age` in whole years on the day of a rating."""
    on, born = (_day(name) for name in ("completed_at", "birth_date"))
    early = on.dt.strftime("%m-%d") < born.dt.strftime("%m-%d")
    known = person.registered.select("service_user_id", "gender", "birth_date")
    joined = frame.join(known, on="service_user_id", how="left", maintain_order="left")
    age = on.dt.year() - born.dt.year() - early.cast(pl.Int32)
    return joined.with_columns(completed_at=on, age=age).drop("birth_date")


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.head(len("2024-04-01")).str.to_date(strict=False)


def _rule(instrument: Instrument, score: Score, chosen: Mapping[str, str]) -> ChangeRule | None:
    """Give the rule that judges a score by itself: the service's, or else the default one."""
    if score.better == "neither":
        return None
    rules = [rule for rule in instrument.change_rules if rule.score == score.id]
    if score.id in chosen:
        rules = [rule for rule in rules if rule.id == chosen[score.id]]
    else:
        rules = [rule for rule in rules if rule.default]
    return next((rule for rule in rules if "with" not in rule.params), None)


def _judged(
    rows: pl.DataFrame,
    instrument: Instrument,
    score: Score,
    rule: ChangeRule | None,
    policy: PairingPolicy,
) -> pl.DataFrame:
    """Add to ratings the first one that each is comparable with, and the class of the change."""
    rows = rows.sort("completed_at", "assessment_id")
    unit = ["referral_id", *(name for name in policy.same if name in rows.columns)]
    begins = rows.filter(pl.col("value").is_not_null())
    if policy.first_timepoints:
        begins = begins.filter(pl.col("timepoint").is_in(policy.first_timepoints))
    begins = begins.unique(unit, keep="first", maintain_order=True).select(
        *unit,
        pl.col("assessment_id").alias("first_id"),
        pl.col("completed_at").alias("first_at"),
        pl.col("value").alias("first"),
        pl.col("age").alias("first_age"),
    )
    both = rows.join(begins, on=unit, how="left", nulls_equal=True, maintain_order="left")
    later = (pl.col("completed_at") - pl.col("first_at")).dt.total_days()
    comparable = (
        pl.col("value").is_not_null()
        & (later >= policy.minimum_gap_days)
        & (pl.col("assessment_id") != pl.col("first_id"))
    )
    both = both.with_columns(pl.when(comparable).then("first_id").alias("first_id"))
    pairs = both.filter(pl.col("first_id").is_not_null()).select(
        "assessment_id", "gender", "first", age="first_age", last="value"
    )
    if rule is None:
        return both.with_columns(pl.lit(None, pl.String).alias(name) for name in _JUDGED)
    classes = classify(pairs, instrument, score=score.id, rule=rule.id)
    judged = classes.select("assessment_id", pl.col(_JUDGED).cast(pl.String))
    return both.join(judged, on="assessment_id", how="left", maintain_order="left")


def _ratings(judged: pl.DataFrame) -> Iterator[Rating]:
    for row in judged.iter_rows(named=True):
        yield Rating(
            assessment_id=row["assessment_id"],
            referral_id=row["referral_id"],
            on=row["completed_at"],
            value=row["value"],
            band=row["band"] or "",
            status=_text(row["status"]),
            reason=_text(row["reason"]),
            answered=row["answered"],
            first=row["first_id"],
            verdict=_text(row["class"]),
            reliable=row["reliable"] is not None,
        )


def _missed(undone: pl.DataFrame, goal: str) -> Iterator[Rating]:
    """Give the assessments that were declined or missed; of a goal nobody knows of which."""
    for row in undone.iter_rows(named=True) if not goal else ():
        on = date.fromisoformat(row["completed_at"][:10])
        yield Rating(row["assessment_id"], row["referral_id"], on, outcome=row["outcome"])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
