"""Who is trained to rate, and the ratings that were made a second time by somebody else."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from attrs import evolve

from romframe_demo.synthetic.records import Answer, Form, Referral, Training
from romframe_demo.synthetic.teams import COMMUNITY, MATERNAL, TEAMS


_TRAINED_BEFORE = 120  # days before the first referral
_EXPIRED, _UNTRAINED = 11, 12  # places in each team
_HOLDS = 365
_RATE_AGAIN = ((COMMUNITY, 1, 5), (MATERNAL, 2, 2))  # the team, whose place, how many a quarter
_DIFFERS = 0.18  # of the items
_DRIFTS = 0.30  # of the items, from the fourth quarter on, by the first of the two
_STEADY = 3  # quarters
_MOST = 4


def trainings(start: date) -> Iterator[Training]:
    """Give the register: in each team the training of one is over, and one has had none."""
    day = start - timedelta(_TRAINED_BEFORE)
    for team in TEAMS:
        for place, member in enumerate(team.staff):
            if place != _UNTRAINED:
                expires = day + timedelta(_HOLDS) if place == _EXPIRED else None
                yield Training(member, "honos", day, expires)


def seconds(seed: int, referrals: Iterable[Referral], forms: Iterable[Form]) -> Iterator[Form]:
    """Give HoNOS ratings that one person of a team has made again, quarter by quarter."""
    teams = {each.id: each.team for each in referrals}
    rng = Random(f"{seed}: second ratings")  # noqa: S311  (made-up data)
    for team, place, count in _RATE_AGAIN:
        member = team.staff[place]
        firsts = [
            form
            for form in forms
            if (form.instrument, form.outcome, form.rater) == ("honos", "completed", "clinician")
            and teams[form.referral_id] is team
            and form.professional != member
        ]
        for number, found in enumerate(_by_quarter(firsts).values()):
            drifts = team is COMMUNITY and number >= _STEADY
            for form in rng.sample(found, min(count, len(found))):
                answers = dict(_again(rng, form.answers, drifts=drifts))
                yield evolve(form, id=f"D{form.id[1:]}", professional=member, answers=answers)


def _by_quarter(forms: Iterable[Form]) -> dict[tuple[int, int], list[Form]]:
    found: defaultdict[tuple[int, int], list[Form]] = defaultdict(list)
    for form in forms:
        found[form.at.year, (form.at.month - 1) // 3].append(form)
    return dict(sorted(found.items()))


def _again(
    rng: Random, answers: Mapping[str, Answer], *, drifts: bool
) -> Iterator[tuple[str, Answer]]:
    """Give the answers of another rater, who leaves 0 at 0 and mostly agrees."""
    for item, answer in answers.items():
        if not isinstance(answer, int) or answer == 0:
            yield item, answer
            continue
        step = rng.choice((-1, 1)) if rng.random() < _DIFFERS else 0
        step += drifts and rng.random() < _DRIFTS
        yield item, min(max(answer + step, 1), _MOST)
