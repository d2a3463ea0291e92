"""What is not wrong in a framework, and worth a second look all the same."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from romframe.change import rules_for
from romframe.errors import Problem, did_you_mean
from romframe.frameworks.burden import concerns
from romframe.frameworks.model import MEDIAN, Framework, FrameworkIndicator, FrameworkMeasure
from romframe.frameworks.overlaps import overlap
from romframe.frameworks.terms import Terms
from romframe.frameworks.unused import figures_with_places, unused
from romframe.instruments.evidence import evidence
from romframe.yaml_source import Path


def advice(framework: Framework, terms: Terms) -> list[Problem]:
    """Give warnings, each with its place.

    They are of what nothing uses, what figures use and schedules do not ask for, or the other way
    round, targets of less than one per cent, groups that overlap, and weak evidence.
    """
    found = [
        *unused(framework, terms),
        *_not_together(framework, terms),
        *_tiny(framework),
        *_overlapping(framework),
        *_weak(framework, terms),
    ]
    return sorted(found, key=lambda problem: problem.place)


def instruments_of(framework: Framework) -> tuple[str, ...]:
    """Give the instruments that a figure of the framework is about, in order of appearance."""
    names = [measure.instrument for each in framework.outcomes for measure in each.measures]
    params = [indicator.params for each in framework.outcomes for indicator in each.indicators]
    names += [each["instrument"] for each in params if "instrument" in each]
    return tuple(dict.fromkeys(names))


def _id_of(instrument: str) -> str:
    return instrument.partition("-")[0]


def _warning(framework: Framework, path: Path, code: str, what: str, mend: str) -> Problem:
    return Problem(code, what, mend, framework.document.place(path), "warning")


def _not_together(framework: Framework, terms: Terms) -> Iterator[Problem]:
    """Warn of what schedules ask for and no figure uses, and of the other way round."""
    used = {_id_of(name) for name in instruments_of(framework)}
    for index, schedule in enumerate(framework.timing):
        for position, name in enumerate(schedule.instruments):
            if _id_of(name) not in used:
                asked: Path = ("timing", index, "instruments", position)
                what = f"No figure uses {name!r}, which the schedule {schedule.id!r} asks for."
                mend = "Ask a measure or an indicator of it, or do not ask people for it."
                yield _warning(framework, asked, "never-used", what, mend)
    for path, name, figure in _needing(framework) if framework.timing else ():
        times = _times(framework, name, figure.group)
        if not times and terms.instrument(name).storage == "identified":
            what = f"No schedule asks for {name!r}, which this figure needs."
            mend = "Add it to the instruments of a schedule, or see to it that it is asked for."
            yield _warning(framework, path, "never-asked", what, mend)
        elif times == 1 and isinstance(figure, FrameworkMeasure):
            what = f"Schedules ask for {name!r} once, and this figure compares two ratings."
            mend = "Ask for it again later, such as with a schedule whose anchor is the discharge."
            yield _warning(framework, path, "asked-once", what, mend)


def _times(framework: Framework, instrument: str, group: str) -> int:
    """Say how many times a group is asked for an instrument: 2 and more stand for often enough."""
    asking = [
        each
        for each in framework.timing
        if _id_of(instrument) in each.measures
        and (not group or concerns(each, framework.group(group)))
    ]
    return sum(1 if each.at_most == 1 or each.every is None else 2 for each in asking)


def _needing(
    framework: Framework,
) -> Iterator[tuple[Path, str, FrameworkMeasure | FrameworkIndicator]]:
    """Give the figures that need an instrument, with its place and name."""
    for path, figure in figures_with_places(framework):
        if isinstance(figure, FrameworkMeasure):
            yield (*path, "instrument"), figure.instrument, figure
        elif "instrument" in figure.params:
            yield (*path, "params", "instrument"), figure.params["instrument"], figure


def _tiny(framework: Framework) -> Iterator[Problem]:
    for path, figure in figures_with_places(framework):
        for number, target in enumerate(figure.targets):
            bounds = [each or 0 for each in (target.at_least, target.at_most)]
            if target.figure != MEDIAN and any(0 < bound < 1 for bound in bounds):
                what = f"This target of {target.figure!r} is less than one per cent."
                mend = "Figures are in per cent: a half is 50, not 0.5."
                place = (*path, "targets", number)
                yield _warning(framework, place, "target-tiny", what, mend)


def _overlapping(framework: Framework) -> Iterator[Problem]:
    numbered = list(enumerate(framework.groups))
    for (_, one), (index, other) in combinations(numbered, 2):
        found = overlap(one, other)
        if found is not None:
            what = f"A referral can be in {one.id!r} and in {other.id!r}{_such_as(found)}."
            mend = "If nobody is to be counted in both, let their conditions exclude each other."
            yield _warning(framework, ("groups", index), "groups-overlap", what, mend)


def _such_as(found: dict[str, Any]) -> str:
    told = [f"{name} {'not known' if each is None else each}" for name, each in found.items()]
    return f", such as one with {', '.join(told)}" if told and "any" not in found else ""


def _weak(framework: Framework, terms: Terms) -> Iterator[Problem]:
    for index, outcome in enumerate(framework.outcomes):
        for position, measure in enumerate(outcome.measures):
            path = ("outcomes", index, "measures", position)
            instrument, rule = terms.instrument(measure.instrument), terms.rule(measure)
            score = instrument.score(measure.score)
            if evidence(instrument, score, score.missing) == "unverified":
                what = f"The score {score.id!r} of {instrument.name} rests on what nobody verified."
                mend = "Say so wherever its figures are shown, or choose another score."
                yield _warning(framework, (*path, "score"), "unverified-score", what, mend)
            if rule and instrument.sources[rule.source].status == "unverified":
                what = f"The rule {rule.id!r} of {instrument.name} rests on what nobody verified."
                others = rules_for(instrument, score.id)
                mend = f"Say so beside its figures, or choose another. {did_you_mean('', others)}"
                yield _warning(framework, (*path, "rule"), "unverified-rule", what, mend)
            if rule is None:
                what = f"{instrument.name} has no change rule here: its pairs get no classes."
                mend = "Only pairs can be told of it. Name a rule if there is one."
                if any(each.score == score.id for each in instrument.cut_offs):
                    mend = f"{mend[:-1]}, or ask for `better_side` of one of its cut-offs."
                yield _warning(framework, path, "no-classes", what, mend)
