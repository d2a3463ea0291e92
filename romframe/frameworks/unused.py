"""What a framework declares and nothing uses, or what can never make a difference."""

from collections.abc import Iterator

from romframe.errors import Problem
from romframe.frameworks.burden import concerns
from romframe.frameworks.model import (
    MEDIAN,
    Framework,
    FrameworkGroup,
    FrameworkIndicator,
    FrameworkMeasure,
    classes_of,
)
from romframe.frameworks.runs import RHYTHMS
from romframe.frameworks.terms import Terms
from romframe.yaml_source import Path


Found = tuple[Path, str, str, str]
_USUAL = FrameworkGroup("", "")


def unused(framework: Framework, terms: Terms) -> list[Problem]:
    """Give a warning, with its place, for each thing that is declared in vain.

    They are of groups, classes and sources that no figure is about, a pairing policy where nothing
    is paired, timepoints at which nobody is asked, a look back in which no stretch is whole, and
    targets that every figure meets.
    """
    found = [
        *_groups(framework),
        *_classes(framework, terms),
        *_sources(framework),
        *_pairing(framework, terms),
        *_timepoints(framework),
        *_look_back(framework),
        *_targets(framework),
    ]
    return [
        Problem(code, what, mend, framework.document.place(path), "warning")
        for path, code, what, mend in found
    ]


def figures_with_places(
    framework: Framework,
) -> Iterator[tuple[Path, FrameworkMeasure | FrameworkIndicator]]:
    """Give every measure and indicator with its place."""
    for index, outcome in enumerate(framework.outcomes):
        for position, measure in enumerate(outcome.measures):
            yield ("outcomes", index, "measures", position), measure
        for position, indicator in enumerate(outcome.indicators):
            yield ("outcomes", index, "indicators", position), indicator


def _groups(framework: Framework) -> Iterator[Found]:
    used = {figure.group for _, figure in figures_with_places(framework)}
    used |= {each.group for each in framework.timing}
    for index, group in enumerate(framework.groups):
        if group.id not in used:
            what = f"No figure is about the group {group.id!r}."
            mend = "Ask a measure or an indicator of it, or delete it."
            yield ("groups", index), "never-used", what, mend


def _classes(framework: Framework, terms: Terms) -> Iterator[Found]:
    """Warn of a good or worse class that no rule of the group's measures can give."""
    for index, group in enumerate(framework.groups):
        measures = [each for outcome in framework.outcomes for each in outcome.measures]
        rules = [terms.rule(each) for each in measures if each.group == group.id]
        given = {name for rule in rules if rule for name in terms.classes(rule)}
        for side, names, usual in (
            ("good", group.good, _USUAL.good),
            ("worse", group.worse, _USUAL.worse),
        ):
            for name in names if given and names != usual else ():
                if given.isdisjoint(classes_of([name])):
                    what = f"No rule of a measure of {group.id!r} ever says {name!r}."
                    yield ("groups", index, side), "never-used", what, "Take it out of the list."


def _sources(framework: Framework) -> Iterator[Found]:
    figures = figures_with_places(framework)
    used = {target.source for _, figure in figures for target in figure.targets}
    for name in framework.sources:
        if name not in used:
            what, mend = f"No target names the source {name!r}.", "Name it, or delete it."
            yield ("sources", name), "never-used", what, mend


def _pairing(framework: Framework, terms: Terms) -> Iterator[Found]:
    def pairs(figure: FrameworkMeasure | FrameworkIndicator) -> bool:
        if isinstance(figure, FrameworkMeasure):
            return True
        taken = terms.indicators[figure.indicator].params
        return "pairing" in taken and "pairing" not in figure.params

    if framework.pairing and not any(pairs(each) for _, each in figures_with_places(framework)):
        what = f"No figure compares two ratings by the policy {framework.pairing!r}."
        yield ("pairing",), "never-used", what, "Delete the line."


def _timepoints(framework: Framework) -> Iterator[Found]:
    """Warn of a first or last rating at timepoints at which no schedule asks for it."""
    for path, figure in figures_with_places(framework):
        if not isinstance(figure, FrameworkMeasure):
            continue
        group, name = framework.group(figure.group), figure.instrument.partition("-")[0]
        asked = {
            each.timepoint
            for each in framework.timing
            if name in each.measures and concerns(each, group)
        }
        for side, times in (("first", figure.first), ("last", figure.last)):
            if asked and "" not in asked and times and asked.isdisjoint(times):
                what = f"No schedule asks for {figure.instrument!r} at {' or '.join(times)}."
                mend = f"Schedules ask for it at {', '.join(sorted(asked))}: name one of these."
                yield (*path, side), "never-asked", what, mend


def _look_back(framework: Framework) -> Iterator[Found]:
    if framework.over < RHYTHMS[framework.every]:
        what = f"A look back of {framework.over} months holds no whole {framework.every}."
        mend = f"Write `over: {RHYTHMS[framework.every]}` or more."
        yield ("reporting",), "look-back-short", what, mend


def _targets(framework: Framework) -> Iterator[Found]:
    for path, figure in figures_with_places(framework):
        for index, target in enumerate(figure.targets):
            low = target.at_least or 0
            no_end = target.at_most is None or (target.at_most == 100 and target.figure != MEDIAN)
            if low == 0 and no_end:
                what = f"Whatever is found meets this target of {target.figure!r}."
                place = (*path, "targets", index)
                yield place, "target-always-met", what, "Write a bound that could be missed."
