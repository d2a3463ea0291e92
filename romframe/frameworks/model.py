"""An outcome framework as its file defines it: frozen values, no input or output, no arithmetic."""

from collections.abc import Container, Iterable, Mapping
from typing import Any, Literal

from attrs import field, frozen

from romframe.frameworks.schedules import Schedule
from romframe.yaml_source import Document


Counted = Literal["closed", "open"]
Rhythm = Literal["month", "quarter", "year"]

PREVENTION = "prevention"  # the pathway of those who are well and are to be kept so
IMPROVEMENT = frozenset({"recovered", "improved"})
GOOD, WORSE, PAIRED, MET, MEDIAN = "good", "worse", "paired", "met", "median"

# What is counted of those who are to be kept well, and the classes of change that it takes in.
KEPT_WELL: Mapping[str, tuple[str, ...]] = {
    "maintained": ("recovered", "improved", "unchanged"),
    "relapsed": ("deteriorated", "harmed"),
}


@frozen
class Target:
    """What a figure should be: at least or at most so many percent (or days, for a wait).

    `figure` names what is compared: of a measure `good`, `worse`, `paired` or one of its classes;
    of an indicator `met`, or `median` where it has values.
    """

    figure: str
    at_least: float | None = None
    at_most: float | None = None
    source: str = ""


@frozen
class FrameworkGroup:
    """Referrals that a condition holds for, and which change classes are a good outcome for them.

    The condition looks at fields of the person and the referral; see `romframe.conditions`.
    """

    id: str
    name: str
    where: Mapping[str, Any] = field(factory=dict)
    good: tuple[str, ...] = ("recovered", "improved")
    worse: tuple[str, ...] = ("deteriorated", "harmed")

    @property
    def good_classes(self) -> tuple[str, ...]:
        """The classes of change that are a good outcome."""
        return classes_of(self.good)

    @property
    def worse_classes(self) -> tuple[str, ...]:
        """The classes of change that are a worse outcome."""
        return classes_of(self.worse)

    @property
    def counts_improvement(self) -> bool:
        """Whether improvement is a good outcome, which it never is of people to be kept well."""
        return not IMPROVEMENT.isdisjoint(self.good)


@frozen
class FrameworkMeasure:
    """One score of one instrument, judged by one rule, for the referrals of one group.

    `first` and `last` are the timepoints among which the two ratings are chosen; where they are
    empty, the pairing policy of the framework decides. A rule that the file leaves out is the
    score's default; where there is none, change has no class.
    """

    id: str
    instrument: str
    score: str
    group: str
    rule: str = ""
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()


@frozen
class FrameworkIndicator:
    """A figure that is not a questionnaire: an indicator that a plugin offers, and its parameters.

    Without a group it counts everybody, and anonymous returns have none.
    """

    id: str
    indicator: str
    name: str
    params: Mapping[str, Any] = field(factory=dict)
    group: str = ""
    targets: tuple[Target, ...] = ()


@frozen
class Outcome:
    """An outcome in words, and what tells whether it came about."""

    id: str
    says: str
    measures: tuple[FrameworkMeasure, ...] = ()
    indicators: tuple[FrameworkIndicator, ...] = ()

    @property
    def figures(self) -> tuple[FrameworkMeasure | FrameworkIndicator, ...]:
        """The measures, then the indicators."""
        return (*self.measures, *self.indicators)


@frozen
class Framework:
    """A commissioner's outcome framework.

    `counted` says whether a period counts the referrals closed in it or those open in it. `every`
    is the rhythm of reporting, `over` how many months each report looks back on. `pairing` and
    `disclosure` name policies. `timing` holds the schedules. `document`
    is the file, for those who say what is wrong in it or what it says.
    """

    id: str
    version: str
    name: str
    outcomes: tuple[Outcome, ...]
    groups: tuple[FrameworkGroup, ...]
    every: Rhythm
    over: int
    counted: Counted = "closed"
    pairing: str = ""
    disclosure: str = "service"
    commissioner: str = ""
    may_not_conclude: tuple[str, ...] = ()
    timing: tuple[Schedule, ...] = ()
    sources: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    document: Document = field(factory=lambda: Document(""), eq=False, repr=False)

    def params_of(self, indicator: FrameworkIndicator, taken: Container[str]) -> Mapping[str, Any]:
        """Give what an indicator that takes these parameters is given: its own, and the pairing."""
        ours = {"pairing": self.pairing} if self.pairing and "pairing" in taken else {}
        return {**ours, **indicator.params}

    def group(self, name: str) -> FrameworkGroup:
        """Give the group with this id; KeyError if there is none."""
        return {group.id: group for group in self.groups}[name]


def in_a_word(names: Iterable[str]) -> str:
    """Say a list of classes: as `maintained` or `relapsed` where it is that, else one by one."""
    listed = tuple(names)
    spelt = set(classes_of(listed))
    word = next((name for name, classes in KEPT_WELL.items() if set(classes) == spelt), "")
    return word or " or ".join(listed)


def classes_of(names: Iterable[str]) -> tuple[str, ...]:
    """Give the classes of change that a list names, `maintained` and `relapsed` spelt out."""
    return tuple(each for name in names for each in KEPT_WELL.get(name, (name,)))
