"""A framework in sentences: who is counted, which two ratings, by which rule, on whose word."""

from collections.abc import Iterator, Mapping
from typing import Any

from romframe.conditions import condition_in_words
from romframe.constants import cut_off_in_words, in_words, reliable_in_words
from romframe.frameworks.model import (
    GOOD,
    MEDIAN,
    PAIRED,
    WORSE,
    Framework,
    FrameworkGroup,
    FrameworkIndicator,
    FrameworkMeasure,
    Target,
    in_a_word,
)
from romframe.frameworks.schedule_words import schedule_on_time, schedule_when
from romframe.frameworks.schedules import Schedule
from romframe.frameworks.terms import Terms
from romframe.instruments.model import ChangeRule, Instrument
from romframe.pairing import PairingPolicy


_COUNTED = {"closed": "closed in", "open": "open on at least one day of"}


def in_sentences(framework: Framework, terms: Terms) -> list[dict[str, Any]]:
    """Give each figure of the framework with its id, its outcome and its sentences."""
    return [
        {
            "outcome": outcome.id,
            "says": outcome.says,
            "figure": figure.id,
            "sentences": list(_said(framework, terms, figure)),
        }
        for outcome in framework.outcomes
        for figure in outcome.figures
    ]


def _said(
    framework: Framework, terms: Terms, figure: FrameworkMeasure | FrameworkIndicator
) -> Iterator[str]:
    if isinstance(figure, FrameworkMeasure):
        yield from _measure(framework, terms, figure)
    else:
        yield from _indicator(framework, terms, figure)
    for target in figure.targets:
        yield target_in_words(framework, target)


def counted_in_words(framework: Framework, group: FrameworkGroup | None) -> str:
    """Say which referrals a figure counts."""
    when = f"{_COUNTED[framework.counted]} the {framework.over} months up to the end of a period"
    if group is None:
        return f"Everybody is counted; of referrals, those {when}."
    where = condition_in_words(group.where)
    whose = f", for which {where}" if where else ""
    return f"Counted are the referrals {when}, of the group {group.name!r}{whose}."


def _measure(framework: Framework, terms: Terms, measure: FrameworkMeasure) -> Iterator[str]:
    group = framework.group(measure.group)
    instrument, rule = terms.instrument(measure.instrument), terms.rule(measure)
    score = instrument.score(measure.score)
    better = f"{score.better} is better" if score.better != "neither" else "no end is better"
    yield f"{instrument.name}, {score.name} ({score.low:g} to {score.high:g}, {better})."
    yield counted_in_words(framework, group)
    yield pairing_in_words(terms.policy(framework.pairing, measure))
    if rule is None:
        yield "No change rule is named and none is the default, so that pairs get no class."
    else:
        yield _rule(instrument, rule, score.better)
        yield _source(instrument, rule)
        yield (
            f"A good outcome is {_outcome(group, group.good)}, a worse one"
            f" {_outcome(group, group.worse)}; shares are of the pairs that have a class."
        )


def _outcome(group: FrameworkGroup, classes: tuple[str, ...]) -> str:
    return " or ".join(classes) if group.counts_improvement else in_a_word(classes)


def timing_in_sentences(framework: Framework, terms: Terms) -> list[dict[str, Any]]:
    """Give each schedule of the framework with its id and its sentences."""
    return [
        {"schedule": each.id, "sentences": list(_asked(framework, terms, each))}
        for each in framework.timing
    ]


def _asked(framework: Framework, terms: Terms, schedule: Schedule) -> Iterator[str]:
    names = ", ".join(terms.instrument(each).name for each in schedule.instruments)
    at = f", as {schedule.timepoint}" if schedule.timepoint else ""
    called = f"{schedule.name}: " if schedule.name else ""
    yield f"{called}{names}{at}."
    yield f"It is due {schedule_when(schedule)}, and on time {schedule_on_time(schedule)}."
    if schedule.group:
        yield f"It is for the group {framework.group(schedule.group).name!r}."
    else:
        where = condition_in_words(schedule.where or {})
        yield f"It is for referrals for which {where}." if where else "It is for everybody."
    if schedule.put_off is not None:
        most = f"by {schedule.put_off} days at most"
        yield f"A clinician may put it off, with a reason, {most} after the day on which it is due."


def pairing_in_words(policy: PairingPolicy) -> str:
    """Say which two ratings of a referral are compared."""
    first = f" taken at {' or '.join(policy.first_timepoints)}" if policy.first_timepoints else ""
    last = f" taken at {' or '.join(policy.last_timepoints)}" if policy.last_timepoints else ""
    said = f"Compared are the earliest rating{first} and the latest one{last}"
    if policy.same:
        said += f", of the same {' and '.join(policy.same)}"
    if policy.minimum_gap_days:
        days = "day" if policy.minimum_gap_days == 1 else "days"
        said += f", at least {policy.minimum_gap_days} {days} apart"
    still = "; referrals that are still open are not paired" if policy.closed_only else ""
    return f"{said}{still} (pairing policy {policy.id})."


def _rule(instrument: Instrument, rule: ChangeRule, better: Any) -> str:
    said = [
        f"{name.replace('_', ' ')}: {_constant(name, value, better)}"
        for name, value in rule.params.items()
    ]
    whose = f", found with {rule.population}" if rule.population else ""
    return f"The rule is {rule.id!r} ({rule.method}{whose}): {'; '.join(said)}."


def _constant(name: str, value: Any, better: Any) -> str:
    if name == "reliable":
        return reliable_in_words(value)
    if name == "cut_off":
        return "; ".join(cut_off_in_words(value, better))
    return in_words(value)


def _source(instrument: Instrument, rule: ChangeRule) -> str:
    source = instrument.sources[rule.source]
    return f"Its source is {source.cite} ({source.status})."


def _indicator(framework: Framework, terms: Terms, indicator: FrameworkIndicator) -> Iterator[str]:
    offered = terms.indicators[indicator.indicator]
    given = in_words(indicator.params) if indicator.params else ""
    yield f"{indicator.name}."
    yield f"The indicator is {offered.name!r}{f' with {given}' if given else ''}: {offered.summary}"
    yield counted_in_words(framework, framework.group(indicator.group) if indicator.group else None)


def target_in_words(framework: Framework, target: Target) -> str:
    """Say what a figure should be, and who says so."""
    unit = "" if target.figure == MEDIAN else " %"
    bounds = (("at least", target.at_least), ("at most", target.at_most))
    wanted = " and ".join(f"{word} {each:g}{unit}" for word, each in bounds if each is not None)
    source = framework.sources[target.source]["cite"] if target.source else ""
    return f"Target: {_FIGURES.get(target.figure, target.figure)} {wanted} ({source or _OWN})."


_OWN = "set in this framework"
_FIGURES: Mapping[str, str] = {
    GOOD: "a good outcome for",
    WORSE: "a worse outcome for",
    PAIRED: "both ratings for",
    "met": "true of",
    MEDIAN: "the median",
}
