"""A schedule that cannot run is refused with its place and its mend."""

from datetime import date

import pytest
from attrs import evolve

from romframe import FrameworkError
from romframe.frameworks.loader import load_framework
from romframe.frameworks.schedules import Span


START = (
    "  - {id: start, instruments: [core_10], group: treated, anchor: referral, window: {after: 14}}"
)
WINDOW = "window: {before: 3, after: 3}"


def timing(*lines):
    return "\n".join(f"  - {line}" for line in lines)


def asked(rest, name="review", instruments="[core_10]"):
    return f"{{id: {name}, instruments: {instruments}, {rest}}}"


EVERY = f"anchor: cpa_review, {WINDOW}, repeat: "
FAULTS = {
    "no window": (asked("anchor: birth"), "missing-key", "'window'"),
    "a window without sides": (asked("anchor: birth, window: {}"), "wrong-value", "no sides"),
    "two distances": (
        asked(f"anchor: birth, {WINDOW}, after: {{days: 1}}, before: {{days: 1}}"),
        "wrong-value",
        "Both 'after' and 'before'",
    ),
    "a group and a condition": (
        asked(f"anchor: birth, {WINDOW}, group: treated, where: {{team: North}}"),
        "wrong-value",
        "Both 'group' and 'where'",
    ),
    "nought days before": (
        asked(f"anchor: birth, {WINDOW}, before: {{days: 0}}"),
        "wrong-value",
        "takes no time",
    ),
    "repeated every nought days": (
        asked(EVERY + "{every: {days: 0}}"),
        "wrong-value",
        "takes no time",
    ),
    "an unknown unit": (
        asked(f"anchor: birth, {WINDOW}, after: {{day: 1}}"),
        "unknown-key",
        "'day'",
    ),
    "an unknown timepoint": (
        asked(f"anchor: birth, {WINDOW}, timepoint: reviews"),
        "not-allowed",
        "'reviews'",
    ),
    "an unknown measure": (
        asked(f"anchor: birth, {WINDOW}", instruments="[core_1]"),
        "unknown-instrument",
        "'core_1'",
    ),
    "an unknown group": (
        asked(f"anchor: birth, {WINDOW}, group: treatd"),
        "unknown-group",
        "'treatd'",
    ),
    "an unknown field": (
        asked(f"anchor: birth, {WINDOW}, where: {{ward: MBU}}"),
        "unknown-key",
        "'ward'",
    ),
    "an unknown event": (asked(f"anchor: brith, {WINDOW}"), "unknown-event", "'brith'"),
    "an unknown end": (
        asked(EVERY + "{every: {weeks: 4}, until: assessment}"),
        "unknown-event",
        "'assessment'",
    ),
    "a window that is longer than its repeat": (
        asked("anchor: birth, window: {before: 14, after: 14}, repeat: {every: {months: 1}}"),
        "window-overlap",
        "after 28 days",
    ),
    "a repeat that nothing ends": (
        asked(f"anchor: discharge, {WINDOW}, repeat: {{every: {{months: 3}}}}"),
        "repeat-endless",
        "after a discharge",
    ),
    "the same asked twice": (
        asked(f"anchor: referral, after: {{weeks: 2}}, {WINDOW}"),
        "schedule-twice",
        "'start' asks for core_10 already",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_of_a_schedule_is_one_problem_at_its_line(load, tmp_path, fault):
    line, code, told = FAULTS[fault]
    with pytest.raises(FrameworkError) as caught:
        load((START, timing(START.removeprefix("  - "), line)))
    (problem,) = caught.value.problems
    assert problem.code == code
    assert told in problem.what
    assert problem.mend
    lines = (tmp_path / "framework.yaml").read_text().splitlines()
    assert problem.place.line == 1 + lines.index(f"  - {line}")


def test_a_misspelt_event_is_offered_as_it_should_be(load):
    with pytest.raises(FrameworkError) as caught:
        load((START, timing(asked(f"anchor: brith, {WINDOW}"))))
    assert caught.value.problems[0].mend.startswith("Did you mean 'birth'?")


SOUND = {
    "days between repeats": asked(
        f"anchor: referral, after: {{months: 1}}, {WINDOW}, repeat: {{every: {{months: 1}}}}"
    ),
    "another event": asked(f"anchor: birth, {WINDOW}"),
    "other days": asked(f"anchor: referral, after: {{weeks: 3}}, {WINDOW}"),
    "another measure": asked(f"anchor: referral, {WINDOW}", instruments="[honos]"),
    "other people": asked(f"anchor: referral, {WINDOW}, group: kept_well"),
    "an end to repeats after discharge": asked(
        f"anchor: discharge, {WINDOW}, repeat: {{every: {{months: 3}}, at_most: 2}}"
    ),
    "a window as long as its repeat allows": asked(
        "anchor: birth, window: {before: 14, after: 13}, repeat: {every: {months: 1}}"
    ),
}


@pytest.mark.parametrize("what", SOUND)
def test_schedules_that_do_not_meet_are_sound(load, what):
    found = load((START, timing(START.removeprefix("  - "), SOUND[what])))
    assert [each.id for each in found.timing] == ["start", "review"]


def test_timepoints_tell_schedules_of_the_same_days_apart(load):
    start = START.removeprefix("  - ")
    first = start.replace("window", "timepoint: assessment, window")
    second = asked(f"anchor: referral, {WINDOW}, timepoint: review")
    assert len(load((START, timing(first, second))).timing) == 2
    with pytest.raises(FrameworkError):
        load((START, timing(first, second.replace("timepoint: review", "defer: {at_most: 1}"))))


def test_a_schedule_is_read_as_it_is_written(load):
    line = asked(
        "anchor: birth, before: {months: 1, weeks: 2, days: 1}, window: {before: 3, after: 4},"
        " repeat: {every: {weeks: 4}, until: transfer, at_most: 3}, timepoint: review,"
        " where: {setting: inpatient}, defer: {at_most: 28}, name: Before birth",
        instruments="[core_10, honos]",
    )
    found = load((START, timing(line))).timing[0]
    assert (found.anchor, found.offset, found.early, found.late) == ("birth", Span(-1, -15), 3, 4)
    assert (found.every, found.until, found.at_most) == (Span(0, 28), "transfer", 3)
    assert (found.timepoint, found.where, found.put_off) == ("review", {"setting": "inpatient"}, 28)
    assert (found.name, found.measures) == ("Before birth", ("core_10", "honos"))


def test_a_kind_of_event_of_the_service_can_be_counted_from(load, terms, tmp_path):
    line = asked(f"anchor: home_visit, {WINDOW}")
    with pytest.raises(FrameworkError):
        load((START, timing(line)))
    known = evolve(terms, events=("home_visit",))
    assert load_framework(tmp_path / "framework.yaml", known).timing[0].anchor == "home_visit"


@pytest.mark.parametrize(
    ("span", "days"),
    [(Span(1), 28), (Span(2), 59), (Span(12), 365), (Span(-1), -31), (Span(0, 15), 15)],
)
def test_months_are_counted_where_they_are_the_shortest(span, days):
    assert span.fewest_days == days
    assert Span(14).after(date(2025, 1, 1)) == date(2026, 3, 1)
