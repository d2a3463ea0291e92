"""What is to come, and what was put off."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from romframe_demo.synthetic.records import Deferral, Plan, Referral
from romframe_demo.synthetic.teams import UNIT


_PUT_OFF = (  # of whoever came last, the one before, and so on
    ("honos", "ward", "acute distress"),
    ("core_10", "start", "acute distress"),
    ("core_10", "start", "asked to wait until her partner visits"),
)


def plans(referrals: Iterable[Referral], today: date) -> Iterator[Plan]:
    """Give the day on which each baby is expected that is yet to be born."""
    for each in referrals:
        if each.accepted and each.closed is None and each.birth and each.birth >= today:
            yield Plan(each.id, "birth", each.birth)


def deferrals(referrals: Iterable[Referral], today: date) -> Iterator[Deferral]:
    """Give the forms on the unit that were put off, of those who came last."""
    stays = [each for each in referrals if each.team is UNIT and each.closed is None]
    for number, (each, told) in enumerate(zip(reversed(stays), _PUT_OFF, strict=False)):
        instrument, schedule, reason = told
        days = today - timedelta(1 + number), today + timedelta(7)
        yield Deferral(each.id, instrument, schedule, *days, reason, each.team.staff[number])
