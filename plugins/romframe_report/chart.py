"""What is asked for and when: one page drawn from the schedules of a framework.

Stages are columns, measures are rows. A stage is known by its name, its number and its place as
well as by its colour, so that a copy in grey says the same.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from romframe import (
    SERVICE,
    Framework,
    Problem,
    Schedule,
    UsageError,
    Workspace,
    read_framework,
    schedule_on_time,
    schedule_when,
)
from romframe_report.render import environment
from romframe_report.theme import BLUE, DARK, INK, LIGHT, PALE, PAPER, WARM


_REVIEW = "review"
_WHOLE_CARE = ("referral", "assessment", "discharge")
_SESSION = "session"
_ORDER = (
    "referral",
    "admission",
    "assessment",
    _SESSION,
    "birth",
    _REVIEW,
    "transfer",
    "discharge",
)
_LOOKS: Mapping[str, tuple[str, str]] = {  # paper and ink of a stage's heading
    "referral": (PALE, INK),
    "admission": (PALE, INK),
    "assessment": (LIGHT, INK),
    _SESSION: (LIGHT, INK),
    "birth": (WARM, INK),
    _REVIEW: (BLUE, PAPER),
    "transfer": (PALE, INK),
    "discharge": (DARK, PAPER),
}
_OTHER = (PAPER, INK)


@frozen
class Stage:
    """A column of the chart."""

    id: str
    name: str
    paper: str
    ink: str

    @property
    def edge(self) -> str:
        """The darker of the two: it shows on a white cell."""
        return self.paper if self.ink == PAPER else self.ink


@frozen
class Asked:
    """What a cell of the chart says of one schedule."""

    when: str
    on_time: str
    whom: str


@frozen
class WhatWhen:
    """All that the chart says: its stages, and for each measure by name what each of them asks."""

    framework: Framework
    service: str
    stages: tuple[Stage, ...]
    rows: tuple[tuple[str, Mapping[str, Sequence[Asked]]], ...]


def what_when_chart(workspace: Workspace, name: str) -> str:
    """Give the chart as an HTML page. Raises UsageError where the framework has no schedules."""
    return environment(SERVICE).get_template("chart.html").render(chart=what_when(workspace, name))


def what_when(workspace: Workspace, name: str) -> WhatWhen:
    """Read what the chart says. Raises UsageError where the framework has no schedules."""
    framework = read_framework(workspace, name)
    if not framework.timing:
        what = f"The framework {framework.id!r} has no schedules."
        mend = "Write them under `timing:`; docs/timing.md says how."
        raise UsageError(Problem("no-schedules", what, mend))
    measures = dict.fromkeys(name for each in framework.timing for name in each.instruments)
    return WhatWhen(
        framework,
        workspace.config.organisation or workspace.config.name,
        _stages(framework),
        tuple(
            (workspace.instrument(name).name, _cells(framework, name)) for name in sorted(measures)
        ),
    )


def _stages(framework: Framework) -> tuple[Stage, ...]:
    used = {_stage(each) for each in framework.timing}
    ordered = [*(name for name in _ORDER if name in used), *sorted(used - set(_ORDER))]
    return tuple(
        Stage(name, name.replace("_", " ").capitalize(), *_LOOKS.get(name, _OTHER))
        for name in ordered
    )


def _stage(schedule: Schedule) -> str:
    """Give the stage that a schedule belongs to: that of its anchor.

    Where it counts from the beginning or the end of care, it is that of its timepoint: three months
    after the assessment is a review.
    """
    if _REVIEW in schedule.anchor:
        return _REVIEW
    if schedule.anchor in _WHOLE_CARE:
        return schedule.timepoint or schedule.anchor
    return schedule.anchor


def _cells(framework: Framework, name: str) -> dict[str, list[Asked]]:
    cells: dict[str, list[Asked]] = {stage.id: [] for stage in _stages(framework)}
    for each in framework.timing:
        if name in each.instruments:
            told = Asked(schedule_when(each), schedule_on_time(each), _whom(framework, each))
            cells[_stage(each)].append(told)
    return cells


def _whom(framework: Framework, schedule: Schedule) -> str:
    if schedule.group:
        return framework.group(schedule.group).name
    if schedule.where:
        return ", ".join(str(each) for each in schedule.where.values() if isinstance(each, str))
    return ""
