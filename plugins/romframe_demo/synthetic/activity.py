"""Care contacts, what was done in them, and events."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from romframe_demo.synthetic.caseload import working_day
from romframe_demo.synthetic.records import STAFF, Activity, Contact, Event, Form, Referral, Team
from romframe_demo.synthetic.teams import UNIT


_MEDIA = {"face to face": 62, "video": 22, "telephone": 16}
_OUTCOMES = {"attended": 84, "did not attend": 9, "cancelled": 7}


def contacts(seed: int, referral: Referral, today: date) -> Iterator[Contact]:
    """Give the contacts of an accepted referral, whose ids are still to be given."""
    if not referral.accepted:
        return
    rng = Random(f"{seed}: contacts {referral.id}")  # noqa: S311  (made-up data)
    day = working_day(referral.received + timedelta(rng.randint(*referral.team.wait)))
    while day < today and day <= (referral.closed or today):
        medium = "face to face" if referral.team is UNIT else _one_of(rng, _MEDIA)
        yield Contact("", referral.id, day, medium, _one_of(rng, _OUTCOMES))
        day = working_day(day + timedelta(rng.randint(*referral.team.contact)))


def _one_of(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def activities(
    referrals: Iterable[Referral], seen: Iterable[Contact], completed: Iterable[Form]
) -> Iterator[Activity]:
    """Give an activity for each contact that was attended on the day of a completed form.

    Its staff are those who rated, or else whoever of the team the contact's number falls to.
    """
    teams = {each.id: each.team for each in referrals}
    raters: defaultdict[tuple[str, date], set[str]] = defaultdict(set)
    for form in completed:
        if form.outcome == "completed":
            raters[form.referral_id, form.at.date()].add(form.professional)
    for contact in seen:
        occasion = (contact.referral_id, contact.day)
        if contact.outcome == "attended" and occasion in raters:
            rated = tuple(sorted(raters[occasion] - {""}))
            staff = rated or (_on_duty(teams[contact.referral_id], contact),)
            yield Activity(f"V{contact.id[1:]}", contact.id, staff)


def _on_duty(team: Team, contact: Contact) -> str:
    return team.staff[int(contact.id[1:]) % STAFF]


def events(referral: Referral, today: date) -> Iterator[Event]:
    """Give the birth, unless it was after the referral was closed, and a stay on the unit."""
    end = referral.closed or today - timedelta(1)
    if referral.birth and referral.birth <= end:
        yield Event(referral.id, "birth", referral.birth)
    if referral.team is UNIT:
        yield Event(referral.id, "admission", referral.received)
        if referral.closed:
            yield Event(referral.id, "discharge", referral.closed)
