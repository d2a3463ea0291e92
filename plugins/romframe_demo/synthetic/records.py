"""The rows of the made-up service."""

from collections.abc import Mapping
from datetime import date, datetime

from attrs import field, frozen


NOT_KNOWN = "not known"
DECLINED = "declined"
NOT_APPLICABLE = "not applicable"

STAFF = 14  # in each team

Answer = int | str | None  # a box's number, a letter, one of the words above, or nothing


@frozen
class Person:
    """A service user."""

    id: str
    born: date
    gender: str
    ethnicity: str


@frozen
class Team:
    """One team: whom it sees, how soon and how long, and with which measures.

    `wait`, `review` and `contact` are the fewest and most days to the assessment, between reviews
    and between contacts. `stay` is the mean, spread, least and most of the days of a referral,
    `severity` the mean and spread of how unwell people are who come for treatment. `battery` gives,
    for each measure and timepoint, the chance that a form is filled in; `after_birth` the same of
    measures that ask about a baby.
    """

    name: str
    setting: str
    share: float
    wait: tuple[int, int]
    review: tuple[int, int]
    stay: tuple[int, int, int, int]
    contact: tuple[int, int]
    severity: tuple[float, float]
    battery: Mapping[str, Mapping[str, float]] = field(eq=False, repr=False)
    after_birth: Mapping[str, Mapping[str, float]] = field(factory=dict, eq=False, repr=False)

    @property
    def staff(self) -> tuple[str, ...]:
        """The ids of those who work in the team."""
        initials = "".join(letter for letter in self.name if letter.isupper())
        return tuple(f"{initials}{number:02d}" for number in range(1, STAFF + 1))


@frozen
class Course:
    """How unwell somebody is over time: from `start` towards `end`, fast first, then slower.

    0 is well, 4 as unwell as a questionnaire can say. `end` is reached after `days`.
    """

    began: date
    days: int
    start: float
    end: float

    def on(self, day: date) -> float:
        """Give how unwell the person is on a day."""
        passed = min(max((day - self.began).days / self.days, 0.0), 1.0)
        return self.start + (self.end - self.start) * passed * (2 - passed)


@frozen
class Referral:
    """A referral; `on_unit` is a stay on the mother and baby unit while this referral is open."""

    id: str
    person_id: str
    team: Team
    prevention: bool
    accepted: bool
    received: date
    closed: date | None
    close_reason: str
    course: Course
    birth: date | None = None
    on_unit: tuple[date, date] | None = None
    psychosis: bool = False
    fills_in: bool = True


@frozen
class Contact:
    """A care contact."""

    id: str
    referral_id: str
    day: date
    medium: str
    outcome: str


@frozen
class Activity:
    """A part of a contact in which forms were completed, with the staff who took part."""

    id: str
    contact_id: str
    staff: tuple[str, ...]


@frozen
class Event:
    """Something that happened during a referral."""

    referral_id: str
    kind: str
    day: date


@frozen
class Form:
    """One form that was filled in, declined or missed; a questionnaire's answers are box positions.

    A rating of a goal names it. `timed` says whether the time of day is known, `entered` when it
    was typed into the system.
    """

    id: str
    instrument: str
    referral_id: str
    at: datetime
    timed: bool
    entered: date
    timepoint: str
    setting: str
    outcome: str
    outcome_reason: str = ""
    rater: str = ""
    professional: str = ""
    goal: str = ""
    answers: Mapping[str, Answer] = field(factory=dict)


@frozen
class Goal:
    """A goal that somebody has set: its place among three, and what became of it, and when."""

    id: str
    referral_id: str
    slot: str
    set_on: date
    state: str = "open"
    state_on: date | None = None
    replaced_by: str = ""


@frozen
class Plan:
    """Something that is expected on a day."""

    referral_id: str
    kind: str
    day: date


@frozen
class Deferral:
    """A form that a clinician has put off."""

    referral_id: str
    instrument: str
    schedule: str
    day: date
    until: date
    reason: str
    professional: str


@frozen
class Training:
    """A rater's training in a measure, and the last day on which it holds."""

    professional: str
    instrument: str
    day: date
    expires: date | None


@frozen
class Return:
    """What somebody said about a team without their name."""

    instrument: str
    day: date
    team: Team
    answers: Mapping[str, Answer]


@frozen
class Service:
    """The whole service."""

    start: date
    today: date
    people: tuple[Person, ...]
    referrals: tuple[Referral, ...]
    contacts: tuple[Contact, ...]
    activities: tuple[Activity, ...]
    events: tuple[Event, ...]
    forms: tuple[Form, ...]
    goals: tuple[Goal, ...]
    returns: tuple[Return, ...]
    plans: tuple[Plan, ...]
    deferrals: tuple[Deferral, ...]
    trainings: tuple[Training, ...]
    seconds: tuple[Form, ...]
