"""The made-up service as a whole: everybody drawn, put into order and numbered."""

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from romframe_demo.synthetic.activity import activities, contacts, events
from romframe_demo.synthetic.caseload import Episode, caseload
from romframe_demo.synthetic.diary import deferrals, plans
from romframe_demo.synthetic.forms import forms
from romframe_demo.synthetic.goals import goals
from romframe_demo.synthetic.odd import with_odd
from romframe_demo.synthetic.raters import seconds, trainings
from romframe_demo.synthetic.records import Contact, Form, Person, Referral, Service
from romframe_demo.synthetic.returns import returns


MONTHS = 18
_FORM_LETTERS = {
    "honos": "H",
    "core_10": "C",
    "core_om": "M",
    "phq_9": "P",
    "feeding_confidence": "F",
    "pbq": "B",
    "gbo": "G",
}


def make_service(seed: int, today: date) -> Service:
    """Make the service from `MONTHS` months before `today` to the day before it."""
    start = _months_before(today, MONTHS)
    people, referrals = _numbered(caseload(seed, start, today))
    seen = tuple(_contacts(seed, referrals, today))
    aims = [goals(seed, each, today) for each in referrals]
    ratings = [form for _, rated in aims for form in rated]
    filled_in = with_odd(_forms(seed, referrals, ratings, today))
    return Service(
        start,
        today,
        people,
        referrals,
        seen,
        tuple(activities(referrals, seen, filled_in)),
        tuple(event for each in referrals for event in events(each, today)),
        filled_in,
        tuple(goal for found, _ in aims for goal in found),
        returns(seed, referrals, seen, today),
        tuple(plans(referrals, today)),
        tuple(deferrals(referrals, today)),
        tuple(trainings(start)),
        tuple(seconds(seed, referrals, filled_in)),
    )


def _months_before(day: date, months: int) -> date:
    """Give the first day of the month that lies so many months back."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def _numbered(episodes: Iterator[Episode]) -> tuple[tuple[Person, ...], tuple[Referral, ...]]:
    """Number people and referrals in the order in which they came."""
    people, unnumbered = [], []
    for number, (person, theirs) in enumerate(sorted(episodes, key=_first_day), 10001):
        people.append(evolve(person, id=f"P{number}"))
        unnumbered += [evolve(each, person_id=f"P{number}") for each in theirs]
    unnumbered.sort(key=lambda each: (each.received, each.person_id))
    referrals = (evolve(each, id=f"R{number}") for number, each in enumerate(unnumbered, 400001))
    return tuple(people), tuple(referrals)


def _first_day(episode: Episode) -> date:
    return episode[1][0].received


def _contacts(seed: int, referrals: tuple[Referral, ...], today: date) -> Iterator[Contact]:
    found = [contact for each in referrals for contact in contacts(seed, each, today)]
    found.sort(key=lambda each: (each.day, each.referral_id))
    for number, contact in enumerate(found, 700001):
        yield evolve(contact, id=f"A{number}")


def _forms(
    seed: int, referrals: tuple[Referral, ...], ratings: list[Form], today: date
) -> Iterator[Form]:
    """Give the forms in the order in which they were typed in, numbered in that order."""
    found = [form for each in referrals for form in forms(seed, each, today)] + ratings
    found.sort(key=lambda each: (each.entered, each.at, each.referral_id, each.professional))
    for number, form in enumerate(found, 20001):
        yield evolve(form, id=f"{_FORM_LETTERS[form.instrument]}{number}")
