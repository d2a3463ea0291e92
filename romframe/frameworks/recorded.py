"""What a framework asks of records that no record holds: a second look at groups and schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from romframe.conditions import compared, tested_fields
from romframe.errors import Problem, did_you_mean
from romframe.frameworks.groups import GROUP_FIELDS, group_referrals, known_of_referrals
from romframe.frameworks.model import Framework, FrameworkMeasure
from romframe.frameworks.unused import figures_with_places


if TYPE_CHECKING:
    from romframe.workspace import Workspace
    from romframe.yaml_source import Path


def recorded_advice(workspace: Workspace, framework: Framework) -> list[Problem]:
    """Warn of what no stored record says: a detail, a value, somebody of a group, a rating.

    A workspace without referrals has nothing to tell.
    """
    wheres = [
        *((("groups", index, "where"), each.where) for index, each in enumerate(framework.groups)),
        *(
            (("timing", index, "where"), each.where)
            for index, each in enumerate(framework.timing)
            if each.where
        ),
    ]
    fields = list(dict.fromkeys(name for _, where in wheres for name in tested_fields(where)))
    known = known_of_referrals(workspace, fields)
    if known.is_empty():
        return []
    found = [each for place, where in wheres for each in _not_recorded(known, place, where)]
    told = {path[:2] for path, _ in found}
    found += [each for each in _empty(workspace, framework) if each[0][:2] not in told]
    return [
        Problem(code, what, mend, framework.document.place(path), "warning")
        for path, (code, what, mend) in (*found, *_not_rated(workspace, framework))
    ]


def _empty(
    workspace: Workspace, framework: Framework
) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    """Warn of groups in which no stored referral is."""
    referrals = workspace.table("referral")
    for index, group in enumerate(framework.groups):
        if group_referrals(workspace, group, referrals).is_empty():
            what = f"No stored referral is in the group {group.id!r}."
            mend = "Look at its condition, and at what is recorded of people and referrals."
            yield ("groups", index), ("never-recorded", what, mend)


def _not_rated(
    workspace: Workspace, framework: Framework
) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    """Warn of measures with which nobody has ever been rated."""
    held = workspace.assessments().get_column("instrument").unique().to_list()
    for path, figure in figures_with_places(framework):
        if isinstance(figure, FrameworkMeasure):
            name = workspace.instrument(figure.instrument).id
            if name not in held:
                what = f"No stored assessment is with {figure.instrument!r}."
                yield (*path, "instrument"), ("never-recorded", what, did_you_mean(name, held))


def _not_recorded(
    known: pl.DataFrame, place: Path, where: Mapping[str, Any]
) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    for name, tests in tested_fields(where).items():
        path = (*place, name) if name in where else place
        field = GROUP_FIELDS.get(name)
        stored = known[name].drop_nulls().unique().sort().to_list()
        if field is None and not stored:
            what = f"No stored referral or person has {name!r}."
            mend = "Correct its name, or let a mapping file keep it when records are imported."
            yield path, ("never-recorded", what, mend)
        elif field is not None and field.kind == "text" and not field.allowed:
            for value in _values(tests):
                if value not in stored:
                    what = f"No stored record has {name} {value!r}."
                    yield path, ("never-recorded", what, did_you_mean(value, stored))


def _values(tests: list[Any]) -> list[str]:
    """Give the values that tests ask for, or rule out, by name."""
    listed = (value for test in tests for word, value in compared(test) if word in _NAMING)
    return list(dict.fromkeys(each for values in listed for each in values))


_NAMING = ("one_of", "not")
