"""What a brief says, in two voices: to the clinician, and to the person it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from romframe import Wording
from romframe_report.dates import day_in_words
from romframe_report.figures import number
from romframe_report.person.answers import Answers, Raised
from romframe_report.person.goals import Goal
from romframe_report.person.series import Rating, Series
from romframe_report.person.who import CLINICIAN, SERVICE_USER


MOST_STEPS = 4

# What a class of change says. A rule that compares with the measure's own noise says so; another
# counts by an amount of its own.
_CHANGE: Mapping[str, Mapping[str, str]] = {
    CLINICIAN: {
        "recovered": "better by more than the measure's own noise, and out of the clinical range",
        "improved": "better by more than the measure's own noise",
        "unchanged": "no change beyond the measure's own noise",
        "deteriorated": "worse by more than the measure's own noise",
        "harmed": "worse by more than the measure's own noise, and now in the clinical range",
        "not_classified": "changed in a way that the rule cannot judge",
    },
    SERVICE_USER: {
        "recovered": "clearly better than at the start, and well again by this questionnaire",
        "improved": "clearly better than at the start: more than ordinary ups and downs",
        "unchanged": "about the same as at the start: no more than ordinary ups and downs",
        "deteriorated": "clearly harder than at the start: more than ordinary ups and downs",
        "harmed": "clearly harder than at the start: more than ordinary ups and downs",
        "not_classified": "not possible to compare with the start",
    },
}
_COUNTED: Mapping[str, Mapping[str, str]] = {
    CLINICIAN: {
        "recovered": "better, as the rule counts it",
        "improved": "better, as the rule counts it",
        "unchanged": "unchanged, as the rule counts it",
        "deteriorated": "worse, as the rule counts it",
        "harmed": "worse, as the rule counts it",
        "not_classified": _CHANGE[CLINICIAN]["not_classified"],
    },
    SERVICE_USER: {
        "recovered": "better than at the start",
        "improved": "better than at the start",
        "unchanged": "about the same as at the start",
        "deteriorated": "harder than at the start",
        "harmed": "harder than at the start",
        "not_classified": _CHANGE[SERVICE_USER]["not_classified"],
    },
}
_RATERS: Mapping[str, Mapping[str, str]] = {
    CLINICIAN: {"service_user": "the service user", "": "somebody (not recorded)"},
    SERVICE_USER: {
        "service_user": "you",
        "clinician": "your clinician",
        "team": "your team",
        "carer": "your carer",
        "partner": "your partner",
        "": "somebody (not recorded)",
    },
}
_NO_SCORE: Mapping[str, str] = {
    "nothing_answered": "nothing was answered",
    "too_many_missing": "too many answers are missing ({answered} of {items} are there)",
    "invalid_response": "one answer is none that the form allows",
    "input_refused": "a score that it is made of could not be given",
    "no_value": "the measure has no score for these answers",
    "method_failed": "the scoring did not work; please tell those who look after the system",
}
_ANSWERED = (
    "You have taken the time to answer. What has helped you this far, however small, is worth"
    " telling your clinician."
)
_NOTHING_YET = "There are no ratings yet. What is going well is worth telling your clinician."


def rated_by(rater: str, reader: str) -> str:
    """Say who gave a rating."""
    known = _RATERS[reader].get(rater)
    return known if known is not None else f"the {rater.replace('_', ' ')}"


def change_sentence(series: Series, reader: str) -> str:
    """Say what has changed in one score, in words and without a number that stands alone."""
    name = series.score.name if reader == CLINICIAN else series.instrument.name
    return f"{name}: {change_words(series, reader)}."


def card_sentence(series: Series, reader: str) -> str:
    """Say it under the measure's own heading, which the person needs to read only once."""
    if reader == CLINICIAN:
        return change_sentence(series, reader)
    said = change_words(series, reader)
    return f"{said[0].upper()}{said[1:]}."


def change_words(series: Series, reader: str) -> str:
    """Say what has changed in one score, without saying in which."""
    last = series.last
    if last is None:
        return "no score yet"
    band = _band(last, reader)
    if series.first is not None:
        return f"{_changed(series, last, reader)}{f'; now {band}' if band else ''}"
    alone = [each for each in series.scored if each.referral_id == last.referral_id] == [last]
    told = f", {band}" if band else ""
    if not alone:
        return f"the last rating cannot be compared with the ones before{told}"
    since = " of this referral" if reader == CLINICIAN else " since you were last referred"
    of = since if len(series.scored) > 1 else ""
    return f"one rating so far{of}{told}; a second one will show change"


def _changed(series: Series, last: Rating, reader: str) -> str:
    if last.verdict:
        said = (_CHANGE if last.reliable else _COUNTED)[reader]
        return said[last.verdict]
    moved = _moved(series)
    if reader == CLINICIAN:
        return f"{moved} since the first rating; no rule says whether by more than noise"
    return f"{moved} since the start; this form cannot say whether that is more than ups and downs"


def _moved(series: Series) -> str:
    """Say which way an unjudged score went."""
    change = _difference(series)
    if not change:
        return "the same"
    if series.score.better == "neither":
        return "higher" if change > 0 else "lower"
    return "better" if (change > 0) == (series.score.better == "higher") else "worse"


def _band(rating: Rating, reader: str) -> str:
    if not rating.band:
        return ""
    named = f"\u201c{rating.band}\u201d"
    return f"in the band {named}" if reader == CLINICIAN else f"in the range called {named}"


def figures_line(series: Series) -> str:
    """Give the first and the last value and the change, with their days; empty without a value."""
    last, first = series.last, series.first
    if last is None:
        return ""
    now = f"{number(last.value)} on {day_in_words(last.on)}"
    if first is None:
        return f"{now}."
    change = _difference(series)
    sign = "+" if change > 0 else ""
    return (
        f"{number(first.value)} on {day_in_words(first.on)}, {now} (change {sign}{number(change)})."
    )


def _difference(series: Series) -> float:
    first, last = series.first, series.last
    values = [each.value for each in (first, last) if each is not None and each.value is not None]
    return values[1] - values[0]


def rating_note(rating: Rating, series: Series) -> str:
    """Say what is to be known of a rating's score: why there is none, or that it is not whole."""
    if rating.outcome != "completed":
        return f"not filled in ({rating.outcome})"
    items = len(series.score.items)
    if rating.value is None:
        why = _NO_SCORE.get(rating.reason, "it could not be scored")
        return f"no score: {why.format(answered=rating.answered, items=items)}"
    if rating.status == "prorated":
        return f"scored from {rating.answered} of {items} answers"
    if rating.reason == "sum_of_known":
        return f"sum of {rating.answered} of {items} answers"
    return "score reported without its answers" if rating.status == "reported" else ""


def gap_sentences(series: Series, reader: str) -> Iterator[str]:
    """Say why the line has gaps; the person is not told off for forms that were not filled in."""
    for rating in series.ratings:
        if rating.value is None and rating.outcome == "completed":
            yield f"{day_in_words(rating.on)}: {rating_note(rating, series)}."
    undone = [each for each in series.ratings if each.outcome != "completed"]
    if undone and reader == CLINICIAN:
        listed = "; ".join(f"{day_in_words(each.on)} ({each.outcome})" for each in undone)
        yield f"Not filled in: {listed}."


def goal_sentences(goal: Goal, reader: str) -> Iterator[str]:
    """Say how far a goal has come, for each score and rater that it was rated with."""
    name = f"Goal {goal.number}" + ("" if goal.state == "open" else f" ({goal.state})")
    if not any(series.last for series in goal.series):
        yield f"{name}: set, and not rated yet."
    several = len(goal.series) > 1
    for series in goal.series:
        of = f", {series.score.name}, by {rated_by(series.rater, reader)}" if several else ""
        if series.first is not None and series.last is not None:
            yield f"{name}{of}: {_changed(series, series.last, reader)}."
        elif series.last is not None:
            yield f"{name}{of}: rated once; a second rating will show how it goes."


def strengths(
    series: Sequence[Series], goals: Sequence[Goal], answers: Sequence[Answers]
) -> tuple[str, ...]:
    """Say to the person what goes better, or else what holds steady; never nothing."""
    found = [change_sentence(s, SERVICE_USER) for s in series if s.last and s.last.mark == "better"]
    found += [
        said
        for goal in goals
        if any(each.last and each.last.mark == "better" for each in goal.series)
        for said in goal_sentences(goal, SERVICE_USER)
    ]
    found += _easier(answers)
    if found:
        return tuple(found)
    steady = [s for s in series if s.last and s.last.verdict == "unchanged"]
    if steady:
        return tuple(change_sentence(each, SERVICE_USER) for each in steady)
    return (_ANSWERED if any(each.last for each in series) else _NOTHING_YET,)


def _easier(answers: Sequence[Answers]) -> Iterator[str]:
    """Name a few of the person's own answers that got better; none that could raise an alert."""
    for each in answers:
        told = [answer for answer in (*each.shown, *each.folded) if not answer.watched]
        better = [answer.label for answer in told if answer.move == "better"]
        if better and each.rater == SERVICE_USER:
            yield f"{each.instrument.name}: better than last time in {'; '.join(better[:3])}."


def care_sentence(raised: Sequence[Raised]) -> str:
    """Tell the person of alerts of the last ratings, with care and without what they are about."""
    days = " and ".join(dict.fromkeys(day_in_words(each.on) for each in raised))
    return (
        f"In the ratings of {days} there is something that your team takes seriously and would"
        " like to talk over with you. That is an offer of help: nothing is held against you."
    )


def next_steps(
    series: Sequence[Series],
    goals: Sequence[Goal],
    raised: Sequence[Raised],
    reader: str,
) -> tuple[str, ...]:
    """Give the next steps that one may ask for, the most pressing first."""
    marks = [each.last for each in series if each.last is not None]
    marks += [each.last for goal in goals for each in goal.series if each.last is not None]
    latest = [each.ratings[-1] for each in series]
    asked = {
        "alert": bool(raised),
        "worse": any(each.mark == "worse" for each in marks),
        "unchanged": any(each.verdict == "unchanged" for each in marks),
        "better": any(each.mark == "better" for each in marks),
        "gap": any(each.outcome == "completed" and each.value is None for each in latest),
        "undone": any(each.outcome != "completed" for each in latest),
        "few": not any(each.first for each in marks),
        "goals": any(goal.state == "open" for goal in goals),
    }
    chosen = [_STEPS[reader][why] for why, holds in asked.items() if holds]
    return tuple([*chosen, _STEPS[reader]["always"]][:MOST_STEPS])


_STEPS: Mapping[str, Mapping[str, str]] = {
    CLINICIAN: {
        "alert": "Talk about the alert above in this meeting, before anything else.",
        "worse": "Ask what has become harder and since when, and whether the plan still fits.",
        "unchanged": "Where a score has not moved, ask what the person makes of it, and whether"
        " something else should be tried.",
        "better": "Ask what has helped, and how it can be kept.",
        "gap": "Go through the missing answers together, so that the score can be given.",
        "undone": "Ask whether this measure is still of use to the person, and agree when to ask"
        " again.",
        "few": "Agree when to rate again: change shows from the second rating on.",
        "goals": "Look at each open goal: does it still matter, and how near is it?",
        "always": "Show this page to the person, and write down what it leaves out.",
    },
    SERVICE_USER: {
        "alert": "Talk with your clinician about how safe and how well you feel at the moment.",
        "worse": "Ask what could be changed in your care, as some things have become harder.",
        "unchanged": "Ask what else could be tried where things have stayed the same.",
        "better": "Say what has helped you, and ask how to keep it going.",
        "gap": "Go through the questions that were left open, if you like, together.",
        "undone": "Say whether this form is of use to you: you need not fill it in.",
        "few": "Ask when to answer again: a second time shows what changes.",
        "goals": "Say whether your goals are still the right ones.",
        "always": "Say what matters to you and is not on this page.",
    },
}


def subjects(raised: Raised, wording: Wording) -> str:
    """Say at what an alert was raised: items in their words, scores by their names."""
    scores = {each.id: each.name for each in raised.instrument.scores}
    return "; ".join(scores[each] if each in scores else wording.item(each) for each in raised.at)
