"""What people say about the service without their name: POEM and the Friends and Family Test."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from importlib.resources import files
from random import Random

from attrs import evolve

from romframe_demo.synthetic.records import Answer, Contact, Referral, Return
from romframe_demo.synthetic.teams import UNIT


_COMMENTS = files("romframe_demo") / "data" / "comments.csv"
_ANSWERS_POEM = 0.55  # of those whose referral is closed
_ANSWERS_FFT = 0.06  # of contacts that were attended
_FROM_PARTNER = 0.08
_LEFT_OUT = 0.03  # of the questions of POEM
_COMPLAINTS = ("q2a", "q2c", "q2e", "q2g", "q2i", "q3b", "q3c", "q3f")
_PRAISE = ("q2b", "q2d", "q2f", "q2h", "q2j", "q2k", "q2l")
_OF_UNIT = ("q3a", "q3b", "q3c", "q3d", "q3e", "q3f")
_WEAK = {"q2c": 0.8, "q2k": 0.5, "q3c": 0.6, "q3f": 0.9}  # what this service is worse at
_EXPERIENCE = {
    "very_good": 56, "good": 24, "neither": 8, "poor": 5, "very_poor": 3, "dont_know": 4,
}  # fmt: skip


def returns(
    seed: int, referrals: Iterable[Referral], seen: Iterable[Contact], today: date
) -> tuple[Return, ...]:
    """Give the returns by measure and day; nothing in them says whose they are."""
    by_id = {each.id: each for each in referrals}
    found = [*_poem(seed, by_id.values(), today), *_fft(seed, by_id, seen)]
    found.sort(key=lambda each: (each.instrument, each.day, each.team.name))
    return tuple(_with_comments(seed, found))


def _poem(seed: int, referrals: Iterable[Referral], today: date) -> Iterator[Return]:
    for referral in referrals:
        rng = Random(f"{seed}: POEM {referral.id}")  # noqa: S311  (made-up data)
        if referral.closed is None or not referral.accepted or rng.random() >= _ANSWERS_POEM:
            continue
        day = min(referral.closed + timedelta(rng.randint(0, 12)), today - timedelta(1))
        yield Return("poem", day, referral.team, _said(rng, referral))


def _said(rng: Random, referral: Referral) -> dict[str, Answer]:
    """Give the answers to POEM as numbers of their boxes, the first one 1."""
    on_unit = referral.team is UNIT
    content = rng.gauss(1.6, 0.45)  # the box of somebody who is asked whether all was good
    found: dict[str, Answer] = {
        "respondent": "partner_or_other" if rng.random() < _FROM_PARTNER else "patient",
        "service": "inpatient" if on_unit else "community",
        "q1a": _box(rng, 1 + referral.course.start, 5),
        "q1b": _box(rng, 1 + referral.course.end, 5),
    }
    for item in (*_PRAISE, *_COMPLAINTS, *_OF_UNIT):
        box = _box(rng, content + _WEAK.get(item, 0), 4)
        found[item] = 5 - box if item in _COMPLAINTS else box
        if (item in _OF_UNIT and not on_unit) or rng.random() < _LEFT_OUT:
            found[item] = None
    return found


def _box(rng: Random, level: float, last: int) -> int:
    return min(max(round(level + rng.gauss(0, 0.5)), 1), last)


def _fft(seed: int, referrals: dict[str, Referral], seen: Iterable[Contact]) -> Iterator[Return]:
    for contact in seen:
        rng = Random(f"{seed}: FFT {contact.id}")  # noqa: S311  (made-up data)
        if contact.outcome == "attended" and rng.random() < _ANSWERS_FFT:
            (said,) = rng.choices(list(_EXPERIENCE), list(_EXPERIENCE.values()))
            team = referrals[contact.referral_id].team
            yield Return("fft", contact.day, team, {"experience": said})


def _with_comments(seed: int, found: list[Return]) -> Iterator[Return]:
    """Put every comment that there is of a measure into a return of that measure."""
    comments = list(csv.DictReader(_COMMENTS.read_text(encoding="utf-8").splitlines()))
    rng = Random(f"{seed}: comments")  # noqa: S311  (made-up data)
    written: dict[int, str] = {}
    for instrument in ("fft", "poem"):
        places = [n for n, each in enumerate(found) if each.instrument == instrument]
        texts = [each["comment"] for each in comments if each["measure"] == instrument]
        written |= dict(zip(rng.sample(places, len(texts)), texts, strict=True))
    for number, each in enumerate(found):
        said = {**each.answers, "comments": written.get(number)}
        yield evolve(each, answers=said)
