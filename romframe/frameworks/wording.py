"""A framework in sentences: who is counted, which two ratings, by which rule, on whose word."""

from collections.abc import Iterator, Mapping
from typing import Any

from romframe.change import default_rule, rules_for
from romframe.conditions import condition_in_words
from romframe.constants import in_words
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
from romframe.frameworks.rule_words import (
    cut_off_of_score_in_words,
    item_in_words,
    pairing_in_words,
    rule_in_words,
    score_in_words,
    source_in_words,
)
from romframe.frameworks.schedule_words import schedule_on_time, schedule_when
from romframe.frameworks.schedules import Schedule
from romframe.frameworks.terms import Terms
from romframe.offers import Indicator


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


def counted_in_words(framework: Framework, group: FrameworkGroup) -> str:
    """Say which referrals a measure counts."""
    when = f"{_COUNTED[framework.counted]} {_period(framework)}"
    return f"Counted are the referrals {when}, of {_whose(group)}."


def _period(framework: Framework) -> str:
    months = "month" if framework.over == 1 else f"{framework.over} months"
    return f"the {months} up to the end of a period"


def _whose(group: FrameworkGroup) -> str:
    where = condition_in_words(group.where)
    return f"the group {group.name!r}{f', for which {where}' if where else ''}"


def _measure(framework: Framework, terms: Terms, measure: FrameworkMeasure) -> Iterator[str]:
    group = framework.group(measure.group)
    instrument, rule = terms.instrument(measure.instrument), terms.rule(measure)
    score = instrument.score(measure.score)
    yield score_in_words(instrument, score)
    yield counted_in_words(framework, group)
    yield pairing_in_words(terms.policy(framework.pairing, measure))
    if rule is None:
        yield "No change rule is named and none is the default, so that pairs get no class."
    else:
        yield rule_in_words(instrument, rule, score.better)
        yield source_in_words(instrument, rule.source)
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


def _indicator(framework: Framework, terms: Terms, indicator: FrameworkIndicator) -> Iterator[str]:
    offered = terms.indicators[indicator.indicator]
    given = in_words(indicator.params) if indicator.params else ""
    yield f"{indicator.name}."
    yield f"The indicator is {offered.name!r}{f' with {given}' if given else ''}: {offered.summary}"
    group = framework.group(indicator.group) if indicator.group else None
    whose = f"the referrals of {_whose(group)}" if group else "everybody"
    when = f"counts in {_period(framework)}, by the day that the definition names"
    yield f"Of what {when}: {whose}."
    if "pairing" in offered.params:
        chosen = framework.params_of(indicator, offered.params).get("pairing", "")
        yield pairing_in_words(terms.paired_by(chosen))
    if "instrument" in indicator.params:
        yield from _parts(terms, offered, indicator.params)


def _parts(terms: Terms, offered: Indicator, params: Mapping[str, Any]) -> Iterator[str]:
    """Say what the parts of an instrument are that an indicator names, and on whose word."""
    instrument = terms.instrument(params["instrument"])
    if "item" in params:
        yield item_in_words(instrument.item(params["item"]))
    if "score" not in params:
        return
    score = instrument.score(params["score"])
    yield score_in_words(instrument, score)
    if "rule" in offered.params:
        rules = rules_for(instrument, score.id)
        rule = rules[params["rule"]] if "rule" in params else default_rule(instrument, score.id)
        if rule is not None:
            yield rule_in_words(instrument, rule, score.better)
            yield source_in_words(instrument, rule.source)
    for cut_off in instrument.cut_offs:
        if (cut_off.score, cut_off.id) == (score.id, params.get("cut_off")):
            yield cut_off_of_score_in_words(cut_off)
            yield source_in_words(instrument, cut_off.source)


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
