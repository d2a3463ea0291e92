"""The goals that people set, how near they come to each, and what becomes of it."""

from collections.abc import Iterator
from datetime import date, datetime, time
from random import Random

from attrs import define, evolve, field

from romframe_demo.synthetic.forms import occasions
from romframe_demo.synthetic.records import Form, Goal, Referral
from romframe_demo.synthetic.teams import UNIT


_SETS_GOALS = 0.55  # of people in treatment who fill in anything
_HOW_MANY = (1, 2, 2, 3)
_MOST = 4  # with those that took another's place
_TOP, _REACHED = 10, 9
_RATED = {"assessment": 1.0, "review": 0.85, "discharge": 0.72}
_REPLACED, _DROPPED = 0.16, 0.05  # of goals that are not reached, whenever they are rated again
_SLOTS = 3  # that a national data set has


def goals(seed: int, referral: Referral, today: date) -> tuple[tuple[Goal, ...], tuple[Form, ...]]:
    """Give the goals of a referral as they stand today, and every rating of them.

    Nobody sets any on the unit, nor to be kept well. They are rated when other forms are due.
    """
    rng = Random(f"{seed}: goals {referral.id}")  # noqa: S311  (made-up data)
    treated = referral.accepted and not referral.prevention and referral.team is not UNIT
    if not (treated and referral.fills_in) or rng.random() >= _SETS_GOALS:
        return (), ()
    as_other_forms = Random(f"{seed}: forms {referral.id}")  # noqa: S311  (made-up data)
    plan = Plan(rng, referral)
    ratings = [
        rating
        for day, timepoint in occasions(as_other_forms, referral, today)
        if timepoint in _RATED
        for rating in plan.met(day, timepoint)
    ]
    return tuple(each.goal for each in plan.pursued), tuple(ratings)


@define
class Pursued:
    """A goal, how near it was when it was set, and how fast it comes nearer."""

    goal: Goal
    began: float
    pace: float


@define
class Plan:
    """What one person is working towards, from one meeting to the next."""

    rng: Random
    referral: Referral
    pursued: list[Pursued] = field(factory=list)

    def met(self, day: date, timepoint: str) -> Iterator[Form]:
        """Rate the goals that are open, set the first ones, and settle what becomes of each."""
        if not self.pursued:
            for _ in range(self.rng.choice(_HOW_MANY)):
                self._set(day)
        if self.rng.random() >= _RATED[timepoint]:
            return
        at = datetime.combine(day, time(self.rng.randint(9, 15), 30))
        for each in self.pursued:  # one that takes another's place is rated on the same day
            if each.goal.state == "open":
                rating = self._rating(each, day)
                yield self._form(each.goal, at, timepoint, rating)
                if each.goal.set_on < day:
                    self._settle(each, rating, day)

    def _set(self, day: date) -> Goal:
        number = len(self.pursued) + 1
        slot = str(number) if number <= _SLOTS else ""
        goal = Goal(f"{self.referral.id}-{number}", self.referral.id, slot, day)
        began = self.rng.uniform(0, 3.4)
        self.pursued.append(Pursued(goal, began, self.rng.uniform(0.3, 1.2)))
        return goal

    def _rating(self, pursued: Pursued, day: date) -> int:
        course = self.referral.course
        since = course.on(pursued.goal.set_on)
        nearer = _TOP * (since - course.on(day)) / since * pursued.pace
        return round(min(max(pursued.began + nearer + self.rng.gauss(0, 0.7), 0), _TOP))

    def _settle(self, pursued: Pursued, rating: int, day: date) -> None:
        luck = self.rng.random()
        if rating >= _REACHED:
            pursued.goal = evolve(pursued.goal, state="achieved", state_on=day)
        elif luck < _REPLACED and len(self.pursued) < _MOST:
            instead = self._set(day).id
            pursued.goal = evolve(pursued.goal, state="replaced", state_on=day, replaced_by=instead)
        elif luck < _REPLACED + _DROPPED:
            pursued.goal = evolve(pursued.goal, state="dropped", state_on=day)

    def _form(self, goal: Goal, at: datetime, timepoint: str, rating: int) -> Form:
        return Form(
            id="",
            instrument="gbo",
            referral_id=self.referral.id,
            at=at,
            timed=True,
            entered=at.date(),
            timepoint=timepoint,
            setting=self.referral.team.setting,
            outcome="completed",
            goal=goal.id,
            answers={"progress": rating},
        )
