"""From validated plain data to the attrs model. No checks here: the data are known to be good."""

from collections.abc import Mapping
from typing import Any

from romframe.change import default_rule
from romframe.frameworks.model import (
    Framework,
    FrameworkGroup,
    FrameworkIndicator,
    FrameworkMeasure,
    Outcome,
    Target,
)
from romframe.frameworks.schedules import schedule
from romframe.frameworks.terms import Terms
from romframe.yaml_source import Document


Data = Mapping[str, Any]

_MONTHS = 12


def framework(document: Document, terms: Terms) -> Framework:
    """Build the framework that a validated document describes."""
    data = document.data
    reporting = {"over": _MONTHS, **data["reporting"]}
    given = ("commissioner", "pairing", "disclosure", "sources")
    return Framework(
        id=data["id"],
        version=data["version"],
        name=data["name"],
        outcomes=tuple(_outcome(each, terms) for each in data["outcomes"]),
        groups=tuple(group(each) for each in data.get("groups", ())),
        may_not_conclude=tuple(data.get("may_not_conclude", ())),
        timing=tuple(schedule(each) for each in data.get("timing", ())),
        document=document,
        **reporting,
        **{key: data[key] for key in given if key in data},
    )


def group(data: Data) -> FrameworkGroup:
    """Build a group."""
    return FrameworkGroup(**_tupled(data, "good", "worse"))


def measure(data: Data, terms: Terms) -> FrameworkMeasure:
    """Build a measure, with the rule that its score has by default where it names none."""
    usual = default_rule(terms.instrument(data["instrument"]), data["score"])
    rule = data.get("rule", usual.id if usual else "")
    told = {**_tupled(data, "first", "last"), "targets": _targets(data), "rule": rule}
    return FrameworkMeasure(**told)


def _outcome(data: Data, terms: Terms) -> Outcome:
    return Outcome(
        id=data["id"],
        says=data["says"],
        measures=tuple(measure(each, terms) for each in data.get("measures", ())),
        indicators=tuple(
            FrameworkIndicator(**{**each, "targets": _targets(each)})
            for each in data.get("indicators", ())
        ),
    )


def _targets(data: Data) -> tuple[Target, ...]:
    return tuple(Target(**each) for each in data.get("targets", ()))


def _tupled(data: Data, *names: str) -> dict[str, Any]:
    return {key: tuple(each) if key in names else each for key, each in data.items()}
