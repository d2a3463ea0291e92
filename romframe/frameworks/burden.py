"""What a framework asks of people's time: forms and minutes, from what the specs declare."""

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from romframe.conditions import condition_in_words
from romframe.frameworks.model import Framework, FrameworkGroup
from romframe.frameworks.overlaps import overlap
from romframe.frameworks.schedule_words import length_in_words
from romframe.frameworks.schedules import Schedule
from romframe.frameworks.terms import Terms


@frozen
class Burden:
    """The forms of one instrument that one group is asked for in an episode of care.

    `minutes` are those of one form, as its spec declares them; None where it declares none. `where`
    says of which referrals alone this is asked, if not of the whole group. `again` says how often
    one more form is asked for with no end but that of the episode, such as `2 weeks`. `asked` says
    whether schedules ask for it; else it is what figures need.
    """

    group: str
    instrument: str
    name: str
    raters: tuple[str, ...]
    items: int
    forms: int
    minutes: float | None
    where: str = ""
    again: tuple[str, ...] = ()
    asked: bool = False

    @property
    def total(self) -> float | None:
        """The minutes of the counted forms together; None where they are not known."""
        return None if self.minutes is None else self.forms * self.minutes


def burden(framework: Framework, terms: Terms) -> list[Burden]:
    """Give the forms that each group is asked for, instrument by instrument.

    What schedules ask for counts once for an event, and `at_most` times where it is repeated; what
    is repeated without such a bound counts once, and `again` says how often it comes.

    Of an instrument that no schedule asks the group for, the forms are those that its figures need
    at the least: two a measure, one of its first and one of its last timepoints, where measures
    share the forms of the same timepoints; one for an indicator.
    """
    groups = framework.groups or (FrameworkGroup("", ""),)
    return [each for group in groups for each in _of_group(framework, terms, group)]


def _of_group(framework: Framework, terms: Terms, group: FrameworkGroup) -> Iterator[Burden]:
    schedules = [each for each in framework.timing if concerns(each, group)]
    asked = {name for each in schedules for name in each.measures}
    found = list(_asked(schedules, terms, group))
    found += [
        _burden(group, terms, name, forms)
        for name, forms in _needed(framework, terms, group.id)
        if name.partition("-")[0] not in asked
    ]
    yield from sorted(found, key=lambda each: each.where)


def concerns(schedule: Schedule, group: FrameworkGroup) -> bool:
    """Say whether a schedule asks anybody of a group."""
    if schedule.group or not schedule.where:
        return schedule.group in ("", group.id)
    return overlap(FrameworkGroup("", "", schedule.where), group) is not None


def _asked(schedules: list[Schedule], terms: Terms, group: FrameworkGroup) -> Iterator[Burden]:
    parts: dict[tuple[str, str], list[Schedule]] = {}
    for schedule in schedules:
        for name in schedule.instruments:
            parts.setdefault((condition_in_words(schedule.where or {}), name), []).append(schedule)
    for (where, name), own in parts.items():
        forms = sum(each.at_most or 1 for each in own)
        endless = (each.every for each in own if each.every and each.at_most is None)
        again = tuple(map(length_in_words, endless))
        counted = _burden(group, terms, name, forms)
        yield evolve(counted, where=where, again=again, asked=True)


def _needed(framework: Framework, terms: Terms, group: str) -> Iterable[tuple[str, int]]:
    """Give how many forms the figures about a group need of each instrument, at the least."""
    times: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for outcome in framework.outcomes:
        for measure in outcome.measures:
            if measure.group == group:
                policy = terms.policy(framework.pairing, measure)
                times.setdefault(measure.instrument, set()).update(
                    [("first", policy.first_timepoints), ("last", policy.last_timepoints)]
                )
        for indicator in outcome.indicators:
            if indicator.group in ("", group) and "instrument" in indicator.params:
                times.setdefault(indicator.params["instrument"], set())
    for name, wanted in times.items():
        yield name, max(1, len({times or word for word, times in wanted}))


def _burden(group: FrameworkGroup, terms: Terms, name: str, forms: int) -> Burden:
    known = terms.instrument(name)
    about = (known.name, known.raters, len(known.items), forms, known.minutes)
    return Burden(group.id, name, *about)
