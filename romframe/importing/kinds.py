"""The kinds of record that files bring, declared as data: columns, types, allowed values."""

from collections.abc import Container, Iterable
from datetime import date
from typing import Literal

from attrs import frozen

from romframe.instruments.model import Instrument


ColumnType = Literal["text", "date", "datetime", "month", "flag", "details", "number"]

DATED: dict[ColumnType, int] = {  # how many characters of a full ISO date and time are kept
    "date": len("2024-04-01"),
    "datetime": len("2024-04-01T09:30:00+01:00"),
    "month": len("2024-04"),
}

SCORE = "score:"  # with a score's id after it: a column of scores that came without their answers

EARLIEST = "1900"  # no date of a living person's care is before this year
_TEN_YEARS = 3653  # a plan further ahead is a mistyped year
_EVER = date.max.toordinal()


@frozen
class Column:
    """One column of a record.

    A `datetime` keeps the precision it comes with; a `month` is coarsened from a date; a `flag` is
    kept as 0 or 1; `details` holds fields that have no column of their own, as a JSON object of
    texts; a `number` goes from `low` to `high`. `not_before` names a date column that this one must
    not come before; one that may lie `ahead` may be so many days after today; one that is
    `asked` for is read only where the mapping names it. A required value that is `excused` is asked
    for only where the outcome is completed.
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    excused: bool = False
    allowed: tuple[str, ...] = ()
    default: str = ""
    not_before: str = ""
    stored: str = ""
    asked: bool = False
    ahead: int = 0
    low: float = 0
    high: float = 0

    @property
    def target(self) -> str:
        """The name under which the value is kept."""
        return self.stored or self.name

    def latest(self, today: date) -> date:
        """Give the last day that a date in this column can be."""
        return date.fromordinal(min(today.toordinal() + self.ahead, _EVER))


@frozen
class Life:
    """A state that a record passes through: while it is the `first` one, the next is no correction.

    `column` holds the state and `details` what is known of it; a new record without a state has the
    first one.
    """

    column: str
    first: str
    details: tuple[str, ...] = ()


@frozen
class RecordKind:
    """A kind of record: its columns, and those whose values together identify one record.

    Where the first column of `source_key` has a value, that key holds instead, and before it that
    of `second_key`. A kind without a key has nothing by which a record could be found again. Of a
    `private` kind nothing is ever kept that is not read, in rejected rows neither. What a record of
    a `changing` kind says now takes the place of what it said, blanks included, and is no
    correction.
    """

    id: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    source_key: tuple[str, ...] = ()
    second_key: tuple[str, ...] = ()
    life: Life | None = None
    private: bool = False
    changing: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a mapping may give values for."""
        return tuple(column.name for column in self.columns)


DETAILS = Column("details", "details")
WHO = "care_professional_id"

TIMEPOINTS = ("assessment", "review", "discharge", "session")
PURPOSES = ("double_rating",)
OUTCOMES = ("completed", "declined", "missed")
GOAL_STATES = ("open", "achieved", "replaced", "dropped")
SLOTS = ("1", "2", "3")  # the places that a national data set has for the goals of a referral

DEFERRAL = "deferral"

RECORD_KINDS: dict[str, RecordKind] = {
    kind.id: kind
    for kind in (
        RecordKind(
            "service_user",
            (
                Column("service_user_id", required=True),
                Column("birth_date", "date"),
                Column("gender"),
                Column("ethnic_category"),
                DETAILS,
            ),
            key=("service_user_id",),
        ),
        RecordKind(
            "referral",
            (
                Column("referral_id", required=True),
                Column("service_user_id", required=True),
                Column("team"),
                Column("team_type"),
                Column("setting"),
                Column("pathway", allowed=("treatment", "prevention")),
                Column("received_on", "date", required=True),
                Column("closed_on", "date", not_before="received_on"),
                Column("close_reason"),
                DETAILS,
            ),
            key=("referral_id",),
        ),
        RecordKind(
            "care_contact",
            (
                Column("care_contact_id", required=True),
                Column("referral_id", required=True),
                Column("contact_on", "date", required=True),
                Column("mechanism"),
                Column("attended", "flag"),
                DETAILS,
            ),
            key=("care_contact_id",),
        ),
        RecordKind(
            "care_activity",
            (
                Column("care_activity_id", required=True),
                Column("care_contact_id", required=True),
                DETAILS,
            ),
            key=("care_activity_id",),
        ),
        RecordKind(
            "care_activity_staff",
            (
                Column("care_activity_id", required=True),
                Column("care_professional_id", required=True),
            ),
            key=("care_activity_id", "care_professional_id"),
        ),
        RecordKind(
            "care_professional",
            (Column("care_professional_id", required=True), DETAILS),
            key=("care_professional_id",),
        ),
        RecordKind(
            "training",
            (
                Column("care_professional_id", required=True),
                Column("instrument", required=True),
                Column("trained_on", "date", required=True),
                Column("expires_on", "date", not_before="trained_on", ahead=_EVER),
            ),
            key=("care_professional_id", "instrument", "trained_on"),
        ),
        RecordKind(
            "team",
            (Column("team_id", required=True), Column("name"), Column("team_type"), DETAILS),
            key=("team_id",),
        ),
        RecordKind(
            "referral_team",
            (
                Column("referral_id", required=True),
                Column("team_id", required=True),
                Column("closed_on", "date"),
                DETAILS,
            ),
            key=("referral_id", "team_id"),
        ),
        RecordKind(
            "event",
            (
                Column("referral_id", required=True),
                Column("kind", required=True),
                Column("happened_on", "date", required=True),
                Column("event_id"),
            ),
            key=("referral_id", "kind", "happened_on"),
            source_key=("event_id",),
        ),
        RecordKind(
            "planned_event",
            (
                Column("referral_id", required=True),
                Column("kind", required=True),
                Column("planned_on", "date", ahead=_TEN_YEARS),
                Column("event_id"),
            ),
            key=("referral_id", "kind"),
            changing=True,
        ),
        RecordKind(
            DEFERRAL,
            (
                Column("referral_id", required=True),
                Column("instrument", required=True),
                Column("schedule"),
                Column("deferred_on", "date", required=True),
                Column("until", "date", required=True, not_before="deferred_on", ahead=_TEN_YEARS),
                Column("reason", required=True),
                Column("care_professional_id"),
            ),
            key=("referral_id", "instrument", "deferred_on"),
            private=True,
        ),
        RecordKind(
            "goal",
            (
                Column("goal_id", required=True),
                Column("referral_id", required=True),
                Column("instrument"),
                Column("set_on", "date", required=True),
                Column("state", allowed=GOAL_STATES),
                Column("state_on", "date", not_before="set_on"),
                Column("replaced_by"),
                Column("slot", allowed=SLOTS),
                Column("words", asked=True),
            ),
            key=("goal_id",),
            life=Life("state", "open", ("state_on", "replaced_by")),
            private=True,
        ),
    )
}


def assessment_kind(instrument: Instrument, named: Container[str] = ()) -> RecordKind:
    """Give the record that stands around the answers of one assessment of an instrument.

    Reported scores are part of it as far as their columns are among those `named`.
    """
    identity = (
        [Column(instrument.repeats.by, required=True, excused=True)] if instrument.repeats else []
    )
    names = [column.name for column in identity]
    return RecordKind(
        instrument.id,
        (
            Column("referral_id", required=True),
            Column("completed_at", "datetime", required=True),
            Column("timepoint", allowed=TIMEPOINTS),
            Column(
                "rater",
                required=True,
                allowed=instrument.raters,
                default=_only(instrument.raters),
            ),
            Column("rater_kind", allowed=("individual", "team")),
            Column("setting"),
            Column("team"),
            Column(WHO),
            Column("care_activity_id"),
            Column("consent", "flag"),
            Column("purpose", allowed=PURPOSES),
            Column("source_id"),
            Column("outcome", required=True, allowed=OUTCOMES, default="completed"),
            Column("outcome_reason"),
            *identity,
            *(column for column in score_columns(instrument) if column.name in named),
        ),
        key=("referral_id", "completed_at", "rater", *names),
        source_key=("source_id", *names),
        second_key=("purpose", "referral_id", "completed_at", "rater", WHO, *names),
        private=bool(instrument.repeats),
    )


def score_columns(instrument: Instrument) -> tuple[Column, ...]:
    """Give the columns of scores that may be reported without answers.

    There are none where rows repeat by goal: the store keeps a goal with its answers.
    """
    if instrument.repeats:
        return ()
    return tuple(
        Column(f"{SCORE}{score.id}", "number", low=score.low, high=score.high)
        for score in instrument.scores
    )


def anonymous_kind(instrument: Instrument) -> RecordKind:
    """Give the record around an anonymous return: a month and a team, and nobody's name."""
    columns = (
        Column("completed_at", "month", required=True, stored="month"),
        Column("team"),
    )
    return RecordKind(instrument.id, columns, key=(), private=True)


def _only(words: Iterable[str]) -> str:
    first, *rest = words
    return "" if rest else first
