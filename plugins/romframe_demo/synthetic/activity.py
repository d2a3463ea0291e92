"""Care contacts and events."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from romframe_demo.synthetic.caseload import working_day
from romframe_demo.synthetic.records import Contact, Event, Referral
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


def events(referral: Referral, today: date) -> Iterator[Event]:
    """Give the birth, unless it was after the referral was closed, and a stay on the unit."""
    end = referral.closed or today - timedelta(1)
    if referral.birth and referral.birth <= end:
        yield Event(referral.id, "birth", referral.birth)
    if referral.team is UNIT:
        yield Event(referral.id, "admission", referral.received)
        if referral.closed:
            yield Event(referral.id, "discharge", referral.closed)
