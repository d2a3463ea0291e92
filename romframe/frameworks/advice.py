"""What is not wrong in a framework, and worth a second look all the same."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from romframe.change import rules_for
from romframe.errors import Problem, did_you_mean
from romframe.frameworks.model import Framework
from romframe.frameworks.overlaps import overlap
from romframe.frameworks.terms import Terms
from romframe.instruments.evidence import evidence
from romframe.yaml_source import Path


def advice(framework: Framework, terms: Terms) -> list[Problem]:
    """Give warnings, each with its place: what nothing uses, groups that overlap, weak evidence."""
    found = [*_unused(framework), *_overlapping(framework), *_weak(framework, terms)]
    return sorted(found, key=lambda problem: problem.place)


def instruments_of(framework: Framework) -> tuple[str, ...]:
    """Give the instruments that a figure of the framework is about, in order of appearance."""
    names = [measure.instrument for each in framework.outcomes for measure in each.measures]
    params = [indicator.params for each in framework.outcomes for indicator in each.indicators]
    names += [each["instrument"] for each in params if "instrument" in each]
    return tuple(dict.fromkeys(names))


def _warning(framework: Framework, path: Path, code: str, what: str, mend: str) -> Problem:
    return Problem(code, what, mend, framework.document.place(path), "warning")


def _unused(framework: Framework) -> Iterator[Problem]:
    figures = [figure for outcome in framework.outcomes for figure in outcome.figures]
    groups = {figure.group for figure in figures} | {each.group for each in framework.timing}
    sources = {target.source for figure in figures for target in figure.targets}
    for index, group in enumerate(framework.groups):
        if group.id not in groups:
            what = f"No figure is about the group {group.id!r}."
            mend = "Ask a measure or an indicator of it, or delete it."
            yield _warning(framework, ("groups", index), "never-used", what, mend)
    for name in framework.sources:
        if name not in sources:
            what, mend = f"No target names the source {name!r}.", "Name it, or delete it."
            yield _warning(framework, ("sources", name), "never-used", what, mend)


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
                mend = "Only pairs and averages can be told of it. Name a rule if there is one."
                yield _warning(framework, path, "no-classes", what, mend)
