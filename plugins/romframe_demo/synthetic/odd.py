"""Ratings that can hardly be right, put in so that the audit has something to find."""

from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import evolve

from romframe_demo.synthetic.records import Answer, Form


_ZERO, _LINE = 0, 2
_PAIR = 2  # ratings
_COPIES, _LINES, _ZEROS = 3, 2, 2
_SCALES = tuple(f"q{number}" for number in range(1, 13))


def with_odd(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Change a few HoNOS ratings of clinicians; those that are compared stay.

    Second ratings of three or more are copied from the first, or have the same answer throughout,
    and assessments that are the only rating have no problem at all.
    """
    given = tuple(forms)
    honos = [form for form in given if form.instrument == "honos" and form.outcome == "completed"]
    odd = {form.id: form for form in _between(honos)} | {form.id: form for form in _alone(honos)}
    return tuple(odd.get(form.id, form) for form in given)


def _between(honos: list[Form]) -> Iterator[Form]:
    """Copy some reviews that have another rating on either side, and flatten others."""
    ratings: dict[str, list[Form]] = {}
    for form in sorted(honos, key=lambda each: each.at):
        ratings.setdefault(form.referral_id, []).append(form)
    middles = [
        (before, form)
        for _, theirs in sorted(ratings.items())
        if len(theirs) > _PAIR and {each.rater for each in theirs} == {"clinician"}
        for before, form in [theirs[:_PAIR]]
        if form.timepoint == "review" and before.at.date() < form.at.date()
        if _whole(before) and _whole(form) and _whole(theirs[-1])
    ]
    for before, form in middles[:_COPIES]:
        yield evolve(form, answers=before.answers)
    for _, form in middles[_COPIES : _COPIES + _LINES]:
        yield evolve(form, answers=_all(_LINE) | {"q8_type": "B", "glossary": "revised"})


def _alone(honos: list[Form]) -> Iterator[Form]:
    counts = Counter(form.referral_id for form in honos)
    alone = [
        form for form in honos if counts[form.referral_id] == 1 and form.timepoint == "assessment"
    ]
    for form in alone[:_ZEROS]:
        yield evolve(form, answers=_all(_ZERO) | {"q8_type": None, "glossary": "revised"})


def _whole(form: Form) -> bool:
    """Say whether a rating has a number on every item, so that its change has a score."""
    return all(isinstance(form.answers[item], int) for item in _SCALES)


def _all(answer: int) -> dict[str, Answer]:
    return dict.fromkeys(_SCALES, answer)
