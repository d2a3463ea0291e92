"""Which forms are asked for when, and what comes back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from attrs import define, evolve, field

from romframe_demo.synthetic.answering import (
    MEASURES,
    answer,
    difficulty,
    leanings,
    leave_gaps,
    with_psychosis,
)
from romframe_demo.synthetic.caseload import working_day
from romframe_demo.synthetic.records import STAFF, Answer, Form, Referral
from romframe_demo.synthetic.teams import COMMUNITY, MATERNAL, SESSION_EVERY, UNIT


_ON_PAPER = {  # no time of day is known
    "honos": 0.0,
    "core_10": 0.35,
    "core_om": 1.0,
    "phq_9": 0.6,
    "feeding_confidence": 0.8,
    "pbq": 0.7,
}
_USUAL_PROBLEMS = {  # letters of HoNOS item 8, as often as they are usual
    COMMUNITY.name: "ABBBBBCCDDEGHJ",
    UNIT.name: "BBBCDHJ",
    MATERNAL.name: "ABDDDDDH",
}
_LETTER_FORGOTTEN = 0.06
_RATED_TWICE = 0.03
_POSTED_LATE = 0.10
_NOT_COMPLETED = {
    "missed": ("too unwell", "no interpreter", "did not attend", "not offered"),
    "declined": ("did not want to", "too many forms"),
}

Occasion = tuple[date, str]


def forms(seed: int, referral: Referral, today: date) -> Iterator[Form]:
    """Give every form of a referral, whose id is still to be given."""
    if not referral.accepted:
        return
    rng = Random(f"{seed}: forms {referral.id}")  # noqa: S311  (made-up data)
    due = occasions(rng, referral, today)
    yield from _asked(Desk(rng, referral, today), due, referral.team.battery)
    about_baby = Random(f"{seed}: forms about a baby {referral.id}")  # noqa: S311  (made-up data)
    since_birth = [each for each in due if referral.birth and each[0] > referral.birth]
    yield from _asked(Desk(about_baby, referral, today), since_birth, referral.team.after_birth)


def _asked(
    desk: "Desk", due: Iterable[Occasion], battery: Mapping[str, Mapping[str, float]]
) -> Iterator[Form]:
    for day, timepoint in due:
        for instrument, chances in battery.items():
            if timepoint in chances:
                yield from desk.ask(instrument, day, timepoint, chances[timepoint])


def occasions(rng: Random, referral: Referral, today: date) -> list[Occasion]:
    """Give the days on which forms are due, each with its timepoint, in order."""
    team = referral.team
    first = _shifted(referral, referral.received + timedelta(rng.randint(*team.wait)))
    end = referral.closed or today
    found = [(first, "assessment"), *_every(rng, referral, first, end, "review")]
    if team is MATERNAL:
        found += _every(rng, referral, first, end, "session")
    if referral.on_unit:
        admitted, left = referral.on_unit
        found.append((min(admitted + timedelta(7), left), "review"))
    if referral.closed:
        last = referral.closed - timedelta(rng.randint(0, 2 if team is UNIT else 5))
        found.append((last, "discharge"))
    return sorted((day, why) for day, why in found if first <= day < today and day <= end)


def _every(rng: Random, referral: Referral, first: date, end: date, why: str) -> Iterator[Occasion]:
    steps = SESSION_EVERY if why == "session" else referral.team.review
    day = first + timedelta(rng.randint(*steps))
    while day + timedelta(steps[0] // 2) < end:
        yield _shifted(referral, day), why
        day += timedelta(rng.randint(*steps))


def _shifted(referral: Referral, day: date) -> date:
    """Keep community teams to working days."""
    return day if referral.team is UNIT else working_day(day)


@define
class Desk:
    """Where the forms of one referral are filled in, so that a person's leanings stay the same."""

    rng: Random
    referral: Referral
    today: date
    known: dict[str, dict[str, float]] = field(factory=dict)

    def ask(self, instrument: str, day: date, timepoint: str, chance: float) -> Iterator[Form]:
        """Give the form that comes of being asked for: filled in, declined, missed, or none."""
        outcome = self._outcome(instrument, chance)
        if outcome is None or (timepoint == "session" and outcome != "completed"):
            return
        form = self._form(instrument, day, timepoint, outcome)
        yield form
        if instrument == "honos" and outcome == "completed" and self.rng.random() < _RATED_TWICE:
            again = evolve(
                form, at=form.at + timedelta(minutes=95), professional=self._professional()
            )
            yield self._filled(again)

    def _outcome(self, instrument: str, chance: float) -> str | None:
        if instrument != "honos" and not self.referral.fills_in:
            return "declined"
        luck = self.rng.random()
        if luck < chance:
            return "completed"
        left = (luck - chance) / (1 - chance)
        if left < 0.35:
            return "missed"
        return "declined" if left < 0.6 and instrument != "honos" else None

    def _form(self, instrument: str, day: date, timepoint: str, outcome: str) -> Form:
        rng, referral = self.rng, self.referral
        day = self._came_back(instrument, day, timepoint)
        clock = time(rng.randint(9, 15), rng.choice(range(0, 60, 5)))
        form = Form(
            id="",
            instrument=instrument,
            referral_id=referral.id,
            at=datetime.combine(day, clock),
            timed=rng.random() >= _ON_PAPER[instrument],
            entered=self._entered(day),
            timepoint=timepoint,
            setting="inpatient" if self._on_unit(day) else referral.team.setting,
            outcome=outcome,
            rater=self._rater(timepoint, day) if instrument == "honos" else "",
            professional=self._professional() if instrument == "honos" else "",
        )
        if outcome == "completed":
            return self._filled(form)
        return evolve(form, outcome_reason=rng.choice(_NOT_COMPLETED[outcome]))

    def _came_back(self, instrument: str, day: date, timepoint: str) -> date:
        """Let some discharge questionnaires come back by post after the referral was closed."""
        late = (
            instrument != "honos" and timepoint == "discharge" and self.rng.random() < _POSTED_LATE
        )
        back = day + timedelta(self.rng.randint(6, 16))
        return back if late and back < self.today else day

    def _entered(self, day: date) -> date:
        """Give the day on which the form was typed in: mostly the same, sometimes weeks later."""
        least, most = self.rng.choices(((0, 0), (1, 7), (8, 60)), (68, 22, 10))[0]
        return min(day + timedelta(self.rng.randint(least, most)), self.today - timedelta(1))

    def _on_unit(self, day: date) -> bool:
        stay = self.referral.on_unit
        return stay is not None and stay[0] <= day <= stay[1]

    def _rater(self, timepoint: str, day: date) -> str:
        """Say whether one clinician rated or the team together, as wards mostly do."""
        chance = 0.15 if timepoint == "discharge" else 0.05
        if self.referral.team is UNIT:
            chance = 0.95
        return "team" if not self._on_unit(day) and self.rng.random() < chance else "clinician"

    def _professional(self) -> str:
        return self.referral.team.staff[self.rng.randint(1, STAFF) - 1]

    def _filled(self, form: Form) -> Form:
        rng, referral = self.rng, self.referral
        measure = MEASURES[form.instrument]
        if form.instrument == "honos" and referral.psychosis:
            measure = with_psychosis(measure)
        if form.instrument not in self.known:
            self.known[form.instrument] = leanings(rng, measure)
        severity = referral.course.on(form.at.date())
        ticked = answer(rng, measure, severity, self.known[form.instrument])
        whole: dict[str, Answer] = {**ticked}
        if form.instrument == "phq_9":
            whole["q10"] = difficulty(ticked)
        found = leave_gaps(rng, measure, whole)
        if form.instrument == "honos":
            found["q8_type"] = self._letter(found["q8"])
            found["glossary"] = "revised"
        return evolve(form, answers=found)

    def _letter(self, rated: Answer) -> str | None:
        """Say what kind of problem item 8 is about, where it is rated 1 or more."""
        forgotten = self.rng.random() < _LETTER_FORGOTTEN
        if forgotten or not isinstance(rated, int) or rated == 0:
            return None
        elated = self.referral.psychosis and self.rng.random() < 0.5
        return "K" if elated else self.rng.choice(_USUAL_PROBLEMS[self.referral.team.name])
