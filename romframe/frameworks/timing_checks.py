"""Whether schedules can run: what they name exists, they end, and nothing is asked twice."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from romframe.conditions import check_condition
from romframe.draft import Draft, Entry
from romframe.errors import did_you_mean
from romframe.frameworks.groups import GROUP_FIELDS
from romframe.frameworks.measure_checks import known_instrument
from romframe.frameworks.schedules import (
    ASSESSMENT,
    DISCHARGE,
    REFERRAL,
    STAGES,
    Schedule,
    schedule,
)
from romframe.frameworks.terms import Terms
from romframe.yaml_source import Path


def check_timing(draft: Draft, terms: Terms) -> None:
    """Report what is wrong with the schedules of a framework."""
    for index, entry in enumerate(draft.listed("timing")):
        where = entry.get("where") if isinstance(entry, Mapping) else None
        if isinstance(where, Mapping):
            check_condition(draft.document, ("timing", index, "where"), where, GROUP_FIELDS)
    for path, entry in list(draft.entries("timing")):
        _check_names(draft, terms, path, entry)
    sound = [(path, schedule(entry)) for path, entry in draft.entries("timing")]
    for path, each in sound:
        _check_repeat(draft, path, each)
    for number, (path, each) in enumerate(sound):
        _check_twice(draft, path, each, [other for _, other in sound[:number]])


def _check_names(draft: Draft, terms: Terms, path: Path, entry: Entry) -> None:
    if "group" in entry:
        draft.unknown((*path, "group"), "unknown-group", entry["group"], "groups")
    for index, name in enumerate(entry["instruments"]):
        known_instrument(draft, terms, (*path, "instruments", index), name)
    events = {*STAGES, *terms.events} - {REFERRAL, ASSESSMENT}
    _check_event(draft, (*path, "anchor"), entry["anchor"], {*events, REFERRAL, ASSESSMENT})
    if "until" in entry.get("repeat", {}):
        _check_event(draft, (*path, "repeat", "until"), entry["repeat"]["until"], events)


def _check_event(draft: Draft, path: Path, name: str, known: set[str]) -> None:
    if name not in known:
        what = f"There is no event {name!r} to count from or to."
        mend = f"{did_you_mean(name, known)} An event of your own is known once one is imported."
        draft.report(path, "unknown-event", what, mend)


def _check_repeat(draft: Draft, path: Path, each: Schedule) -> None:
    if each.every is None:
        return
    days = each.every.fewest_days
    if each.early + each.late >= days:
        what = f"It comes again after {days} days or more, and its window is longer than that."
        mend = "Shorten the window, or repeat it less often: an answer must be one time's only."
        draft.report((*path, "window"), "window-overlap", what, mend)
    if each.anchor == each.until == DISCHARGE and each.at_most is None:
        what = "Nothing ends what is repeated after a discharge."
        mend = "Say with `at_most` how many times it is asked for."
        draft.report((*path, "repeat"), "repeat-endless", what, mend)


def _check_twice(draft: Draft, path: Path, each: Schedule, others: list[Schedule]) -> None:
    for other in others:
        shared = sorted({*each.measures} & {*other.measures})
        if shared and _may_meet(each, other) and _windows_meet(each, other):
            what = f"{other.id!r} asks for {shared[0]} already, in days that are also this one's."
            mend = "Take it out of one of the two, or move one window."
            draft.report(path, "schedule-twice", what, mend)
            return


def _may_meet(one: Schedule, other: Schedule) -> bool:
    """Say whether two schedules could be about the same person, event and timepoint."""
    times = {one.timepoint, other.timepoint}
    return (
        one.anchor == other.anchor
        and (len(times) == 1 or "" in times)
        and (_whom(one) == _whom(other) or None in (_whom(one), _whom(other)))
    )


def _whom(each: Schedule) -> Any:
    return each.group or each.where or None


def _windows_meet(one: Schedule, other: Schedule) -> bool:
    return any(
        first[0] <= second[1] and second[0] <= first[1]
        for first, second in product(one.windows(), other.windows())
    )
