"""Who is referred to which team, when, for how long, and how their illness goes."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from attrs import evolve

from romframe_demo.synthetic.records import Course, Person, Referral, Team
from romframe_demo.synthetic.teams import COMMUNITY, ETHNICITIES, MATERNAL, TEAMS, UNIT


PEOPLE = 366
_TO_BE_KEPT_WELL = 0.20  # of the people whom the community team accepts
_TURNED_AWAY = 0.09
_FILLS_IN_NOTHING = 0.05
_COMPLETED, _MOVED, _DROPPED_OUT = "treatment completed", "moved away", "did not attend"

Episode = tuple[Person, list[Referral]]


def caseload(seed: int, start: date, today: date) -> Iterator[Episode]:
    """Give each person with their referrals, whose ids are still to be given."""
    for number in range(PEOPLE):
        rng = Random(f"{seed}: person {number}")  # noqa: S311  (made-up data)
        yield _episode(rng, start, today)


def _episode(rng: Random, start: date, today: date) -> Episode:
    received = start + timedelta(rng.randrange((today - start).days - 3))
    team = rng.choices(TEAMS, [team.share for team in TEAMS])[0]
    person = _person(rng, received)
    first = _referral(rng, team, received, today)
    referrals = [first]
    if first.accepted and team is COMMUNITY and not first.prevention and rng.random() < 0.12:
        referrals = list(_admitted(rng, first, today))
    elif first.accepted and rng.random() < 0.16:
        referrals += _referred_on(rng, first, today)
    return person, [evolve(each, fills_in=first.fills_in) for each in referrals]


def _person(rng: Random, received: date) -> Person:
    age = round(min(max(rng.gauss(31, 5.5), 17), 46) * 365.25)
    gender = "unknown" if rng.random() < 0.01 else "female"
    ethnicity = rng.choices(list(ETHNICITIES), list(ETHNICITIES.values()))[0]
    return Person("", received - timedelta(age), gender, ethnicity)


def _referral(
    rng: Random, team: Team, received: date, today: date, birth: date | None = None
) -> Referral:
    """Make a referral, closed if its planned end has passed; `birth` is known of later ones."""
    received = received if team is UNIT else working_day(received)
    accepted = team is UNIT or rng.random() >= _TURNED_AWAY
    pregnant = team is COMMUNITY and birth is None
    prevention = pregnant and accepted and rng.random() < _TO_BE_KEPT_WELL
    mean, spread, least, most = team.stay
    days = round(min(max(rng.gauss(mean, spread), least), most))
    if not accepted:
        days = rng.randint(3, 20)
    reasons = (_COMPLETED, _MOVED, _DROPPED_OUT) if accepted else ("not appropriate", _DROPPED_OUT)
    reason = rng.choices(reasons, (80, 8, 12)[: len(reasons)])[0]
    end = working_day(received + timedelta(days))
    over = end < today
    return Referral(
        id="",
        person_id="",
        team=team,
        prevention=prevention,
        accepted=accepted,
        received=received,
        closed=end if over else None,
        close_reason=reason if over else "",
        course=_course(rng, team, received, days, prevention),
        birth=birth or _birth(rng, team, received, prevention),
        psychosis=rng.random() < (0.35 if team is UNIT else 0.05),
        fills_in=rng.random() >= _FILLS_IN_NOTHING,
    )


def _course(rng: Random, team: Team, received: date, days: int, prevention: bool) -> Course:
    """Most get better in treatment and some worse; most of those to be kept well stay well."""
    luck = rng.random()
    if prevention:
        start = rng.uniform(0.3, 0.75)
        end = start * rng.uniform(0.6, 1.3) if luck < 0.82 else rng.uniform(1.7, 2.6)
        return Course(received, days, start, end)
    start = min(max(rng.gauss(*team.severity), 1.1), 3.6)
    if luck < (0.85 if team is UNIT else 0.67):
        end = start * rng.uniform(0.15, 0.55)
    elif luck < 0.88:
        end = start * rng.uniform(0.85, 1.10)
    else:
        end = min(start + rng.uniform(0.5, 1.1), 3.9)
    return Course(received, days, start, end)


def _birth(rng: Random, team: Team, received: date, prevention: bool) -> date | None:
    """Give the day of birth, in the future for many; none after a loss."""
    if prevention:
        return received + timedelta(rng.randint(30, 190))
    if team is UNIT:
        return received - timedelta(rng.randint(3, 120))
    if team is MATERNAL and rng.random() < 0.3:
        return None
    return received + timedelta(rng.randint(-190, 190))


def _admitted(rng: Random, first: Referral, today: date) -> Iterator[Referral]:
    """Give a community referral that a stay on the unit falls into, and the stay's own."""
    into = first.received + timedelta(rng.randint(30, 110))
    if into >= today or (first.closed and first.closed <= into):
        yield first
        return
    stay = evolve(_referral(rng, UNIT, into, today, first.birth), psychosis=first.psychosis)
    left = stay.closed or today
    long_enough = left + timedelta(rng.randint(21, 90))
    closed = first.closed
    if closed is not None:
        closed = None if long_enough >= today else max(closed, working_day(long_enough))
    reason = first.close_reason if closed else ""
    yield evolve(first, closed=closed, close_reason=reason, on_unit=(into, left))
    yield stay


def _referred_on(rng: Random, first: Referral, today: date) -> Iterable[Referral]:
    """Give a later referral: from the unit to the community team, or back to the same team."""
    if first.closed is None:
        return ()
    team = COMMUNITY if first.team is UNIT else first.team
    again = first.closed + timedelta(rng.randint(1, 14) if first.team is UNIT else 120)
    if working_day(again) >= today:
        return ()
    return (_referral(rng, team, again, today, first.birth),)


def working_day(day: date) -> date:
    """Give the day itself, or the Monday after a weekend."""
    return day + timedelta(max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
